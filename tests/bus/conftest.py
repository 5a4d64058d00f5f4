"""The bus as a process of its own, between real outboxes and real subscribers."""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from diwan.common.v1 import subscriber_service_pb2 as contract
from diwan.common.v1 import subscriber_service_pb2_grpc as doors

from services.bus.plan import Plan
from services.chassis.database import Database
from services.chassis.refusals import Conflict, Invalid, TooEarly

ROOT = Path(__file__).parent.parent.parent
SERVICE = "diwan.common.v1.SubscriberService"


class EventRefused(Invalid):
    """This subscriber does not take it."""

    ar = "لا يقبله هذا المشترك."
    fr = "Cet abonné ne le prend pas."


class EventImpossible(Conflict):
    """This subscriber cannot take it in this state."""

    ar = "لا يمكن في هذه الحال."
    fr = "Impossible dans cet état."


@dataclass
class Taker(doors.SubscriberServiceServicer):
    """Notes what it is given; takes an event only after so many failures, or never."""

    taken: list[str] = field(default_factory=list)
    early: dict[str, int] = field(default_factory=dict)
    never: set[str] = field(default_factory=set)

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        event_id = request.event.event_id
        if event_id in self.never:
            raise EventRefused
        if self.early.get(event_id, 0) > 0:
            self.early[event_id] -= 1
            raise TooEarly
        self.taken.append(event_id)
        return contract.DeliverResponse()


@dataclass
class Line:
    """Everything between the sources and the takers."""

    databases: dict[str, Database]
    takers: dict[str, Taker]
    environment: dict[str, str]

    @asynccontextmanager
    async def bus(self, **more: str) -> AsyncIterator[Process]:
        """Run the bus."""
        process = await self._run("services.bus", **more)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 30) in {0, -signal.SIGKILL}

    async def dead_letters(self, *words: str, **more: str) -> str:
        """Run the operator's command."""
        process = await self._run("services.bus.dead_letters", *words, **more, COLUMNS="200", out=subprocess.PIPE)
        said, _ = await process.communicate()
        assert process.returncode == 0
        return said.decode()

    async def lists(self, event_id: str, **more: str) -> bool:
        """Say whether an event lies among the dead letters."""
        return event_id in await self.dead_letters("list", **more)

    async def _run(self, module: str, *words: str, out: int | None = None, **more: str) -> Process:
        environment = {**os.environ, **self.environment, **more}
        command = (sys.executable, "-m", module, *words)
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=out)


async def until(true: Callable[[], bool | Awaitable[bool]], *, seconds: float = 30) -> None:
    """Wait until something holds; fail when it never does."""
    async with asyncio.timeout(seconds):
        while True:
            held = true()
            if await held if isinstance(held, Awaitable) else held:
                return
            await asyncio.sleep(0.05)


@pytest.fixture
async def line(
    dsn_for: Callable[[str], Awaitable[str]], running: Any, keys_folder: Path, tmp_path: Path
) -> AsyncIterator[Line]:
    """Five outboxes and four takers."""
    plan = Plan.read()
    dsns = {source: await dsn_for("chassis") for source in {*plan.sources, *plan.subscribers}}
    databases = {
        source: await Database.open(dsn, migrations=None, process=source, max_size=2) for source, dsn in dsns.items()
    }
    takers = {subscriber: Taker() for subscriber in plan.subscribers}
    environment = {"DIWAN_HOME": str(tmp_path), "DIWAN_KEYS": str(keys_folder), "DIWAN_BUS_LISTEN": "127.0.0.1:0"}
    for subscriber, taker in takers.items():
        served = await running(subscriber, [(SERVICE, doors.add_SubscriberServiceServicer_to_server, taker)])
        environment[f"DIWAN_{subscriber.upper()}_ADDRESS"] = served.address
    for source, dsn in dsns.items():
        environment[f"DIWAN_{source.upper()}_DATABASE"] = f"{dsn}&user=diwan_bus" if "?" in dsn else dsn
    yield Line(databases=databases, takers=takers, environment=environment)
    for database in databases.values():
        await database.close()
