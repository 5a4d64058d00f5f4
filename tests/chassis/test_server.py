"""A service on a real port: who gets in, what a refusal says, and that nothing else ever does."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2 as contract
from diwan.common.v1 import subscriber_service_pb2_grpc as doors

from services.chassis.client import refused
from services.chassis.incoming import acting
from services.chassis.refusals import NotFound
from services.chassis.server import Served, current_call

SERVICE = "diwan.common.v1.SubscriberService"
Serve = Callable[[str, Sequence[Served]], Awaitable[Any]]


class EventUnknown(NotFound):
    """The event {event_id} is unknown."""

    ar = "الحدث {event_id} غير معروف."
    fr = "L'événement {event_id} est inconnu."
    field = "event.event_id"


class Subscriber(doors.SubscriberServiceServicer):
    """Takes events in, or fails as its event asks."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        self.calls.append(current_call())
        if request.event.type == "refuse":
            raise EventUnknown(event_id=request.event.event_id)
        if request.event.type == "break":
            raise RuntimeError("a citizen's words: " + request.event.actor)
        return contract.DeliverResponse()


@pytest.fixture
async def subscriber(running: Serve) -> Any:
    servicer = Subscriber()
    service = await running("intake", [(SERVICE, doors.add_SubscriberServiceServicer_to_server, servicer)])
    service.servicer = servicer
    return service


def an_event(**values: Any) -> contract.DeliverRequest:
    request = contract.DeliverRequest()
    for name, value in values.items():
        setattr(request.event, name, value)
    return request


async def test_a_call_carries_who_calls_and_why(subscriber: Any) -> None:
    with acting(language="fr", causation_id="cause"):
        await doors.SubscriberServiceStub(subscriber.channel("bus")).Deliver(an_event())
    (call,) = subscriber.servicer.calls
    assert (str(call.actor), call.process, call.language, call.causation_id) == ("process:bus", "bus", "fr", "cause")


async def test_a_refusal_names_reason_field_facts_and_remedy_in_the_asked_language(subscriber: Any) -> None:
    with acting(language="fr"), pytest.raises(grpc.aio.AioRpcError) as caught:
        await doors.SubscriberServiceStub(subscriber.channel("bus")).Deliver(an_event(type="refuse", event_id="e1"))
    said = refused(caught.value)
    assert (said.kind, said.reason, said.field) == ("NOT_FOUND", "EVENT_UNKNOWN", "event.event_id")
    assert said.message == "L'événement e1 est inconnu."
    assert said.facts == {"event_id": "e1"}


async def test_an_unexpected_exception_tells_the_caller_a_trace_id_only(
    subscriber: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await doors.SubscriberServiceStub(subscriber.channel("bus")).Deliver(an_event(type="break", actor="secret"))
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert "secret" not in repr(caught.value)
    assert "citizen" not in repr(caught.value)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == ["internal error"]
