"""Rules that answer every hook of the kit; copied as a plugin by its tests."""

from diwan_rules import (
    Because,
    Bilingual,
    BilingualBody,
    Case,
    CategoryDefinition,
    CategoryScore,
    Claim,
    Condition,
    Context,
    Dimension,
    DocumentDefinition,
    Event,
    Fact,
    Finding,
    HiddenField,
    IndicatorDefinition,
    LetterContext,
    LetterKind,
    LetterTemplate,
    PluginInfo,
    Priority,
    PriorityProposal,
    Purpose,
    Redaction,
    ReminderKind,
    ReminderStep,
    Reply,
    ReplyGrade,
    ReplyReview,
    RequiredDocument,
    RetentionRule,
    Severity,
    Signatory,
    Stage,
    UnitProposal,
    WorkingDays,
    hookimpl,
)

WHY = Because(ar="لأنه كذلك", fr="Parce que")
NAME = Bilingual(ar="اسم", fr="Nom")


@hookimpl
def plugin_info() -> PluginInfo:
    return PluginInfo(ministry="MH", name=NAME, version="2.0.0", owner="dsi")


@hookimpl
def categories() -> list[CategoryDefinition]:
    return [CategoryDefinition(code="leak", name=NAME, topic="water")]


@hookimpl
def letter_templates() -> list[LetterTemplate]:
    body = BilingualBody(ar="إلى {{ place }}", fr="À {{ place }}")
    return [
        LetterTemplate(code="visit", name=NAME, kind=LetterKind.INTERIM_REPLY, body=body, required_variables=("place",))
    ]


@hookimpl
def indicators() -> list[IndicatorDefinition]:
    late = Condition(dimension=Dimension.LATE, one_of=("true",))
    return [IndicatorDefinition(code="late_leaks", name=NAME, counted=(late,))]


@hookimpl
def documents() -> list[DocumentDefinition]:
    return [DocumentDefinition(code="bill", name=NAME, shows=NAME)]


@hookimpl
def validate(case: Case) -> list[Finding]:
    return [Finding(code="no_place", field="commune_id", severity=Severity.INCOMPLETE, because=WHY)]


@hookimpl
def enrich(case: Case) -> list[Fact]:
    length = len(case.text)
    return [
        Fact(name="length", value=length),
        Fact(name="long", value=length > 500),
        Fact(name="first", value=case.text[:1]),
        Fact(name="words", value=tuple(case.words.split())),
    ]


@hookimpl
def required_documents() -> list[RequiredDocument]:
    return [RequiredDocument(document="bill", mandatory=True, because=WHY)]


@hookimpl
def classify() -> list[CategoryScore]:
    return [CategoryScore(category="leak", score=700, because=WHY)]


@hookimpl
def claim() -> Claim:
    return Claim(score=500, because=WHY)


@hookimpl
def assign_unit() -> UnitProposal:
    return UnitProposal(unit="dre-oran", because=WHY)


@hookimpl
def deadline(stage: Stage) -> WorkingDays:
    return WorkingDays(days=2 if stage is Stage.DOCUMENT_REQUEST else 9, because=WHY)


@hookimpl
def priority() -> PriorityProposal:
    return PriorityProposal(priority=Priority.URGENT, because=WHY)


@hookimpl
def reminders() -> list[ReminderStep]:
    return [ReminderStep(kind=ReminderKind.EARLY_NOTICE, after_due=-2, because=WHY)]


@hookimpl
def letter_context(case: Case, letter_kind: LetterKind) -> LetterContext | None:
    if letter_kind is LetterKind.INTERIM_REPLY:
        return LetterContext(template="visit", variables={"place": "Oran"})
    return None


@hookimpl
def signatory(letter_kind: LetterKind) -> Signatory:
    return Signatory(role=f"signs_{letter_kind}", because=WHY)


@hookimpl
def review_reply(reply: Reply) -> ReplyReview:
    grade = ReplyGrade.SUPERFICIAL if len(reply.words) < 20 else ReplyGrade.FAVOURABLE
    return ReplyReview(grade=grade, because=WHY, missing=(NAME,))


@hookimpl
def retention() -> RetentionRule:
    return RetentionRule(years=15, because=WHY)


@hookimpl
def redact(purpose: Purpose) -> list[Redaction] | None:
    if purpose is Purpose.OPEN_DATA:
        return [Redaction(field=HiddenField.TEXT, because=WHY, start=3, end=9)]
    return None


@hookimpl
def case_event(event: Event, ctx: Context) -> None:
    ctx.log("told", kind=event.kind, day=event.happened_on.isoformat())
