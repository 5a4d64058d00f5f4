"""Hands each event to its subscriber and settles what came of it: gone, later, or among the dead letters."""

from itertools import groupby
from typing import Any

from kombu import Message

from services.bus import broker
from services.bus.green import wait
from services.bus.handover import Failure, Subscribers
from services.bus.loops import Given, Loop
from services.bus.outbox import Outbox, Parcel

AT_ONCE = 64


class DueDeliveries(Loop):
    """Fires for deliveries of one subscriber that are due; events of one aggregate go one after the other."""

    def __init__(self, source: str, subscriber: str, **kwargs: Any) -> None:
        self._source = source
        self._subscriber = subscriber
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Take the signal that the relay rings."""
        self.signal = self.container.config["signals"][self._source, self._subscriber]

    def turn(self) -> bool:
        """Hand over what is due and settle it."""
        outbox: Outbox = self.container.config["outboxes"][self._source]
        parcels = wait(outbox.due(self._subscriber, AT_ONCE))
        in_order = sorted(parcels, key=lambda parcel: (parcel.aggregate_id, parcel.position))
        chains = [self.fire(list(chain)) for _, chain in groupby(in_order, key=lambda parcel: parcel.aggregate_id)]
        outcomes = [outcome for chain in chains for outcome in chain.wait()]
        if gone := [parcel.position for parcel, failure in outcomes if failure is None]:
            wait(outbox.delivered(self._subscriber, gone))
        for parcel, failure in outcomes:
            if failure is not None:
                self._put_off(outbox, parcel, failure)
        return bool(parcels)

    def _put_off(self, outbox: Outbox, parcel: Parcel, failure: Failure) -> None:
        seconds = failure.wait_after(parcel.attempts)
        if seconds is None:
            wait(outbox.dead(self._subscriber, parcel.position, error=failure.error))
        else:
            wait(outbox.later(self._subscriber, parcel.position, seconds=seconds, error=failure.error))


def straight(source: str, subscriber: str) -> type:
    """Make the worker that hands one source's events to one subscriber without a broker."""

    class Worker:
        """Hands over the events of one aggregate in their order."""

        name = f"worker-{source}-{subscriber}"
        subscribers = Given("subscribers")

        @DueDeliveries.decorator(source, subscriber)
        def hand_over(self, chain: list[Parcel]) -> list[tuple[Parcel, Failure | None]]:
            """Hand over each and tell what came of it."""
            return [
                (parcel, wait(self.subscribers.deliver(subscriber, parcel.event, parcel.headers))) for parcel in chain
            ]

    return Worker


class Arrivals(Loop):
    """Fires for each message of a subscriber's queue; the connection lives until every message in hand is settled."""

    rest_seconds = 0.0

    def __init__(self, subscriber: str, **kwargs: Any) -> None:
        self._subscriber = subscriber
        self._inlet: broker.Inlet | None = None
        super().__init__(**kwargs)

    def turn(self) -> bool:
        """Take what arrives within a moment; a lost connection is made again after a second."""
        if self._inlet is None:
            self.rest_seconds = 1.0
            self._inlet = broker.Inlet.open(self.container.config["broker"], self._subscriber, self._take)
            self.rest_seconds = 0.0
        self._inlet.drain()
        return True

    def ended(self) -> None:
        """Settle what is in hand, then close."""
        inlet, self._inlet = self._inlet, None
        if inlet is not None:
            inlet.close()
        self.rest_seconds = 1.0

    def _take(self, message: Message) -> None:
        inlet = self._inlet
        assert inlet is not None
        inlet.begin()

        def settle(worker_ctx: Any, failure: Failure | None, raised: Any) -> Any:
            inlet.settle(
                message,
                Failure(error="bus") if raised else failure,
                publisher=self.container.config["publishers"][self._subscriber],
            )
            return failure, raised

        self.container.spawn_worker(self, (bytes(message.body), dict(message.headers)), {}, handle_result=settle)


def through_broker(subscriber: str) -> type:
    """Make the worker that hands a queue's messages to its subscriber."""

    class Worker:
        """Hands over one message."""

        name = f"worker-{subscriber}"
        subscribers = Given("subscribers")

        @Arrivals.decorator(subscriber)
        def hand_over(self, body: bytes, headers: dict[str, str]) -> Failure | None:
            """Hand it over and tell what came of it."""
            given: Subscribers = self.subscribers
            return wait(given.deliver(subscriber, body, headers))

    return Worker
