"""What the other services' events lead to here."""

from dataclasses import replace
from datetime import date

import grpc
from diwan.common.v1 import event_pb2
from diwan.common.v1 import subscriber_service_pb2 as pb2
from diwan.common.v1 import subscriber_service_pb2_grpc as pb2_grpc
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1 import events_pb2 as intake
from diwan.routing.v1 import decision_pb2
from diwan.routing.v1 import events_pb2 as routing

from services.chassis import inbox, tracing
from services.chassis.attributes import COMPLAINT_NUMBER, EVENT_TYPE
from services.chassis.call import Call
from services.chassis.database import Database
from services.chassis.sealing import KeyRing
from services.chassis.server import current_call
from services.correspondence import wire
from services.correspondence.actions import drafting
from services.correspondence.domain.advice import Advice
from services.correspondence.domain.body import Name
from services.correspondence.neighbours import Neighbours
from services.correspondence.store.memory import Store
from services.correspondence.store.reference import TERRITORY, TOPIC

ENDED = frozenset({complaint_pb2.COMPLAINT_STATE_CLOSED, complaint_pb2.COMPLAINT_STATE_INADMISSIBLE})
Context = grpc.aio.ServicerContext[pb2.DeliverRequest, pb2.DeliverResponse]
Payload = (
    directory.BodiesChanged
    | directory.TerritoriesChanged
    | directory.TopicsChanged
    | intake.ComplaintStateChanged
    | routing.ComplaintDecided
    | routing.ReferralOverdue
    | correspondence.ReplyReceived
)


class Subscriber(pb2_grpc.SubscriberServiceServicer):
    """Takes in what others tell."""

    def __init__(self, database: Database, keys: KeyRing, neighbours: Neighbours) -> None:
        self._database = database
        self._keys = keys
        self._neighbours = neighbours

    async def Deliver(self, request: pb2.DeliverRequest, context: "Context") -> pb2.DeliverResponse:
        """Let one event have its effect, once."""
        event = request.event
        payload = _payload(event)
        tracing.annotate(**{EVENT_TYPE: event.type})
        if payload is None:
            return pb2.DeliverResponse()
        call = replace(current_call(), causation_id=event.event_id)
        if isinstance(payload, routing.ComplaintDecided):
            tracing.annotate(**{COMPLAINT_NUMBER: payload.number})
            await self._follow(call, event, payload)
            return pb2.DeliverResponse()
        if isinstance(payload, correspondence.ReplyReceived):
            await self._review(event, payload)
            return pb2.DeliverResponse()
        async with self._database.transaction() as connection:
            if await inbox.first_time(connection, event):
                await _react(call, Store(connection, self._keys), event, payload)
        return pb2.DeliverResponse()

    async def _follow(self, call: Call, event: event_pb2.Event, said: routing.ComplaintDecided) -> None:
        """Fetch what a referral letter says before the transaction that drafts it."""
        entry = ground = None
        advice = Advice()
        if said.disposition == decision_pb2.DISPOSITION_REFER:
            entry = await self._neighbours.entry(said.complaint_id)
            ground = await self._neighbours.ground(said.decision_id)
            advice = await self._neighbours.advice_on_referral(said.decision_id, said.ministry_id)
        decided = drafting.Decided(
            complaint_id=said.complaint_id,
            version=event.aggregate_version,
            decision_id=said.decision_id,
            referral_id=said.referral_id,
            sender_id=said.from_body_id,
            recipient_id=said.unit_body_id,
        )
        async with self._database.transaction() as connection:
            if await inbox.first_time(connection, event):
                store = Store(connection, self._keys)
                await drafting.refer(call, store, decided=decided, entry=entry, ground=ground, advice=advice)

    async def _review(self, event: event_pb2.Event, said: correspondence.ReplyReceived) -> None:
        """Have the ministry's rules look at a final reply, for the one who judges it."""
        if said.interim or not said.referral_id:
            return
        async with self._database.reading() as connection:
            reply = await Store(connection, self._keys).letters.get(said.letter_id)
        if reply is None or not reply.body:
            return  # erased meanwhile
        advice = await self._neighbours.advice_on_reply(reply)
        async with self._database.transaction() as connection:
            if await inbox.first_time(connection, event):
                await drafting.advise(Store(connection, self._keys), said.letter_id, advice)


async def _react(call: Call, store: Store, event: event_pb2.Event, payload: Payload) -> None:
    match payload:
        case directory.BodiesChanged() as said:
            await store.reference.keep_bodies([(wire.body(each), each.revision) for each in said.bodies])
        case directory.TerritoriesChanged() as said:
            names = [
                (each.territory_id, Name(ar=each.name.ar, fr=each.name.fr), each.revision) for each in said.territories
            ]
            await store.reference.keep_names(TERRITORY, names)
        case directory.TopicsChanged() as said:
            names = [(each.topic_code, Name(ar=each.name.ar, fr=each.name.fr), each.revision) for each in said.topics]
            await store.reference.keep_names(TOPIC, names)
        case intake.ComplaintStateChanged() as said:
            version, ended = event.aggregate_version, said.to_state in ENDED
            await drafting.end(store, complaint_id=said.complaint_id, version=version, ended=ended)
        case routing.ReferralOverdue() as said:
            overdue = drafting.Overdue(
                complaint_id=said.complaint_id,
                referral_id=said.referral_id,
                step=said.step,
                due_on=date.fromisoformat(said.due_on),
            )
            await drafting.remind(call, store, overdue=overdue)


def _payload(event: event_pb2.Event) -> Payload | None:
    """Unpack an event that matters here; of any other there is none."""
    for kind in Payload.__args__:
        if event.type == kind.DESCRIPTOR.full_name:
            payload: Payload = kind()
            event.payload.Unpack(payload)
            return payload
    return None
