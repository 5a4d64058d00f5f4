"""RabbitMQ as we use it: a quorum queue a subscriber, queues to wait in, a queue of dead letters, confirmed publishing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Connection, Consumer, Exchange, Message, Producer, Queue

from services.bus.handover import WAITS, Failure
from services.bus.plan import Plan

EXCHANGE = "diwan.events"
EVENT = "application/x-protobuf"
ATTEMPTS = "diwan-attempts"
ERROR = "diwan-error"
DELIVERY_LIMIT = 20
PREFETCH = 16
PATIENCE = 10.0
_log = logging.getLogger(__name__)


def queue_name(subscriber: str) -> str:
    """Name the queue of a subscriber."""
    return f"diwan.{subscriber}"


def dead_name(subscriber: str) -> str:
    """Name the queue of a subscriber's dead letters."""
    return f"diwan.{subscriber}.dead"


def _wait_name(subscriber: str, seconds: int) -> str:
    return f"diwan.{subscriber}.wait.{seconds}"


class BrokerSilent(Exception):
    """The broker does not answer in time; it may be away or under a memory alarm."""


class Unroutable(Exception):
    """The broker took a message for which it has no queue."""


@contextmanager
def _patience() -> Iterator[None]:
    """Give the broker a while: a blocked publish ends in no other way."""
    try:
        with eventlet.Timeout(PATIENCE):
            yield
    except eventlet.Timeout as timeout:
        raise BrokerSilent from timeout


def connect(address: str) -> Connection:
    """Open a connection that publishes with confirms."""
    connection = Connection(address, heartbeat=30, connect_timeout=5, transport_options={"confirm_publish": True})
    with _patience():
        connection.connect()
    return connection


def declare(address: str, plan: Plan) -> None:
    """Declare exchange, queues and bindings, before anybody publishes; declaring again changes nothing."""
    with connect(address) as connection:
        channel = connection.default_channel
        exchange = Exchange(EXCHANGE, type="topic", durable=True)
        exchange(channel).declare()
        for subscriber in plan.subscribers:
            _declare_queues(channel, subscriber)
        for each in plan.subscriptions:
            for type_ in each.types:
                channel.queue_bind(queue_name(each.subscriber), exchange=EXCHANGE, routing_key=type_)


def _declare_queues(channel: Any, subscriber: str) -> None:
    quorum: dict[str, object] = {"x-queue-type": "quorum"}
    back = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": queue_name(subscriber)}
    lost = {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_name(subscriber),
        "x-delivery-limit": DELIVERY_LIMIT,
    }
    _queue(channel, dead_name(subscriber), quorum)
    _queue(channel, queue_name(subscriber), quorum | lost)
    for seconds in WAITS:
        _queue(channel, _wait_name(subscriber, seconds), quorum | back | {"x-message-ttl": seconds * 1000})


def _queue(channel: Any, name: str, arguments: dict[str, object]) -> None:
    Queue(name, durable=True, queue_arguments=arguments, exchange=Exchange(""), routing_key=name)(
        channel
    ).queue_declare()


class Publisher:
    """Publishes one message at a time and returns once the broker has it safe; reconnects after a failure."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: Connection | None = None
        self._turn = Semaphore()

    def publish(self, body: bytes, headers: dict[str, Any], *, exchange: str, routing_key: str) -> None:
        """Publish with confirm; raise when the broker refuses, is away or has no queue for it."""
        with self._turn:
            try:
                with _patience():
                    self._publish(body, headers, exchange, routing_key)
            except BaseException:
                self._drop()
                raise

    def _publish(self, body: bytes, headers: dict[str, Any], exchange: str, routing_key: str) -> None:
        if self._connection is None:
            self._connection = connect(self._address)
        returned: list[object] = []
        producer = Producer(
            self._connection.default_channel, on_return=lambda *message: returned.append(message), auto_declare=False
        )
        producer.publish(
            body,
            exchange=exchange,
            routing_key=routing_key,
            headers=headers,
            content_type=EVENT,
            content_encoding="binary",
            delivery_mode=2,
            mandatory=True,
            retry=False,
        )
        if returned:
            raise Unroutable(routing_key)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()


class Inlet:
    """One connection that takes in a subscriber's queue and acknowledges a message only once it is settled."""

    def __init__(self, connection: Connection, subscriber: str) -> None:
        self._connection = connection
        self._subscriber = subscriber
        self._in_hand = 0
        self._broken = False
        self._writing = Semaphore()

    @classmethod
    def open(cls, address: str, subscriber: str, take: Callable[[Message], None]) -> "Inlet":
        """Connect and begin to consume."""
        connection = connect(address)
        channel = connection.default_channel
        channel.basic_qos(0, PREFETCH, False)
        queue = Queue(queue_name(subscriber), no_declare=True)
        Consumer(channel, [queue], on_message=take, auto_declare=False, accept=[EVENT]).consume()
        return cls(connection, subscriber)

    def drain(self) -> None:
        """Take in what arrives within a second, and show the broker that we live; raise when the connection is of no more use."""
        if self._broken:
            raise BrokerSilent
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=1)
        with self._writing:
            self._connection.heartbeat_check()

    def begin(self) -> None:
        """Count a message that is in hand."""
        self._in_hand += 1

    def settle(self, message: Message, failure: Failure | None, *, publisher: Publisher) -> None:
        """Acknowledge a message, one that failed after it lies safely where it waits; what cannot be settled comes again."""
        try:
            if failure is not None:
                self._put_off(message, failure, publisher)
            with self._writing:
                message.ack()
        except Exception as error:  # noqa: BLE001 (whatever it was, the broker still has the message)
            _log.warning("a message of %s comes again: %s", self._subscriber, type(error).__name__)
            self._broken = True
        finally:
            self._in_hand -= 1

    def _put_off(self, message: Message, failure: Failure, publisher: Publisher) -> None:
        attempts = int(message.headers.get(ATTEMPTS, 0))
        seconds = failure.wait_after(attempts)
        name = dead_name(self._subscriber) if seconds is None else _wait_name(self._subscriber, seconds)
        headers = message.headers | {ATTEMPTS: attempts + 1, ERROR: failure.error}
        publisher.publish(bytes(message.body), headers, exchange="", routing_key=name)

    def close(self) -> None:
        """Cancel, let what is in hand settle for a while, and close; what is not settled comes again."""
        for _ in range(100):
            if not self._in_hand:
                break
            eventlet.sleep(0.1)
        self._connection.collect()
