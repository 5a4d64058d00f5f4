"""Intake on a real port and a real database, with a small country."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2_grpc
from diwan.intake.v1 import intake_service_pb2_grpc

from services.chassis.call import Actor, ActorKind, begin
from services.chassis.client import Refused, refused
from services.chassis.database import Database
from services.chassis.incoming import acting
from services.chassis.sealing import KeyRing
from services.intake.actions.office import Office, open_office
from services.intake.reactions import Reactions
from services.intake.server.intake import Intake
from services.intake.store.places import Places
from services.intake.store.vault import Vault
from tests.intake.builders import BODIES, TERRITORIES, TOPICS

SERVICE = "diwan.intake.v1.IntakeService"
SUBSCRIBER = "diwan.common.v1.SubscriberService"


@dataclass
class Letters:
    """The letters of a correspondence service that is not there: a few words by id."""

    words: dict[str, str] = field(default_factory=dict)

    async def words_of(self, letter_id: str) -> str:
        return self.words[letter_id]


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[Database]]) -> Database:
    database = await database_for("intake")
    async with database.transaction() as connection:
        places = Places(connection)
        await places.keep_bodies(BODIES)
        await places.keep_territories(TERRITORIES)
        await places.keep_topics(TOPICS)
    return database


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(KeyRing.at(tmp_path / "intake.kek"))


@pytest.fixture
async def office(database: Database, vault: Vault) -> Office:
    return await open_office(database, vault)


@pytest.fixture
def letters() -> Letters:
    return Letters()


class Door:
    """Calls intake as somebody, and returns the answer or the refusal."""

    def __init__(self, running, token_for) -> None:
        self._running = running
        self._token_for = token_for
        self._channels: dict[str, grpc.aio.Channel] = {}

    def _channel(self, process: str) -> grpc.aio.Channel:
        if process not in self._channels:
            self._channels[process] = self._running.channel(process)
        return self._channels[process]

    async def ask(
        self, method: str, request, *, actor: Actor | None = None, process: str = "portal", language: str = "ar"
    ):
        """Call a method; a refusal comes back as what the caller reads of it."""
        stub = intake_service_pb2_grpc.IntakeServiceStub(self._channel(process))
        with acting(actor_token=self._token_for(actor) if actor else "", language=language):
            try:
                return await getattr(stub, method)(request)
            except grpc.aio.AioRpcError as error:
                said = refused(error)
                return said if said.reason else Refused(kind=error.code().name, message=error.details() or "")

    async def send(self, method: str, message: bytes):
        """Send bytes that no message writes; return the refusal."""
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await self._channel("portal").unary_unary(f"/{SERVICE}/{method}")(message)
        return refused(error.value)

    async def deliver(self, request):
        """Hand in an event as the bus does."""
        return await subscriber_service_pb2_grpc.SubscriberServiceStub(self._channel("bus")).Deliver(request)


@pytest.fixture
async def door(office: Office, letters: Letters, running, token_for) -> Door:
    served = await running(
        "intake",
        [
            (SERVICE, intake_service_pb2_grpc.add_IntakeServiceServicer_to_server, Intake(office)),
            (
                SUBSCRIBER,
                subscriber_service_pb2_grpc.add_SubscriberServiceServicer_to_server,
                Reactions(office, letters),
            ),
        ],
    )
    return Door(served, token_for)


@pytest.fixture
def call():
    """A call of the operator's own process."""
    return begin(Actor(kind=ActorKind.PROCESS, id="operator"), process="operator")
