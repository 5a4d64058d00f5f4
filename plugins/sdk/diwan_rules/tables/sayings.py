"""What can be wrong with tables, said in Arabic, French and English with what to do."""

# code → (Arabic, French, English); the names in braces are facts of the mistake.
SAYINGS = {
    "extra_missing": (
        "الحزمة {package} غير مثبّتة، والجداول تحتاجها. ثبّت: pip install 'diwan-rules[tables]'.",
        "Le paquet {package} n'est pas installé, et les tables en ont besoin. Installez : pip install 'diwan-rules[tables]'.",
        "The package {package} is not installed, and tables need it. Install: pip install 'diwan-rules[tables]'.",
    ),
    "settings_unreadable": (
        "لا يمكن قراءة plugin.yaml: {error}. اكتب في كل سطر: مفتاح، ثم نقطتان، ثم قيمة.",
        "plugin.yaml est illisible : {error}. Écrivez sur chaque ligne une clé, deux-points, une valeur.",
        "plugin.yaml cannot be read: {error}. Write on each line a key, a colon, a value.",
    ),
    "setting_unknown": (
        "لا يوجد مفتاح اسمه «{setting}».{hint_ar} المفاتيح هي: {known}.",
        "Aucune clé ne s'appelle « {setting} ».{hint_fr} Les clés sont : {known}.",
        "There is no key named {setting!r}.{hint_en} The keys are: {known}.",
    ),
    "setting_missing": (
        "المفتاح «{setting}» ناقص في plugin.yaml؛ أضفه بقيمته.",
        "La clé « {setting} » manque dans plugin.yaml ; ajoutez-la avec sa valeur.",
        "The key {setting!r} is missing in plugin.yaml; add it with its value.",
    ),
    "setting_wrong": (
        "قيمة «{setting}» غير صالحة: {error}. صحّحها.",
        "La valeur de « {setting} » ne convient pas : {error}. Corrigez-la.",
        "The value of {setting!r} is not valid: {error}. Correct it.",
    ),
    "hit_policy_unknown": (
        "«{policy}» ليست سياسة للجدول {table}.{hint_ar} السياسات هي: {known}.",
        "« {policy} » n'est pas une politique de la table {table}.{hint_fr} Les politiques sont : {known}.",
        "{policy!r} is no hit policy of the table {table}.{hint_en} The hit policies are: {known}.",
    ),
    "tables_missing": (
        "لا يوجد أي جدول بجانب plugin.yaml. أضف واحدا من: {known}.",
        "Aucune table à côté de plugin.yaml. Ajoutez l'une de : {known}.",
        "There is no table beside plugin.yaml. Add one of: {known}.",
    ),
    "table_unknown": (
        "لا يوجد جدول اسمه «{table}».{hint_ar} الجداول هي: {known}.",
        "Aucune table ne s'appelle « {table} ».{hint_fr} Les tables sont : {known}.",
        "There is no table named {table!r}.{hint_en} The tables are: {known}.",
    ),
    "table_twice": (
        "الجدول {table} موجود أيضا في {other}. احتفظ بواحد منهما.",
        "La table {table} est aussi dans {other}. Gardez-en une seule.",
        "The table {table} is also in {other}. Keep one of them.",
    ),
    "table_long": (
        "للجدول أكثر من {most} سطر. اجمع الألفاظ في خلية واحدة، أو وزّعها على أجزاء مثل MCI.prices.",
        "La table a plus de {most} lignes. Réunissez des termes dans une cellule, ou faites des parties comme MCI.prices.",
        "The table has more than {most} rows. Put terms into one cell, or make parts such as MCI.prices.",
    ),
    "table_empty": (
        "لا توجد أسطر في الجدول. اكتب العناوين في السطر الأول وقاعدة في كل سطر بعده، أو احذف الملف.",
        "La table n'a pas de lignes. Mettez les titres en première ligne et une règle par ligne, ou supprimez le fichier.",
        "The table has no rows. Write the headings on the first line and a rule on each further one, or delete the file.",
    ),
    "table_not_utf8": (
        "الملف ليس بترميز UTF-8. احفظه من Excel بصيغة «CSV UTF-8» أو XLSX.",
        "Le fichier n'est pas en UTF-8. Enregistrez-le depuis Excel en « CSV UTF-8 » ou en XLSX.",
        "The file is not in UTF-8. Save it from Excel as 'CSV UTF-8' or as XLSX.",
    ),
    "table_unreadable": (
        "لا يمكن قراءة الجدول: {error}. افتحه في Excel واحفظه من جديد بصيغة XLSX أو «CSV UTF-8».",
        "La table est illisible : {error}. Ouvrez-la dans Excel et enregistrez-la de nouveau en XLSX ou « CSV UTF-8 ».",
        "The table cannot be read: {error}. Open it in Excel and save it again as XLSX or 'CSV UTF-8'.",
    ),
    "column_unknown": (
        "لا يوجد عمود اسمه «{column}».{hint_ar} الأعمدة هي: {known}.",
        "Aucune colonne ne s'appelle « {column} ».{hint_fr} Les colonnes sont : {known}.",
        "There is no column named {column!r}.{hint_en} The columns are: {known}.",
    ),
    "column_twice": (
        "العمود «{column}» مكتوب مرتين. اجمعهما في عمود واحد.",
        "La colonne « {column} » est là deux fois. Réunissez-les en une seule.",
        "The column {column!r} is there twice. Make them one.",
    ),
    "column_missing": (
        "ينقص العمود: {column}. أضفه إلى السطر الأول.",
        "Il manque la colonne : {column}. Ajoutez-la à la première ligne.",
        "A column is missing: {column}. Add it to the first line.",
    ),
    "cell_empty": (
        "الخلية في العمود {column} فارغة؛ املأها.",
        "La cellule de la colonne {column} est vide ; remplissez-la.",
        "The cell in the column {column} is empty; fill it.",
    ),
    "cell_surplus": (
        'الخلية «{cell}» تحت عمود بلا عنوان. أعط العمود عنوانا أو ضع النص بين علامتي "…".',
        'La cellule « {cell} » est dans une colonne sans titre. Donnez-lui un titre, ou mettez le texte entre "…".',
        'The cell {cell!r} is in a column without a heading. Give it one, or put the text between "…".',
    ),
    "number_invalid": (
        "«{cell}» في العمود {column} ليس عددا صحيحا من {least} إلى {most}.",
        "« {cell} » dans la colonne {column} n'est pas un nombre entier de {least} à {most}.",
        "{cell!r} in the column {column} is no whole number from {least} to {most}.",
    ),
    "word_unknown": (
        "«{cell}» في العمود {column} غير معروفة. اكتب واحدة من: {known}.",
        "« {cell} » dans la colonne {column} n'est pas connu. Écrivez l'un de : {known}.",
        "{cell!r} in the column {column} is not known. Write one of: {known}.",
    ),
    "term_invalid": (
        "لا يمكن البحث عن «{term}» في العمود {column}: حرفان على الأقل، والعلامة * في النهاية فقط.",
        "Le terme « {term} » de la colonne {column} ne peut être cherché : deux lettres au moins, et * seulement à la fin.",
        "The term {term!r} in the column {column} cannot be searched: at least two letters, and * only at the end.",
    ),
    "wilaya_invalid": (
        "«{item}» ليست ولاية. اكتب رقمها مثل 16 أو معرّفها مثل wilaya-alger.",
        "« {item} » n'est pas une wilaya. Écrivez son numéro, p. ex. 16, ou son identifiant, p. ex. wilaya-alger.",
        "{item!r} is no wilaya. Write its number such as 16, or its id such as wilaya-alger.",
    ),
    "commune_invalid": (
        "«{item}» ليست بلدية. اكتب رمزها مثل 1601 أو معرّفها مثل commune-1601.",
        "« {item} » n'est pas une commune. Écrivez son code, p. ex. 1601, ou son identifiant, p. ex. commune-1601.",
        "{item!r} is no commune. Write its code such as 1601, or its id such as commune-1601.",
    ),
    "code_invalid": (
        "«{item}» في العمود {column} ليس رمزا؛ الرموز مثل commerce_prices أو housing.social.",
        "« {item} » dans la colonne {column} n'est pas un code ; les codes sont comme commerce_prices ou housing.social.",
        "{item!r} in the column {column} is no code; codes are like commerce_prices or housing.social.",
    ),
    "unit_invalid": (
        "«{item}» ليست مصلحة. اكتب نوعها بحروف كبيرة مثل DCP أو معرّفها بحروف صغيرة مثل cnrc.",
        "« {item} » n'est pas un service. Écrivez son genre en capitales, p. ex. DCP, ou son identifiant, p. ex. cnrc.",
        "{item!r} is no unit. Write its kind in capitals such as DCP, or its id in small letters such as cnrc.",
    ),
    "document_invalid": (
        "«{item}» ليس رمز وثيقة؛ اكتب حروفا لاتينية صغيرة مثل purchase_receipt.",
        "« {item} » n'est pas un code de pièce ; écrivez des minuscules, p. ex. purchase_receipt.",
        "{item!r} is no code of a document; write small letters such as purchase_receipt.",
    ),
    "document_undescribed": (
        "الوثيقة {document} تُذكر هنا لأول مرة؛ املأ اسمها وما تثبته بالعربية والفرنسية (name_ar وname_fr وshows_ar وshows_fr).",
        "La pièce {document} paraît ici pour la première fois ; dites son nom et ce qu'elle montre (name_ar, name_fr, shows_ar, shows_fr).",
        "The document {document} is named here first; say its name and what it shows (name_ar, name_fr, shows_ar, shows_fr).",
    ),
    "text_long": (
        "النص في العمود {column} أطول من {most} حرف. اختصره.",
        "Le texte de la colonne {column} dépasse {most} caractères. Abrégez-le.",
        "The text in the column {column} is over {most} characters long. Shorten it.",
    ),
    "id_twice": (
        "المعرّف «{id}» مستعمل في السطر {other}. اختر غيره.",
        "L'identifiant « {id} » est déjà à la ligne {other}. Choisissez-en un autre.",
        "The id {id!r} is already on line {other}. Choose another.",
    ),
    "score_negative": (
        "لا تُطرح النقاط إلا مع السياسة COLLECT. استعمل none_of لاستبعاد ألفاظ.",
        "On ne retire des points qu'avec la politique COLLECT. Pour exclure des termes, servez-vous de none_of.",
        "Points are taken off under the hit policy COLLECT only. To exclude terms use none_of.",
    ),
    "reference_missing": (
        "الأساس القانوني يحتاج مرجعا؛ املأ legal_reference.",
        "Un fondement légal veut sa référence ; remplissez legal_reference.",
        "A statutory basis needs its reference; fill legal_reference.",
    ),
    "row_of_everything": (
        "هذا السطر يطالب بكل الشكاوى. ضع شرطا: ألفاظا أو موضوعا أو مكانا.",
        "Cette ligne revendique toutes les doléances. Mettez une condition : des termes, un thème, un lieu.",
        "This row claims every complaint. Set a condition: terms, a topic, a place.",
    ),
    "row_never": (
        "هذا السطر لا ينطبق أبدا: يطلب ما يستبعده. صحّح none_of أو addressed.",
        "Cette ligne ne s'applique jamais : elle demande ce qu'elle exclut. Corrigez none_of ou addressed.",
        "This row can never match: it asks for what it excludes. Correct none_of or addressed.",
    ),
    "row_below_minimum": (
        "هذا السطر لا ينفع أبدا: نقاطه أقل من الحد الأدنى {other}.",
        "Cette ligne ne sert jamais : ses points sont sous le minimum {other}.",
        "This row never counts: its score is under the minimum {other}.",
    ),
    "row_hidden": (
        "هذا السطر لا يُبلَغ أبدا: السطر {other} يأخذ كل حالاته. ضعه قبله أو احذفه.",
        "Cette ligne n'est jamais atteinte : la ligne {other} prend tous ses cas. Placez-la avant, ou supprimez-la.",
        "This row is never reached: line {other} takes all its cases. Put it before that line, or delete it.",
    ),
    "rows_overlap": (
        "هذا السطر قد ينطبق مع الأسطر: {others}. ميّز بينها بشرط مثل none_of أو wilaya.",
        "Cette ligne peut valoir en même temps que les lignes : {others}. Séparez-les par une condition, p. ex. none_of ou wilaya.",
        "This row can match together with the lines: {others}. Keep them apart by a condition such as none_of or wilaya.",
    ),
}
