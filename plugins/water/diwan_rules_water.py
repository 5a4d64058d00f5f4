"""Water: drinking water, sewers, dams and floods."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    CategoryDefinition,
    CategoryScore,
    Claim,
    Context,
    Event,
    EventKind,
    PluginInfo,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "drinking": (
        "ماء", "الماء*", "ماء شروب", "الماء الشروب", "الماء الصالح للشرب", "مياه الشرب", "مياه الشروب", "مياه",
        "المياه*", "ماء الشرب", "انقطاع الماء", "انقطاع المياه", "تذبذب المياه", "شبكة المياه",
        "التزود بالماء", "عداد الماء", "الجزائرية للمياه", "صهاريج المياه", "eau potable", "l’eau", "eau",
        "coupure d’eau", "coupures d’eau", "fuite d’eau", "château d’eau", "ADE", "SEAAL", "lma", "elma",
        "الما",
    ),
    "sewers": (
        "تطهير", "التطهير السائل", "الصرف الصحي", "قنوات الصرف", "مياه الصرف", "المياه القذرة",
        "المياه المستعملة", "بالوعة", "بالوعات", "البالوعات", "حفر الصرف", "محطة التصفية", "مجاري",
        "assainissement", "égout*", "egout*", "eaux usées", "ONA", "regard bouché", "bouche d’égout",
    ),
    "resources": (
        "سد", "سدود", "السدود", "آبار", "بئر", "حفر بئر", "المياه الجوفية", "تحلية", "تحلية مياه البحر",
        "محطة تحلية", "الأحواض المائية", "الموارد المائية", "مائية", "المائية", "مائي", "الري", "السقي",
        "فيضان", "فيضانات", "الفيضانات", "وادي", "barrage*", "forage*", "dessalement", "nappe phréatique",
        "inondation*", "oued", "irrigation",
    ),
    "elsewhere": (
        "مياه الأمطار من السقف", "تسرب المياه من السقف", "المياه الإقليمية", "المياه المعدنية",
        "المياه والغابات", "الصيد البحري", "سد الخصاص", "سد الثغرات", "سد النقص", "سد حاجيات",
    ),
}
# fmt: on
WEIGHTS = {
    "drinking": 650,
    "sewers": 650,
    "resources": 600,
    "elsewhere": -350,
}
TOPICS = {"water": 700, "sanitation": 700}
CATEGORIES = {"drinking": "water", "sewers": "sanitation", "resources": "water"}

INFO = PluginInfo(
    ministry="MH",
    name=Bilingual(ar="قواعد وزارة الري", fr="Règles du ministère de l’Hydraulique"),
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
        ar="يخص النص الماء والتطهير: {terms}",
        fr="Le texte porte sur l’eau et l’assainissement : {terms}",
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


UNITS = ()
DEFAULT = ("DRE",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send it to the water directorate of the wilaya."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية الري للولاية تتابع التزويد بالماء والتطهير",
                fr="La direction de l’hydraulique de la wilaya suit l’eau et l’assainissement",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about vital networks within seven working days."""
    if stage is Stage.FINAL_ANSWER and case.has("drinking", "sewers"):
        return WorkingDays(days=7, because=Because(ar="الماء خدمة حيوية", fr="L’eau est un service vital"))
    return None


_SORTED = (
    ("cut", "water", "drinking", Bilingual(ar="انقطاع الماء", fr="Coupure d’eau")),
    ("sewage", "sanitation", "sewers", Bilingual(ar="فيضان المجاري", fr="Débordement d’égout")),
)


@hookimpl
def categories() -> list[CategoryDefinition]:
    """Sort complaints as the works crews of the wilaya do."""
    return [CategoryDefinition(code=code, name=name, topic=topic) for code, topic, _, name in _SORTED]


@hookimpl
def classify(case: Case) -> list[CategoryScore] | None:
    """Weigh both networks by how often they are named."""
    return [
        CategoryScore(
            category=code,
            score=min(550 + 150 * case.hits[group].count, 1000),
            because=Because(ar=f"يذكر النص: {name.ar}", fr=f"Le texte parle de : {name.fr}"),
        )
        for code, _, group, name in _SORTED
        if case.has(group)
    ]


@hookimpl
def case_event(event: Event, case: Case, ctx: Context) -> None:
    """Note how long each quarter waited, for the crews' weekly plan; never a word of the complaint."""
    if event.kind in {EventKind.ESCALATED, EventKind.ANSWERED} and case.has("drinking", "sewers"):
        waited = (event.happened_on - case.received_on).days
        ctx.log(f"network_{event.kind}", wilaya=case.wilaya_label, commune=case.commune_id, days=waited)
