"""Handing one event to its subscriber, and what a failure means: try again, or lay aside."""

import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from diwan.common.v1 import event_pb2, subscriber_service_pb2, subscriber_service_pb2_grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import DecodeError, Message
from opentelemetry.trace import SpanKind

from services.bus.plan import Tick
from services.chassis import attributes, tracing
from services.chassis.client import connect, refused
from services.chassis.settings import Settings

if TYPE_CHECKING:
    from diwan.common.v1.subscriber_service_pb2_grpc import SubscriberServiceAsyncStub

_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
WAITS = (1, 5, 30, 120, 600)
FINAL = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a subscriber did not take an event, without any of its content."""

    error: str
    final: bool = False

    def wait_after(self, attempts: int) -> int | None:
        """Return the seconds to wait after so many earlier attempts; None lays the event aside."""
        return None if self.final or attempts >= len(WAITS) else WAITS[attempts]


class Subscribers:
    """The doors of all subscribers, each over one channel for life."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._doors: dict[str, SubscriberServiceAsyncStub] = {}

    def _channel(self, service: str) -> grpc.aio.Channel:
        if service not in self._channels:
            self._channels[service] = connect(self._settings, service)
        return self._channels[service]

    def _door(self, subscriber: str) -> "SubscriberServiceAsyncStub":
        if subscriber not in self._doors:
            self._doors[subscriber] = subscriber_service_pb2_grpc.SubscriberServiceStub(self._channel(subscriber))
        return self._doors[subscriber]

    async def deliver(self, subscriber: str, body: bytes, headers: dict[str, str]) -> Failure | None:
        """Hand over one event; None means that it has had its effect."""
        try:
            event = event_pb2.Event.FromString(body)
        except DecodeError:
            return Failure(error="not an event", final=True)
        kind = event.type.rpartition(".")[2]
        with tracing.span(f"bus.deliver {kind}", kind=SpanKind.CONSUMER, parent=tracing.extract(headers)) as span:
            span.set_attributes({attributes.SUBSCRIBER: subscriber, attributes.EVENT_TYPE: event.type})
            try:
                because = (("diwan-causation", event.event_id),)
                await self._door(subscriber).Deliver(
                    subscriber_service_pb2.DeliverRequest(event=event), timeout=30, metadata=because
                )
            except grpc.aio.AioRpcError as error:
                return Failure(
                    error=f"{error.code().name} {refused(error).reason}".strip(), final=error.code() in FINAL
                )
            return None

    async def tick(self, tick: Tick) -> None:
        """Call the RPC of a clock."""
        await _call(self._channel(tick.service), tick)

    async def close(self) -> None:
        """Close all channels."""
        for channel in self._channels.values():
            await channel.close()


async def _call(channel: grpc.aio.Channel, tick: Tick) -> None:
    service, _, name = tick.method.partition("/")
    package, _, short = service.rpartition(".")
    importlib.import_module(f"{package}.{_INNER_CAPITAL.sub('_', short).lower()}_pb2")
    method = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    request: Message = json_format.ParseDict(dict(tick.request), message_factory.GetMessageClass(method.input_type)())
    answer: Any = message_factory.GetMessageClass(method.output_type)
    call = channel.unary_unary(
        f"/{tick.method}", request_serializer=type(request).SerializeToString, response_deserializer=answer.FromString
    )
    with tracing.span(f"bus.tick {name}"):
        await call(request, timeout=tick.every + 30)
