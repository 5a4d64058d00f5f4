"""The host of all ministries on this machine: finds their plugins, keeps a worker for each, asks them side by side."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType

from diwan_rules.host.limits import Limits
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.nursery import Nursery
from diwan_rules.host.questions import Outcome, Question
from diwan_rules.sources import find


class MinistryNotHosted(KeyError):
    """No rules of this ministry are here."""


class Host:
    """Ministries by code; use it as `async with Host(folder) as host`."""

    def __init__(self, *folders: Path, limits: Limits | None = None) -> None:
        self._nursery = Nursery()
        sources = find(*folders)
        self.ministries = {
            code: Ministry(code, list(group), self._nursery, limits or Limits())
            for code, group in groupby(sources, key=lambda source: source.ministry)
        }

    async def start(self) -> None:
        """Load every ministry's plugins, side by side; one that does not load keeps its errors and hurts nobody."""
        await asyncio.gather(*(ministry.load() for ministry in self.ministries.values()))

    def close(self) -> None:
        """End all workers."""
        for ministry in self.ministries.values():
            if ministry.worker:
                ministry.worker.channel.close()
        self._nursery.close()

    async def ask(self, ministry: str, question: Question) -> list[Outcome]:
        """Return one outcome per case of one ministry."""
        if ministry not in self.ministries:
            raise MinistryNotHosted(ministry)
        return await self.ministries[ministry].ask(question)

    async def gather(self, ministries: Sequence[str], question: Question) -> list[list[Outcome]]:
        """Ask several ministries at the same time."""
        return await asyncio.gather(*(self.ask(ministry, question) for ministry in ministries))

    async def __aenter__(self) -> "Host":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
