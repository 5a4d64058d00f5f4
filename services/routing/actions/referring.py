"""Follows referrals: from the letter's dispatch over the unit's answer to the delegate's judgement."""

from dataclasses import dataclass
from datetime import date

from services.chassis.access import call_scope
from services.chassis.call import Call
from services.chassis.refusals import EtagStale, TooEarly
from services.routing.domain.bodies import Bodies
from services.routing.domain.calendar import Calendar
from services.routing.domain.case import Case
from services.routing.domain.referral import Referral, ReferralState, ReferralUnknown, sent
from services.routing.domain.triage import TriageItem, kind_after_decline
from services.routing.store.memory import Store
from services.routing.store.reviews import Reviews
from services.routing.wire import events

UNIT = ("unit_officer",)


async def begin(call: Call, store: Store, calendar: Calendar, *, referral_id: str, letter_id: str, on: date) -> None:
    """Start a referral's clock on the day its letter was dispatched."""
    decision = await store.decisions.of_referral(referral_id)
    case = await store.cases.lock(decision.complaint_id) if decision else None
    if decision is None or case is None:
        raise TooEarly
    if case.ended:
        return
    handling = await Reviews(store.connection).handling(decision.decision_id)
    referral = sent(
        Referral(
            referral_id=referral_id,
            complaint_id=decision.complaint_id,
            number=decision.number,
            decision_id=decision.decision_id,
            letter_id=letter_id,
            ministry_id=decision.ministry_id,
            unit_body_id=decision.unit_body_id,
            from_body_id=case.facts.keeping_body_id,
            wilaya_id=case.facts.wilaya_id,
            state=ReferralState.SENT,
            sent_on=on,
            clock_from=on,
            due_on=on,
            deadline_days=decision.deadline_days,
            steps=handling.ladder.steps,
            early_notice=handling.ladder.early_notice,
            priority=handling.priority,
            updated_at=call.now,
        ),
        calendar,
    )
    if await store.referrals.add(referral):
        await store.tell(events.referral_changed(call, referral, None))


async def advance(call: Call, store: Store, held: Referral, state: ReferralState) -> Referral:
    """Take a referral to its next state."""
    after = held.became(state, call.now)
    await store.referrals.save(after)
    await store.tell(events.referral_changed(call, after, held.state))
    return after


async def own_referral(call: Call, store: Store, referral_id: str, etag: str) -> Referral:
    """Return the referral that a unit or its ministry acts on, as it was read."""
    referral = await store.referrals.lock(referral_id)
    scope = call_scope(call, UNIT)
    if referral is None or not scope.permits(body_ids=(referral.unit_body_id, referral.ministry_id)):
        raise ReferralUnknown
    if etag != str(referral.version):
        raise EtagStale
    return referral


@dataclass(frozen=True, kw_only=True)
class Refusing:
    """What a unit says when it declines."""

    competent_body_id: str
    because: str


async def decline(call: Call, store: Store, held: Referral, bodies: Bodies, *, decline: Refusing) -> Referral:
    """Take a unit's refusal: the delegate decides anew with its suggestion in sight, after a second one the arbiter."""
    competent = bodies.valid(decline.competent_body_id, call.today)
    after = held.declined(competent.body_id, decline.because, call.now)
    case = (await _case_of(store, held)).declined(held.ministry_id, competent.ministry_id)
    await store.referrals.save(after)
    await store.cases.save(case)
    await _queue(call, store, case, after)
    await store.tell(events.referral_changed(call, after, held.state))
    return after


async def _queue(call: Call, store: Store, case: Case, declined: Referral) -> None:
    before = await store.decisions.get(declined.decision_id)
    candidates = before.candidates if before else ()
    suggested = declined.decline.competent_body_id if declined.decline else ""
    await store.triage.add(
        TriageItem(
            triage_id=call.new_id(),
            complaint_id=declined.complaint_id,
            number=declined.number,
            kind=kind_after_decline(case.declines),
            wilaya_id=declined.wilaya_id,
            decision_id=declined.decision_id,
            created_at=call.now,
            suggested_body_id=suggested,
            candidates=tuple(m for m in candidates if m not in case.facts.declined_by),
        )
    )


async def answer(call: Call, store: Store, calendar: Calendar, *, referral_id: str, on: date) -> None:
    """Stop a referral's clock, and the citizen's, on the day of the unit's reply."""
    held = await _known(store, referral_id)
    if not held.is_open:
        return
    case = await _case_of(store, held)
    answered = held.answered(on, calendar, call.now)
    stopped = answered.told()
    await store.referrals.save(stopped)
    await store.cases.save(case.stopped(on))
    await store.tell(
        events.referral_changed(call, answered, held.state), events.clock_of_referral_stopped(call, stopped, on)
    )


async def assess(call: Call, store: Store, calendar: Calendar, *, referral_id: str, superficial: bool) -> None:
    """Close a referral whose reply was judged; a superficial one goes back with a new clock."""
    held = await _known(store, referral_id)
    if held.is_open:
        raise TooEarly
    if held.state is not ReferralState.ANSWERED:
        return
    assessed = held.became(ReferralState.ASSESSED, call.now)
    today = call.today
    after = (
        assessed.returned(today, calendar, call.now) if superficial else assessed.became(ReferralState.CLOSED, call.now)
    )
    await store.referrals.save(after)
    if superficial:
        await store.cases.save((await _case_of(store, held)).running_again())
    await store.tell(
        events.referral_changed(call, assessed, held.state), events.referral_changed(call, after, assessed.state)
    )


async def escalate(call: Call, store: Store, calendar: Calendar, *, limit: int) -> int:
    """Take the ladder's next step for overdue referrals; return how many."""
    overdue = await store.referrals.on_the_ladder(call.today, limit)
    for referral in overdue:
        after = referral.escalated(calendar, call.now)
        await store.referrals.save(after)
        await store.tell(events.referral_overdue(call, after))
    return len(overdue)


async def _known(store: Store, referral_id: str) -> Referral:
    """Return a referral, or wait until its dispatch has arrived."""
    if (referral := await store.referrals.lock(referral_id)) is None:
        raise TooEarly
    return referral


async def _case_of(store: Store, referral: Referral) -> Case:
    if (case := await store.cases.lock(referral.complaint_id)) is None:
        raise TooEarly
    return case
