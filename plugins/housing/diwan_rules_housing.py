"""Housing: social and aided housing, urban planning and building permits."""

from diwan_rules import (
    Because,
    Bilingual,
    BilingualBody,
    Case,
    Claim,
    Context,
    LetterContext,
    LetterKind,
    LetterTemplate,
    PluginInfo,
    Signatory,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "home": (
        "سكن", "السكن*", "سكنات", "سكنية", "سكني", "مسكن", "مساكن", "إسكان", "شقة", "شقق", "سكنة", "السكنة",
        "طلب سكن", "logement*", "sokna", "sekna", "skna", "soukna", "appartement*", "habitat", "loger",
        "relogement",
    ),
    "programmes": (
        "عدل", "سكن عدل", "سكنات عدل", "السكن الاجتماعي", "السكن الترقوي المدعم", "السكن الترقوي",
        "السكن الريفي", "البيع بالإيجار", "ديوان الترقية والتسيير العقاري", "السكن الهش", "بيوت قصديرية",
        "دور الصفيح", "مدن الصفيح", "مدن بدون صفيح", "الصفيح", "السكن غير اللائق", "AADL", "LPA", "LPP",
        "OPGI", "habitat rural", "logement social", "location-vente", "bidonville*", "barakat", "baraka",
    ),
    "buildings": (
        "عمارة", "عمارات", "بنايات", "مباني", "المباني الآيلة للسقوط", "آيلة للسقوط", "البنايات القديمة",
        "مصعد", "المصاعد", "تسرب المياه من السقف", "إعادة إعمار", "إعادة الإعمار", "إعادة الإسكان",
        "immeuble*", "bâtiment*", "batiment*", "ascenseur*", "3imara", "effondrement",
    ),
    "permits": (
        "رخصة بناء", "رخص البناء", "رخصة هدم", "شهادة المطابقة", "البناء الفوضوي", "البناء غير القانوني",
        "البناء العشوائي", "التعمير", "وثائق التعمير", "رخص التعمير", "مخطط شغل الأراضي", "مخططات التعمير",
        "تصاميم التهيئة", "تجزئة", "تجزئات", "تجزيئات", "الوكالات الحضرية", "الترقية العقارية", "مرقي عقاري",
        "المرقين العقاريين", "permis de construire", "permis de démolir", "certificat de conformité",
        "urbanisme", "lotissement*", "promoteur immobilier", "construction illicite",
    ),
    "sector": (
        "وزارة السكن", "قطاع السكن", "التهيئة العمرانية", "إعداد التراب", "سياسة المدينة", "المدن الجديدة",
        "العمران", "عمرانية", "المعمارية", "aménagement du territoire", "ville nouvelle",
    ),
    "elsewhere": (
        "الإقامة الجامعية", "السكن الجامعي", "السكن الوظيفي", "سكن وظيفي", "الإحصاء العام",
        "النفايات المنزلية", "cité universitaire",
    ),
}
# fmt: on
WEIGHTS = {
    "home": 600,
    "programmes": 700,
    "buildings": 550,
    "permits": 600,
    "sector": 500,
    "elsewhere": -250,
}
TOPICS = {"housing": 700, "housing.social": 550, "urbanism.permits": 650, "urbanism.improvement": 250}
CATEGORIES = {"home": "housing", "programmes": "housing.social", "permits": "urbanism.permits", "buildings": "housing"}

INFO = PluginInfo(
    ministry="MHUVAT",
    name=Bilingual(
        ar="قواعد وزارة السكن والعمران والمدينة", fr="Règles du ministère de l’Habitat, de l’Urbanisme et de la Ville"
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
        ar="يخص النص السكن والعمران: {terms}",
        fr="Le texte porte sur le logement et l’urbanisme : {terms}",
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
        ("permits",),
        ("DUAC", "DL"),
        "رخص البناء والهدم من اختصاص مديرية التعمير والهندسة المعمارية والبناء",
        "Les permis relèvent de la direction de l’urbanisme",
    ),
    (("buildings",), ("OPGI", "DL"), "ديوان الترقية والتسيير العقاري يسيّر العمارات", "L’OPGI gère les immeubles"),
)
DEFAULT = ("DL",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send allocation matters to the daira, permits to urban planning, the rest to the housing directorate."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية السكن للولاية تتابع برامج السكن",
                fr="La direction du logement de la wilaya suit les programmes",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about buildings that threaten to fall within ten working days."""
    if stage is Stage.FINAL_ANSWER and case.has("buildings"):
        return WorkingDays(days=10, because=Because(ar="سلامة السكان أولا", fr="La sécurité des habitants passe avant"))
    return None


@hookimpl
def letter_templates() -> list[LetterTemplate]:
    """Offer the letter that people ask for most: where an application for a home stands."""
    return [
        LetterTemplate(
            code="application_followed",
            name=Bilingual(ar="متابعة طلب سكن", fr="Suivi d’une demande de logement"),
            kind=LetterKind.INTERIM_REPLY,
            body=BilingualBody(
                ar="وصلت شكواكم المؤرخة في {{ received_on }} بشأن طلب السكن إلى {{ office }}، وهي قيد الدراسة.",
                fr="Votre doléance du {{ received_on }} sur votre demande de logement est examinée par {{ office }}.",
            ),
            required_variables=("received_on", "office"),
        )
    ]


@hookimpl
def letter_context(case: Case, letter_kind: LetterKind, ctx: Context) -> LetterContext | None:
    """Fill it for homes and programmes, where a unit covers the place."""
    unit = ctx.directory.nearest(case, "DL")
    if letter_kind is not LetterKind.INTERIM_REPLY or unit is None or not case.has("home", "programmes"):
        return None
    variables = {"received_on": f"{case.received_on:%d/%m/%Y}", "office": f"{unit.name_ar} · {unit.name_fr}"}
    return LetterContext(template="application_followed", variables=variables)


@hookimpl
def signatory(case: Case, letter_kind: LetterKind) -> Signatory | None:
    """Have the director sign what binds the directorate: final replies on allocations and permits."""
    if letter_kind is not LetterKind.FINAL_REPLY or not case.has("programmes", "permits"):
        return None
    because = Because(ar="الرد يُلزم المديرية", fr="La réponse engage la direction")
    return Signatory(role="director", because=because)
