"""Keeps the citizen's clock: stops it with an answer, pauses it for a question, ends it with the complaint."""

from dataclasses import dataclass, replace
from datetime import date

from services.chassis.call import Call
from services.chassis.refusals import TooEarly
from services.routing.actions.referring import advance
from services.routing.domain.calendar import Calendar
from services.routing.domain.case import Case
from services.routing.domain.reference import Reference
from services.routing.domain.referral import MAY_BECOME, ReferralState
from services.routing.store.memory import Store
from services.routing.wire import events


@dataclass(frozen=True, kw_only=True)
class Change:
    """A complaint's new state in intake, as far as it concerns its clock."""

    complaint_id: str
    version: int
    event_id: str
    on: date
    pauses: bool
    resumes: bool
    ends: bool


async def follow(call: Call, store: Store, calendar: Calendar, change: Change) -> None:
    """Follow a complaint to its new state; of two changes that come in the wrong order the later one stays."""
    case = await known(store, change.complaint_id)
    if change.resumes:
        case = await resume(call, store, case, calendar, on=change.on)
    if change.pauses:
        case = await pause(store, case, on=change.on, event_id=change.event_id)
    if change.version > case.state_version:
        case = replace(case, state_version=change.version, ended=change.ends)
        if change.ends:
            await end(call, store, case)
    await store.cases.save(case)


async def stop(call: Call, store: Store, reference: Reference, *, complaint_id: str, body_id: str, on: date) -> None:
    """Stop the clock with the keeping body's own answer."""
    case = await known(store, complaint_id)
    if case.stopped_on:
        return
    stopped = case.stopped(on).told()
    await store.cases.save(stopped)
    event = events.clock_of_case_stopped(
        call,
        stopped,
        body_id=body_id,
        ministry_id=reference.bodies.sector_of(body_id),
        working_days=case.working_days_until(on, reference.calendar),
        on=on,
    )
    await store.tell(event)


async def pause(store: Store, case: Case, *, on: date, event_id: str) -> Case:
    """Stop the clock while a question to the complainant is open."""
    if case.paused_on:
        raise TooEarly
    await store.cases.pause(case.facts.complaint_id, on, event_id)
    return case.paused(on)


async def resume(call: Call, store: Store, case: Case, calendar: Calendar, *, on: date) -> Case:
    """Let the clock go on, for the case and for its open referrals, and tell the new day."""
    if case.paused_on is None:
        raise TooEarly
    resumed = case.resumed(on, calendar).told()
    await store.cases.resume(case.facts.complaint_id, on)
    await store.tell(events.deadline_set(call, resumed))
    waited = calendar.between(case.paused_on, on)
    for referral in await store.referrals.of_complaint(case.facts.complaint_id):
        if referral.is_open and waited:
            later = referral.due(calendar.after(referral.due_on, waited), calendar).told()
            await store.referrals.save(replace(later, updated_at=call.now))
            await store.tell(events.referral_changed(call, later, referral.state))
    return resumed


async def end(call: Call, store: Store, case: Case) -> None:
    """End what waits for a complaint that has ended: its triage item and its referrals."""
    if item := await store.triage.open_item(case.facts.complaint_id):
        await store.triage.save(item.ended())
    for referral in await store.referrals.of_complaint(case.facts.complaint_id):
        if ReferralState.CLOSED in MAY_BECOME[referral.state]:
            await advance(call, store, referral, ReferralState.CLOSED)


async def known(store: Store, complaint_id: str) -> Case:
    """Return a case and keep others from changing it, or wait until its registration has arrived."""
    if (case := await store.cases.lock(complaint_id)) is None:
        raise TooEarly
    return case
