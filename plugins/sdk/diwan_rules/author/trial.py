"""The rules of a folder in the real host, for one command: the very processes and limits of production."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from diwan_rules import packages
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
    """A host with the rules of one folder or one package; use it as `with Trial(folder) as trial`."""

    def __init__(self, rules: Path) -> None:
        self._rules = rules
        self._terms: dict[str, Terms] = {}
        self._ends = ExitStack()

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
        with ExitStack() as ends:
            folder = self._rules if self._rules.is_dir() else ends.enter_context(_unpacked(self._rules))
            self._host = Host(folder, limits=replace(Limits(), call_seconds=600.0))
            if not self._host.ministries:
                raise Mistake("rules_missing", folder=self._rules)
            self._runner = ends.enter_context(asyncio.Runner())
            ends.callback(lambda: self._runner.run(self._close()))
            self._runner.run(self._host.start())
            for ministry in self.ministries:
                ministry.breaker = Breaker(limit=_NEVER)  # every case is asked, however many failed before it
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    async def _close(self) -> None:
        self._host.close()


@contextmanager
def _unpacked(wheel: Path) -> Iterator[Path]:
    """Unpack a package for as long as it is asked; nobody need have signed it, for it runs on the author's own machine."""
    if not wheel.is_file():
        raise Mistake("folder_missing", folder=wheel)
    with TemporaryDirectory() as folder:
        yield packages.unsigned(wheel.read_bytes()).unpack(Path(folder) / "package")


def now() -> datetime:
    """Return the moment at which an author's trial begins."""
    return datetime.now(UTC)  # noqa: TID251 - there is no call that could bring it
