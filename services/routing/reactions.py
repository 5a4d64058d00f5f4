"""Takes in the neighbours' events: each maps to one action, and has its effect once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date
from typing import TypeVar

from diwan.common.v1 import subscriber_service_pb2, subscriber_service_pb2_grpc
from diwan.common.v1.event_pb2 import Event
from diwan.correspondence.v1 import events_pb2 as letters
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1 import events_pb2 as intake
from diwan.routing.v1 import decision_pb2
from diwan.routing.v1 import events_pb2 as routing
from google.protobuf.message import Message

from services.chassis import inbox
from services.chassis.call import Call, day_of
from services.chassis.database import Database
from services.chassis.door import Context
from services.chassis.server import current_call
from services.routing.actions import clocks, referring
from services.routing.actions.deciding import decide_by_rules
from services.routing.advisers import Advisers, Decided
from services.routing.council import Chamber
from services.routing.domain.reference import Reference
from services.routing.observing import Observers, noted
from services.routing.store.memory import Store
from services.routing.store.reference import TABLES
from services.routing.wire import events
from services.routing.wire import facts as wire

M = TypeVar("M", bound=Message)
Reaction = Callable[[Call, Store, Event], Awaitable[None]]
ENDED = frozenset({complaint_pb2.COMPLAINT_STATE_CLOSED, complaint_pb2.COMPLAINT_STATE_INADMISSIBLE})
NOTED = {complaint_pb2.COMPLAINT_STATE_CLOSED: "CLOSED", complaint_pb2.COMPLAINT_STATE_REOPENED: "REOPENED"}
AWAITING = complaint_pb2.COMPLAINT_STATE_AWAITING_COMPLAINANT
SUPERFICIAL = letter_pb2.REPLY_GRADE_SUPERFICIAL


class Subscriber(subscriber_service_pb2_grpc.SubscriberServiceServicer):
    """Receives events from the bus."""

    def __init__(self, database: Database, chamber: Chamber, advisers: Advisers) -> None:
        self._database = database
        self._chamber = chamber
        self._advisers = advisers
        self._observers = Observers(database, chamber)
        self._reactions: dict[str, Reaction] = {
            _name(directory.BodiesChanged): self._bodies_changed,
            _name(directory.TerritoriesChanged): self._territories_changed,
            _name(directory.TopicsChanged): self._topics_changed,
            _name(intake.ComplaintStateChanged): self._state_changed,
            _name(intake.EntryReplied): self._entry_replied,
            _name(letters.LetterDispatched): self._letter_dispatched,
            _name(letters.ReplyReceived): self._reply_received,
            _name(letters.ReplyAssessed): self._reply_assessed,
        }

    async def Deliver(
        self, request: subscriber_service_pb2.DeliverRequest, context: Context
    ) -> subscriber_service_pb2.DeliverResponse:
        """Take in one event; one that routing does not listen to has no effect."""
        event, call = request.event, current_call()
        if event.type == _name(intake.ComplaintRegistered):
            await self._complaint_registered(call, event)
        elif event.type == _name(routing.ComplaintDecided):
            await self._complaint_decided(call, event)
        elif found := noted(event):
            await self._observers.tell(call, found)
        elif reaction := self._reactions.get(event.type):
            async with self._database.transaction() as connection:
                if await inbox.first_time(connection, event):
                    await reaction(call, Store(connection), event)
        return subscriber_service_pb2.DeliverResponse()

    async def _complaint_registered(self, call: Call, event: Event) -> None:
        """Hear the rules first, because they may take their time, then keep what they said."""
        heard = await self._chamber.hear(call, wire.facts(_read(event, intake.ComplaintRegistered())))
        async with self._database.transaction() as connection:
            if await inbox.first_time(connection, event):
                await decide_by_rules(call, Store(connection), heard)

    async def _complaint_decided(self, call: Call, event: Event) -> None:
        """Hear what the rules advise once it is decided who is competent, so that no decision waits for it."""
        told = _read(event, routing.ComplaintDecided())
        decided = Decided(
            complaint_id=told.complaint_id,
            decision_id=told.decision_id,
            ministry_id="" if told.disposition == decision_pb2.DISPOSITION_TRIAGE else told.ministry_id,
            case_version=event.aggregate_version,
        )
        review = await self._advisers.review(call, decided)
        async with self._database.transaction() as connection:
            if await inbox.first_time(connection, event):
                await self._advisers.keep(connection, review)
                await self._note_decision(call, Store(connection), decided, on=_day(event))

    async def _note_decision(self, call: Call, store: Store, decided: Decided, *, on: date) -> None:
        """Let rules take note of a registration, which the first decision follows, and of who is competent."""
        about, ministry_id = decided.complaint_id, decided.ministry_id
        if decided.case_version == 1:
            await store.tell(events.case_noted(call, "REGISTERED", complaint_id=about, on=on))
        if ministry_id:
            await store.tell(events.case_noted(call, "ASSIGNED", complaint_id=about, on=on, ministry_id=ministry_id))

    async def _bodies_changed(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, directory.BodiesChanged())
        await store.reference.copy(TABLES["body"], wire.body_rows(told.bodies))

    async def _territories_changed(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, directory.TerritoriesChanged())
        await store.reference.copy(TABLES["territory"], wire.territory_rows(told.territories))

    async def _topics_changed(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, directory.TopicsChanged())
        await store.reference.copy(TABLES["topic"], wire.topic_rows(told.topics))

    async def _state_changed(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, intake.ComplaintStateChanged())
        change = clocks.Change(
            complaint_id=told.complaint_id,
            version=event.aggregate_version,
            event_id=event.event_id,
            on=_day(event),
            pauses=told.to_state == AWAITING,
            resumes=told.from_state == AWAITING,
            ends=told.to_state in ENDED,
        )
        await clocks.follow(call, store, (await self._reference(store)).calendar, change)
        if note := NOTED.get(told.to_state):
            await store.tell(events.case_noted(call, note, complaint_id=told.complaint_id, on=change.on))

    async def _entry_replied(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, intake.EntryReplied())
        reference = await self._reference(store)
        await clocks.stop(call, store, reference, complaint_id=told.complaint_id, body_id=told.body_id, on=_day(event))

    async def _letter_dispatched(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, letters.LetterDispatched())
        if told.kind == letter_pb2.LETTER_KIND_REFERRAL and told.referral_id:
            calendar, on = (await self._reference(store)).calendar, date.fromisoformat(told.dispatched_on)
            await referring.begin(call, store, calendar, referral_id=told.referral_id, letter_id=told.letter_id, on=on)

    async def _reply_received(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, letters.ReplyReceived())
        if told.referral_id and not told.interim:
            calendar, on = (await self._reference(store)).calendar, date.fromisoformat(told.replied_on)
            await referring.answer(call, store, calendar, referral_id=told.referral_id, on=on)

    async def _reply_assessed(self, call: Call, store: Store, event: Event) -> None:
        told = _read(event, letters.ReplyAssessed())
        if told.referral_id:
            calendar, superficial = (await self._reference(store)).calendar, told.grade == SUPERFICIAL
            await referring.assess(call, store, calendar, referral_id=told.referral_id, superficial=superficial)

    async def _reference(self, store: Store) -> Reference:
        return await self._chamber.shelf.current(store.connection)


def _name(kind: type[Message]) -> str:
    return kind.DESCRIPTOR.full_name


def _read(event: Event, payload: M) -> M:
    event.payload.Unpack(payload)
    return payload


def _day(event: Event) -> date:
    return day_of(event.event_time.ToDatetime(tzinfo=UTC))
