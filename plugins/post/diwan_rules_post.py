"""Post and telecommunications: post offices, postal accounts, internet and telephone."""

from itertools import pairwise

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Context,
    Fact,
    PluginInfo,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "post": (
        "بريد", "البريد", "بريد الجزائر", "مكتب البريد", "مكاتب البريد", "مركز البريد", "ساعي البريد",
        "طرد بريدي", "حوالة", "حوالات", "الحساب البريدي", "حساب بريدي جاري", "البطاقة الذهبية", "بريدي موب",
        "السيولة", "السحب من الموزع", "algérie poste", "algerie poste", "bureau de poste", "la poste", "CCP",
        "carte edahabia", "edahabia", "baridimob", "barid", "lapost", "colis", "mandat",
    ),
    "internet": (
        "إنترنت", "الأنترنت", "انترنت", "تدفق الانترنت", "الألياف البصرية", "الألياف", "اتصالات الجزائر",
        "خط الهاتف", "الهاتف الثابت", "شبكة الهاتف", "التغطية الهاتفية", "صبيب الانترنت", "internet", "fibre",
        "fibre optique", "ADSL", "connexion", "algérie télécom", "algerie telecom", "wifi", "débit", "idoom",
        "modem",
    ),
    "mobile": (
        "الهاتف النقال", "الهاتف المحمول", "شريحة الهاتف", "متعامل الهاتف", "موبيليس", "أوريدو", "جازي",
        "mobilis", "ooredoo", "djezzy", "réseau mobile", "4G", "portable sans réseau", "couverture mobile",
    ),
    "elsewhere": (
        "جرائم الانترنت", "البريد الإلكتروني", "عبر الانترنت", "courrier électronique", "par internet",
    ),
}
# fmt: on
WEIGHTS = {
    "post": 650,
    "internet": 650,
    "mobile": 550,
    "elsewhere": -350,
}
TOPICS = {"post_telecom": 700}
CATEGORIES = {"post": "post_telecom", "internet": "post_telecom", "mobile": "post_telecom"}

INFO = PluginInfo(
    ministry="MPT",
    name=Bilingual(
        ar="قواعد وزارة البريد والمواصلات السلكية واللاسلكية",
        fr="Règles du ministère de la Poste et des Télécommunications",
    ),
    version="1.1.0",
    owner="Diwan, worked example",
    terms=TERMS,
)
CLAIM = Topical(
    info=INFO,
    weights=WEIGHTS,
    topics=TOPICS,
    categories=CATEGORIES,
    because=Because(
        ar="يخص النص البريد والاتصالات: {terms}",
        fr="Le texte porte sur la poste et les télécommunications : {terms}",
    ),
)


@hookimpl
def plugin_info() -> PluginInfo:
    """Introduce the rule set."""
    return INFO


@hookimpl
def claim(case: Case) -> Claim | None:
    """Claim by weighed terms and by the chosen topic."""
    return CLAIM(case)


UNITS = (
    (
        ("post",),
        ("AP", "DPT"),
        "بريد الجزائر يسيّر مكاتب البريد والحسابات الجارية",
        "Algérie Poste gère les bureaux et les comptes",
    ),
    (
        ("mobile",),
        ("ARPCE", "DPT"),
        "سلطة الضبط تتلقى شكاوى مستعملي الهاتف النقال",
        "L’autorité de régulation reçoit les plaintes des abonnés mobiles",
    ),
    (("internet",), ("AT", "DPT"), "اتصالات الجزائر تسيّر شبكة الإنترنت الثابت", "Algérie Télécom gère le réseau fixe"),
)
DEFAULT = ("DPT",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send post matters to Algérie Poste, networks to their company, what is unclear to the directorate."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية البريد والمواصلات للولاية تتابع القطاع",
                fr="La direction de la poste et des télécommunications de la wilaya suit le secteur",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about accounts and cash within ten working days."""
    if stage is Stage.FINAL_ANSWER and case.has("post"):
        return WorkingDays(days=10, because=Because(ar="مال المواطن في حسابه", fr="Il s’agit de l’argent du citoyen"))
    return None


_DAYS = {
    **dict.fromkeys(("يوم", "يوما", "ايام", "jour", "jours"), 1),
    **dict.fromkeys(("اسبوع", "اسبوعا", "اسابيع", "semaine", "semaines"), 7),
    **dict.fromkeys(("شهر", "شهرا", "اشهر", "شهور", "mois"), 30),
}
_LINES = {"fibre": ("الياف", "fibre", "ftth"), "adsl": ("adsl",), "4g": ("4g", "جيل رابع")}


@hookimpl
def enrich(case: Case) -> list[Fact] | None:
    """Read out which line is meant and for how many days it has been cut."""
    words = case.words.split()
    lines = tuple(line for line, spellings in _LINES.items() if any(each in case.words for each in spellings))
    spans = [
        int(number) * _DAYS[unit]
        for number, unit in pairwise(words)
        if number.isdigit() and len(number) < 4 and unit in _DAYS
    ]
    facts = [Fact(name="lines", value=lines)] if lines else []
    return [*facts, Fact(name="days_without", value=max(spans))] if spans else facts
