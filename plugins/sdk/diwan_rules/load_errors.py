"""What can be wrong with a plugin, said in Arabic, French and English to somebody who has never seen our code."""

from dataclasses import asdict, dataclass
from pathlib import Path

from diwan_rules.package_errors import SAYINGS as _OF_PACKAGES
from diwan_rules.tables.sayings import SAYINGS as _OF_TABLES

# code → (Arabic, French, English); the names in braces are facts of the mistake.
_SAYINGS = {
    **_OF_PACKAGES,
    **_OF_TABLES,
    "import_failed": (
        "تعذّر تحميل الملف: {error}. صحّحه ثم أعد المحاولة.",
        "Le fichier ne se charge pas : {error}. Corrigez-le puis recommencez.",
        "The file cannot be imported: {error}. Correct it and try again.",
    ),
    "name_invalid": (
        "«{name}» ليس رمز وزارة. سمّ المجلد أو نقطة الدخول برمز الوزارة، مثل MSAN.",
        "« {name} » n'est pas un code de ministère. Donnez au dossier ou au point d'entrée le code du ministère, p. ex. MSAN.",
        "{name!r} is no ministry's code. Name the folder or the entry point by the ministry's code, such as MSAN.",
    ),
    "project_unreadable": (
        "لا يمكن قراءة pyproject.toml: {error}.",
        "pyproject.toml est illisible : {error}.",
        "pyproject.toml cannot be read: {error}.",
    ),
    "name_taken": (
        "القواعد «{name}» موجودة أيضا في المجلد «{other}». احذف إحداهما أو أعطها اسم جزء مثل {name}.part.",
        "Les règles « {name} » existent aussi dans le dossier « {other} ». Retirez-en une ou nommez-la comme partie : {name}.part.",
        "The rules {name!r} are also in the folder {other!r}. Remove one of them or name it as a part: {name}.part.",
    ),
    "pluggy_too_old": (
        "النسخة {found} من pluggy قديمة؛ ثبّت 1.7 أو أحدث.",
        "pluggy {found} est trop ancien ; installez la version 1.7 ou plus récente.",
        "pluggy {found} is too old; install 1.7 or newer.",
    ),
    "hook_unknown": (
        "لا يوجد سؤال اسمه «{hook}». {hint_ar}",
        "Aucune question ne s'appelle « {hook} ». {hint_fr}",
        "There is no hook named {hook!r}. {hint_en}",
    ),
    "hook_unmarked": (
        "الدالة «{hook}» تحمل اسم سؤال دون ‎@hookimpl؛ ضعه فوقها أو غيّر اسمها.",
        "La fonction « {hook} » porte le nom d'une question sans @hookimpl ; ajoutez-le au-dessus ou renommez-la.",
        "The function {hook!r} has a hook's name without @hookimpl; write it above the function or rename it.",
    ),
    "parameter_unknown": (
        "السؤال «{hook}» لا يعطي «{parameter}». ما يعطيه: {known}.",
        "La question « {hook} » ne fournit pas « {parameter} ». Elle fournit : {known}.",
        "The hook {hook!r} does not offer {parameter!r}. It offers: {known}.",
    ),
    "parameter_default": (
        "المعامل «{parameter}» في «{hook}» له قيمة افتراضية؛ احذفها، فالقيمة تأتي دائما.",
        "Le paramètre « {parameter} » de « {hook} » a une valeur par défaut ; retirez-la, la valeur vient toujours.",
        "The parameter {parameter!r} of {hook!r} has a default; remove it, the value always comes.",
    ),
    "parameter_star": (
        "لا يجوز ‎*{parameter} في «{hook}»؛ اكتب أسماء ما تحتاجه من: {known}.",
        "*{parameter} n'est pas permis dans « {hook} » ; nommez ce dont vous avez besoin parmi : {known}.",
        "*{parameter} is not allowed in {hook!r}; name what you need of: {known}.",
    ),
    "hook_async": (
        "«{hook}» يجب أن تكون دالة عادية: احذف async و yield.",
        "« {hook} » doit être une fonction ordinaire : retirez async et yield.",
        "{hook!r} must be a plain function: remove async and yield.",
    ),
    "info_missing": (
        "لا يوجد plugin_info. أضف: ‎@hookimpl def plugin_info() -> PluginInfo.",
        "plugin_info manque. Ajoutez : @hookimpl def plugin_info() -> PluginInfo.",
        "There is no plugin_info. Add: @hookimpl def plugin_info() -> PluginInfo.",
    ),
    "declared_failed": (
        "فشل {hook}: {error}.",
        "{hook} a échoué : {error}.",
        "{hook} failed: {error}.",
    ),
    "declared_wrong": (
        "يجب أن يجيب {hook} بـ {wanted}، لا بـ {found}.",
        "{hook} doit répondre {wanted}, pas {found}.",
        "{hook} must answer {wanted}, not {found}.",
    ),
    "code_taken": (
        "الرمز «{declared}» معرّف مرتين في {hook}؛ أعط أحدهما رمزا آخر.",
        "Le code « {declared} » est déclaré deux fois par {hook} ; donnez un autre code à l'un des deux.",
        "The code {declared!r} is declared twice by {hook}; give one of them another code.",
    ),
    "declared_too_much": (
        "تعلن القواعد {found} كيلوبايت من العبارات والمراسلات وغيرها؛ الحد {most}. احذف ما لا يُستعمل، واكتب term* بدل كل صيغ الكلمة.",
        "Les règles déclarent {found} Kio de termes, lettres, etc. ; au plus {most}. Retirez l'inutile, et écrivez term* pour toutes les formes d'un mot.",
        "The rules declare {found} KiB of terms, letters and the rest; at most {most}. Remove what is not used, and write term* for all forms of a word.",
    ),
    "ministry_differs": (
        "plugin_info يذكر الوزارة {found} بينما الاسم هو {expected}؛ وحّدهما.",
        "plugin_info nomme le ministère {found}, mais le nom est {expected} ; accordez-les.",
        "plugin_info names the ministry {found}, but the name is {expected}; make them the same.",
    ),
    "annotation_wrong": (
        "«{hook}» تعلن أنها تجيب بـ {found}؛ والجواب يجب أن يكون {wanted}.",
        "« {hook} » annonce qu'elle répond {found} ; elle doit répondre {wanted}.",
        "{hook!r} says that it answers {found}; it must answer {wanted}.",
    ),
    "config_no_model": (
        "يجب أن يكون config_model صنفا من pydantic.BaseModel، لا {found}.",
        "config_model doit être une classe de pydantic.BaseModel, pas {found}.",
        "config_model must be a class of pydantic.BaseModel, not {found}.",
    ),
    "config_required": (
        "حقول الإعدادات التالية بلا قيمة افتراضية: {fields}. أعط كلا منها قيمة، فالقواعد تعمل قبل أن يكتب أحد شيئا.",
        "Ces champs de la configuration n'ont pas de valeur par défaut : {fields}. Donnez-en une à chacun ; les règles travaillent avant tout réglage.",
        "These fields of the configuration have no default: {fields}. Give one to each; the rules work before anybody sets them.",
    ),
    "config_invalid": (
        "لا يصلح نموذج الإعدادات: {error}. استعمل أنواعا يمكن كتابتها في JSON وقيما افتراضية صحيحة.",
        "Le modèle de configuration ne convient pas : {error}. Employez des types que JSON peut écrire et des valeurs par défaut valables.",
        "The configuration model does not do: {error}. Use types that JSON can write, and defaults that are valid.",
    ),
    "config_twice": (
        "للوزارة إعدادات واحدة، وقد أعلنها {other} من قبل. احذف config_model من أحدهما؛ كلاهما يرى القيم.",
        "Un ministère a une seule configuration, déjà déclarée par {other}. Retirez config_model de l'un ; tous deux voient les valeurs.",
        "A ministry has one configuration, and {other} declares it already. Remove config_model from one of them; both see the values.",
    ),
    "start_failed": (
        "انتهت عملية القواعد أثناء التحميل ({error}). ابحث عمّا يُنفَّذ عند الاستيراد.",
        "Le processus des règles s'est terminé au chargement ({error}). Cherchez ce qui s'exécute à l'import.",
        "The rules' process ended while loading ({error}). Look for what runs on import.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class LoadError:
    """One mistake in a plugin, with the place and what to do."""

    code: str
    plugin: str
    message_ar: str
    message_fr: str
    message_en: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{self.plugin}: {place}{self.message_en}"

    def as_facts(self) -> dict[str, str | int]:
        """Return the fields by name, as they travel."""
        return asdict(self)


class NotLoaded(Exception):
    """The plugin cannot be used; `errors` say why."""

    def __init__(self, errors: list[LoadError]) -> None:
        self.errors = errors
        super().__init__("\n".join(map(str, errors)))


@dataclass(frozen=True)
class Place:
    """Where in a plugin's folder a mistake stands."""

    file: Path | None = None
    line: int = 0


def mistake(code: str, plugin: str, place: Place, **facts: str) -> LoadError:
    """Say what is wrong in three languages."""
    ar, fr, en = (saying.format(**facts) for saying in _SAYINGS[code])
    return LoadError(
        code=code,
        plugin=plugin,
        message_ar=ar,
        message_fr=fr,
        message_en=en,
        file=place.file.name if place.file else "",
        line=place.line,
    )
