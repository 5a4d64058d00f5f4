"""Takes new events out of a service's outbox: fans them out to its subscribers, or publishes them to the broker."""

from typing import Any

from services.bus import broker
from services.bus.green import wait
from services.bus.loops import Given, Loop
from services.bus.outbox import Bell
from services.bus.plan import Plan
from services.chassis import tracing

AT_ONCE = 200


class NewEvents(Loop):
    """Fires as soon as an outbox has new events, in the one process that leads this outbox."""

    def __init__(self, source: str, **kwargs: Any) -> None:
        self._source = source
        self._bell: Bell | None = None
        super().__init__(**kwargs)

    def turn(self) -> bool:
        """Run the service's method while it finds events."""
        if self._bell is None:
            self._bell = wait(Bell.hang(self.container.config["databases"][self._source], self.signal.ring))
        return bool(wait(self._bell.leads()) and self.fire().wait())

    def ended(self) -> None:
        """Hang up, so that another relay can lead."""
        bell, self._bell = self._bell, None
        if bell is not None:
            wait(bell.close())


def straight(source: str, plan: Plan) -> type:
    """Make the relay of one outbox for delivery without a broker."""
    routes = plan.routes(source)

    class Relay:
        """Gives each new event one delivery a subscriber."""

        name = f"relay-{source}"
        outboxes = Given("outboxes")
        signals = Given("signals")

        @NewEvents.decorator(source)
        def carry(self) -> int:
            """Fan out and wake the workers of those concerned."""
            events, subscribers = wait(self.outboxes[source].fan_out(routes))
            for subscriber in subscribers:
                self.signals[source, subscriber].ring()
            return int(events)

    return Relay


def through_broker(source: str, plan: Plan) -> type:
    """Make the relay of one outbox for delivery through RabbitMQ."""
    wanted = {type_ for type_, _ in plan.routes(source)}

    class Relay:
        """Publishes each new event with a confirm, then marks it."""

        name = f"relay-{source}"
        outboxes = Given("outboxes")
        publishers = Given("publishers")

        @NewEvents.decorator(source)
        def carry(self) -> int:
            """Publish; events that nobody takes are marked only."""
            parcels = wait(self.outboxes[source].pending(AT_ONCE))
            confirmed: list[int] = []
            try:
                for parcel in parcels:
                    if parcel.type in wanted:
                        with tracing.span(
                            f"bus.publish {parcel.type.rpartition('.')[2]}", parent=tracing.extract(parcel.headers)
                        ):
                            self.publishers[source].publish(
                                parcel.event, tracing.inject(), exchange=broker.EXCHANGE, routing_key=parcel.type
                            )
                    confirmed.append(parcel.position)
            finally:
                if confirmed:
                    wait(self.outboxes[source].published(confirmed))
            return len(parcels)

    return Relay
