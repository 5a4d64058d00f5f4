"""What cannot be done and what to do instead, in Arabic, French and English; the names in braces are facts."""

SAYINGS = {
    "folder_missing": (
        "لا يوجد مجلد {folder}. أنشئ قواعد فيه: diwan-rules new CODE.",
        "Le dossier {folder} n'existe pas. Créez-y des règles : diwan-rules new CODE.",
        "There is no folder {folder}. Make rules in one: diwan-rules new CODE.",
    ),
    "folder_taken": (
        "المجلد {folder} ليس فارغا. اختر آخر بـ ‎--into.",
        "Le dossier {folder} n'est pas vide. Choisissez-en un autre avec --into.",
        "The folder {folder} is not empty. Choose another with --into.",
    ),
    "file_missing": (
        "لا يوجد ملف {file}. تحقق من الاسم.",
        "Le fichier {file} n'existe pas. Vérifiez son nom.",
        "There is no file {file}. Check its name.",
    ),
    "file_exists": (
        "الملف {file} موجود ولن يُستبدل. اختر اسما آخر.",
        "Le fichier {file} existe et ne sera pas remplacé. Choisissez un autre nom.",
        "The file {file} exists and is not replaced. Choose another name.",
    ),
    "rules_missing": (
        "لا قواعد في {folder}: ضع فيه rules.py في مجلد باسم رمز الوزارة، مثل msan، أو plugin.yaml، أو أنشئها بـ diwan-rules new.",
        "Aucune règle dans {folder} : mettez un rules.py dans un dossier au code du ministère (msan), un plugin.yaml, ou faites diwan-rules new.",
        "No rules in {folder}: put a rules.py into a folder named by a ministry's code, such as msan, or a plugin.yaml, or use diwan-rules new.",
    ),
    "rules_not_loaded": (
        "القواعد لا تُحمَّل:\n{mistakes}\nصحّحها ثم: diwan-rules check.",
        "Les règles ne se chargent pas :\n{mistakes}\nCorrigez-les, puis : diwan-rules check.",
        "The rules do not load:\n{mistakes}\nCorrect them, then: diwan-rules check.",
    ),
    "ministries_several": (
        "في المجلد قواعد عدة وزارات ({found}). سمّ مجلد واحدة منها.",
        "Le dossier a les règles de plusieurs ministères ({found}). Nommez le dossier d'un seul.",
        "The folder has the rules of several ministries ({found}). Name the folder of one.",
    ),
    "code_invalid": (
        "«{found}» ليس رمز وزارة. اكتب مثل MCI أو MJ.prisons.",
        "« {found} » n'est pas un code de ministère. Écrivez p. ex. MCI ou MJ.prisons.",
        "{found!r} is no ministry's code. Write for example MCI or MJ.prisons.",
    ),
    "cases_missing": (
        "لا حالات في {folder}. اكتب cases.yaml أو cases.csv.",
        "Aucun cas dans {folder}. Écrivez cases.yaml ou cases.csv.",
        "There are no cases in {folder}. Write cases.yaml or cases.csv.",
    ),
    "cases_none": (
        "لا حالة في {file}. أضف واحدة على الأقل.",
        "Aucun cas dans {file}. Ajoutez-en au moins un.",
        "There is no case in {file}. Add at least one.",
    ),
    "cases_unreadable": (
        "لا يمكن قراءة {file}: {error}.",
        "{file} est illisible : {error}.",
        "{file} cannot be read: {error}.",
    ),
    "cells_beyond": (
        "السطر {line} فيه خلايا أكثر من العناوين. ضع الفاصلة التي في النص بين علامتي تنصيص.",
        "La ligne {line} a plus de cellules que d'en-têtes. Mettez entre guillemets un texte qui contient une virgule.",
        "Line {line} has more cells than there are headings. Put a text with a comma into quotation marks.",
    ),
    "fact_unknown": (
        "لا معطى اسمه «{found}». المعطيات: {known}.",
        "Aucune donnée ne s'appelle « {found} ». Les données : {known}.",
        "There is no fact {found!r}. The facts are: {known}.",
    ),
    "fact_wrong": (
        "المعطى «{field}» غير صحيح: {error}.",
        "La donnée « {field} » n'est pas valable : {error}.",
        "The fact {field!r} is not valid: {error}.",
    ),
    "key_unknown": (
        "«{found}» ليس معطى ولا سؤالا. الأقرب: {hint}.",
        "« {found} » n'est ni une donnée ni une question. Les plus proches : {hint}.",
        "{found!r} is neither a fact nor a hook. The nearest: {hint}.",
    ),
    "field_unknown": (
        "جواب «{hook}» ليس فيه «{found}». فيه: {known}.",
        "La réponse de « {hook} » n'a pas « {found} ». Elle a : {known}.",
        "The answer of {hook!r} has no {found!r}. It has: {known}.",
    ),
    "answer_unknown": (
        "لا يمكن أن يجيب «{hook}» بـ «{found}». الممكن: {known}.",
        "« {hook} » ne peut pas répondre « {found} ». Possible : {known}.",
        "{hook!r} cannot answer {found!r}. Possible: {known}.",
    ),
    "expects_nothing": (
        "الحالة لا تنتظر شيئا. أضف مثل claim: none.",
        "Le cas n'attend rien. Ajoutez p. ex. claim: none.",
        "The case expects nothing. Add for example claim: none.",
    ),
    "besides_missing": (
        "«{hook}» يُسأل عن «{missing}» أيضا. أضفه إلى الحالة.",
        "« {hook} » est demandé avec « {missing} ». Ajoutez-le au cas.",
        "{hook!r} is asked with {missing!r}. Add it to the case.",
    ),
    "hook_unanswered": (
        "هذه القواعد لا تجيب عن «{hook}». تجيب عن: {known}.",
        "Ces règles ne répondent pas à « {hook} ». Elles répondent à : {known}.",
        "These rules do not answer {hook!r}. They answer: {known}.",
    ),
    "rule_unknown": (
        "لا قاعدة اسمها «{found}» هنا. الأقرب: {hint}.",
        "Aucune règle ne s'appelle « {found} » ici. Les plus proches : {hint}.",
        "No rule is called {found!r} here. The nearest: {hint}.",
    ),
    "range_wrong": (
        "«{found}» ليس حدا. اكتب مثل 700..900 أو 700...",
        "« {found} » n'est pas une borne. Écrivez p. ex. 700..900 ou 700...",
        "{found!r} is no bound. Write for example 700..900 or 700...",
    ),
    "bench_failed": (
        "«{hook}» فشل ولا يقاس: {message}. شغّل diwan-rules test أولا.",
        "« {hook} » a échoué et ne se mesure pas : {message}. Lancez d'abord diwan-rules test.",
        "{hook!r} failed and cannot be measured: {message}. Run diwan-rules test first.",
    ),
    "backtest_ministries": (
        "القواعد المقارَن بها لوزارة {found}، لا {expected}. سمّ مجلدا من نفس الوزارة.",
        "Les règles de comparaison sont de {found}, pas de {expected}. Nommez un dossier du même ministère.",
        "The rules to compare with are of {found}, not {expected}. Name a folder of the same ministry.",
    ),
    "record_wrong": (
        "{place}: ليس سجلا سليما: {field}: {error}. الصيغة: diwan-rules docs --records.",
        "{place} : pas un enregistrement valable : {field} : {error}. Le format : diwan-rules docs --records.",
        "{place}: no valid record: {field}: {error}. The format: diwan-rules docs --records.",
    ),
    "record_unreadable": ("{error}", "{error}", "{error}"),
    "replay_unrecorded": (
        "لم يُسجَّل جواب {code}. المسجَّل: {known}. سمّ مجلد قواعد إحداها.",
        "Aucune réponse de {code} n'est enregistrée. Enregistré : {known}. Nommez le dossier de l'un d'eux.",
        "No answer of {code} is recorded. Recorded: {known}. Name the folder of one of them.",
    ),
    "folders_several": (
        "القواعد في عدة مجلدات ({found}). اصنع حزمة لكل واحد.",
        "Les règles sont dans plusieurs dossiers ({found}). Faites un paquet de chacun.",
        "The rules are in several folders ({found}). Pack each of them.",
    ),
    "versions_differ": (
        "النسخة في pyproject.toml هي {project} وفي plugin_info هي {rules}. وحّدهما.",
        "La version de pyproject.toml est {project}, celle de plugin_info {rules}. Accordez-les.",
        "The version in pyproject.toml is {project}, in plugin_info {rules}. Make them the same.",
    ),
    "needs_others": (
        "لا شيء في عملية القواعد غير العدة؛ لا يمكن طلب: {found}. انسخ ما تحتاجه إلى مجلدك.",
        "Le processus des règles n'a que le kit ; impossible de demander : {found}. Copiez le nécessaire dans votre dossier.",
        "The rules' process has nothing but the kit, so they cannot need: {found}. Copy what you need into your folder.",
    ),
    "project_wrong": (
        "لا يمكن وصف الحزمة: {field}: {error}. صحّحه في pyproject.toml.",
        "Le paquet ne peut pas être décrit : {field} : {error}. Corrigez-le dans pyproject.toml.",
        "The package cannot be described: {field}: {error}. Correct it in pyproject.toml.",
    ),
    "key_unreadable": (
        "ليس في {file} مفتاح Ed25519. أنشئ زوجا: diwan-rules keygen NAME؛ ‎.key للتوقيع و ‎.pub للتحقق.",
        "{file} ne contient pas de clé Ed25519 utilisable ici. Créez une paire : diwan-rules keygen NAME ; .key signe, .pub vérifie.",
        "{file} holds no Ed25519 key for this. Make a pair: diwan-rules keygen NAME; .key signs, .pub verifies.",
    ),
}
