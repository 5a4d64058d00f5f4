"""Justice: courts’ administration, execution of rulings, prisons; never the substance of a ruling."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Context,
    PluginInfo,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "courts": (
        "محكمة", "محاكم", "المحكمة*", "المحاكم", "مجلس قضائي", "المجلس القضائي", "المجالس القضائية", "قاضي",
        "قضاة", "القضاء", "قضائية", "قضائي", "القضائية", "وكيل الجمهورية", "النيابة العامة", "جلسة المحكمة",
        "كتابة الضبط", "tribunal", "tribunaux", "cour d’appel", "juge", "juges", "magistrat*", "mahkama",
        "mahakim", "procureur*",
    ),
    "execution": (
        "تنفيذ الحكم", "تنفيذ الأحكام", "تنفيذ أحكام", "عدم تنفيذ حكم", "عدم تنفيذ قرارات العدالة",
        "محضر قضائي", "المحضر القضائي", "المحضرين القضائيين", "قرار قضائي نهائي", "حكم نهائي",
        "الصيغة التنفيذية", "exécution du jugement", "exécution d’une décision", "non-exécution", "huissier*",
        "jugement définitif",
    ),
    "papers": (
        "شهادة السوابق العدلية", "صحيفة السوابق", "السجل العدلي", "شهادة الجنسية", "توثيق", "موثق", "موثقين",
        "عدول", "casier judiciaire", "certificat de nationalité", "notaire*",
    ),
    "law": (
        "محام", "محامي", "محامين", "المحاماة", "المساعدة القضائية", "المسطرة الجنائية", "القانون الجنائي",
        "العقوبات", "عقوبات", "العقوبات البديلة", "الأحكام", "أحكام قضائية", "دعوى", "دعاوى", "نفقة", "النفقة",
        "طلاق", "حضانة", "الحضانة", "زواج القاصرات", "شكايات كيدية", "الطب الشرعي", "avocat*",
        "aide juridictionnelle", "pension alimentaire", "divorce", "garde des enfants", "plainte classée",
    ),
    "prison": (
        "سجن", "سجون", "السجون", "سجين", "سجناء", "السجناء", "مؤسسة عقابية", "المؤسسات العقابية",
        "المؤسسات السجنية", "الحبس", "الاعتقال الاحتياطي", "الحبس الاحتياطي", "prison*", "détenu*",
        "détention", "maison d’arrêt", "habs",
    ),
    "sector": (
        "وزارة العدل", "قطاع العدل", "العدالة", "منظومة العدالة", "مرفق العدالة", "ministère de la justice",
        "3adala",
    ),
}
# fmt: on
WEIGHTS = {
    "courts": 600,
    "execution": 750,
    "papers": 600,
    "law": 500,
    "prison": 600,
    "sector": 450,
}
TOPICS = {"justice": 650, "justice.nonexecution": 750}
CATEGORIES = {
    "execution": "justice.nonexecution",
    "courts": "justice",
    "papers": "justice",
    "law": "justice",
    "prison": "justice",
}

INFO = PluginInfo(
    ministry="MJ",
    name=Bilingual(ar="قواعد وزارة العدل", fr="Règles du ministère de la Justice"),
    version="1.0.0",
    owner="Diwan, worked example",
    terms=TERMS,
)
CLAIM = Topical(
    info=INFO,
    weights=WEIGHTS,
    topics=TOPICS,
    categories=CATEGORIES,
    because=Because(
        ar="يخص النص مرفق العدالة دون النظر في الأحكام: {terms}",
        fr="Le texte porte sur le service de la justice, sans juger les décisions : {terms}",
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
        ("prison",),
        ("DGAPR",),
        "إدارة السجون تابعة للمديرية العامة لإدارة السجون",
        "Les prisons relèvent de la direction générale de l’administration pénitentiaire",
    ),
)
DEFAULT = ("COUR",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send it to the court of the wilaya, prisons to the penitentiary administration."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="المجلس القضائي يشرف على محاكم الولاية", fr="La cour a autorité sur les tribunaux de la wilaya"
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about rulings that are not executed within fifteen working days."""
    if stage is Stage.FINAL_ANSWER and case.has("execution"):
        return WorkingDays(
            days=15, because=Because(ar="تنفيذ الأحكام حق مكتسب", fr="L’exécution d’une décision est un droit acquis")
        )
    return None
