"""Calls to neighbours: one channel each for life, with identity, deadline, trace and retries in one place."""

import asyncio
import dataclasses
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.trace import SpanKind

from services.chassis import attributes, tracing
from services.chassis.access import Rule
from services.chassis.call import clock
from services.chassis.incoming import STANDING
from services.chassis.keys import private_key
from services.chassis.settings import Settings
from services.chassis.tokens import PROCESS_LIFETIME, sign_process

DOMAIN = "diwan"
DETAILS = "grpc-status-details-bin"
DEADLINE = 10.0
PAUSES = (0.05, 0.2, 0.8)
OPTIONS = (
    ("grpc.service_config", json.dumps({"loadBalancingConfig": [{"round_robin": {}}]})),
    ("grpc.dns_min_time_between_resolutions_ms", 2000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
)
SCHEMES = ("unix:", "dns:", "ipv4:", "ipv6:")
Metadata = tuple[tuple[str, str | bytes], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Refused:
    """Why a neighbour refused: our reason and words where it said them, else the bare status as kind."""

    kind: str
    reason: str = ""
    field: str = ""
    message: str = ""
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


def refused(error: grpc.aio.AioRpcError) -> Refused:
    """Read a refusal out of an error."""
    found: dict[str, Any] = {"kind": error.code().name}
    raw = dict(error.trailing_metadata() or ()).get(DETAILS)
    details = status_pb2.Status.FromString(raw).details if isinstance(raw, bytes) else ()
    for detail in details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            said = error_details_pb2.ErrorInfo.FromString(detail.value)
            found |= {"reason": said.reason, "facts": dict(said.metadata)}
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            found["field"] = error_details_pb2.BadRequest.FromString(detail.value).field_violations[0].field
        elif detail.Is(error_details_pb2.LocalizedMessage.DESCRIPTOR):
            found.setdefault("message", error_details_pb2.LocalizedMessage.FromString(detail.value).message)
    return Refused(**found)


def connect(settings: Settings, service: str) -> grpc.aio.Channel:
    """Open the channel to a service; keep it for the life of the process."""
    address = settings.addresses[service]
    target = address if address.startswith(SCHEMES) else f"dns:///{address}"
    return Channel(grpc.aio.insecure_channel(target, options=OPTIONS), _Passport(settings, service))


class _Passport:
    """What every call to one service carries."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._process = settings.process
        self._service = service
        self._language = settings.language
        self._key = private_key(settings.keys, settings.process)
        self._token, self._renew_at = "", clock()

    def metadata(self) -> Metadata:
        standing = STANDING.get()
        language = standing.language or self._language
        found = [("diwan-process", self._own_token()), ("accept-language", language), *tracing.inject().items()]
        if standing.actor_token:
            found.append(("authorization", f"Bearer {standing.actor_token}"))
        if standing.causation_id:
            found.append(("diwan-causation", standing.causation_id))
        return tuple(found)

    def _own_token(self) -> str:
        now = clock()
        if now >= self._renew_at:
            self._token = sign_process(self._key, self._process, audience=self._service, now=now)
            self._renew_at = now + PROCESS_LIFETIME / 2
        return self._token


class Channel(grpc.aio.Channel):
    """A channel whose calls carry what the house agreed on; generated stubs take it as any other."""

    def __init__(self, channel: grpc.aio.Channel, passport: _Passport) -> None:
        self._channel = channel
        self._passport = passport

    def unary_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Prepare a method that is answered once."""
        return _Unary(method, self._channel.unary_unary(method, *args, **kwargs), self._passport)

    def unary_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Prepare a method that answers with a stream."""
        return _streaming(method, self._channel.unary_stream(method, *args, **kwargs), self._passport)

    def stream_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Prepare a method that takes a stream."""
        return _streaming(method, self._channel.stream_unary(method, *args, **kwargs), self._passport)

    def stream_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Prepare a method that takes and answers streams."""
        return _streaming(method, self._channel.stream_stream(method, *args, **kwargs), self._passport)

    async def close(self, grace: float | None = None) -> None:
        """Close at the end of the process."""
        await self._channel.close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        """Return the state of the connection."""
        return self._channel.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Wait until the connection changes."""
        await self._channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Wait until the service can be reached."""
        await self._channel.channel_ready()

    async def __aenter__(self) -> "Channel":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class _Unary:
    """One method: a span, a deadline, and retries where the contract says that they are harmless."""

    def __init__(self, method: str, send: Callable[..., Awaitable[Any]], passport: _Passport) -> None:
        self._name = _spoken(method)
        self._send = send
        self._passport = passport
        self._pauses = PAUSES if _idempotent(method) else ()

    async def __call__(
        self, request: Any, *, timeout: float | None = None, metadata: Metadata = (), **kwargs: Any
    ) -> Any:
        with tracing.span(self._name, kind=SpanKind.CLIENT) as span:
            carried = self._passport.metadata() + tuple(metadata)
            for pause in (*self._pauses, None):
                try:
                    return await self._send(request, timeout=_within(timeout), metadata=carried, **kwargs)
                except grpc.aio.AioRpcError as error:
                    if pause is None or error.code() is not grpc.StatusCode.UNAVAILABLE or _within(timeout) <= pause:
                        span.set_attribute(attributes.RPC_STATUS, error.code().value[0])
                        raise
                    await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
        raise AssertionError("the last attempt returns or raises")


def _streaming(method: str, send: Callable[..., Any], passport: _Passport) -> Callable[..., Any]:
    def call(*requests: Any, timeout: float | None = None, metadata: Metadata = (), **kwargs: Any) -> Any:
        span = tracing.begin(_spoken(method), kind=SpanKind.CLIENT)
        carried = passport.metadata() + tuple(metadata)
        made = send(*requests, timeout=timeout or STANDING.get().remaining(), metadata=carried, **kwargs)
        made.add_done_callback(lambda _: span.end())
        return made

    return call


def _within(timeout: float | None) -> float:
    """Return the seconds left: the asked ones or the default, within those of the current call."""
    remaining = STANDING.get().remaining()
    own = DEADLINE if timeout is None else timeout
    return own if remaining is None else min(own, remaining)


def _spoken(method: str) -> str:
    """Name a call as `call intake.GetComplaint`."""
    service, _, name = method.strip("/").partition("/")
    return f"call {service.split('.')[1] if service.count('.') > 1 else service}.{name}"


def _idempotent(method: str) -> bool:
    service, _, name = method.strip("/").partition("/")
    try:
        found = descriptor_pool.Default().FindServiceByName(service)
    except KeyError:
        return False
    return Rule.of(found.methods_by_name[name]).idempotent
