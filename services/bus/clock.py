"""Clocks: idempotent RPCs called again and again, and the cleaning of outboxes."""

import logging

import grpc
from nameko.timer import timer

from services.bus.green import wait
from services.bus.loops import Given
from services.bus.plan import Tick

HOUR = 3600.0
KEPT_DAYS = 30
_log = logging.getLogger(__name__)


def ticking(tick: Tick) -> type:
    """Make the clock that calls one RPC; every replica may tick, because the RPC lets one act."""

    class Clock:
        """Calls one RPC."""

        name = f"clock-{tick.method.rpartition('/')[2]}"
        subscribers = Given("subscribers")

        @timer(interval=tick.every)
        def call(self) -> None:
            """Call it; a service that does not answer is called again at the next tick."""
            try:
                wait(self.subscribers.tick(tick))
            except grpc.aio.AioRpcError as error:
                _log.warning("%s: %s", tick.method, error.code().name)

    return Clock


def sweeping(source: str) -> type:
    """Make the clock that deletes what everybody has had."""

    class Sweeper:
        """Cleans one outbox."""

        name = f"sweeper-{source}"
        outboxes = Given("outboxes")

        @timer(interval=HOUR)
        def sweep(self) -> None:
            """Delete events that were delivered long ago."""
            wait(self.outboxes[source].forget(days=KEPT_DAYS))

    return Sweeper
