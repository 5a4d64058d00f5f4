"""The host of all ministries on this machine: finds their plugins, keeps a worker for each, asks them side by side."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from diwan_rules.host.limits import Limits
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.nursery import Nursery
from diwan_rules.host.questions import Outcome, Question
from diwan_rules.packages import Package
from diwan_rules.sources import Source, find


class MinistryNotHosted(KeyError):
    """No rules of this ministry are here."""


class Host:
    """Ministries by code; use it as `async with Host(folder) as host`."""

    def __init__(self, *folders: Path, limits: Limits | None = None) -> None:
        self._nursery = Nursery()
        self._limits = limits or Limits()
        by_ministry = groupby(find(*folders), key=lambda source: source.ministry)
        self.folders = {code: list(sources) for code, sources in by_ministry}
        self.ministries = {code: self._ministry(code, sources) for code, sources in self.folders.items()}
        self.candidates: dict[str, Ministry] = {}
        self._leaving: list[Ministry] = []
        self._unpacked_in: TemporaryDirectory[str] | None = None

    async def start(self) -> None:
        """Load every ministry's plugins, side by side; one that does not load keeps its errors and hurts nobody."""
        await asyncio.gather(*(ministry.load() for ministry in self.ministries.values()))

    async def put(self, code: str, package: Package | None, *, candidate: bool = False) -> Ministry:
        """Run a package from now on, or the folders' plugins when there is none; until it is loaded the former one answers."""
        new = self._ministry(code, self._unpacked(package) if package else self.folders[code])
        await new.load()
        self.take_away(code, candidate=candidate)
        self._slot(candidate)[code] = new
        return new

    def take_away(self, code: str, *, candidate: bool = False) -> None:
        """Ask the stable plugins or the candidate no more; what they were asked already they may answer."""
        if former := self._slot(candidate).pop(code, None):
            self._leaving.append(former)
            answered = self._limits.call_seconds + self._limits.hard_seconds
            asyncio.get_running_loop().call_later(answered, self._let_go, former)

    def close(self) -> None:
        """End all workers."""
        for ministry in [*self.ministries.values(), *self.candidates.values(), *self._leaving]:
            if ministry.worker:
                ministry.worker.channel.close()
        self._leaving.clear()
        self._nursery.close()
        if self._unpacked_in:
            self._unpacked_in.cleanup()
            self._unpacked_in = None

    async def ask(self, ministry: str, question: Question) -> list[Outcome]:
        """Return one outcome per case of one ministry."""
        if ministry not in self.ministries:
            raise MinistryNotHosted(ministry)
        return await self.ministries[ministry].ask(question)

    async def gather(self, ministries: Sequence[str], question: Question) -> list[list[Outcome]]:
        """Ask several ministries at the same time."""
        return await asyncio.gather(*(self.ask(ministry, question) for ministry in ministries))

    def _slot(self, candidate: bool) -> dict[str, Ministry]:
        return self.candidates if candidate else self.ministries

    def _ministry(self, code: str, sources: list[Source]) -> Ministry:
        return Ministry(code, sources, self._nursery, self._limits)

    def _let_go(self, ministry: Ministry) -> None:
        if ministry in self._leaving:
            self._leaving.remove(ministry)
            if ministry.worker:
                self._nursery.end(ministry.worker)

    def _unpacked(self, package: Package) -> list[Source]:
        """Write a package into a folder of this run and find its plugins."""
        if not self._unpacked_in:
            self._unpacked_in = TemporaryDirectory(prefix="diwan-rules-")
        return find(package.unpack(Path(self._unpacked_in.name) / package.sha512[:32]))

    async def __aenter__(self) -> "Host":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
