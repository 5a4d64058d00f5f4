"""A service on a real port: who gets in, what a refusal says, and that nothing else ever does."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2 as contract
from diwan.common.v1 import subscriber_service_pb2_grpc as doors
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.chassis import journal, keys
from services.chassis.call import clock
from services.chassis.client import refused
from services.chassis.faults import described
from services.chassis.incoming import acting
from services.chassis.press import PressFailed
from services.chassis.refusals import NotFound
from services.chassis.server import NOT_SERVING, SERVING, Served, Server, current_call
from services.chassis.settings import Settings
from services.chassis.tokens import sign_process

WORDS = "كلمات مواطن"
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
        self.pause = 0.0

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        self.calls.append(current_call())
        await asyncio.sleep(self.pause)
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


def test_the_log_tells_where_and_what_without_what_an_exception_quotes() -> None:
    quoting = (RuntimeError(WORDS), ValueError(WORDS), KeyError(WORDS), PressFailed(WORDS), asyncpg.DataError(WORDS))
    for error in quoting:
        try:
            raise TypeError("a str where an int belongs") from error
        except TypeError as raised:
            said = json.dumps(described(raised), ensure_ascii=False)
        assert WORDS not in said
        assert "a str where an int belongs" in said
        line = journal._Lines("intake").format(
            logging.LogRecord(
                "asyncio", 40, __file__, 1, f"never retrieved\nfuture: {error!r}", (), (type(error), error, None)
            )
        )
        assert WORDS not in line
        assert "never retrieved" in line


async def test_who_is_not_named_does_not_get_in(subscriber: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await doors.SubscriberServiceStub(subscriber.channel("portal")).Deliver(an_event())
    assert (refused(caught.value).reason, caught.value.code()) == (
        "CALLER_FORBIDDEN",
        grpc.StatusCode.PERMISSION_DENIED,
    )
    assert subscriber.servicer.calls == []


async def raw_call(service: Any, method: str, body: bytes, *metadata: tuple[str, str]) -> bytes:
    async with grpc.aio.insecure_channel(service.address) as channel:
        answer = await channel.unary_unary(method)(body, metadata=metadata)
    return bytes(answer)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ((), "TOKEN_MISSING"),
        ((("diwan-process", "noise"),), "TOKEN_INVALID"),
        ((("authorization", "Bearer noise"),), "TOKEN_INVALID"),
    ],
)
async def test_who_does_not_say_who_calls_is_not_heard(
    subscriber: Any, metadata: tuple[tuple[str, str], ...], reason: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await raw_call(subscriber, f"/{SERVICE}/Deliver", b"", *metadata)
    assert (refused(caught.value).reason, caught.value.code()) == (reason, grpc.StatusCode.UNAUTHENTICATED)


async def test_a_message_that_is_none_is_refused_without_echo(subscriber: Any, keys_folder: Path) -> None:
    token = sign_process(keys.private_key(keys_folder, "bus"), "bus", audience="intake", now=clock())
    surrogate = b"\x0a\x05\x12\x03\xed\xa0\x80"
    for body in (b"\xff\xff\xff", surrogate):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await raw_call(subscriber, f"/{SERVICE}/Deliver", body, ("diwan-process", token))
        said = refused(caught.value)
        assert (said.kind, said.reason, said.field) == ("INVALID_ARGUMENT", "FIELD_INVALID", "request")


async def test_an_unknown_method_is_unimplemented(subscriber: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await raw_call(subscriber, f"/{SERVICE}/Nothing", b"")
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def health_of(server: Server) -> int:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    return int(answer.status)


async def test_a_server_says_that_it_serves_only_while_it_does(settings_of: Callable[[str], Settings]) -> None:
    server = Server(replace(settings_of("intake"), drain_seconds=0.3))
    await server.start()
    assert await health_of(server) == NOT_SERVING
    await server.open([(SERVICE, doors.add_SubscriberServiceServicer_to_server, Subscriber())])
    assert await health_of(server) == SERVING
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0.1)
    assert await health_of(server) == NOT_SERVING
    await stopping


async def test_calls_in_flight_finish_while_the_server_stops(subscriber: Any) -> None:
    subscriber.servicer.pause = 0.3
    call = asyncio.create_task(doors.SubscriberServiceStub(subscriber.channel("bus")).Deliver(an_event()))
    await asyncio.sleep(0.1)
    await subscriber.server.stop()
    assert await call == contract.DeliverResponse()


async def test_reflection_lists_the_services(subscriber: Any) -> None:
    async with grpc.aio.insecure_channel(subscriber.address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        asked = reflection_pb2.ServerReflectionRequest(list_services="*")
        answers = [each async for each in stub.ServerReflectionInfo(iter([asked]))]
    assert SERVICE in {each.name for each in answers[0].list_services_response.service}
