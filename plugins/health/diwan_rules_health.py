"""Health: hospitals, medicines, emergencies and public hygiene."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Context,
    DocumentDefinition,
    HiddenField,
    PluginInfo,
    Priority,
    PriorityProposal,
    Purpose,
    Redaction,
    RequiredDocument,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "care": (
        "مستشفى", "مستشفيات", "المستشفى*", "مستوصف*", "عيادة", "عيادات", "مصحة", "مصحات", "قاعة علاج",
        "قاعات العلاج", "مؤسسة استشفائية", "المؤسسات الاستشفائية", "مركز صحي", "مراكز صحية", "مؤسسات صحية",
        "خدمات صحية", "استشفائي*", "hôpital*", "hôpitaux", "hopital*", "polyclinique*", "clinique*", "CHU",
        "EPH", "EPSP", "sbitar", "sbitarat", "السبيطار", "dispensaire*",
    ),
    "staff": (
        "طبيب", "أطباء", "الطبيب*", "ممرض", "ممرضين", "ممرضة", "ممرضات", "قابلة", "قابلات", "جراح", "جراحين",
        "أطر طبية", "أخصائي", "تخصصات طبية", "médecin*", "medecin*", "infirmi*", "sage-femme*", "sages-femmes",
        "tbib", "tbiba", "الطبيبة", "chirurgien*",
    ),
    "medicine": (
        "دواء", "أدوية", "الدوا", "صيدلية", "صيدليات", "صيادلة", "لقاح", "لقاحات", "تلقيح", "أمصال", "أنسولين",
        "médicament*", "medicament*", "pharmacie*", "vaccin*", "dwa", "dwawat", "insuline",
    ),
    "illness": (
        "مرض", "أمراض", "مريض", "مرضى", "المرضى", "سرطان", "السكري", "داء", "وباء", "فيروس*", "علاج", "علاجات",
        "العلاج الكيميائي", "غسيل الكلى", "تصفية الدم", "حوامل", "ولادة", "توليد", "إدمان", "توحد", "نقل الدم",
        "عملية جراحية", "malade*", "maladie*", "cancer", "diabète", "diabete", "dialyse", "accouchement",
        "chimiothérapie", "mrid", "mrida", "mard",
    ),
    "emergency": (
        "استعجالات", "مستعجلات", "إسعاف", "الإسعاف الطبي", "سيارة إسعاف", "سيارات الإسعاف", "urgences",
        "ambulance*", "SAMU", "isti3jalat",
    ),
    "equipment": (
        "سكانير", "جهاز الأشعة", "الأشعة", "موعد طبي", "مواعيد طبية", "تحاليل طبية", "scanner", "IRM",
        "radio du thorax", "radiologie", "analyses médicales", "rendez-vous médical",
    ),
    "sector": (
        "وزارة الصحة", "قطاع الصحة", "الصحة العمومية", "المنظومة الصحية", "القطاع الصحي", "الصحة", "صحية",
        "طبي", "طبية", "الصحي", "santé", "sante publique", "seha", "siha",
    ),
    "elsewhere": (
        "الطب المدرسي", "التربية البدنية", "كلية الطب", "طلبة الطب", "حوادث الشغل", "التأمين الصحي",
        "التغطية الصحية", "الضمان الاجتماعي", "التأمين الإجباري",
    ),
}
# fmt: on
WEIGHTS = {
    "care": 600,
    "staff": 550,
    "medicine": 600,
    "illness": 450,
    "emergency": 600,
    "equipment": 550,
    "sector": 500,
    "elsewhere": -250,
}
TOPICS = {"health": 700}
CATEGORIES = {
    "care": "health",
    "staff": "health",
    "medicine": "health",
    "illness": "health",
    "emergency": "health",
    "equipment": "health",
}

INFO = PluginInfo(
    ministry="MSAN",
    name=Bilingual(ar="قواعد وزارة الصحة", fr="Règles du ministère de la Santé"),
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
        ar="يخص النص الصحة العمومية: {terms}",
        fr="Le texte porte sur la santé publique : {terms}",
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
        ("medicine",),
        ("DSP", "PCH"),
        "تتكفل مديرية الصحة بتوفر الأدوية في مؤسسات الولاية",
        "La direction de la santé répond de la disponibilité des médicaments dans la wilaya",
    ),
)
DEFAULT = ("DSP",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send it to the health directorate of the wilaya, medicines to the central pharmacy only when no directorate covers the place."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية الصحة والسكان للولاية هي الوصية على مؤسساتها",
                fr="La direction de la santé de la wilaya a la tutelle de ses établissements",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about emergencies within a working week."""
    if stage is Stage.FINAL_ANSWER and case.has("emergency"):
        return WorkingDays(
            days=5, because=Because(ar="الاستعجالات لا تحتمل الانتظار", fr="Les urgences ne peuvent pas attendre")
        )
    return None


@hookimpl
def priority(case: Case) -> PriorityProposal | None:
    """Put emergencies first, and treatments that must not stop before the others."""
    if case.has("emergency"):
        because = Because(ar="الاستعجالات لا تحتمل الانتظار", fr="Les urgences ne peuvent pas attendre")
        return PriorityProposal(priority=Priority.URGENT, because=because)
    if case.has("illness") and case.has("medicine"):
        because = Because(ar="علاج لا يجوز أن ينقطع", fr="Un traitement ne doit pas s’interrompre")
        return PriorityProposal(priority=Priority.HIGH, because=because)
    return None


@hookimpl
def documents() -> list[DocumentDefinition]:
    """Name the one document that a pharmacy must see."""
    return [
        DocumentDefinition(
            code="prescription",
            name=Bilingual(ar="وصفة طبية", fr="Ordonnance"),
            shows=Bilingual(
                ar="اسم الدواء وتاريخ الوصفة؛ أخفِ اسم المريض إن شئت",
                fr="Le médicament et la date ; le nom du malade peut être caché",
            ),
        )
    ]


@hookimpl
def required_documents(case: Case) -> list[RequiredDocument] | None:
    """Ask for the prescription where a medicine is missing."""
    if not case.has("medicine"):
        return None
    because = Because(ar="لا يُبحث عن دواء دون وصفته", fr="Un médicament se cherche d’après son ordonnance")
    return [RequiredDocument(document="prescription", mandatory=False, because=because)]


@hookimpl
def redact(case: Case, purpose: Purpose) -> list[Redaction] | None:
    """Keep what a sick person tells out of everything that is published."""
    if purpose not in {Purpose.REPORT, Purpose.OPEN_DATA} or not case.has("illness"):
        return None
    because = Because(ar="سر طبي", fr="Secret médical")
    return [
        Redaction(field=field, because=because)
        for field in (HiddenField.TEXT, HiddenField.REPLY, HiddenField.ATTACHMENTS)
    ]
