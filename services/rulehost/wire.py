"""Questions and outcomes of the kit, to and from the contract diwan.rules.v1."""

from collections.abc import Sequence
from datetime import UTC, datetime

from diwan.rules.v1 import case_pb2, ministry_pb2, outcome_pb2, subject_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan_rules.answers import ANSWERS, items
from diwan_rules.configuration import MOST_CHARACTERS, Configuration, Problem
from diwan_rules.facts import Calendar, Case, Channel, Event, EventKind, Kind, LetterKind, Purpose, Reply, Stage, Unit
from diwan_rules.host.questions import CONFIGURATION, Asked, Failure, Outcome, Question, asked
from diwan_rules.load_errors import LoadError
from diwan_rules.terms import Hits

from services.chassis.checks import require_date, require_enum, require_text
from services.chassis.refusals import FieldInvalid
from services.rulehost import answers

MOST_CASES = 200
MOST_CASES_OF_LISTS = 5  # all ministries' longest lists still fit into one answer
LONGEST_TEXT = 1_000_000
WEEKEND = frozenset({5, 6})
NO_MOMENT = datetime.min.replace(tzinfo=UTC)  # values are right or wrong at any time
ABOUT_ONE = frozenset({pb2.HOOK_REVIEW_REPLY, pb2.HOOK_CASE_EVENT})


def hook_name(hook: "pb2.Hook.ValueType") -> str:
    """Return the kit's name of a hook: `assign_unit` for HOOK_ASSIGN_UNIT."""
    require_enum("hook", pb2.Hook, hook)
    return pb2.Hook.Name(hook).removeprefix("HOOK_").lower()


def read_question(request: pb2.ConsultRequest) -> Question:
    """Read a question, or refuse the field at fault."""
    cases = request.cases
    if not 0 < len(cases) <= MOST_CASES or len({case.complaint_id for case in cases}) != len(cases):
        raise FieldInvalid(field="cases")
    hook = hook_name(request.hook)
    if request.hook in ABOUT_ONE and len(cases) != 1:
        raise FieldInvalid(field="cases")
    if ANSWERS[hook].many and len(cases) > MOST_CASES_OF_LISTS:
        raise FieldInvalid(field="cases")
    if not request.HasField("now_time"):
        raise FieldInvalid(field="now_time", problem="empty")
    units: dict[str, tuple[Unit, ...]] = {}
    for unit in request.units:
        units[unit.ministry] = (*units.get(unit.ministry, ()), _read_unit(unit))
    return Question(
        hook=hook,
        now=request.now_time.ToDatetime(tzinfo=UTC),
        cases=tuple(_read_case(case) for case in cases),
        stage=_read_stage(request),
        letter_kind=_read_letter_kind(request),
        reply=_read_reply(request),
        purpose=_read_purpose(request),
        event=_read_event(request),
        calendar=Calendar(
            frozenset(require_date("calendar.holidays", day) for day in request.calendar.holidays),
            frozenset(request.calendar.weekend) or WEEKEND,
        ),
        units=units,
        configurations=_read_configurations(request),
    )


def _read_configurations(request: pb2.ConsultRequest) -> dict[str, Configuration]:
    given = {each.ministry: Configuration(each.revision, each.values_json) for each in request.configurations}
    if len(given) != len(request.configurations):
        raise FieldInvalid(field="configurations")
    if any(len(each.values_json) > MOST_CHARACTERS for each in given.values()):
        raise FieldInvalid(field="configurations.values_json", problem="long", limit=MOST_CHARACTERS)
    return given


def read_values(request: pb2.ValidateConfigurationRequest) -> Question:
    """Read values for a ministry's configuration as the question what is wrong with them."""
    values = require_text("values_json", request.values_json, limit=MOST_CHARACTERS)
    nothing = asked(Case(complaint_id=CONFIGURATION, text=""), {})
    given = {request.ministry: Configuration(values_json=values)}
    return Question(hook=CONFIGURATION, now=NO_MOMENT, cases=(nothing,), configurations=given)


def write_problems(outcome: Outcome) -> pb2.ValidateConfigurationResponse:
    """Write what is wrong with values."""
    problems = [problem for problem in items(outcome.verdict) if isinstance(problem, Problem)]
    return pb2.ValidateConfigurationResponse(
        problems=[
            pb2.ConfigurationProblem(field=each.field, message_ar=each.ar, message_fr=each.fr, message_en=each.en)
            for each in problems
        ],
        failure=_write_failure(outcome.failure) if outcome.failure else None,
    )


def _read_stage(request: pb2.ConsultRequest) -> Stage | None:
    if request.hook != pb2.HOOK_DEADLINE:
        return None
    require_enum("stage", pb2.Stage, request.stage)
    return Stage(pb2.Stage.Name(request.stage).removeprefix("STAGE_").lower())


def _read_letter_kind(request: pb2.ConsultRequest) -> LetterKind | None:
    if request.hook not in {pb2.HOOK_LETTER_CONTEXT, pb2.HOOK_SIGNATORY}:
        return None
    require_enum("letter_kind", subject_pb2.LetterKind, request.letter_kind)
    return LetterKind(subject_pb2.LetterKind.Name(request.letter_kind).removeprefix("LETTER_KIND_").lower())


def _read_purpose(request: pb2.ConsultRequest) -> Purpose | None:
    if request.hook != pb2.HOOK_REDACT:
        return None
    require_enum("purpose", subject_pb2.Purpose, request.purpose)
    return Purpose(subject_pb2.Purpose.Name(request.purpose).removeprefix("PURPOSE_").lower())


def _read_reply(request: pb2.ConsultRequest) -> Reply | None:
    if request.hook != pb2.HOOK_REVIEW_REPLY:
        return None
    reply = request.reply
    if len(reply.text) > LONGEST_TEXT:
        raise FieldInvalid(field="reply.text", problem="long", limit=LONGEST_TEXT)
    return Reply(
        text=reply.text,
        language=reply.language,
        body_id=reply.body_id,
        received_on=require_date("reply.received_on", reply.received_on),
        attachments=reply.attachments,
    )


def _read_event(request: pb2.ConsultRequest) -> Event | None:
    if request.hook != pb2.HOOK_CASE_EVENT:
        return None
    event = request.event
    require_enum("event.kind", subject_pb2.EventKind, event.kind)
    return Event(
        kind=EventKind(subject_pb2.EventKind.Name(event.kind).removeprefix("EVENT_KIND_").lower()),
        happened_on=require_date("event.happened_on", event.happened_on),
        body_id=event.body_id,
    )


def _read_unit(unit: pb2.Unit) -> Unit:
    return Unit(
        body_id=unit.body_id,
        kind=unit.kind,
        name_ar=unit.name_ar,
        name_fr=unit.name_fr,
        wilaya_id=unit.wilaya_id,
        commune_id=unit.commune_id,
    )


def _read_case(case: case_pb2.Case) -> Asked:
    require_enum("cases.kind", case_pb2.CaseKind, case.kind)
    require_enum("cases.channel", case_pb2.CaseChannel, case.channel)
    if len(case.text) > LONGEST_TEXT:  # otherwise verbatim: what a citizen typed is not a rule's to refuse
        raise FieldInvalid(field="cases.text", problem="long", limit=LONGEST_TEXT)
    facts = Case(
        complaint_id=require_text("cases.complaint_id", case.complaint_id, limit=100),
        text=case.text,
        language=case.language,
        kind=Kind(case_pb2.CaseKind.Name(case.kind).removeprefix("CASE_KIND_").lower()),
        channel=Channel(case_pb2.CaseChannel.Name(case.channel).removeprefix("CASE_CHANNEL_").lower()),
        topic_code=case.topic_code,
        wilaya_id=case.wilaya_id,
        wilaya_label=case.wilaya_label,
        commune_id=case.commune_id,
        addressed_ministry=case.addressed_ministry,
        addressed_body_id=case.addressed_body_id,
        keeping_body_id=case.keeping_body_id,
        received_on=require_date("cases.received_on", case.received_on),
        declined_by=tuple(case.declined_by),
    )
    hits: dict[str, dict[str, Hits]] = {}
    for hit in case.hits:
        hits.setdefault(hit.ministry, {})[hit.group] = Hits(tuple(hit.terms), tuple(hit.positions))
    return asked(facts, hits)


def write_outcome(ministry: str, outcome: Outcome) -> outcome_pb2.Outcome:
    """Write one outcome of a ministry."""
    failure = outcome.failure
    result = {"failure": _write_failure(failure)} if failure else answers.write_said(ministry, outcome.verdict)
    return outcome_pb2.Outcome(
        complaint_id=outcome.complaint_id,
        plugin=outcome.plugin,
        elapsed_us=outcome.elapsed_us,
        log_lines=outcome.log,
        **result,
    )


def _write_failure(failure: Failure) -> outcome_pb2.Failure:
    kind = outcome_pb2.FailureKind.Value(f"FAILURE_KIND_{failure.kind.upper()}")
    return outcome_pb2.Failure(kind=kind, message=failure.message, file=failure.file, line=failure.line)


def write_load_errors(errors: Sequence[LoadError]) -> list[ministry_pb2.LoadError]:
    """Write what is wrong with a ministry's plugins."""
    return [
        ministry_pb2.LoadError(
            code=error.code,
            plugin=error.plugin,
            message_ar=error.message_ar,
            message_fr=error.message_fr,
            message_en=error.message_en,
            file=error.file,
            line=error.line,
        )
        for error in errors
    ]
