"""Measures the classifier on texts with known answers, the newest kept apart: `make bench-routing`.

`--texts` names the folder; its texts are read, measured and never kept. Exit code 1 when a limit is missed.
"""

import argparse
import asyncio
import csv
import os
import statistics
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})  # before numpy is imported

from diwan_rules import Claim
from diwan_rules.host.questions import Question
from diwan_rules.host.supervisor import Host
from rich.console import Console
from rich.progress import track
from rich.table import Table

from services.routing.classifier.grams import COMPETENCE, VARIETY
from services.routing.classifier.training import Example, Learned, Policy, learn
from services.routing.domain.resolver import Answer, AnswerKind, Circumstances, Outcome, Precedence, resolve
from services.routing.scanner import Scanner
from tests.bench.rules_pipeline import a_case

TEXTS = Path(__file__).parents[2].parent / "shared" / "data" / "texts"
PLUGINS = Path(__file__).parents[2] / "plugins"
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
BATCH = 100
POLICY = Policy()
ROUNDS = 300
console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Limit:
    """A figure and what it must reach."""

    name: str
    reached: float
    least: float

    @property
    def missed(self) -> bool:
        return self.reached < self.least


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Read one of the sets; either half of it has its own ending."""
    found = sorted(folder.glob(f"{name}.*.csv"))
    if not found:
        console.print(f"[red]{folder} holds no {name}.*.csv[/]; name the folder with TEXTS_DIR")
        sys.exit(2)
    with found[0].open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def questions(folder: Path) -> list[Example]:
    """Return the questions to one ministry each, the oldest first."""
    single = [
        row for row in rows(folder, "ministry_questions_ar") if row["ministry_dz"] and "|" not in row["ministry_dz"]
    ]
    return [Example(text=row["text"], label=row["ministry_dz"]) for row in sorted(single, key=lambda row: row["date"])]


def written_in(folder: Path) -> list[Example]:
    """Return texts with their variety, mixed alike each time; translations of one sentence stay side by side."""
    found: list[tuple[str, Example]] = []
    found += [(row["text"], Example(text=row["text"], label="msa")) for row in rows(folder, "ministry_questions_ar")]
    for row in rows(folder, "arbanking77"):
        if variety := {"MSA": "msa", "MAR": "darija", "TUN": "darija"}.get(row["variety"]):
            found.append((row["text"], Example(text=row["text"], label=variety)))
    for row in rows(folder, "narabizi_dz"):
        for column, variety in (("text_arabizi", "arabizi"), ("text_fr", "french"), ("text_arabic_script", "darija")):
            if row[column].strip():
                found.append((row["sent_id"], Example(text=row[column], label=variety)))
    found += [(row["text"], Example(text=row["text"], label="french")) for row in rows(folder, "ati_requests_fr_ca")]
    return [example for _, example in sorted(found, key=lambda each: (zlib.crc32(each[0].encode()), each[0]))]


async def by_rules(examples: Sequence[Example]) -> list[str]:
    """Ask the worked examples' rules in a real host; return the ministry that the resolver assigns, or nothing."""
    answers: list[list[Answer]] = [[] for _ in examples]
    async with Host(PLUGINS) as host:
        scanner = Scanner({code: each.described["terms"] for code, each in host.ministries.items()})
        cases = [a_case(scanner, number, example.text) for number, example in enumerate(examples)]
        for start in track(range(0, len(cases), BATCH), description="asking the rules", console=console):
            question = Question(hook="claim", now=NOW, cases=tuple(cases[start : start + BATCH]))
            codes = list(host.ministries)
            for code, outcomes in zip(codes, await host.gather(codes, question), strict=True):
                for at, outcome in enumerate(outcomes, start=start):
                    if isinstance(outcome.verdict, Claim):
                        claim = Answer(ministry_id=code, kind=AnswerKind.CLAIM, score=outcome.verdict.score)
                        answers[at].append(claim)
        everyone = Circumstances(active=frozenset(host.ministries))
    found = [resolve(given, Precedence(), everyone) for given in answers]
    return [each.lead if each.outcome is Outcome.ASSIGNED else "" for each in found]


def both(learned: Learned, newest: Sequence[Example], ruled: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what rules and, where they are silent, the classifier assign: from its gate on, and in any case."""
    gated, always = [], []
    for example, assigned in zip(newest, ruled, strict=True):
        likeliest, sure = learned.model.ranked(example.text)[0]
        gated.append(assigned or (likeliest if sure >= learned.model.gate else ""))
        always.append(assigned or likeliest)
    return gated, always


def competence(folder: Path) -> tuple[Learned, list[Limit]]:
    """Learn from the older questions and measure on the newest."""
    examples = questions(folder)
    learned = learn(examples, COMPETENCE, POLICY)
    assert learned is not None
    found = learned.measure
    newest = examples[len(examples) - found.tested :]
    ruled = asyncio.run(by_rules(newest))
    gated, always = both(learned, newest, ruled)
    table = Table("ministry, time-ordered", "assigned", "right of these", "right of all")
    for name, said in (
        ("rules alone (worked examples)", ruled),
        ("classifier from its gate on", _named(learned, newest, learned.model.gate)),
        ("rules, then classifier from its gate on", gated),
        ("classifier alone", _named(learned, newest, 0)),
        ("rules, then classifier in any case", always),
    ):
        hits = sum(each == example.label for each, example in zip(said, newest, strict=True))
        given = sum(map(bool, said))
        table.add_row(name, _percent(given, len(said)), _percent(hits, given), _percent(hits, len(said)))
    console.print(
        f"{len(examples)} questions, {len(learned.examples)} ministries; the newest {found.tested} kept apart"
    )
    console.print(table)
    return learned, [
        Limit("ministry, first", found.right / found.tested, 0.80),
        Limit("ministry, among three", found.right_in_three / found.tested, 0.92),
        Limit("proposed at the gate", found.proposed / found.tested, 0.60),
        Limit("right where proposed", found.proposed_right / max(found.proposed, 1), 0.90),
    ]


def variety(folder: Path) -> tuple[Learned, list[Limit]]:
    """Learn varieties of language from four fifths and measure on the rest."""
    learned = learn(written_in(folder), VARIETY, POLICY)
    assert learned is not None
    found = learned.measure
    wrong = [f"{known} as {named} {count}" for known, named, count in found.pairs if known != named]
    console.print(f"varieties of {found.tested} texts; wrong: {', '.join(wrong) or 'none'}")
    return learned, [Limit("language and script", found.right / found.tested, 0.97)]


def cost(learned: Learned, texts: Sequence[str]) -> str:
    """Say what one text costs."""
    times = []
    for text in texts[:ROUNDS]:
        began = time.perf_counter()
        learned.model.ranked(text)
        times.append(1000 * (time.perf_counter() - began))
    size = len(learned.model.to_bytes()) / 1e6
    letters = statistics.mean(map(len, texts[:ROUNDS]))
    return f"{statistics.median(times):.2f} ms a text of {letters:.0f} letters, model of {size:.1f} MB"


def main(folder: Path) -> int:
    """Measure, print, and say by the exit code whether a limit is missed."""
    limits: list[Limit] = []
    for name, question in track(
        (("ministry", competence), ("variety", variety)), description="learning", console=console
    ):
        began = time.perf_counter()
        learned, found = question(folder)
        seconds = time.perf_counter() - began
        short = [example.text for example in questions(folder)]
        long = [" ".join(short[at : at + 20]) for at in range(0, len(short) - 20, 10)]
        console.print(f"{name}: {cost(learned, short)}; {cost(learned, long)}; learned in {seconds:.0f} s")
        limits += found
    table = Table("figure", "reached", "at least", "")
    for each in limits:
        table.add_row(each.name, f"{each.reached:.3f}", f"{each.least:.2f}", "[red]missed[/]" if each.missed else "ok")
    console.print(table)
    return int(any(each.missed for each in limits))


def _named(learned: Learned, newest: Sequence[Example], gate: int) -> list[str]:
    ranked = [learned.model.ranked(example.text)[0] for example in newest]
    return [likeliest if sure >= gate else "" for likeliest, sure in ranked]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=TEXTS)
    sys.exit(main(parser.parse_args().texts))
