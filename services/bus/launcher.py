"""Composes the bus from its plan and the settings, and runs it until it is told to stop."""

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any, TypeVar

import asyncpg
import eventlet
import grpc
from eventlet.event import Event
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from nameko.runners import ServiceRunner

from services.bus import broker, clock, relay, worker
from services.bus.green import wait
from services.bus.handover import Subscribers
from services.bus.loops import Signal
from services.bus.outbox import Outbox
from services.bus.plan import Plan
from services.chassis import journal, tracing
from services.chassis.settings import Settings

WORKERS = 32
Made = TypeVar("Made")
_log = logging.getLogger(__name__)


def run() -> None:
    """Run relays, workers and clocks until SIGTERM or SIGINT."""
    settings, plan = Settings.read("bus"), Plan.read()
    journal.start("bus")
    tracing.start("bus", settings)
    stop = Event()
    for order in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(order, lambda: None if stop.ready() else stop.send())
    server, door = wait(_door(settings.listen))
    config = _config(settings, plan)
    runner = ServiceRunner(config)
    for service in _services(settings, plan):
        runner.add_service(service)
    runner.start()
    wait(door.set("", health_pb2.HealthCheckResponse.SERVING))
    _log.info("the bus carries events of %s to %s", ", ".join(plan.sources), ", ".join(plan.subscribers))
    stop.wait()
    wait(door.set("", health_pb2.HealthCheckResponse.NOT_SERVING))
    with eventlet.Timeout(settings.grace_seconds, exception=False):
        runner.stop()
    wait(_close(config, server))
    tracing.stop()


def _config(settings: Settings, plan: Plan) -> dict[str, Any]:
    """Make what all containers share."""
    config: dict[str, Any] = {
        "AMQP_URI": "",
        "max_workers": WORKERS,
        "databases": settings.databases,
        "outboxes": {source: _open(source, settings.databases[source]) for source in plan.sources},
        "subscribers": Subscribers(settings),
        "signals": {(each.source, each.subscriber): Signal() for each in plan.subscriptions},
    }
    if settings.bus != "straight":
        _insist("broker", lambda: broker.declare(settings.bus, plan))
        config["broker"] = settings.bus
        config["publishers"] = {name: broker.Publisher(settings.bus) for name in {*plan.sources, *plan.subscribers}}
    return config


def _insist(name: str, make: Callable[[], Made]) -> Made:
    """Make something that needs a neighbour; try again each second until the neighbour is there."""
    while True:
        try:
            return make()
        except (OSError, asyncpg.PostgresError, broker.BrokerSilent) as error:
            _log.warning("%s does not answer yet: %s", name, type(error).__name__)
            eventlet.sleep(1)


async def _door(listen: str) -> tuple[grpc.aio.Server, health.aio.HealthServicer]:
    server, servicer = grpc.aio.server(options=[("grpc.so_reuseport", 0)]), health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_insecure_port(listen)
    await server.start()
    await servicer.set("", health_pb2.HealthCheckResponse.NOT_SERVING)
    return server, servicer


async def _close(config: dict[str, Any], server: grpc.aio.Server) -> None:
    await config["subscribers"].close()
    for outbox in config["outboxes"].values():
        await outbox.close()
    await server.stop(1)


def _open(source: str, dsn: str) -> Outbox:
    return _insist(source, lambda: wait(Outbox.open(dsn)))


def _services(settings: Settings, plan: Plan) -> list[type]:
    clocks = [clock.ticking(tick) for tick in plan.ticks] + [clock.sweeping(source) for source in plan.sources]
    if settings.bus == "straight":
        relays = [relay.straight(source, plan) for source in plan.sources]
        workers = [worker.straight(each.source, each.subscriber) for each in plan.subscriptions]
    else:
        relays = [relay.through_broker(source, plan) for source in plan.sources]
        workers = [worker.through_broker(subscriber) for subscriber in plan.subscribers]
    return relays + workers + clocks
