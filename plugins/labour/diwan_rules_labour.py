"""Labour: employment, working conditions, pensions and social insurance."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Context,
    PluginInfo,
    Reply,
    ReplyGrade,
    ReplyReview,
    RetentionRule,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "jobs": (
        "تشغيل", "التشغيل", "بطالة", "البطالة", "منحة البطالة", "مناصب شغل", "فرص شغل", "فرص العمل",
        "سوق الشغل", "سوق العمل", "طالب عمل", "طالبي العمل", "عقود ما قبل التشغيل", "الإدماج المهني",
        "وكالة التشغيل", "الوساطة في التشغيل", "إنعاش التشغيل", "التشغيل الذاتي", "برنامج أوراش", "ANEM",
        "emploi", "chômage", "chomage", "chômeur*", "chomeur*", "allocation chômage", "khedma", "khadma",
        "khdma", "recrutement", "offre d’emploi", "batal", "batala", "DAIP",
    ),
    "workers": (
        "عامل", "عمال", "العمال", "عاملات", "الأجراء", "أجير", "أجراء", "رب العمل", "أرباب العمل", "المشغل",
        "المشغلين", "تسريح العمال", "طرد تعسفي", "الطرد التعسفي", "أجور العمال", "الحد الأدنى للأجور",
        "مفتشية العمل", "تفتيش الشغل", "مدونة الشغل", "قانون العمل", "قانون الشغل", "حوادث الشغل",
        "حوادث العمل", "ساعات العمل", "حق الإضراب", "نقابة العمال", "حراس الأمن الخاص", "travailleur*",
        "salarié*", "licenciement", "licencié*", "inspection du travail", "salaire impayé", "salaires impayés",
        "employeur*", "chahriya", "accident de travail",
    ),
    "insurance": (
        "ضمان اجتماعي", "الضمان الاجتماعي", "بطاقة الشفاء", "الشفاء", "تعويض الأدوية", "تعويض العلاج",
        "اشتراكات الضمان", "التأمينات الاجتماعية", "صندوق التأمينات", "الحماية الاجتماعية", "CNAS", "CASNOS",
        "CACOBATPH", "carte chifa", "chifa", "sécurité sociale", "securite sociale", "remboursement des soins",
    ),
    "pension": (
        "تقاعد", "التقاعد", "متقاعد", "متقاعدين", "المتقاعدين", "معاش", "معاشات", "منحة التقاعد",
        "صندوق التقاعد", "منحة الأرملة", "CNR", "retraite*", "retraité*", "pension de retraite",
        "pension de réversion", "taqa3od", "lantrite",
    ),
    "sector": (
        "وزارة العمل", "وزارة التشغيل", "قطاع التشغيل", "قطاع الشغل", "الشغل", "في الشغل",
        "ministère du travail",
    ),
    "elsewhere": (
        "منصب مالي", "توظيف الأساتذة", "مباراة توظيف", "أطر الأكاديميات", "النقل الجوي",
    ),
}
# fmt: on
WEIGHTS = {
    "jobs": 600,
    "workers": 550,
    "insurance": 700,
    "pension": 700,
    "sector": 450,
    "elsewhere": -300,
}
TOPICS = {"employment": 700, "work_social_security": 700}
CATEGORIES = {
    "jobs": "employment",
    "workers": "work_social_security",
    "insurance": "work_social_security",
    "pension": "work_social_security",
}

INFO = PluginInfo(
    ministry="MTESS",
    name=Bilingual(
        ar="قواعد وزارة العمل والتشغيل والضمان الاجتماعي",
        fr="Règles du ministère du Travail, de l’Emploi et de la Sécurité sociale",
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
        ar="يخص النص العمل والتشغيل أو الضمان الاجتماعي: {terms}",
        fr="Le texte porte sur le travail, l’emploi ou la sécurité sociale : {terms}",
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
    (("pension",), ("CNR",), "الصندوق الوطني للتقاعد يصفّي المعاشات", "La CNR liquide les pensions"),
    (("insurance",), ("CNAS",), "الصندوق الوطني للتأمينات الاجتماعية يسيّر التأمين", "La CNAS gère l’assurance"),
    (
        ("workers",),
        ("IT", "DEMPLOI"),
        "مفتشية العمل تراقب تطبيق قانون العمل",
        "L’inspection du travail contrôle l’application du droit du travail",
    ),
)
DEFAULT = ("DEMPLOI",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send insurance and pensions to their funds, working conditions to the inspection, employment to its directorate."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية التشغيل للولاية تتابع طالبي العمل",
                fr="La direction de l’emploi de la wilaya suit les demandeurs",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about pensions within fifteen working days."""
    if stage is Stage.FINAL_ANSWER and case.has("pension"):
        return WorkingDays(days=15, because=Because(ar="المعاش مورد عيش", fr="La pension est un moyen de vivre"))
    return None


@hookimpl
def review_reply(case: Case, reply: Reply) -> ReplyReview | None:
    """Find a reply about a pension or a refund superficial when it names neither a date nor an amount."""
    if not case.has("pension", "insurance") or any(char.isdigit() for char in reply.words):
        return None
    return ReplyReview(
        grade=ReplyGrade.SUPERFICIAL,
        because=Because(ar="لا يذكر الرد تاريخا ولا مبلغا", fr="La réponse ne donne ni date ni montant"),
        missing=(Bilingual(ar="تاريخ الدفع أو مبلغه", fr="La date ou le montant du paiement"),),
    )


@hookimpl
def retention(case: Case) -> RetentionRule | None:
    """Keep files on pensions for a working life, because a career is reckoned again at its end."""
    if not case.has("pension"):
        return None
    because = Because(ar="يُراجع المسار المهني عند التقاعد", fr="La carrière se recalcule au départ à la retraite")
    return RetentionRule(years=40, because=because)
