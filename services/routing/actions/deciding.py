"""Decides who is competent: by the rules when a complaint comes in, by hand from the triage queue, again when rules are back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diwan.common.v1.event_pb2 import Event

from services.chassis import tracing
from services.chassis.call import Call
from services.chassis.refusals import EtagStale
from services.routing.actions.hearing import Heard
from services.routing.domain.basis import basis_of
from services.routing.domain.case import Case
from services.routing.domain.decision import Competence, Decision, Reason, reason_for
from services.routing.domain.facts import Disposition
from services.routing.domain.question import Question
from services.routing.domain.resolver import Outcome
from services.routing.domain.triage import TriageItem, TriageKind, TriageUnknown, triage_kind
from services.routing.store.memory import Store
from services.routing.wire import events

RULES = "process:routing"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The ministry that a person chose, with its unit and its days."""

    question: Question
    competence: Competence


async def decide_by_rules(call: Call, store: Store, heard: Heard) -> None:
    """Open the case of a registered complaint with what the rules said."""
    decision = _by_rules(call, heard)
    case, told = _concluded(call, _new_case(heard.question), heard, decision=decision)
    if await store.cases.open(case):
        await _keep(call, store, case, heard, decision=decision, told=told)
        await store.decisions.add_shadow(decision.decision_id, heard.shadow)


def _new_case(question: Question) -> Case:
    return Case(facts=question.facts, variety=question.insight.variety)


async def decide_again(call: Call, store: Store, heard: Heard) -> bool:
    """Replace a held decision by what the rules say now that all answer; say whether it was replaced."""
    complaint_id = heard.question.facts.complaint_id
    if heard.hearing.resolution.outcome is Outcome.PROVISIONAL:
        return False
    case, item = await store.cases.lock(complaint_id), await store.triage.open_item(complaint_id)
    if case is None or item is None or item.kind is not TriageKind.PROVISIONAL:
        return False
    decision = _by_rules(call, heard)
    case, told = _concluded(call, case, heard, decision=decision)
    await store.triage.save(item.ended())
    await store.cases.save(case)
    await _keep(call, store, case, heard, decision=decision, told=told)
    await store.decisions.add_shadow(decision.decision_id, heard.shadow)
    return True


def _concluded(call: Call, case: Case, heard: Heard | Choice, *, decision: Decision) -> tuple[Case, list[Event]]:
    """Return the case with a decision and its deadline, and what is told of both."""
    topic_code = heard.hearing.topic_code if isinstance(heard, Heard) else case.topic_code
    decided = replace(case, decision_id=decision.decision_id, topic_code=topic_code).told()
    told = [events.complaint_decided(call, decided, decision, _triage(decision))]
    dated = decided.with_deadline(heard.competence.deadline, heard.question.reference.calendar)
    if dated is not decided:
        dated = dated.told()
        told.append(events.deadline_set(call, dated))
    return dated, told


def _triage(decision: Decision) -> TriageKind | None:
    return triage_kind(decision.outcome) if decision.disposition is Disposition.TRIAGE else None


async def _keep(
    call: Call, store: Store, case: Case, heard: Heard | Choice, *, decision: Decision, told: Sequence[Event]
) -> None:
    """Keep a decision and what it rests on, queue what a person must decide, and tell the others."""
    await store.decisions.add(decision)
    await store.bases.add(basis_of(decision.decision_id, heard.question, heard.competence))
    if kind := _triage(decision):
        await store.triage.add(_item(call, case, decision, kind))
    await store.tell(*told)


def _by_rules(call: Call, heard: Heard) -> Decision:
    facts, hearing, found = heard.question.facts, heard.hearing, heard.competence
    return Decision(
        decision_id=call.new_id(),
        complaint_id=facts.complaint_id,
        number=facts.number,
        outcome=hearing.resolution.outcome,
        disposition=heard.disposition,
        because=reason_for(hearing),
        decided_by=RULES,
        decided_at=call.now,
        ministry_id=found.ministry_id,
        unit_body_id=found.unit_body_id,
        referral_id=call.new_id() if heard.disposition is Disposition.REFER else "",
        deadline_days=found.deadline.working_days,
        trace_id=tracing.trace_id(),
        verdicts=hearing.verdicts,
        owner_answers=found.owner_answers,
        candidates=tuple(candidate.ministry_id for candidate in hearing.resolution.candidates),
        facts_digest=hearing.facts_digest,
        term_hits=hearing.term_hits,
        precedence_revision=hearing.precedence_revision,
        proposal=hearing.proposal,
        variety=heard.question.insight.variety,
    )


def _item(call: Call, case: Case, decision: Decision, kind: TriageKind) -> TriageItem:
    return TriageItem(
        triage_id=call.new_id(),
        complaint_id=decision.complaint_id,
        number=decision.number,
        kind=kind,
        wilaya_id=case.facts.wilaya_id,
        decision_id=decision.decision_id,
        created_at=call.now,
        candidates=decision.candidates,
    )


async def decide_by_hand(
    call: Call, store: Store, item: TriageItem, *, etag: str, chosen: Choice, because: str
) -> Decision:
    """Decide a waiting complaint as an officer says."""
    case = await store.cases.lock(item.complaint_id)
    latest = await store.triage.get(item.triage_id)
    if case is None or latest is None:
        raise TriageUnknown
    ended = latest.decided_by_hand(arbiter=any(each.role == "mediator" for each in call.actor.appointments))
    if etag != str(latest.version):
        raise EtagStale
    case.must_run()
    before = await store.decisions.get(latest.decision_id)
    decision = _by_hand(call, chosen, because, before=before)
    case, told = _concluded(call, case, chosen, decision=decision)
    await store.triage.save(ended)
    await store.cases.save(case)
    await _keep(call, store, case, chosen, decision=decision, told=told)
    return decision


def _by_hand(call: Call, chosen: Choice, because: str, *, before: Decision | None) -> Decision:
    """Return the officer's decision; what the rules said stays readable in the decision before it."""
    question, found = chosen.question, chosen.competence
    return Decision(
        decision_id=call.new_id(),
        complaint_id=question.facts.complaint_id,
        number=question.facts.number,
        outcome=Outcome.BY_HAND,
        disposition=Disposition.REFER,
        because=Reason(ar=because, fr=because),
        decided_by=str(call.actor),
        decided_at=call.now,
        ministry_id=found.ministry_id,
        unit_body_id=found.unit_body_id,
        referral_id=call.new_id(),
        deadline_days=found.deadline.working_days,
        trace_id=tracing.trace_id(),
        owner_answers=found.owner_answers,
        candidates=before.candidates if before else (),
        facts_digest=before.facts_digest if before else "",
        precedence_revision=question.reference.precedence.revision,
    )
