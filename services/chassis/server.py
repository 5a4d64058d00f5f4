"""A service's gRPC server: not serving until all is ready, one door for every method, a stop that loses no call."""

import asyncio
import logging
import random
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.internal import api_implementation
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from services.chassis.call import Call
from services.chassis.door import Door, Handler
from services.chassis.incoming import STANDING
from services.chassis.keys import public_keys
from services.chassis.settings import Settings
from services.chassis.tokens import Verifier

Served = tuple[str, Callable[[Any, Any], None], object]
Methods = dict[str, Handler]
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING

AT_ONCE = 2000  # calls in flight; one more is refused as RESOURCE_EXHAUSTED instead of being kept in memory

_log = logging.getLogger(__name__)


class ServerUnusable(Exception):
    """The server cannot be started as things are."""


def current_call() -> Call:
    """Return the call that is being answered."""
    call = STANDING.get().call
    if call is None:
        raise ServerUnusable("no call is being answered here")
    return call


class Server(grpc.GenericRpcHandler):
    """One process's server; methods are looked up in one table and pass one door."""

    def __init__(self, settings: Settings) -> None:
        if api_implementation.Type() != "upb":
            raise ServerUnusable("protobuf runs without its upb implementation; reinstall the package protobuf")
        self._settings = settings
        self._door = Door(Verifier(public_keys(settings.keys), audience=settings.process), language=settings.language)
        self._methods: Methods = {}
        self._health = health.aio.HealthServicer()
        self._names: list[str] = []
        self._server = grpc.aio.server(options=_options(settings), maximum_concurrent_rpcs=AT_ONCE)
        self.port = 0

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler:
        """Return the method that is called."""
        return self._methods.get(handler_call_details.method)

    async def start(self) -> None:
        """Listen, and say that nothing is served yet."""
        await self._health.set("", NOT_SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, _Table(self._methods))
        self._server.add_generic_rpc_handlers((self,))
        self.port = self._server.add_insecure_port(self._settings.listen)
        await self._server.start()

    async def open(self, services: Sequence[Served]) -> None:
        """Serve these services from now on."""
        for name, add, servicer in services:
            add(servicer, _Table(self._methods, self._door))
            self._names.append(name)
        listed = (*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME)
        mirror = reflection.aio.ReflectionServicer(listed)
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(mirror, _Table(self._methods))
        for name in ("", *self._names):
            await self._health.set(name, SERVING)
        _log.info("serving", extra={"listen": self._settings.listen, "port": self.port, "services": self._names})

    async def stop(self) -> None:
        """Say so, serve on while callers look elsewhere, then finish what is in flight."""
        for name in ("", *self._names):
            await self._health.set(name, NOT_SERVING)
        await asyncio.sleep(self._settings.drain_seconds)
        await self._server.stop(self._settings.grace_seconds)


async def serve(settings: Settings, services: Sequence[Served]) -> None:
    """Serve until SIGTERM or SIGINT."""
    told = asyncio.create_task(told_to_stop())
    server = Server(settings)
    await server.start()
    await server.open(services)
    await told
    await server.stop()


async def told_to_stop() -> None:
    """Wait for SIGTERM or SIGINT."""
    told = asyncio.Event()
    for order in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(order, told.set)
    await told.wait()


class _Table:
    """Takes methods from generated code as a server would: as they are, or behind the door."""

    def __init__(self, methods: Methods, door: Door | None = None) -> None:
        self._methods = methods
        self._door = door

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Handler]) -> None:
        """Take the methods of a service."""
        for name, handler in handlers.items():
            self._methods[f"/{service}/{name}"] = (
                self._door.guard(_found(service, name), handler) if self._door else handler
            )

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Leave these aside: the same methods come by name."""


def _found(service: str, name: str) -> MethodDescriptor:
    return descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]


def _options(settings: Settings) -> list[tuple[str, Any]]:
    age = int(settings.connection_age_seconds * 1000 * random.uniform(0.9, 1.1))  # noqa: S311
    return [
        ("grpc.so_reuseport", int(settings.reuse_port)),
        ("grpc.max_connection_age_ms", age),
        ("grpc.max_connection_age_grace_ms", 30_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 20_000),
    ]
