"""Questions to the ministries' rules and their answers; ministries are bodies here and codes in the rules' world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from diwan.rules.v1 import case_pb2, ministry_pb2, outcome_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb

from services.routing.domain.bodies import Body
from services.routing.domain.decision import OwnerAnswer, Verdict
from services.routing.domain.question import Question
from services.routing.domain.release import Slot
from services.routing.domain.resolver import AnswerKind, Tier

CHANNELS = {"paper_register": "register"}
CALENDAR_YEARS = 1
OF_ALL = frozenset({pb.HOOK_CLAIM, pb.HOOK_VALIDATE, pb.HOOK_ENRICH, pb.HOOK_REQUIRED_DOCUMENTS, pb.HOOK_CLASSIFY})


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Which version of which ministry's rules answered."""

    ministry_id: str
    version: str
    digest: str
    config_revision: int = 0


def speaker(answer: pb.Answer) -> Speaker:
    """Read who answered."""
    return Speaker(
        ministry_id=answer.ministry.lower(),
        version=answer.version,
        digest=answer.digest,
        config_revision=answer.config_revision,
    )


def consult(
    hook: "pb.Hook.ValueType", question: Question, ministry_ids: Iterable[str], slot: Slot = Slot.STABLE
) -> pb.ConsultRequest:
    """Write a question for some ministries."""
    asked = sorted(ministry_ids)
    request = pb.ConsultRequest(
        hook=hook,
        stage=pb.STAGE_FINAL_ANSWER if hook == pb.HOOK_DEADLINE else pb.STAGE_UNSPECIFIED,
        ministries=[ministry_id.upper() for ministry_id in asked],
        cases=[_case(question, frozenset(asked))],
        calendar=_calendar(question),
        units=() if hook in OF_ALL else _units(question, asked),
        slot=written_slot(slot),
        configurations=[
            pb.Configuration(ministry=m.upper(), revision=found.revision, values_json=found.values_json)
            for m in asked
            if (found := question.reference.configurations.get(m))
        ],
    )
    request.now_time.FromDatetime(question.now)
    return request


def written_slot(slot: Slot) -> "ministry_pb2.Slot.ValueType":
    """Write a slot."""
    return ministry_pb2.Slot.Value(f"SLOT_{slot.upper()}")


def _case(question: Question, asked: frozenset[str]) -> case_pb2.Case:
    facts, reference = question.facts, question.reference
    return case_pb2.Case(
        complaint_id=facts.complaint_id,
        text=question.narrative.text,
        language=question.narrative.language,
        kind=case_pb2.CaseKind.Value(f"CASE_KIND_{facts.kind.upper()}"),
        channel=case_pb2.CaseChannel.Value(f"CASE_CHANNEL_{CHANNELS.get(facts.channel, facts.channel).upper()}"),
        topic_code=facts.topic_code,
        wilaya_id=facts.wilaya_id,
        wilaya_label=reference.wilaya_labels.get(facts.wilaya_id, ""),
        commune_id=facts.commune_id,
        addressed_ministry=reference.bodies.sector_of(facts.addressed_body_id).upper(),
        addressed_body_id=facts.addressed_body_id,
        keeping_body_id=facts.keeping_body_id,
        received_on=facts.received_on.isoformat(),
        declined_by=[ministry_id.upper() for ministry_id in facts.declined_by],
        hits=[
            case_pb2.TermHit(
                ministry=hit.ministry_id.upper(), group=hit.group, terms=hit.terms, positions=hit.positions
            )
            for hit in question.hits
            if hit.ministry_id in asked
        ],
    )


def _calendar(question: Question) -> pb.Calendar:
    by_year = question.reference.calendar.by_year
    years = range(question.facts.received_on.year, question.now.year + CALENDAR_YEARS + 1)
    return pb.Calendar(holidays=[day for year in years for day in by_year.get(year, ())])


def _units(question: Question, asked: Sequence[str]) -> list[pb.Unit]:
    """Write the units of the ministries asked; what all are asked goes without them, because they cost 5 ms a complaint."""
    reference, facts = question.reference, question.facts
    return [_unit(unit) for ministry_id in asked for unit in reference.units(ministry_id, facts)]


def _unit(body: Body) -> pb.Unit:
    return pb.Unit(
        ministry=body.ministry_id.upper(),
        body_id=body.body_id,
        kind=body.service_code or body.kind,
        name_ar=body.name_ar,
        name_fr=body.name_fr,
        wilaya_id=body.wilaya_id,
        commune_id=body.commune_id,
    )


def verdict(speaker: Speaker, outcome: outcome_pb2.Outcome) -> Verdict:
    """Read what a ministry answered to the question whose the complaint is."""
    silent = Verdict(
        ministry_id=speaker.ministry_id,
        answer=AnswerKind.ABSTAIN,
        plugin=outcome.plugin,
        plugin_version=speaker.version,
        plugin_digest=speaker.digest,
        config_revision=speaker.config_revision,
        elapsed_micros=outcome.elapsed_us,
    )
    match outcome.WhichOneof("result"):
        case "abstention":
            return silent
        case "claim":
            return _claimed(silent, outcome.claim)
        case "decline":
            said = outcome.decline
            declined = replace(silent, answer=AnswerKind.DECLINE, suggested_ministry_id=said.suggest.lower())
            return replace(declined, because_ar=said.because.ar, because_fr=said.because.fr)
        case _:
            return replace(silent, answer=AnswerKind.ERROR, error=failure(outcome))


def _claimed(silent: Verdict, claim: outcome_pb2.Claim) -> Verdict:
    return replace(
        silent,
        answer=AnswerKind.CLAIM,
        score=claim.score,
        tier=Tier[outcome_pb2.Basis.Name(claim.basis).removeprefix("BASIS_")],
        rule=claim.rule,
        legal_reference=claim.legal_reference,
        category=claim.category,
        because_ar=claim.because.ar,
        because_fr=claim.because.fr,
    )


def owner_answer(hook: str, outcome: outcome_pb2.Outcome) -> OwnerAnswer:
    """Read what the competent ministry answered to a question asked of it alone."""
    answer, because = "", outcome.working_days.because
    match outcome.WhichOneof("result"):
        case "unit_proposal":
            answer, because = outcome.unit_proposal.unit_body_id, outcome.unit_proposal.because
        case "working_days":
            answer = str(outcome.working_days.days)
    return OwnerAnswer(
        hook=hook,
        answer=answer,
        because_ar=because.ar,
        because_fr=because.fr,
        error=failure(outcome) if outcome.HasField("failure") else "",
        plugin=outcome.plugin,
        elapsed_micros=outcome.elapsed_us,
    )


def failure(outcome: outcome_pb2.Outcome) -> str:
    """Say in what way rules failed."""
    kind = outcome_pb2.FailureKind.Name(outcome.failure.kind).removeprefix("FAILURE_KIND_").lower()
    return f"{kind}: {outcome.failure.message}".removesuffix(": ")
