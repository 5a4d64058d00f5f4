"""Tells ministries' rules what happened to their cases: after the fact, at least once, and no case waits for them."""

from dataclasses import dataclass
from datetime import UTC

from diwan.common.v1.event_pb2 import Event
from diwan.routing.v1 import events_pb2, referral_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb
from diwan.rules.v1 import subject_pb2

from services.chassis import attributes, tracing
from services.chassis.call import Call, day_of
from services.chassis.database import Database
from services.chassis.refusals import TooEarly, TryAgain
from services.routing.consulting import consult
from services.routing.council import Chamber
from services.routing.store.memory import Store

OF_REFERRAL = {
    referral_pb2.REFERRAL_STATE_SENT: subject_pb2.EVENT_KIND_REFERRED,
    referral_pb2.REFERRAL_STATE_ANSWERED: subject_pb2.EVENT_KIND_ANSWERED,
}
HOOK = "case_event"


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One thing that happened to a case, and the ministry that it concerns; empty for all that had to do with it."""

    complaint_id: str
    event: subject_pb2.CaseEvent
    ministry_id: str


def noted(event: Event) -> Noted | None:
    """Read what an event tells the rules; nothing of most."""
    on = day_of(event.event_time.ToDatetime(tzinfo=UTC)).isoformat()
    if event.payload.Is(events_pb2.CaseNoted.DESCRIPTOR):
        note = events_pb2.CaseNoted()
        event.payload.Unpack(note)
        name = events_pb2.CaseNote.Name(note.note).removeprefix("CASE_NOTE_")
        kind = subject_pb2.EventKind.Value(f"EVENT_KIND_{name}")
        said = subject_pb2.CaseEvent(kind=kind, happened_on=note.noted_on)
        return Noted(complaint_id=note.complaint_id, event=said, ministry_id=note.ministry_id)
    if event.payload.Is(events_pb2.ReferralChanged.DESCRIPTOR):
        changed = events_pb2.ReferralChanged()
        event.payload.Unpack(changed)
        if changed.to_state not in OF_REFERRAL:
            return None
        said = subject_pb2.CaseEvent(kind=OF_REFERRAL[changed.to_state], happened_on=on, body_id=changed.unit_body_id)
        return Noted(complaint_id=changed.complaint_id, event=said, ministry_id=changed.ministry_id)
    if event.payload.Is(events_pb2.ReferralOverdue.DESCRIPTOR):
        late = events_pb2.ReferralOverdue()
        event.payload.Unpack(late)
        said = subject_pb2.CaseEvent(kind=subject_pb2.EVENT_KIND_ESCALATED, happened_on=on, body_id=late.unit_body_id)
        return Noted(complaint_id=late.complaint_id, event=said, ministry_id=late.ministry_id)
    return None


class Observers:
    """Where one process tells rules what happened."""

    def __init__(self, database: Database, chamber: Chamber) -> None:
        self._database = database
        self._chamber = chamber

    async def tell(self, call: Call, noted: Noted) -> None:
        """Tell the ministries concerned that follow their cases; all are told again later when one of them fails."""
        async with self._database.reading() as connection:
            store = Store(connection)
            case = await store.cases.get(noted.complaint_id)
            parties = await store.referrals.parties(noted.complaint_id)
        if case is None:
            raise TooEarly
        if noted.ministry_id:
            parties = {noted.ministry_id}
        else:
            bodies = (await self._chamber.reference(call.now)).bodies
            parties |= {bodies.sector_of(case.facts.addressed_body_id), bodies.sector_of(case.facts.keeping_body_id)}
        concerned = await self._following(call, parties)
        if not concerned:
            return
        question = await self._chamber.question(call, case.facts)
        with tracing.span("routing.observe") as span:
            span.set_attribute(attributes.COMPLAINT_NUMBER, case.facts.number)
            about = pb.ConsultRequest(hook=pb.HOOK_CASE_EVENT, event=noted.event)
            heard = await consult(self._chamber.hosts.hosts, question, about, concerned)
        if any(each.record.error for each in heard):
            raise TryAgain

    async def _following(self, call: Call, concerned: set[str]) -> set[str]:
        """Return which of these ministries' rules follow their cases, so that nobody else's words are fetched."""
        slots = (await self._chamber.reference(call.now)).slots
        await self._chamber.deployment.reconcile(call.now, slots)
        running = [host.running(slots) for host in self._chamber.hosts.hosts]
        return {m for found in running for m, each in found.items() if m in concerned and HOOK in each.hooks}
