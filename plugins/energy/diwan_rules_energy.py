"""Energy: electricity, town gas, meters and bills."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Condition,
    Context,
    Dimension,
    IndicatorDefinition,
    PluginInfo,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)
from pydantic import BaseModel, ConfigDict, Field

# fmt: off
TERMS = {
    "electricity": (
        "كهرباء", "الكهرباء", "كهربائي", "كهربائية", "التيار الكهربائي", "انقطاع التيار", "انقطاع الكهرباء",
        "الانقطاعات الكهربائية", "عداد الكهرباء", "أعمدة كهربائية", "محول كهربائي", "الربط بالكهرباء",
        "الكهربة الريفية", "سونلغاز", "électricité", "electricite", "sonelgaz", "coupure de courant",
        "coupures d’électricité", "compteur électrique", "transformateur", "kahraba", "trisiti", "triciti",
        "tricinti", "daw", "ضو",
    ),
    "gas": (
        "غاز", "الغاز*", "غاز المدينة", "الغاز الطبيعي", "ربط بالغاز", "قارورات الغاز", "قارورة غاز",
        "أنبوب الغاز", "gaz", "gaz de ville", "raccordement au gaz", "bouteille de gaz", "lgaz", "butane",
    ),
    "bill": (
        "فاتورة", "فواتير", "الفاتورة الطاقية", "facture*", "فوترة", "fatoura",
    ),
    "power": (
        "طاقة", "طاقي", "طاقية", "الطاقة الشمسية", "الطاقات المتجددة", "طاقات متجددة", "النجاعة الطاقية",
        "الألواح الشمسية", "الاقتصاد في الطاقة", "énergie*", "energie*", "panneaux solaires",
        "énergies renouvelables",
    ),
    "elsewhere": (
        "الإنارة العمومية", "إنارة عمومية", "éclairage public", "الدراجات الكهربائية", "السيارات الكهربائية",
        "فاتورة الماء", "facture d’eau", "غازات الدفيئة", "الغاز المسيل للدموع",
    ),
}
# fmt: on
WEIGHTS = {
    "electricity": 650,
    "gas": 650,
    "bill": 300,
    "power": 550,
    "elsewhere": -350,
}
TOPICS = {"electricity_gas": 700}
CATEGORIES = {
    "electricity": "electricity_gas",
    "gas": "electricity_gas",
    "bill": "electricity_gas",
    "power": "electricity_gas",
}


class Config(BaseModel):
    """What the ministry sets without a new version of its rules."""

    model_config = ConfigDict(extra="forbid")

    network_days: int = Field(
        default=7, ge=1, le=15, description="أيام العمل للرد حول الشبكات · Jours ouvrables de réponse sur les réseaux"
    )


INFO = PluginInfo(
    ministry="MEER",
    name=Bilingual(
        ar="قواعد وزارة الطاقة والطاقات المتجددة", fr="Règles du ministère de l’Énergie et des Énergies renouvelables"
    ),
    version="1.1.0",
    owner="Diwan, worked example",
    terms=TERMS,
    config_model=Config,
)
CLAIM = Topical(
    info=INFO,
    weights=WEIGHTS,
    topics=TOPICS,
    categories=CATEGORIES,
    because=Because(
        ar="يخص النص الكهرباء والغاز والطاقة: {terms}",
        fr="Le texte porte sur l’électricité, le gaz et l’énergie : {terms}",
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


UNITS = ((("bill",), ("SONELGAZ",), "سونلغاز تصدر الفواتير وتراجعها", "Sonelgaz établit et révise les factures"),)
DEFAULT = ("DEM",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send it to the energy directorate of the wilaya, bills to the company."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(
                ar="مديرية الطاقة والمناجم للولاية تتابع الشبكات",
                fr="La direction de l’énergie de la wilaya suit les réseaux",
            ),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage, ctx: Context) -> WorkingDays | None:
    """Answer about vital networks within the days that the ministry has set itself."""
    if stage is Stage.FINAL_ANSWER and case.has("electricity", "gas") and isinstance(ctx.config, Config):
        return WorkingDays(
            days=ctx.config.network_days, because=Because(ar="انقطاع خدمة حيوية", fr="Un service vital est en cause")
        )
    return None


@hookimpl
def indicators() -> list[IndicatorDefinition]:
    """Show which share of what citizens filed about networks was answered late."""
    networks = Condition(dimension=Dimension.TOPIC, one_of=("electricity_gas",))
    return [
        IndicatorDefinition(
            code="late_on_networks",
            name=Bilingual(ar="نسبة الردود المتأخرة حول الشبكات", fr="Part des réponses tardives sur les réseaux"),
            counted=(Condition(dimension=Dimension.LATE, one_of=("true",)),),
            among=(networks,),
        )
    ]
