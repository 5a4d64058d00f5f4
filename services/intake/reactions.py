"""Reacts to the events of others; each has its effect once."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date
from typing import Any

import grpc
from diwan.common.v1 import event_pb2, subscriber_service_pb2, subscriber_service_pb2_grpc
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.directory.v1 import events_pb2 as directory
from diwan.routing.v1 import events_pb2 as routing
from google.protobuf.message import Message

from services.chassis import inbox
from services.chassis.database import Connection
from services.chassis.server import current_call
from services.intake.actions import learning
from services.intake.actions.learning import Letters
from services.intake.actions.office import Office
from services.intake.domain.complaint import ReplyGrade
from services.intake.domain.referral import Referral
from services.intake.store.files import Files
from services.intake.store.places import Places
from services.intake.wire import events, vocabulary

Delivered = subscriber_service_pb2.DeliverResponse
Context = grpc.aio.ServicerContext[Any, Any]
DIRECTORY = "diwan.directory."
React = Callable[[Connection, event_pb2.Event], Awaitable[None]]


class Reactions(subscriber_service_pb2_grpc.SubscriberServiceServicer):
    """Takes in one event at a time; an event that does not concern intake has no effect."""

    def __init__(self, office: Office, letters: Letters) -> None:
        self._office = office
        self._letters = letters
        self._reactions: Mapping[str, React] = {
            _name(directory.BodiesChanged): self._bodies,
            _name(directory.TerritoriesChanged): self._territories,
            _name(directory.TopicsChanged): self._topics,
            _name(routing.DeadlineSet): self._deadline,
            _name(routing.ReferralChanged): self._referral,
            _name(correspondence.ReplyAssessed): self._assessed,
        }

    async def Deliver(self, request: subscriber_service_pb2.DeliverRequest, context: Context) -> Delivered:
        """Take in one event."""
        event, name = request.event, request.event.payload.TypeName()
        if name == _name(correspondence.ReplyReceived):
            await self._reply(event)
        elif react := self._reactions.get(name):
            async with self._office.database.transaction() as connection:
                if await inbox.first_time(connection, event):
                    await react(connection, event)
            if name.startswith(DIRECTORY):
                await self._office.refresh()
        return Delivered()

    async def _bodies(self, connection: "Connection", event: event_pb2.Event) -> None:
        payload = directory.BodiesChanged.FromString(event.payload.value)
        await Places(connection).keep_bodies(events.bodies(payload.bodies))

    async def _territories(self, connection: "Connection", event: event_pb2.Event) -> None:
        payload = directory.TerritoriesChanged.FromString(event.payload.value)
        await Places(connection).keep_territories(events.territories(payload.territories))

    async def _topics(self, connection: "Connection", event: event_pb2.Event) -> None:
        payload = directory.TopicsChanged.FromString(event.payload.value)
        await Places(connection).keep_topics([(each.topic_code, each.revision) for each in payload.topics])

    async def _deadline(self, connection: "Connection", event: event_pb2.Event) -> None:
        payload = routing.DeadlineSet.FromString(event.payload.value)
        due_on = date.fromisoformat(payload.due_on)
        await learning.keep_deadline(connection, payload.complaint_id, due_on, version=event.aggregate_version)

    async def _referral(self, connection: "Connection", event: event_pb2.Event) -> None:
        payload = routing.ReferralChanged.FromString(event.payload.value)
        referral = Referral(
            referral_id=payload.referral_id,
            complaint_id=payload.complaint_id,
            unit_body_id=payload.unit_body_id,
            ministry_id=payload.ministry_id,
            state=vocabulary.REFERRALS.read("to_state", payload.to_state),
            version=event.aggregate_version,
        )
        await learning.keep_referral(current_call(), connection, referral)

    async def _reply(self, event: event_pb2.Event) -> None:
        payload = correspondence.ReplyReceived.FromString(event.payload.value)
        if not payload.referral_id:
            return  # between bodies, outside any referral: no answer to the complainant
        async with self._office.database.reading() as connection:
            if await Files(connection, self._office.vault).has_reply(payload.letter_id):
                return
        reply = learning.reply_of(
            body_id=payload.sender_body_id,
            letter_id=payload.letter_id,
            text=await self._letters.words_of(payload.letter_id),
            interim=payload.interim,
            at=event.event_time.ToDatetime(tzinfo=UTC),
        )
        async with self._office.database.transaction() as connection:
            if await inbox.first_time(connection, event):
                await learning.keep_reply(
                    current_call(), self._office, connection,
                    complaint_id=payload.complaint_id, referral_id=payload.referral_id, reply=reply,
                )  # fmt: skip

    async def _assessed(self, connection: "Connection", event: event_pb2.Event) -> None:
        payload = correspondence.ReplyAssessed.FromString(event.payload.value)
        if not payload.referral_id:
            return
        grade: ReplyGrade = vocabulary.LETTER_GRADES.read("grade", payload.grade)
        await learning.keep_grade(
            current_call(), self._office, connection,
            complaint_id=payload.complaint_id, letter_id=payload.letter_id, unit_body_id=payload.sender_body_id,
            grade=grade, version=event.aggregate_version,
        )  # fmt: skip


def _name(kind: type[Message]) -> str:
    return kind.DESCRIPTOR.full_name
