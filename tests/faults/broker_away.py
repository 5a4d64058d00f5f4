"""The demo through RabbitMQ, which is away for a while in the middle: `python -m tests.faults.broker_away --rows 5000 --seconds 60`."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.premises import Premises
from tests.demo import ending
from tests.demo.cast import a_cast
from tests.demo.play import Played, no_bar, play
from tests.demo.texts import OWN, Sample, read
from tests.house_run import premises, running
from tests.rabbitmq import RabbitMQ


@contextmanager
def a_broker() -> Iterator[RabbitMQ]:
    """Run a broker of our own."""
    with tempfile.TemporaryDirectory(prefix="diwan-broker-", ignore_cleanup_errors=True) as folder:
        broker = RabbitMQ(Path(folder))
        broker.start()
        try:
            yield broker
        finally:
            broker.end()


async def played_with_outage(found: Premises, broker: RabbitMQ, samples: Sequence[Sample], *, seconds: float) -> Played:
    """Play the demo; stop the broker once a tenth of the complaints has its decision, and start it again after a while."""
    begun, away = asyncio.Event(), 0

    async def outage() -> None:
        nonlocal away
        await begun.wait()
        await asyncio.to_thread(broker.stop)
        away = 1
        await asyncio.sleep(seconds)
        await asyncio.to_thread(broker.start)

    def bar(what: str, of: int) -> Callable[[int], None]:
        decided = 0

        def advance(more: int) -> None:
            nonlocal decided
            decided += more
            if what == "decided by the rules" and decided >= len(samples) // 10:
                begun.set()

        return advance if what == "decided by the rules" else no_bar(what, of)

    absent = asyncio.create_task(outage())
    async with a_cast(found) as cast:
        played = await play(cast, samples, letters=400, bar=bar)
    await absent
    assert away, "the broker was never away"
    return played


def main(
    rows: Annotated[int, typer.Option(help="file at most so many; 0 for all")] = 0,
    seconds: Annotated[float, typer.Option(help="how long the broker is away")] = 60,
    texts: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="a CSV file with a column of texts")] = OWN,
) -> None:
    """Run a house of its own with a broker of its own, and show what came of it."""
    console = Console(highlight=False, soft_wrap=True)
    with a_broker() as broker, premises() as environment:
        environment = {**os.environ, **environment, "DIWAN_BUS": broker.address}
        with running(environment):
            found = Premises.find(environment)
            samples = read(texts, at_most=rows or None)
            played = asyncio.run(played_with_outage(found, broker, samples, seconds=seconds))
            good = ending.show(console, found, played)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    typer.run(main)
