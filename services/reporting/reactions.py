"""Reacts to the events of the other services: each changes one fact, once."""

from datetime import date

import grpc
from diwan.common.v1 import event_pb2
from diwan.common.v1 import subscriber_service_pb2 as pb2
from diwan.common.v1 import subscriber_service_pb2_grpc as pb2_grpc
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import events_pb2 as intake
from diwan.routing.v1 import events_pb2 as routing

from services.chassis import inbox
from services.chassis.database import Database
from services.chassis.refusals import TooEarly
from services.reporting import wire
from services.reporting.domain import fact as facts
from services.reporting.domain.fact import Fact
from services.reporting.store import Store


class Subscriber(pb2_grpc.SubscriberServiceServicer):
    """Takes in what others tell."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def Deliver(
        self,
        request: pb2.DeliverRequest,
        context: grpc.aio.ServicerContext[pb2.DeliverRequest, pb2.DeliverResponse],
    ) -> pb2.DeliverResponse:
        """Fold one event."""
        async with self._database.transaction() as connection:
            if await inbox.first_time(connection, request.event):
                await react(Store(connection), request.event)
        return pb2.DeliverResponse()


async def react(store: Store, event: event_pb2.Event) -> None:
    """Let one event have its effect; one that is not folded has none."""
    match wire.payload(event):
        case directory.BodiesChanged() as said:
            await store.names.keep_bodies(wire.bodies(said))
        case directory.TerritoriesChanged() as said:
            await store.names.keep_territories(wire.territories(said))
        case intake.RegisterOpened() as said:
            await store.registers.open(
                register_id=said.register_id, body_id=said.body_id, kind=wire.register_kind(said)
            )
        case intake.ComplaintRegistered() as said:
            await store.facts.save(wire.fact(said))
        case None:
            return
        case said:
            await _change(store, event, said)


async def _change(store: Store, event: event_pb2.Event, said: wire.OfComplaint) -> None:
    """Change the fact that an event is about; one that is not known yet is tried again later."""
    if (fact := await store.facts.get(said.complaint_id)) is None:
        raise TooEarly
    await store.facts.save(_changed(fact, event, said))


def _changed(fact: Fact, event: event_pb2.Event, said: wire.OfComplaint) -> Fact:
    version, at = event.aggregate_version, wire.moment(event)
    match said:
        case intake.ComplaintStateChanged():
            state, reason = wire.state(said)
            return facts.moved(fact, version=version, state=state, closure_reason=reason)
        case routing.ComplaintDecided():
            return facts.decided(
                fact,
                version=version,
                ministry_id=said.ministry_id,
                topic_code=said.topic_code,
                awaiting_triage=wire.waits(said),
            )
        case routing.DeadlineSet():
            return facts.due(fact, due_on=date.fromisoformat(said.due_on))
        case routing.ClockStopped():
            on = date.fromisoformat(said.answered_on)
            return facts.answered(fact, on=on, working_days=said.working_days, late=said.overdue)
        case _:
            return facts.graded(fact, grade=wire.grade(said), at=at)
