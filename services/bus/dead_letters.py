"""The operator's command for events that could not be delivered: list them, and replay them after the mend."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Protocol

import asyncpg
import typer
from diwan.common.v1 import event_pb2
from kombu import Connection, Message, Queue
from rich.console import Console
from rich.table import Table

from services.bus import broker
from services.bus.plan import Plan
from services.chassis.settings import Settings

LIST = """
    SELECT event_id::text, type, dead_letter.subscriber, attempts, last_error
    FROM dead_letter JOIN outbox USING (position) WHERE replayed_at IS NULL ORDER BY dead_letter_id
"""
REPLAY = """
    WITH replayed AS (
        UPDATE dead_letter SET replayed_at = now()
        WHERE replayed_at IS NULL AND ($1 = '' OR position = (SELECT position FROM outbox WHERE event_id::text = $1))
        RETURNING position, subscriber
    )
    INSERT INTO delivery (position, subscriber) SELECT DISTINCT position, subscriber FROM replayed ON CONFLICT DO NOTHING
"""
app = typer.Typer(help="Events that could not be delivered.", no_args_is_help=True, pretty_exceptions_show_locals=False)


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """One event that one subscriber did not take."""

    event_id: str
    type: str
    subscriber: str
    attempts: int
    error: str


class Shelf(Protocol):
    """Where dead letters lie."""

    def letters(self) -> list[DeadLetter]:
        """Return all of them, oldest first."""
        ...

    def replay(self, event_id: str) -> int:
        """Send one again, or all when the id is empty; say how many."""
        ...


class Tables:
    """The dead letters of the services' own databases, where no broker is used."""

    def __init__(self, databases: dict[str, str]) -> None:
        self._databases = databases

    def letters(self) -> list[DeadLetter]:
        """Return all of them, oldest first."""
        return asyncio.run(self._letters())

    def replay(self, event_id: str) -> int:
        """Send one again, or all when the id is empty; say how many."""
        return asyncio.run(self._replay(event_id))

    async def _letters(self) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        for dsn in self._databases.values():
            connection = await asyncpg.connect(dsn)
            rows = await connection.fetch(LIST)
            await connection.close()
            found += [
                DeadLetter(event_id=row[0], type=row[1], subscriber=row[2], attempts=row[3], error=row[4])
                for row in rows
            ]
        return found

    async def _replay(self, event_id: str) -> int:
        count = 0
        for dsn in self._databases.values():
            connection = await asyncpg.connect(dsn)
            count += int((await connection.execute(REPLAY, event_id)).rpartition(" ")[2])
            await connection.close()
        return count


class Queues:
    """The dead letters of RabbitMQ."""

    def __init__(self, address: str, plan: Plan) -> None:
        self._address = address
        self._plan = plan

    def letters(self) -> list[DeadLetter]:
        """Return all of them, oldest first; what was only looked at goes back when the connection closes."""
        with broker.connect(self._address) as connection:
            return [
                _described(subscriber, message)
                for subscriber in self._plan.subscribers
                for message in _waiting(connection, subscriber)
            ]

    def replay(self, event_id: str) -> int:
        """Send one again, or all when the id is empty; say how many."""
        publisher = broker.Publisher(self._address)
        count = 0
        with broker.connect(self._address) as connection:
            for subscriber in self._plan.subscribers:
                for message in _waiting(connection, subscriber):
                    if event_id in ("", _described(subscriber, message).event_id):
                        headers = {
                            name: value
                            for name, value in message.headers.items()
                            if name not in (broker.ATTEMPTS, broker.ERROR)
                        }
                        publisher.publish(
                            bytes(message.body), headers, exchange="", routing_key=broker.queue_name(subscriber)
                        )
                        message.ack()
                        count += 1
        return count


def _waiting(connection: Connection, subscriber: str) -> Iterator[Message]:
    queue = Queue(broker.dead_name(subscriber), no_declare=True)(connection.channel())
    while (message := queue.get(accept=[broker.EVENT])) is not None:
        yield message


def _described(subscriber: str, message: Message) -> DeadLetter:
    event = event_pb2.Event.FromString(bytes(message.body))
    attempts, error = message.headers.get(broker.ATTEMPTS, 0), message.headers.get(broker.ERROR, "killed its worker")
    return DeadLetter(event_id=event.event_id, type=event.type, subscriber=subscriber, attempts=attempts, error=error)


def shelf(settings: Settings) -> Shelf:
    """Return the dead letters of the way that events travel."""
    plan = Plan.read()
    if settings.bus != "straight":
        return Queues(settings.bus, plan)
    return Tables({source: settings.databases[source] for source in plan.sources})


@app.command("list")
def show() -> None:
    """Show what could not be delivered, and what to do."""
    letters = shelf(Settings.read("bus")).letters()
    console = Console()
    if not letters:
        console.print("No dead letters: every event was delivered or is on its way.")
        return
    table = Table("event", "type", "subscriber", "attempts", "error")
    for letter in letters:
        table.add_row(letter.event_id, letter.type, letter.subscriber, str(letter.attempts), letter.error)
    console.print(table)
    console.print("Mend the cause, then replay: make dead-letters REPLAY=all, or REPLAY=<event>.")


@app.command()
def replay(event: Annotated[str, typer.Argument(help="The event's id, or all.")]) -> None:
    """Send dead letters again."""
    count = shelf(Settings.read("bus")).replay("" if event == "all" else event)
    Console().print(f"Replayed {count}. Look again in a moment: make dead-letters.")


if __name__ == "__main__":
    app()
