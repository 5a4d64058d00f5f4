"""Counts what the house holds from several sides, so that it can be compared."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from diwan.intake.v1 import complaint_pb2, intake_service_pb2
from diwan.reporting.v1 import reporting_service_pb2

from services.bus.dead_letters import shelf
from services.chassis.call import clock
from tests.demo.cast import Cast, Officer, patiently

PATIENCE = 120.0
STATES = complaint_pb2.ComplaintState.Name


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Complaints of intake by state, beside the national table of reporting."""

    states: dict[str, int]
    reported: int
    reported_closed: int
    reported_triage: int
    facts: int
    rollups: int
    differences: tuple[str, ...]

    @property
    def entered(self) -> int:
        """All complaints in intake."""
        return sum(self.states.values())

    @property
    def equal(self) -> bool:
        """Say whether report, facts, rollups and intake agree."""
        sides = {self.entered, self.reported, self.facts, self.rollups}
        return len(sides) == 1 and self.reported_closed == self.states.get("CLOSED", 0) and not self.differences


async def totals(cast: Cast, *, patience: float = PATIENCE) -> Totals:
    """Compare until both sides agree or patience ends; events may still be on their way."""
    mediator, end = await cast.mediator(), asyncio.get_running_loop().time() + patience
    while True:
        found = await _totals(cast, mediator)
        if found.equal or asyncio.get_running_loop().time() > end:
            return found
        await asyncio.sleep(2)


async def _totals(cast: Cast, mediator: Officer) -> Totals:
    counts = await patiently(
        lambda: mediator.does(mediator.intake.CountComplaints, intake_service_pb2.CountComplaintsRequest())
    )
    year = clock().year
    period = {"from_day": f"{year - 1}-01-01", "to_day": f"{year}-12-31"}
    asked = reporting_service_pb2.GetNationalTableRequest(**period, with_samples=True)
    table = (await patiently(lambda: mediator.does(mediator.doors.reporting.GetNationalTable, asked))).table
    recount = await patiently(
        lambda: cast.operator.reporting.RecountFacts(reporting_service_pb2.RecountFactsRequest(**period), timeout=60)
    )
    both = (table.total.complaints, table.total.petitions)
    return Totals(
        states={STATES(each.state).removeprefix("COMPLAINT_STATE_"): each.count for each in counts.counts},
        reported=sum(each.received for each in both),
        reported_closed=sum(each.closed for each in both),
        reported_triage=sum(each.awaiting_triage for each in both),
        facts=recount.facts,
        rollups=recount.rollups,
        differences=tuple(recount.differences),
    )


@dataclass(frozen=True, kw_only=True)
class Books:
    """The registers that have entries."""

    registers: int
    entries: int
    gaps: tuple[str, ...]


async def books(cast: Cast) -> Books:
    """Read every line of every register that has entries; name those whose lines are not 1, 2, 3 …"""
    mediator, used, token = await cast.mediator(), Counter[str](), ""
    while True:
        asked = intake_service_pb2.ListRegistersRequest(page_size=200, page_token=token)
        page = await patiently(lambda made=asked: cast.operator.intake.ListRegisters(made, timeout=30))
        used.update({each.register_id: each.entries for each in page.registers if each.entries})
        if not (token := page.next_page_token):
            break
    slots = asyncio.Semaphore(8)

    async def whole(register_id: str) -> bool:
        async with slots:
            lines = await _lines(mediator, register_id)
        return sorted(lines) == list(range(1, used[register_id] + 1))

    names = sorted(used)
    fine = await asyncio.gather(*(whole(name) for name in names))
    gaps = tuple(name for name, good in zip(names, fine, strict=True) if not good)
    return Books(registers=len(names), entries=used.total(), gaps=gaps)


async def _lines(mediator: Officer, register_id: str) -> list[int]:
    lines: list[int] = []
    token = ""
    while True:
        asked = intake_service_pb2.ListComplaintsRequest(
            filter=intake_service_pb2.ComplaintFilter(register_id=register_id), page_size=200, page_token=token
        )
        page = await patiently(lambda made=asked: mediator.does(mediator.intake.ListComplaints, made))
        lines += [int(each.number.rpartition("/")[2]) for each in page.complaints]
        if not (token := page.next_page_token):
            return lines


async def dead_letters(cast: Cast) -> list[Any]:
    """Read the events that could not be delivered."""
    return await asyncio.to_thread(shelf(cast.premises.settings("bus")).letters)
