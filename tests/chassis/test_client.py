"""Calls to neighbours: retried where harmless, ended in time, and on behalf of the one who acts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2 as contract
from diwan.common.v1 import subscriber_service_pb2_grpc as doors

from services.chassis import client
from services.chassis.call import Actor, ActorKind, Appointment
from services.chassis.client import refused
from services.chassis.incoming import STANDING, Standing, acting
from services.chassis.refusals import TryAgain
from services.chassis.server import Served, current_call

SERVICE = "diwan.common.v1.SubscriberService"
ADD = doors.add_SubscriberServiceServicer_to_server
Serve = Callable[[str, Sequence[Served]], Awaitable[Any]]
OFFICER = Actor(kind=ActorKind.OFFICER, id="o1", appointments=(Appointment(role="delegate", scope="national"),))


class Shaky(doors.SubscriberServiceServicer):
    """Fails as often as told, then answers; or takes its time."""

    def __init__(self, *, failures: int = 0, pause: float = 0) -> None:
        self.failures, self.pause = failures, pause
        self.calls = 0

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        self.calls += 1
        await asyncio.sleep(self.pause)
        if self.calls <= self.failures:
            raise TryAgain
        return contract.DeliverResponse()


class Forwarding(doors.SubscriberServiceServicer):
    """Answers by calling its neighbour."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.neighbour = doors.SubscriberServiceStub(channel)

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        return await self.neighbour.Deliver(request)


class Listening(doors.SubscriberServiceServicer):
    """Remembers its calls."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        self.seen.append((current_call(), context.time_remaining()))
        return contract.DeliverResponse()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter pauses between attempts."""
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))


async def test_a_harmless_call_is_tried_again(running: Serve, quick: None) -> None:
    shaky = Shaky(failures=2)
    service = await running("intake", [(SERVICE, ADD, shaky)])
    await doors.SubscriberServiceStub(service.channel("bus")).Deliver(contract.DeliverRequest())
    assert shaky.calls == 3


async def test_a_neighbour_that_stays_away_is_given_up(running: Serve, quick: None) -> None:
    shaky = Shaky(failures=99)
    service = await running("intake", [(SERVICE, ADD, shaky)])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await doors.SubscriberServiceStub(service.channel("bus")).Deliver(contract.DeliverRequest())
    assert refused(caught.value).reason == "TRY_AGAIN"
    assert shaky.calls == 4


async def test_a_call_ends_in_time(running: Serve) -> None:
    service = await running("intake", [(SERVICE, ADD, Shaky(pause=5))])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await doors.SubscriberServiceStub(service.channel("bus")).Deliver(contract.DeliverRequest(), timeout=0.1)
    assert refused(caught.value) == client.Refused(kind="DEADLINE_EXCEEDED")


async def test_a_call_gets_no_longer_than_the_one_it_serves(running: Serve) -> None:
    listening = Listening()
    service = await running("intake", [(SERVICE, ADD, listening)])
    stub = doors.SubscriberServiceStub(service.channel("bus"))
    STANDING.set(Standing(remaining=lambda: 2.0))
    await stub.Deliver(contract.DeliverRequest())
    await stub.Deliver(contract.DeliverRequest(), timeout=1)
    STANDING.set(Standing())
    await stub.Deliver(contract.DeliverRequest())
    assert [round(remaining) for _, remaining in listening.seen] == [2, 1, 10]


async def test_the_acting_officer_goes_along_from_service_to_service(
    running: Serve, token_for: Callable[[Actor], str]
) -> None:
    listening = Listening()
    last = await running("routing", [(SERVICE, ADD, listening)])
    first = await running("intake", [(SERVICE, ADD, Forwarding(last.channel("bus")))])
    with acting(actor_token=token_for(OFFICER), language="fr", causation_id="cause"):
        await doors.SubscriberServiceStub(first.channel("bus")).Deliver(contract.DeliverRequest(), timeout=3)
    ((call, remaining),) = listening.seen
    assert (call.actor, call.language, call.causation_id) == (OFFICER, "fr", "cause")
    assert remaining <= 3


async def test_a_neighbours_silence_is_a_request_to_try_again(running: Serve, quick: None) -> None:
    gone = await running("routing", [(SERVICE, ADD, Shaky())])
    channel = gone.channel("bus")
    await gone.server.stop()
    first = await running("intake", [(SERVICE, ADD, Forwarding(channel))])
    with acting(), pytest.raises(grpc.aio.AioRpcError) as caught:
        await doors.SubscriberServiceStub(first.channel("bus")).Deliver(contract.DeliverRequest())
    assert refused(caught.value).reason == "TRY_AGAIN"
