"""Single processes are killed in the middle of their work: nothing acknowledged is lost, everything is decided in the end."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from diwan.routing.v1 import routing_service_pb2, triage_pb2

from services.premises import Premises
from tests.demo import checks
from tests.demo.cast import Cast, a_cast, patiently
from tests.demo.deciding import until_decided
from tests.demo.filing import Filed, file_all
from tests.demo.front_office import FrontOffice
from tests.demo.texts import Sample, read
from tests.house_run import premises, running

pytestmark = pytest.mark.slow
ALONE = ("portal", "mobile", "call_centre")


@pytest.fixture(scope="module")
def launched() -> Iterator[tuple[int, Premises]]:
    """A house whose processes may be killed; its launcher's id."""
    with premises() as environment, running(environment) as (launcher, _):
        yield launcher.pid, Premises.find(environment)


def process_of(launcher: int, name: str) -> int:
    """Return the id of a process of the house, among the launcher's own children."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes().split(b"\0")
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == launcher and f"services.{name}".encode() in command:
            return int(path.name)
    raise AssertionError(f"{name} does not run")


def some_samples(count: int) -> list[Sample]:
    """Samples that citizens and clients file one by one."""
    return [replace(each, channel=ALONE[place % 3], addressed="") for place, each in enumerate(read(at_most=count))]


async def killed_while_filing(cast: Cast, launcher: int, name: str, samples: list[Sample]) -> list[Filed]:
    """File; kill the process three times meanwhile."""

    async def kill() -> None:
        for _ in range(3):
            await asyncio.sleep(0.5)
            os.kill(await until_there(launcher, name), signal.SIGKILL)

    killing = asyncio.create_task(kill())
    filed: list[Filed] = []
    for start in range(0, len(samples), 20):
        filed += await file_all(cast, samples[start : start + 20], lambda more: None)
    await killing
    return filed


async def until_there(launcher: int, name: str) -> int:
    """Wait until the launcher has started it again."""
    for _ in range(300):
        try:
            return process_of(launcher, name)
        except AssertionError:
            await asyncio.sleep(0.1)
    return process_of(launcher, name)


@pytest.mark.parametrize("name", ["intake", "bus", "rulehost", "routing"])
async def test_a_killed_process_loses_nothing(launched: tuple[int, Premises], name: str) -> None:
    launcher, found = launched
    async with a_cast(found) as cast:
        before = (await checks.totals(cast)).entered
        filed = await killed_while_filing(cast, launcher, name, some_samples(60))
        office = FrontOffice(cast, lambda more: None)
        for each in filed:
            assert (await office.track(each)).number == each.number
        await until_decided(cast, filed, lambda more: None)
        books = await checks.books(cast)
        totals = await checks.totals(cast)
        assert books.gaps == ()
        assert books.entries == totals.entered == before + len(filed)
        assert totals.equal, totals
        assert await checks.dead_letters(cast) == []
        assert await held(cast) == 0


async def held(cast: Cast) -> int:
    """Count the complaints that are still held because rules had failed, once the clock has called for them again."""
    mediator = await cast.mediator()
    request = routing_service_pb2.ListTriageRequest(kind=triage_pb2.TRIAGE_KIND_PROVISIONAL, page_size=1)
    for _ in range(60):
        listed = await patiently(lambda: mediator.does(mediator.doors.routing.ListTriage, request))
        if not listed.total_size:
            return 0
        await asyncio.sleep(1)
    return int(listed.total_size)
