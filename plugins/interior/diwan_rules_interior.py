"""Interior, local communities and transport: communes, identity papers, roads of the commune, transport."""

from diwan_rules import (
    Because,
    Bilingual,
    Case,
    Claim,
    Context,
    DocumentDefinition,
    PluginInfo,
    RequiredDocument,
    Stage,
    Topical,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

# fmt: off
TERMS = {
    "commune": (
        "بلدية", "البلدية*", "بلديات", "المجلس الشعبي البلدي", "رئيس البلدية", "المير", "الدائرة",
        "رئيس الدائرة", "الولاية", "والي", "الوالي", "الجماعات المحلية", "الجماعات الترابية", "جماعات ترابية",
        "المجالس المنتخبة", "المنتخبين", "mairie", "APC", "baladia", "baladiya", "daira", "commune*", "wali",
        "président d’APC", "maire",
    ),
    "papers": (
        "الحالة المدنية", "شهادة ميلاد", "شهادة الميلاد", "عقد الميلاد", "عقد زواج", "الدفتر العائلي",
        "جواز سفر", "جواز السفر", "جوازات السفر", "بطاقة التعريف", "بطاقة الهوية", "بطاقة الإقامة",
        "شهادة الإقامة", "رخصة السياقة", "رخصة السياقة البيومترية", "البطاقة الرمادية", "بطاقة رمادية",
        "تصحيح الاسم", "خطأ في الاسم", "état civil", "etat civil", "extrait de naissance", "acte de naissance",
        "12s", "s12", "passeport", "carte d’identité", "carte grise", "permis de conduire", "kart grise",
        "livret de famille", "certificat de résidence",
    ),
    "street": (
        "الإنارة العمومية", "إنارة عمومية", "رفع القمامة", "القمامة", "النفايات المنزلية من الحي",
        "تهيئة الحي", "الأرصفة", "رصيف", "حفر في الطريق", "تعبيد طريق الحي", "طريق الحي", "الكلاب الضالة",
        "كلاب ضالة", "المساحات الخضراء", "مقبرة", "مقابر", "الأسواق الأسبوعية", "سوق أسبوعي", "أسواق الجملة",
        "السوق البلدي", "محلات مهنية", "éclairage public", "ordures", "ordures ménagères", "poubelle*", "zbel",
        "ziblat", "trottoir*", "chiens errants", "nids-de-poule", "marché communal", "locaux commerciaux",
    ),
    "transport": (
        "النقل العمومي", "نقل عمومي", "حافلة", "حافلات", "الحافلات", "سيارة أجرة", "سيارات الأجرة", "طاكسي",
        "النقل الحضري", "النقل الطرقي", "النقل الجوي", "النقل السككي", "النقل بين المدن", "نقل المسافرين",
        "خط النقل", "محطة المسافرين", "المحطات الطرقية", "قطار", "قطارات", "السكك الحديدية", "ترامواي", "مترو",
        "مطار", "مطارات", "تذاكر النقل", "أسعار التذاكر", "أسعار تذاكر", "تذاكر الطائرة", "الخطوط الجوية",
        "رحلات جوية", "الطيران", "transport en commun", "transport public", "bus", "kar", "taxi*", "train*",
        "tramway", "gare routière", "SNTF", "air algérie", "ETUSA", "aéroport", "vol annulé",
    ),
    "safety": (
        "حوادث السير", "حوادث المرور", "السلامة الطرقية", "السلامة المرورية", "الحماية المدنية", "الشرطة",
        "الأمن الوطني", "الأمن العمومي", "الهجرة السرية", "الهجرة غير الشرعية", "انعدام الأمن", "رادار",
        "accident de la route", "sécurité routière", "protection civile", "police", "commissariat",
    ),
    "sector": (
        "وزارة الداخلية", "اللامركزية", "الجهوية المتقدمة", "الإدارة المحلية", "قطاع النقل",
        "النقل واللوجستيك", "وسائل النقل", "النقل", "ministère de l’intérieur", "transport*",
    ),
    "elsewhere": (
        "النقل المدرسي", "نقل مدرسي", "transport scolaire", "ramassage scolaire", "نقل الدم", "نقل الكهرباء",
        "نقل المرضى", "الكهرباء", "الماء الشروب", "الأمن الغذائي", "الأمن المائي", "الأمن الطاقي",
        "الأمن الخاص", "نقل المياه", "النقل البحري", "الملاعب", "électricité", "école communale",
        "تنقل التلاميذ",
    ),
}
# fmt: on
WEIGHTS = {
    "commune": 500,
    "papers": 700,
    "street": 600,
    "transport": 600,
    "safety": 550,
    "sector": 450,
    "elsewhere": -450,
}
TOPICS = {
    "civil_status": 750,
    "identity_documents": 750,
    "vehicle_documents": 750,
    "street_lighting": 700,
    "environment": 500,
    "urbanism.improvement": 500,
    "roads": 450,
    "transport": 700,
    "shops": 650,
    "housing.social": 350,
}
CATEGORIES = {
    "papers": "civil_status",
    "street": "urbanism.improvement",
    "transport": "transport",
    "commune": "admin_delay",
}

INFO = PluginInfo(
    ministry="MICLT",
    name=Bilingual(
        ar="قواعد وزارة الداخلية والجماعات المحلية والنقل",
        fr="Règles du ministère de l’Intérieur, des Collectivités locales et des Transports",
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
        ar="يخص النص الإدارة المحلية أو الوثائق أو النقل: {terms}",
        fr="Le texte porte sur l’administration locale, les papiers ou les transports : {terms}",
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
        ("transport",),
        ("DTW",),
        "مديرية النقل للولاية تنظم خطوط النقل",
        "La direction des transports organise les lignes",
    ),
    (
        ("papers",),
        ("APC",),
        "مصالح الحالة المدنية والوثائق في البلدية",
        "L’état civil et les papiers sont servis à la commune",
    ),
    (
        ("street", "commune"),
        ("APC",),
        "البلدية مسؤولة عن الإنارة والنظافة والتهيئة في ترابها",
        "La commune répond de l’éclairage, de la propreté et de la voirie",
    ),
)
DEFAULT = ("WILAYA",)


@hookimpl
def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
    """Send papers and streets to the commune, transport to its directorate, the rest to the wilaya."""
    for groups, kinds, ar, fr in UNITS:
        if case.has(*groups) and (unit := ctx.directory.nearest(case, *kinds)):
            return UnitProposal(unit=unit.body_id, because=Because(ar=ar, fr=fr))
    if unit := ctx.directory.nearest(case, *DEFAULT):
        return UnitProposal(
            unit=unit.body_id,
            because=Because(ar="الولاية تنسق مصالحها", fr="La wilaya coordonne ses services"),
        )
    return None


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer about papers within a working week."""
    if stage is Stage.FINAL_ANSWER and case.has("papers"):
        return WorkingDays(days=5, because=Because(ar="الوثائق تصدر بسرعة", fr="Les papiers se délivrent vite"))
    return None


_MISTAKES = ("خطا", "خاطي", "تصحيح", "erreur", "rectifi")


@hookimpl
def documents() -> list[DocumentDefinition]:
    """Name what the civil status office works from."""
    return [
        DocumentDefinition(
            code="family_booklet",
            name=Bilingual(ar="الدفتر العائلي", fr="Livret de famille"),
            shows=Bilingual(ar="الصفحة التي فيها القيد المعني", fr="La page de l’inscription concernée"),
        ),
        DocumentDefinition(
            code="wrong_record",
            name=Bilingual(ar="الوثيقة التي فيها الخطأ", fr="L’acte qui porte l’erreur"),
            shows=Bilingual(ar="الخطأ كما كُتب", fr="L’erreur telle qu’elle est écrite"),
        ),
    ]


@hookimpl
def required_documents(case: Case) -> list[RequiredDocument] | None:
    """Ask for the record and the family booklet where a record is wrong."""
    if not case.has("papers") or not any(word in case.words for word in _MISTAKES):
        return None
    because = Because(ar="يُصحَّح القيد بمقارنته بالدفتر", fr="Un acte se rectifie d’après le livret")
    return [
        RequiredDocument(document="wrong_record", mandatory=True, because=because),
        RequiredDocument(document="family_booklet", mandatory=False, because=because),
    ]
