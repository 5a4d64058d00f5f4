"""Those who act: citizens at the portal, client services, and officers who sign in to accounts of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from diwan.common.v1 import access_pb2
from diwan.correspondence.v1.correspondence_service_pb2_grpc import CorrespondenceServiceStub
from diwan.directory.v1 import directory_service_pb2, officer_pb2
from diwan.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub
from diwan.intake.v1.intake_service_pb2_grpc import IntakeServiceStub
from diwan.reporting.v1.reporting_service_pb2_grpc import ReportingServiceStub
from diwan.routing.v1.routing_service_pb2_grpc import RoutingServiceStub

from services.chassis.call import Actor, ActorKind, begin
from services.chassis.client import connect, refused
from services.chassis.incoming import acting
from services.premises import Premises

STUBS: dict[str, Callable[[grpc.aio.Channel], Any]] = {
    "directory": DirectoryServiceStub,
    "intake": IntakeServiceStub,
    "routing": RoutingServiceStub,
    "correspondence": CorrespondenceServiceStub,
    "reporting": ReportingServiceStub,
}
NOBODY = Actor(kind=ActorKind.CITIZEN)
PATIENCE = 90.0
# What a moment mends: an event on its way, another who was quicker, a database that restarts.
PASSING = frozenset(
    {
        "TRY_AGAIN",
        "ETAG_STALE",
        "REFERRAL_UNKNOWN",
        "REFERRAL_OPEN",
        "TRANSITION_FORBIDDEN",
        "REFERRAL_CANNOT_BECOME",
        "COMPLAINT_UNKNOWN",
        "LETTER_STATE_FORBIDS",
        "REGISTER_NOT_READY",
        "",
    }
)


def new_id() -> str:
    """Make the id of a request."""
    return begin(NOBODY, process="portal").new_id()


class Doors:
    """The services as one process reaches them."""

    def __init__(self, premises: Premises, process: str) -> None:
        settings = premises.settings(process)
        self.channels = {name: connect(settings, name) for name in STUBS}
        made = {name: make(self.channels[name]) for name, make in STUBS.items()}
        self.directory, self.intake, self.routing = made["directory"], made["intake"], made["routing"]
        self.correspondence, self.reporting = made["correspondence"], made["reporting"]

    async def close(self) -> None:
        """Close all channels."""
        for channel in self.channels.values():
            await channel.close()


@dataclass(frozen=True, kw_only=True)
class Officer:
    """An officer who signed in, at the portal's doors."""

    role: str
    scope: str
    token: str
    doors: Doors

    @property
    def intake(self) -> Any:
        """The registers' door."""
        return self.doors.intake

    async def does(self, method: Callable[..., Any], request: Any, *, timeout: float = 60) -> Any:
        """Call a method in the officer's name."""
        with acting(actor_token=self.token):
            return await method(request, timeout=timeout)

    async def takes(self, method: Callable[..., Any], request: Any) -> bytes:
        """Take a file that comes in pieces."""
        with acting(actor_token=self.token):
            return b"".join([each.piece async for each in method(request)])


@dataclass(frozen=True, kw_only=True)
class Client:
    """A client service outside the house: it has a token and no key."""

    name: str
    token: str
    intake: Any

    async def does(self, method: Callable[..., Any], request: Any) -> Any:
        """Call a method as any program that was given the token."""
        carried = (("authorization", f"Bearer {self.token}"), ("accept-language", "ar"))
        return await method(request, timeout=60, metadata=carried)


@dataclass
class Cast:
    """Everybody who acts; accounts are made when they are first needed."""

    premises: Premises
    portal: Doors
    operator: Doors
    _officers: dict[tuple[str, str], "asyncio.Task[Officer]"] = field(default_factory=dict)
    _clients: list[grpc.aio.Channel] = field(default_factory=list)

    async def officer(self, role: str, scope: str) -> Officer:
        """Return the officer of a role and scope, signed in."""
        if (role, scope) not in self._officers:
            self._officers[role, scope] = asyncio.create_task(self._sign_in(role, scope))
        return await self._officers[role, scope]

    async def delegate(self, wilaya_id: str) -> Officer:
        """Return the delegate of a wilaya."""
        return await self.officer("delegate", f"wilaya:{wilaya_id}")

    async def mediator(self) -> Officer:
        """Return an officer of the Mediator's central services."""
        return await self.officer("mediator", "national")

    async def unit(self, body_id: str) -> Officer:
        """Return the officer of a unit."""
        return await self.officer("unit_officer", f"body:{body_id}")

    async def keeper(self, body_id: str) -> Officer:
        """Return the keeper of a body's register."""
        return await self.officer("keeper", f"body:{body_id}")

    async def _sign_in(self, role: str, scope: str) -> Officer:
        place = scope.partition(":")[2] or "centre"
        appointment = officer_pb2.Appointment(role=access_pb2.Role.Value(f"ROLE_{role.upper()}"), scope=scope)
        wanted = directory_service_pb2.SetAccountRequest(
            username=f"demo.{role}.{place}"[:60].replace("_", "-"), appointments=[appointment]
        )
        account = await patiently(lambda: self.operator.directory.SetAccount(wanted))
        request = directory_service_pb2.SignInRequest(username=account.officer.username, password=account.password)
        session = await patiently(lambda: self.portal.directory.SignIn(request))
        return Officer(role=role, scope=scope, token=session.token.token, doors=self.portal)

    async def client(self, name: str) -> Client:
        """Issue a token to a client service that files for citizens."""
        appointment = officer_pb2.Appointment(role=access_pb2.ROLE_FILING_CLIENT, scope="national")
        request = directory_service_pb2.IssueClientTokenRequest(client=name, appointments=[appointment], days=1)
        issued = await patiently(lambda: self.operator.directory.IssueClientToken(request))
        channel = grpc.aio.insecure_channel(self.premises.settings("portal").addresses["intake"])
        self._clients.append(channel)
        return Client(name=name, token=issued.token.token, intake=IntakeServiceStub(channel))

    async def close(self) -> None:
        """Leave."""
        for channel in self._clients:
            await channel.close()
        await self.portal.close()
        await self.operator.close()


@asynccontextmanager
async def a_cast(premises: Premises) -> AsyncIterator[Cast]:
    """Open the doors of a running house."""
    cast = Cast(premises=premises, portal=Doors(premises, "portal"), operator=Doors(premises, "operator"))
    try:
        yield cast
    finally:
        await cast.close()


async def patiently(act: Callable[[], Any], *, passing: Collection[str] = PASSING, patience: float = PATIENCE) -> Any:
    """Act; where a moment mends what refused, try again, waiting longer each time."""
    wait, loop = 0.1, asyncio.get_running_loop()
    end = loop.time() + patience
    while True:
        try:
            return await act()
        except grpc.aio.AioRpcError as error:
            if refused(error).reason not in passing or loop.time() > end:
                raise
        await asyncio.sleep(wait)
        wait = min(wait * 1.5, 2.0)
