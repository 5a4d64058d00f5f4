"""The services behind the pages: one channel each, their refusals, and names for what they mention."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import grpc
from diwan.correspondence.v1.correspondence_service_pb2_grpc import CorrespondenceServiceStub
from diwan.directory.v1.directory_service_pb2 import RenewTokenRequest
from diwan.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub
from diwan.intake.v1.intake_service_pb2_grpc import IntakeServiceStub
from diwan.reporting.v1.reporting_service_pb2_grpc import ReportingServiceStub
from diwan.routing.v1.advice_service_pb2_grpc import AdviceServiceStub
from diwan.routing.v1.history_service_pb2_grpc import HistoryServiceStub
from diwan.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from diwan.routing.v1.rules_admin_service_pb2_grpc import RulesAdminServiceStub
from starlette.requests import Request

from services.chassis import call, client
from services.chassis.settings import Settings
from services.portal.places import Places
from services.portal.sessions import Session

if TYPE_CHECKING:
    from diwan.correspondence.v1.correspondence_service_pb2_grpc import CorrespondenceServiceAsyncStub
    from diwan.directory.v1.directory_service_pb2_grpc import DirectoryServiceAsyncStub
    from diwan.intake.v1.intake_service_pb2_grpc import IntakeServiceAsyncStub
    from diwan.reporting.v1.reporting_service_pb2_grpc import ReportingServiceAsyncStub
    from diwan.routing.v1.advice_service_pb2_grpc import AdviceServiceAsyncStub
    from diwan.routing.v1.history_service_pb2_grpc import HistoryServiceAsyncStub
    from diwan.routing.v1.routing_service_pb2_grpc import RoutingServiceAsyncStub
    from diwan.routing.v1.rules_admin_service_pb2_grpc import RulesAdminServiceAsyncStub

SERVICES = ("directory", "intake", "routing", "correspondence", "reporting")


@dataclass(frozen=True, kw_only=True)
class House:
    """The neighbours of the portal."""

    directory: "DirectoryServiceAsyncStub"
    intake: "IntakeServiceAsyncStub"
    routing: "RoutingServiceAsyncStub"
    advice: "AdviceServiceAsyncStub"
    rules: "RulesAdminServiceAsyncStub"
    history: "HistoryServiceAsyncStub"
    correspondence: "CorrespondenceServiceAsyncStub"
    reporting: "ReportingServiceAsyncStub"
    places: Places
    channels: tuple[grpc.aio.Channel, ...]

    async def close(self) -> None:
        """Close the channels at the end of the process."""
        for channel in self.channels:
            await channel.close()


def open_house(settings: Settings) -> House:
    """Open a channel to every neighbour."""
    channels: dict[str, grpc.aio.Channel] = {service: client.connect(settings, service) for service in SERVICES}
    directory = DirectoryServiceStub(channels["directory"])
    return House(
        directory=directory,
        intake=IntakeServiceStub(channels["intake"]),
        routing=RoutingServiceStub(channels["routing"]),
        advice=AdviceServiceStub(channels["routing"]),
        rules=RulesAdminServiceStub(channels["routing"]),
        history=HistoryServiceStub(channels["routing"]),
        correspondence=CorrespondenceServiceStub(channels["correspondence"]),
        reporting=ReportingServiceStub(channels["reporting"]),
        places=Places(directory),
        channels=tuple(channels.values()),
    )


def house_of(request: Request) -> House:
    """Return the neighbours of the portal that serves this request."""
    house: House = request.app.state.house
    return house


async def renewed(house: House, session: Session) -> Session | None:
    """Return the session with a fresh token when its own is half used up."""
    if call.epoch() < session.renew_at:
        return None
    token = (await house.directory.RenewToken(RenewTokenRequest())).token
    return replace(session, token=token.token, renew_at=half_way(token.expire_time.seconds))


def half_way(until: int) -> int:
    """Return the moment at which half of the time until then has passed."""
    now = int(call.epoch())
    return now + (until - now) // 2


def new_request_id() -> str:
    """Make the id that lets a form be sent twice with one effect."""
    return call.begin(call.Actor(kind=call.ActorKind.CITIZEN), process="portal").new_id()
