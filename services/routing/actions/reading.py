"""Reads what the caller may see of decisions, referrals and the triage queue."""

from dataclasses import dataclass, replace

from services.chassis.access import call_scope
from services.chassis.call import Call
from services.routing.domain.case import Case
from services.routing.domain.decision import Decision, DecisionUnknown
from services.routing.domain.explanation import Account
from services.routing.domain.facts import Facts
from services.routing.domain.reference import Reference
from services.routing.domain.referral import Referral, ReferralUnknown
from services.routing.domain.triage import TriageItem, TriageUnknown
from services.routing.store.memory import Store

READERS = ("delegate", "unit_officer", "mediator", "keeper", "wilaya_cell", "supervisor")
DECIDERS = ("delegate", "mediator")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A complaint in the triage queue."""

    item: TriageItem
    facts: Facts


async def decisions(call: Call, store: Store, complaint_id: str) -> list[Decision]:
    """Return a complaint's decisions, the latest first; none while it waits for its first."""
    case = await store.cases.get(complaint_id)
    if case is None:
        return []
    if not await _may_see(call, store, case):
        raise DecisionUnknown
    return await store.decisions.of_complaint(complaint_id)


async def decision(call: Call, store: Store, decision_id: str) -> Decision:
    """Return one decision."""
    found = await store.decisions.get(decision_id)
    case = await store.cases.get(found.complaint_id) if found else None
    if found is None or case is None or not await _may_see(call, store, case):
        raise DecisionUnknown
    return found


async def account(store: Store, made: Decision, reference: Reference) -> Account:
    """Return a decision with what it takes to explain it; what was not kept is taken from the tables of today."""
    basis, case = await store.bases.get(made.decision_id), await store.cases.get(made.complaint_id)
    assert case is not None, "a decision has a case"
    return Account(
        decision=made,
        precedence=await store.precedence.of(made.precedence_revision),
        at=basis.circumstances if basis else reference.circumstances(replace(case.facts, declined_by=())),
        policy=basis.policy if basis else "",
        name=reference.bodies.name,
    )


async def referral(call: Call, store: Store, referral_id: str) -> Referral:
    """Return one referral."""
    found = await store.referrals.get(referral_id)
    scope = call_scope(call, READERS)
    if found is None or not scope.permits(
        territory_ids=(found.wilaya_id,),
        body_ids=(found.unit_body_id, found.ministry_id, found.from_body_id),
        register=found.number,
    ):
        raise ReferralUnknown
    return found


async def waiting(call: Call, store: Store, triage_id: str) -> Waiting:
    """Return an item of the queue, decided or not, with the facts of its complaint."""
    item = await store.triage.get(triage_id)
    if item is None or not call_scope(call, DECIDERS).permits(territory_ids=(item.wilaya_id,)):
        raise TriageUnknown
    if (case := await store.cases.get(item.complaint_id)) is None:
        raise TriageUnknown
    return Waiting(item=item, facts=case.facts)


async def _may_see(call: Call, store: Store, case: Case) -> bool:
    """Tell whether a complaint lies within the caller's scope: by place, by register, or by a referral received."""
    scope, facts = call_scope(call, READERS), case.facts
    if scope.permits(territory_ids=(facts.wilaya_id,), body_ids=(facts.keeping_body_id,), register=facts.number):
        return True
    return scope.permits(body_ids=await store.referrals.parties(facts.complaint_id)) if scope.body else False
