"""Events without a broker: each reaches every subscriber, once, whatever happens on the way."""

import signal
from typing import Any

from diwan.intake.v1 import events_pb2 as intake
from diwan.routing.v1 import events_pb2 as routing

from services.chassis import outbox
from services.chassis.call import Actor, ActorKind, begin
from tests.bus.conftest import Line, until


async def tell(line: Line, source: str, count: int) -> list[str]:
    """Save events in one transaction of a source; return their ids."""
    call = begin(Actor(kind=ActorKind.PROCESS, id=source), process=source)
    payload: Any = intake.ComplaintRegistered(number="16/0001/2026/000001")
    if source == "routing":
        payload = routing.ReferralOverdue(step=1)
    events = [
        outbox.envelope(call, payload=payload, aggregate_id=f"{source}-{number % 7}", aggregate_version=number)
        for number in range(count)
    ]
    async with line.databases[source].transaction() as connection:
        await outbox.save(connection, *events)
    return [event.event_id for event in events]


async def test_every_subscriber_gets_every_event_once(line: Line) -> None:
    before = await tell(line, "intake", 40)
    async with line.bus():
        await until(lambda: len(line.takers["routing"].taken) == 40)
        after = await tell(line, "intake", 40)
        reminders = await tell(line, "routing", 5)
        await until(lambda: len(line.takers["reporting"].taken) == 80)
        await until(lambda: len(line.takers["correspondence"].taken) == 5)
        await until(lambda: len(line.takers["routing"].taken) == 85)
    assert sorted(line.takers["reporting"].taken) == sorted(before + after)
    assert sorted(line.takers["routing"].taken) == sorted(before + after + reminders)
    assert sorted(line.takers["correspondence"].taken) == sorted(reminders)


async def test_events_of_one_thing_come_in_their_order(line: Line) -> None:
    told = await tell(line, "intake", 70)
    async with line.bus():
        await until(lambda: len(line.takers["routing"].taken) == 70)
    for thing in range(7):
        own = told[thing::7]
        assert [event_id for event_id in line.takers["routing"].taken if event_id in own] == own


async def test_an_event_that_comes_too_early_is_tried_again(line: Line) -> None:
    told = await tell(line, "intake", 3)
    line.takers["routing"].early[told[0]] = 1
    async with line.bus():
        await until(lambda: len(line.takers["routing"].taken) == 3)
    assert sorted(line.takers["routing"].taken) == sorted(told)


async def test_what_a_subscriber_refuses_is_listed_and_replayed(line: Line) -> None:
    told = await tell(line, "intake", 3)
    line.takers["routing"].never.add(told[1])
    async with line.bus():
        await until(lambda: len(line.takers["routing"].taken) == 2)
        await until(lambda: line.lists(told[1]))
        assert "INVALID_ARGUMENT EVENT_REFUSED" in await line.dead_letters("list")
        line.takers["routing"].never.clear()
        assert "Replayed 1" in await line.dead_letters("replay", told[1])
        await until(lambda: len(line.takers["routing"].taken) == 3)
        assert "No dead letters" in await line.dead_letters("list")


async def test_a_killed_bus_loses_nothing_and_another_takes_over(line: Line) -> None:
    told = await tell(line, "intake", 200)
    async with line.bus() as first:
        await until(lambda: len(line.takers["routing"].taken) > 20)
        first.send_signal(signal.SIGKILL)
    async with line.bus():
        await until(lambda: set(told) <= set(line.takers["routing"].taken) & set(line.takers["reporting"].taken))
