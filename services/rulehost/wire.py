"""Questions and outcomes of the kit, to and from the contract diwan.rules.v1."""

from collections.abc import Sequence
from datetime import UTC

from diwan.common.v1 import localized_text_pb2
from diwan.rules.v1 import case_pb2, ministry_pb2, outcome_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan_rules.facts import Calendar, Case, Channel, Kind, Stage, Unit
from diwan_rules.host.questions import Asked, Failure, Outcome, Question, asked
from diwan_rules.load_errors import LoadError
from diwan_rules.terms import Hits
from diwan_rules.verdicts import Because, Claim, Decline, UnitProposal, WorkingDays

from services.chassis.checks import require_date, require_enum, require_text
from services.chassis.refusals import FieldInvalid

MOST_CASES = 200
LONGEST_TEXT = 1_000_000
WEEKEND = frozenset({5, 6})


def hook_name(hook: "pb2.Hook.ValueType") -> str:
    """Return the kit's name of a hook: `assign_unit` for HOOK_ASSIGN_UNIT."""
    require_enum("hook", pb2.Hook, hook)
    return pb2.Hook.Name(hook).removeprefix("HOOK_").lower()


def read_question(request: pb2.ConsultRequest) -> Question:
    """Read a question, or refuse the field at fault."""
    cases = request.cases
    if not 0 < len(cases) <= MOST_CASES or len({case.complaint_id for case in cases}) != len(cases):
        raise FieldInvalid(field="cases")
    if not request.HasField("now_time"):
        raise FieldInvalid(field="now_time", problem="empty")
    units: dict[str, tuple[Unit, ...]] = {}
    for unit in request.units:
        units[unit.ministry] = (*units.get(unit.ministry, ()), _read_unit(unit))
    return Question(
        hook=hook_name(request.hook),
        now=request.now_time.ToDatetime(tzinfo=UTC),
        cases=tuple(_read_case(case) for case in cases),
        stage=_read_stage(request),
        calendar=Calendar(
            frozenset(require_date("calendar.holidays", day) for day in request.calendar.holidays),
            frozenset(request.calendar.weekend) or WEEKEND,
        ),
        units=units,
    )


def _read_stage(request: pb2.ConsultRequest) -> Stage | None:
    if request.hook != pb2.HOOK_DEADLINE:
        return None
    require_enum("stage", pb2.Stage, request.stage)
    return Stage(pb2.Stage.Name(request.stage).removeprefix("STAGE_").lower())


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


def write_outcome(outcome: Outcome) -> outcome_pb2.Outcome:
    """Write one outcome."""
    message = outcome_pb2.Outcome(
        complaint_id=outcome.complaint_id,
        plugin=outcome.plugin,
        elapsed_us=outcome.elapsed_us,
        log_lines=outcome.log,
    )
    match outcome.failure or outcome.verdict:
        case Failure() as failure:
            message.failure.CopyFrom(_write_failure(failure))
        case Claim() as claim:
            message.claim.CopyFrom(_write_claim(claim))
        case Decline(suggest=suggest, because=because):
            message.decline.CopyFrom(outcome_pb2.Decline(suggest=suggest, because=_write_because(because)))
        case UnitProposal(unit=unit, because=because):
            proposal = outcome_pb2.UnitProposal(unit_body_id=unit, because=_write_because(because))
            message.unit_proposal.CopyFrom(proposal)
        case WorkingDays(days=days, because=because):
            message.working_days.CopyFrom(outcome_pb2.WorkingDays(days=days, because=_write_because(because)))
        case None:
            message.abstention.SetInParent()
    return message


def _write_failure(failure: Failure) -> outcome_pb2.Failure:
    kind = outcome_pb2.FailureKind.Value(f"FAILURE_KIND_{failure.kind.upper()}")
    return outcome_pb2.Failure(kind=kind, message=failure.message, file=failure.file, line=failure.line)


def _write_claim(claim: Claim) -> outcome_pb2.Claim:
    return outcome_pb2.Claim(
        score=claim.score,
        basis=outcome_pb2.Basis.Value(f"BASIS_{claim.basis.upper()}"),
        legal_reference=claim.legal_reference,
        category=claim.category,
        because=_write_because(claim.because),
        rule=claim.rule,
    )


def _write_because(because: Because) -> localized_text_pb2.LocalizedText:
    return localized_text_pb2.LocalizedText(ar=because.ar, fr=because.fr)


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
