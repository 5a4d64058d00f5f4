"""What can be wrong with a package of rules, said in Arabic, French and English with what to do."""

# code → (Arabic, French, English); the names in braces are facts of the mistake.
SAYINGS = {
    "package_unsigned": (
        "الحزمة غير موقّعة. وقّعها: diwan-rules sign WHEEL --key KEY، ثم أرسل ملف ‎.sig معها.",
        "Le paquet n'est pas signé. Signez-le : diwan-rules sign WHEEL --key KEY, puis envoyez aussi le fichier .sig.",
        "The package is not signed. Sign it: diwan-rules sign WHEEL --key KEY, and send the .sig file with it.",
    ),
    "signature_unreadable": (
        "ملف التوقيع تالف أو ليس توقيعا. انسخه من جديد، أو وقّع الحزمة مرة أخرى.",
        "Le fichier de signature est abîmé ou n'en est pas un. Copiez-le de nouveau, ou signez encore une fois.",
        "The signature file is damaged or is none. Copy it again, or sign the package once more.",
    ),
    "signature_wrong": (
        "التوقيع لا يطابق المفتاح {key}: غُيّر ملف ‎.sig. وقّع الحزمة مرة أخرى.",
        "La signature ne correspond pas à la clé {key} : le fichier .sig a été modifié. Signez le paquet encore une fois.",
        "The signature does not fit the key {key}: the .sig file was altered. Sign the package once more.",
    ),
    "signature_key_unknown": (
        "الحزمة موقّعة بمفتاح غير معروف هنا: {key}. المفاتيح المعروفة: {known}. اطلب من المشغّل إضافة مفتاحك العام.",
        "Le paquet est signé par une clé inconnue ici : {key}. Clés connues : {known}. Demandez à l'exploitant d'ajouter votre clé publique.",
        "The package is signed with a key that is not known here: {key}. Known keys: {known}. Ask the operator to add your public key.",
    ),
    "package_altered": (
        "الحزمة ليست التي وُقّعت: بصمتها {found}، والموقَّعة {signed}. انسخها من جديد، أو أعد pack ثم sign.",
        "Ce n'est pas le paquet qui a été signé : son empreinte est {found}, celle signée {signed}. Copiez-le de nouveau, ou refaites pack puis sign.",
        "This is not the package that was signed: its digest is {found}, the signed one {signed}. Copy it again, or pack and sign once more.",
    ),
    "package_no_zip": (
        "الملف ليس حزمة، أو قُطع في الطريق ({error}). انسخه من جديد، أو أنشئه بالأمر diwan-rules pack FOLDER.",
        "Le fichier n'est pas un paquet, ou a été coupé en route ({error}). Copiez-le de nouveau, ou créez-le avec diwan-rules pack FOLDER.",
        "The file is no package, or was cut short on its way ({error}). Copy it again, or make it with diwan-rules pack FOLDER.",
    ),
    "package_no_manifest": (
        "ينتظر من الحزمة بيان واحد diwan.json وفيها {found}. أنشئها بالأمر diwan-rules pack FOLDER، لا بأداة أخرى.",
        "Un paquet a un seul manifeste diwan.json, celui-ci en a {found}. Créez-le avec diwan-rules pack FOLDER, pas avec un autre outil.",
        "A package has one manifest diwan.json, this one has {found}. Make it with diwan-rules pack FOLDER, not with another tool.",
    ),
    "package_manifest_wrong": (
        "الحقل «{field}» في بيان الحزمة غير صحيح: {error}. أعد diwan-rules pack.",
        "Le champ « {field} » du manifeste n'est pas valable : {error}. Refaites diwan-rules pack.",
        "The field {field!r} of the manifest is not valid: {error}. Run diwan-rules pack again.",
    ),
    "package_files_differ": (
        "ملفات الحزمة ليست كما يقول بيانها. لا تغيّرها بعد pack؛ أعد diwan-rules pack.",
        "Les fichiers du paquet ne sont pas ceux de son manifeste. Ne les changez pas après pack ; refaites diwan-rules pack.",
        "The files of the package are not as its manifest says. Do not change them after packing; run diwan-rules pack again.",
    ),
    "package_entry_odd": (
        "الملف «{file}» في الحزمة مكرر أو مضغوط أو مشفّر. أعد diwan-rules pack.",
        "Le fichier « {file} » du paquet est en double, comprimé ou chiffré. Refaites diwan-rules pack.",
        "The file {file!r} is in the package twice, compressed or encrypted. Run diwan-rules pack again.",
    ),
    "package_plugins_foreign": (
        "نقاط الدخول ({plugins}) ليست كلها لوزارة {ministry}. اصنع حزمة لكل وزارة.",
        "Les points d'entrée ({plugins}) ne sont pas tous du ministère {ministry}. Faites un paquet par ministère.",
        "The entry points ({plugins}) are not all of the ministry {ministry}. Pack each ministry's rules apart.",
    ),
    "package_too_large": (
        "الحزمة كبيرة جدا: {found}، والحد {most}. أخرج منها ما ليس قواعد.",
        "Le paquet est trop grand : {found}, au plus {most}. Retirez-en ce qui n'est pas une règle.",
        "The package is too large: {found}, at most {most}. Take out what is no rule.",
    ),
    "package_file_unexpected": (
        "الملف «{file}» لا مكان له في حزمة قواعد. المسموح: {known}. احذفه ثم أعد pack.",
        "Le fichier « {file} » n'a pas sa place dans un paquet de règles. Permis : {known}. Retirez-le puis refaites pack.",
        "The file {file!r} has no place in a package of rules. Allowed: {known}. Remove it and pack again.",
    ),
    "package_hides": (
        "الوحدة «{module}» تخفي وحدة من بايثون أو من العدة. غيّر اسمها، مثل diwan_rules_{ministry}.",
        "Le module « {module} » cache un module de Python ou du kit. Renommez-le, p. ex. diwan_rules_{ministry}.",
        "The module {module!r} hides one of Python's or of the kit. Rename it, for example diwan_rules_{ministry}.",
    ),
    "kit_unfit": (
        "القواعد تحتاج diwan-rules {wanted} وهنا النسخة {found}. حدّث العدة هنا، أو غيّر النطاق في pyproject.toml ثم أعد pack.",
        "Les règles demandent diwan-rules {wanted}, ici c'est {found}. Mettez le kit à jour ici, ou changez l'intervalle dans pyproject.toml et refaites pack.",
        "The rules need diwan-rules {wanted}, here it is {found}. Update the kit here, or change the range in pyproject.toml and pack again.",
    ),
    "kit_range_unreadable": (
        "نطاق نسخ العدة «{wanted}» غير مقروء. اكتب مثل diwan-rules>=1.0,<2.",
        "L'intervalle de versions du kit « {wanted} » est illisible. Écrivez p. ex. diwan-rules>=1.0,<2.",
        "The range of the kit's versions {wanted!r} cannot be read. Write for example diwan-rules>=1.0,<2.",
    ),
    "package_name_taken": (
        "القواعد «{name}» محمّلة من الحزمة {other}. سمّ نقطة الدخول كجزء مثل {name}.part، أو أزل الحزمة الأخرى.",
        "Les règles « {name} » sont déjà chargées du paquet {other}. Nommez le point d'entrée comme partie : {name}.part, ou retirez l'autre paquet.",
        "The rules {name!r} are already loaded from the package {other}. Name the entry point as a part: {name}.part, or remove the other package.",
    ),
    "package_module_taken": (
        "الوحدة «{module}» موجودة أيضا في الحزمة {other} لنفس الوزارة. غيّر اسمها في إحداهما.",
        "Le module « {module} » est aussi dans le paquet {other} du même ministère. Renommez-le dans l'un des deux.",
        "The module {module!r} is also in the package {other} of the same ministry. Rename it in one of them.",
    ),
    "package_version_loaded": (
        "الحزمة {name} محمّلة بالنسخة {other}. ثبّت {version} كمرشّحة، أو عطّل {other} أولا.",
        "Le paquet {name} est déjà chargé en version {other}. Installez {version} comme candidate, ou désactivez d'abord {other}.",
        "The package {name} is already loaded as {other}. Install {version} as the candidate, or disable {other} first.",
    ),
    "package_version_reused": (
        "النسخة {version} من {name} موجودة هنا بمحتوى آخر. ارفع رقم النسخة ثم أعد pack و sign.",
        "La version {version} de {name} existe ici avec un autre contenu. Augmentez le numéro de version, puis refaites pack et sign.",
        "The version {version} of {name} is here with other contents. Raise the version, then pack and sign again.",
    ),
}
