"""Education: schools, teachers, examinations, canteens and school transport."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Context,
    PluginInfo,
    ReminderKind,
    ReminderStep,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "school": (
        "مدرسة", "مدارس", "المدرسة*", "ابتدائية", "متوسطة", "إكمالية", "ثانوية", "ثانويات", "مؤسسة تعليمية",
        "مؤسسات تعليمية", "المؤسسات التعليمية", "المؤسسات التربوية", "مؤسسة تربوية", "حجرات الدراسة",
        "حجرات دراسية", "أقسام دراسية", "اكتظاظ الأقسام", "école primaire", "école*", "ecole*", "lycée*",
        "lycee*", "CEM", "madrasa", "madrassa", "lekoul", "likoul", "l’école", "classe surchargée",
    ),
    "pupils": (
        "تلميذ", "تلاميذ", "تلميذة", "تلميذات", "التلاميذ", "متمدرسين", "المتمدرسين", "تمدرس", "التمدرس",
        "الهدر المدرسي", "التسرب المدرسي", "élève*", "eleve*", "tlamid", "scolarité", "scolarisation",
        "scolaire*",
    ),
    "teachers": (
        "أستاذ", "أساتذة", "الأستاذ*", "معلم", "معلمين", "معلمة", "معلمات", "المعلمين", "مدرسين",
        "مدير المدرسة", "مستخلفين", "الأساتذة المتعاقدين", "رجال التعليم", "نساء ورجال التعليم",
        "الأطر التربوية", "enseignant*", "professeur*", "prof", "profs", "ostad", "instituteur*",
    ),
    "exams": (
        "بكالوريا", "الباكالوريا", "باكالوريا", "شهادة التعليم المتوسط", "امتحانات", "الامتحانات المدرسية",
        "كشف النقاط", "مقررات دراسية", "المناهج", "مناهج", "الكتب المدرسية", "كتاب مدرسي", "كتب مدرسية",
        "baccalauréat", "BEM", "manuel scolaire", "bulletin scolaire",
    ),
    "year": (
        "الدخول المدرسي", "الموسم الدراسي", "السنة الدراسية", "العام الدراسي", "المطاعم المدرسية",
        "مطعم مدرسي", "مطاعم مدرسية", "الإطعام المدرسي", "النقل المدرسي", "نقل مدرسي", "منحة التمدرس",
        "rentrée scolaire", "cantine*", "cantine scolaire", "transport scolaire", "ramassage scolaire",
    ),
    "sector": (
        "التربية الوطنية", "مديرية التربية", "وزارة التربية", "قطاع التربية", "قطاع التعليم",
        "التعليم الابتدائي", "التعليم الأولي", "تعليم أولي", "التعليم الثانوي", "التعليم الخصوصي",
        "التعليم المدرسي", "المنظومة التربوية", "منظومة التربية", "تعليمية", "تربوية", "مدرسي", "مدرسية",
        "التدريس", "التحضيري", "éducation nationale", "direction de l’éducation", "enseignement primaire",
    ),
    "elsewhere": (
        "التعليم العالي", "الجامعة", "جامعة", "جامعية", "جامعي", "الجامعات", "التكوين المهني", "تعليم عال",
        "المدارس العليا", "الطلبة", "université*", "formation professionnelle", "تعليم السياقة",
        "مدارس السياقة", "مدارس تعليم السياقة", "auto-école",
    ),
}
# fmt: on
WEIGHTS = {
    "school": 600,
    "pupils": 600,
    "teachers": 550,
    "exams": 600,
    "year": 500,
    "sector": 500,
    "elsewhere": -350,
}
TOPICS = {"education": 700}
CATEGORIES = {
    "school": "education",
    "pupils": "education",
    "teachers": "education",
    "exams": "education",
    "year": "education",
}

INFO = PluginInfo(
    ministry="MEN",
    name=Bilingual(ar="قواعد وزارة التربية الوطنية", fr="Règles du ministère de l’Éducation nationale"),
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
        ar="يخص النص التربية والتعليم المدرسي: {terms}",
        fr="Le texte porte sur l’éducation et la vie scolaire : {terms}",
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
        ("exams",),
        ("DE", "ONEC"),
        "مديرية التربية تنظم الامتحانات في الولاية",
        "La direction de l’éducation organise les examens dans la wilaya",
    ),
)
DEFAULT = ("DE",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send it to the education directorate of the wilaya; school canteens and transport of primary schools to the commune."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية التربية للولاية تسيّر مؤسساتها التعليمية",
                fr="La direction de l’éducation de la wilaya gère ses établissements",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer what touches the running school year within ten working days."""
    if stage is Stage.FINAL_ANSWER and case.has("year"):
        return WorkingDays(days=10, because=Because(ar="السنة الدراسية لا تنتظر", fr="L’année scolaire n’attend pas"))
    return None


@hookimpl
def reminders(case: Case) -> list[ReminderStep] | None:
    """Ask earlier where an examination or the start of the year would pass meanwhile."""
    if not case.has("exams", "year"):
        return None
    because = Because(ar="موعد مدرسي لا يُؤجَّل", fr="Une échéance scolaire ne se reporte pas")
    steps = {ReminderKind.EARLY_NOTICE: -3, ReminderKind.REMINDER_1: 1, ReminderKind.REMINDER_2: 3}
    return [ReminderStep(kind=kind, after_due=days, because=because) for kind, days in steps.items()]
