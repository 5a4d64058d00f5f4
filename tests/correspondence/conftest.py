"""Correspondence as the bus and the portal meet it, beside small neighbours."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2, subscriber_service_pb2_grpc
from diwan.correspondence.v1 import correspondence_service_pb2 as pb2
from diwan.correspondence.v1 import correspondence_service_pb2_grpc as pb2_grpc
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import directory_service_pb2_grpc
from diwan.intake.v1 import intake_service_pb2_grpc
from diwan.routing.v1 import advice_service_pb2_grpc, routing_service_pb2_grpc

from services.chassis.call import Actor
from services.chassis.client import refused
from services.chassis.database import Database
from services.chassis.incoming import acting
from services.chassis.server import Served
from services.correspondence.__main__ import build
from tests.correspondence.builders import (
    CENTRAL,
    DELEGATE,
    Advice,
    Directory,
    Intake,
    Routing,
    a_decision,
    the_directory,
)

NEIGHBOURS = {
    "intake": [("diwan.intake.v1.IntakeService", intake_service_pb2_grpc.add_IntakeServiceServicer_to_server)],
    "routing": [
        ("diwan.routing.v1.RoutingService", routing_service_pb2_grpc.add_RoutingServiceServicer_to_server),
        ("diwan.routing.v1.AdviceService", advice_service_pb2_grpc.add_AdviceServiceServicer_to_server),
    ],
    "directory": [
        (
            "diwan.directory.v1.DirectoryService",
            directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server,
        )
    ],
}


class Office:
    """Correspondence as the bus and the portal meet it."""

    def __init__(
        self, service: Any, database: Database, intake: Intake, advice: Advice, token: Callable[[Actor], str]
    ) -> None:
        self._subscriber = subscriber_service_pb2_grpc.SubscriberServiceStub(service.channel("bus"))
        self._portal = pb2_grpc.CorrespondenceServiceStub(service.channel("portal"))
        self._token = token
        self.database = database
        self.intake = intake
        self.advice = advice

    async def deliver(self, *requests: subscriber_service_pb2.DeliverRequest) -> None:
        for request in requests:
            await self._subscriber.Deliver(request)

    async def ask(self, actor: Actor, method: str, **asked: object) -> Any:
        request = getattr(pb2, f"{method}Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            asked.setdefault("request_id", str(uuid4()))
        with acting(actor_token=self._token(actor)):
            return await getattr(self._portal, method)(request(**asked))

    async def refusal(self, actor: Actor, method: str, **asked: object) -> tuple[str, str]:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.ask(actor, method, **asked)
        said = refused(caught.value)
        assert said.message
        return said.reason, said.field

    async def do(self, actor: Actor, method: str, letter: letter_pb2.Letter, **asked: object) -> letter_pb2.Letter:
        response = await self.ask(actor, method, letter_id=letter.letter_id, etag=letter.etag, **asked)
        known: letter_pb2.Letter = response.reply if method == "ReplyToLetter" else response.letter
        return known

    async def letters(self, actor: Actor, **asked: object) -> list[letter_pb2.Letter]:
        return list((await self.ask(actor, "ListLetters", **asked)).letters)

    async def get(self, letter: letter_pb2.Letter, actor: Actor = CENTRAL) -> letter_pb2.Letter:
        known: letter_pb2.Letter = (await self.ask(actor, "GetLetter", letter_id=letter.letter_id)).letter
        return known

    async def pdf(self, actor: Actor, letter: letter_pb2.Letter) -> bytes:
        with acting(actor_token=self._token(actor)):
            pieces = self._portal.DownloadLetter(pb2.DownloadLetterRequest(letter_id=letter.letter_id))
            return b"".join([answer.piece async for answer in pieces])

    async def draft(self) -> letter_pb2.Letter:
        """Have the referral letter drafted."""
        await self.deliver(a_decision())
        (letter,) = await self.letters(DELEGATE)
        return letter

    async def sent(self) -> letter_pb2.Letter:
        """Have the referral letter signed and dispatched."""
        signed = await self.do(DELEGATE, "SignLetter", await self.draft())
        return await self.do(DELEGATE, "DispatchLetter", signed)

    async def told(self) -> list[tuple[str, int]]:
        async with self.database.reading() as connection:
            rows = await connection.fetch("SELECT type, aggregate_version FROM outbox ORDER BY position")
        return [(row["type"].rsplit(".")[-1], row["aggregate_version"]) for row in rows]


@pytest.fixture
async def office(
    database_for: Callable[[str], Awaitable[Database]],
    running: Callable[[str, Sequence[Served]], Awaitable[Any]],
    settings_of: Callable[[str], Any],
    token_for: Callable[[Actor], str],
) -> Office:
    """Run correspondence beside small neighbours."""
    intake, advice = Intake(), Advice()
    answering = {"intake": [intake], "routing": [Routing(), advice], "directory": [Directory()]}
    addresses = {}
    for name, servicers in answering.items():
        served = [(*door, servicer) for door, servicer in zip(NEIGHBOURS[name], servicers, strict=True)]
        addresses[name] = (await running(name, served)).address
    settings, database = settings_of("correspondence"), await database_for("correspondence")
    service = await running("correspondence", build(replace(settings, addresses=addresses), database))
    found = Office(service, database, intake, advice, token_for)
    await found.deliver(*the_directory())
    return found
