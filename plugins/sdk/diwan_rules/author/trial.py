"""The rules of a folder in the real host, for one command: the very processes and limits of production."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diwan_rules.author.language import Mistake, told
from diwan_rules.facts import Case
from diwan_rules.host.breaker import Breaker
from diwan_rules.host.limits import Limits
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.questions import Outcome, Question, asked
from diwan_rules.host.supervisor import Host
from diwan_rules.terms import Hits, Terms

_NEVER = 2**31


class Trial:
    """A host with the rules of one folder; use it as `with Trial(folder) as trial`."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Mistake("folder_missing", folder=folder)
        self._host = Host(folder, limits=replace(Limits(), call_seconds=600.0))
        if not self._host.ministries:
            raise Mistake("rules_missing", folder=folder)
        self._runner = asyncio.Runner()
        self._terms: dict[str, Terms] = {}

    @property
    def ministries(self) -> list[Ministry]:
        """Return the ministries whose rules are in the folder."""
        return list(self._host.ministries.values())

    @property
    def mistakes(self) -> list[str]:
        """Return what is wrong with the rules, in the author's language."""
        return [told(error) for ministry in self.ministries for error in ministry.load_errors]

    def only(self) -> Ministry:
        """Return the one ministry of the folder, loaded; anything else is a mistake."""
        if self.mistakes:
            raise Mistake("rules_not_loaded", mistakes="\n".join(self.mistakes))
        if len(self.ministries) > 1:
            raise Mistake("ministries_several", found=", ".join(each.code for each in self.ministries))
        return self.ministries[0]

    def hits(self, ministry: Ministry, case: Case) -> dict[str, Hits]:
        """Search a ministry's terms in a case, as the core does."""
        if ministry.code not in self._terms:
            self._terms[ministry.code] = Terms(ministry.described.get("terms", {}))
        return self._terms[ministry.code].scan(case.words)

    def ask(self, ministry: Ministry, hook: str, cases: Sequence[Case], **around: Any) -> list[Outcome]:
        """Return a ministry's answers about some cases; `around` is what `question` takes."""
        sent = tuple(asked(case, {ministry.code: self.hits(ministry, case)}) for case in cases)
        around.setdefault("now", now())
        return self._runner.run(ministry.ask(Question(hook=hook, cases=sent, **around)))

    def __enter__(self) -> "Trial":
        try:
            self._runner.run(self._host.start())
        except BaseException:
            self.__exit__()
            raise
        for ministry in self.ministries:
            ministry.breaker = Breaker(limit=_NEVER)  # every case is asked, however many failed before it
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._close())
        self._runner.close()

    async def _close(self) -> None:
        self._host.close()


def now() -> datetime:
    """Return the moment at which an author's trial begins."""
    return datetime.now(UTC)  # noqa: TID251 - there is no call that could bring it
