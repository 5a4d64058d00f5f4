"""Poisons one ministry's rules in every known way, under load, and shows who was hurt: `python -m tests.faults.poisoned_rules`."""

import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from diwan_rules.host.questions import Outcome, Question, asked
from diwan_rules.host.supervisor import Host
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.routing.domain.resolver import Answer, AnswerKind, Circumstances, Precedence, resolve
from services.routing.domain.resolver import Outcome as Resolved
from tests.rules.builders import NOW, a_case, a_misbehaving_plugin, a_plugin

CASES, POISON, RATE = 300, 14, 50
BAD, HEALTHY = "MSAN", ("MEN", "MJ", "MICLAT")
POISONS = (
    "loop", "regex", "hold the gil", "hog", "raise", "wrong type", "exit", "exit at once", "segfault", "import error", "thread",
    "swallow", "control",
)  # fmt: skip
UNHURT = frozenset({"thread", "control"})
IMPORTED = "import error"
HUMAN = frozenset({Resolved.PROVISIONAL, Resolved.AMBIGUOUS, Resolved.UNCLAIMED})


@dataclass(frozen=True, kw_only=True)
class Hurt:
    """What one poison did: of whom how many cases were answered, and whether its own were noticed."""

    poison: str
    healthy: int
    innocent: float
    blamed: int
    to_a_person: int
    ended: int
    leaked: int
    slowest: float

    @property
    def bearable(self) -> bool:
        """Tell whether nobody else was hurt and no poison went unnoticed."""
        noticed = self.poison in UNHURT or self.blamed == self.to_a_person == POISON
        innocent = self.poison == IMPORTED or self.innocent >= 0.95
        leaks = self.poison != "thread" or self.leaked == POISON
        return self.healthy == CASES * len(HEALTHY) and innocent and noticed and leaks


async def poisoned(poison: str, folder: Path) -> Hurt:
    """Send the cases at their rate to all ministries, some of them poison to one."""
    a_misbehaving_plugin(folder)
    if poison == IMPORTED:
        with (folder / "msan" / "rules.py").open("a", encoding="utf-8") as rules:
            rules.write("\nimport nothing_of_this_name\n")
    for code in HEALTHY:
        a_plugin(folder, "@hookimpl\ndef claim(case): return Claim(score=100, because=WHY)", ministry=code)
    bad = frozenset(random.Random(poison).sample(range(CASES), POISON))
    async with Host(folder) as host:
        loop = asyncio.get_running_loop()
        began, tasks = loop.time(), []
        for number in range(CASES):
            await asyncio.sleep(max(0.0, began + number / RATE - loop.time()))
            tasks.append(asyncio.create_task(_one(host, poison if number in bad else "innocent", number)))
        answers, took = zip(*await asyncio.gather(*tasks), strict=True)
        return _hurt(poison, host, answers, bad, max(took))


async def _one(host: Host, text: str, number: int) -> tuple[dict[str, Outcome], float]:
    began = asyncio.get_running_loop().time()
    codes = (BAD, *HEALTHY)
    question = Question(hook="claim", now=NOW, cases=(asked(a_case(text, f"c{number}"), {}),))
    outcomes = await host.gather(codes, question)
    return {
        code: outcome for code, (outcome,) in zip(codes, outcomes, strict=True)
    }, asyncio.get_running_loop().time() - began


def _hurt(poison: str, host: Host, answers: Sequence[dict[str, Outcome]], bad: frozenset[int], slowest: float) -> Hurt:
    ministry = host.ministries[BAD]
    innocent = [each[BAD] for number, each in enumerate(answers) if number not in bad]
    poisons = [answers[number] for number in sorted(bad)]
    return Hurt(
        poison=poison,
        healthy=sum(each[code].failure is None for each in answers for code in HEALTHY),
        innocent=sum(each.failure is None for each in innocent) / len(innocent),
        blamed=sum(each[BAD].failure is not None for each in poisons),
        to_a_person=sum(_outcome(each) in HUMAN for each in poisons),
        ended=ministry.figures.ended,
        leaked=ministry.figures.leaked_threads,
        slowest=slowest,
    )


def _outcome(answers: dict[str, Outcome]) -> Resolved:
    """Let the core's own resolver weigh what the ministries answered."""
    codes = frozenset({BAD, *HEALTHY})
    heard = [
        Answer(ministry_id=code, kind=AnswerKind.ERROR)
        if each.failure
        else Answer(ministry_id=code, kind=AnswerKind.CLAIM, score=getattr(each.verdict, "score", 0))
        for code, each in answers.items()
    ]
    return resolve(heard, Precedence(), Circumstances(active=codes)).outcome


async def report() -> bool:
    """Try every poison and print what it did."""
    table = Table("poison", "healthy ministries", "its innocent cases", "blamed", "to a person", "workers lost", "threads left", "slowest")  # fmt: skip
    hurts = []
    with Progress() as progress:
        for poison in progress.track(POISONS, description=f"{CASES} cases at {RATE}/s, {POISON} of them poison"):
            with tempfile.TemporaryDirectory(prefix="diwan-poison-") as folder:
                hurts.append(await poisoned(poison, Path(folder)))
    for hurt in hurts:
        table.add_row(
            f"{'✓' if hurt.bearable else '✗'} {hurt.poison}", f"{hurt.healthy} of {CASES * len(HEALTHY)}", f"{hurt.innocent:.0%}",
            f"{hurt.blamed} of {POISON}", f"{hurt.to_a_person} of {POISON}", str(hurt.ended), str(hurt.leaked), f"{hurt.slowest:.1f} s",
        )  # fmt: skip
    Console().print(table)
    return all(hurt.bearable for hurt in hurts)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(report()) else 1)
