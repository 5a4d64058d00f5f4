"""Events through RabbitMQ: each reaches every subscriber, whatever happens to the broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from services.bus.plan import Plan
from tests.bus.conftest import Line, until
from tests.bus.test_straight import tell
from tests.rabbitmq import RabbitMQ

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A running broker."""
    broker = RabbitMQ(tmp_path_factory.mktemp("rabbitmq"))
    broker.start()
    yield broker
    broker.end()


@pytest.fixture(autouse=True)
def empty(rabbitmq: RabbitMQ, tmp_path: Path) -> None:
    """Begin with queues that hold nothing of the test before."""
    with Connection(rabbitmq.address) as connection:
        for subscriber in Plan.read().subscribers:
            for name in (f"diwan.{subscriber}", f"diwan.{subscriber}.dead"):
                connection.channel().queue_delete(name)


async def test_every_subscriber_gets_every_event(line: Line, rabbitmq: RabbitMQ) -> None:
    async with line.bus(DIWAN_BUS=rabbitmq.address):
        told = await tell(line, "intake", 80)
        await until(lambda: all(len(line.takers[name].taken) == 80 for name in ("routing", "reporting")))
    assert sorted(line.takers["routing"].taken) == sorted(told)


async def test_an_event_that_comes_too_early_waits_and_comes_again(line: Line, rabbitmq: RabbitMQ) -> None:
    async with line.bus(DIWAN_BUS=rabbitmq.address):
        told = await tell(line, "intake", 3)
        line.takers["routing"].early[told[0]] = 1
        await until(lambda: len(line.takers["routing"].taken) == 3)


async def test_what_a_subscriber_refuses_is_listed_and_replayed(line: Line, rabbitmq: RabbitMQ) -> None:
    setting = {"DIWAN_BUS": rabbitmq.address}
    async with line.bus(**setting):
        told = await tell(line, "intake", 1)
        line.takers["routing"].never.add(told[0])
        await until(lambda: len(line.takers["reporting"].taken) == 1)
        await until(lambda: line.lists(told[0], **setting))
        line.takers["routing"].never.clear()
        assert "Replayed 1" in await line.dead_letters("replay", "all", **setting)
        await until(lambda: len(line.takers["routing"].taken) == 1)
        assert "No dead letters" in await line.dead_letters("list", **setting)


async def test_events_wait_while_the_broker_is_away(line: Line, rabbitmq: RabbitMQ) -> None:
    async with line.bus(DIWAN_BUS=rabbitmq.address):
        before = await tell(line, "intake", 50)
        await until(lambda: len(line.takers["routing"].taken) > 10)
        rabbitmq.stop()
        away = await tell(line, "intake", 50)
        rabbitmq.start()
        for name in ("routing", "reporting"):
            await until(lambda name=name: set(before + away) <= set(line.takers[name].taken), seconds=60)
