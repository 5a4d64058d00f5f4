"""Measures a rule host of 35 ministries, examples and tables: python -m tests.bench.rules_host."""

import asyncio
import itertools
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from diwan_rules.host.nursery import memory_kib
from diwan_rules.host.questions import Asked, Question
from diwan_rules.host.supervisor import Host
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.routing.scanner import Scanner
from tests.bench.rules_pipeline import EXAMPLES, NOW, SENTENCES, a_case, new_worker, single

MINISTRIES, RULES, SPOKEN, CASES, BATCH, ROUNDS = 35, 100, 2, 1000, 200, 5
# A table of 100 rules, of which two find a word of the cases: most ministries have nothing to say to most complaints.
LIMITS = {"cases/s": 1000.0, "unary p50, ms": 1.5, "memory, MiB": 250.0, "new worker, ms": 50.0}
AT_LEAST = frozenset({"cases/s"})
HEAD = "id;any_of;score;why_ar;why_fr\n"


def furnish(folder: Path) -> None:
    """Put the worked examples and, up to 35 ministries, tables of 100 rules into a folder."""
    examples = [each for each in sorted(EXAMPLES.iterdir()) if each.name != "sdk" and _is_plugin(each)]
    for each in examples:
        shutil.copytree(each, folder / each.name, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    words = sorted({word for text in SENTENCES for word in re.findall(r"\w{4,}", text)})
    for number in range(len(examples), MINISTRIES):
        table = folder / f"m{number}"
        table.mkdir()
        (table / "plugin.yaml").write_text(
            f"ministry: M{number}\nname: {{ar: وزارة {number}, fr: Ministère {number}}}\nversion: 1.0.0\nowner: bench\n",
            encoding="utf-8",
        )
        rows = (
            f"r{row};{words[number + row] if row < SPOKEN else f'قاعدة{row}'}|لفظ {number} {row}|règle{row}*;{300 + row};سبب;raison\n"
            for row in range(RULES)
        )
        (table / "claim.csv").write_text(HEAD + "".join(rows), encoding="utf-8")


def _is_plugin(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file() or (folder / "plugin.yaml").is_file()


async def measure(folder: Path) -> dict[str, float]:
    """Ask all ministries about the same cases again and again; return the medians."""
    pairs = itertools.cycle(itertools.permutations(SENTENCES, 3))
    texts = [" ".join(next(pairs)) for _ in range(CASES)]
    async with Host(folder) as host:
        if broken := [error for ministry in host.ministries.values() for error in ministry.load_errors]:
            raise RuntimeError(f"not loaded: {broken[0]}")
        scanner = Scanner({code: each.described["terms"] for code, each in host.ministries.items()})
        cases = [a_case(scanner, number, text) for number, text in enumerate(texts)]
        rates = []
        with Progress() as progress:
            for _ in progress.track(range(ROUNDS), description=f"{CASES} cases to {len(host.ministries)} ministries"):
                rates.append(CASES / await _batches(host, cases))
        workers = [ministry.worker.pid for ministry in host.ministries.values() if ministry.worker]
        return {
            "cases/s": statistics.median(rates),
            "unary p50, ms": await single(host, scanner, texts) * 1e3,
            "memory, MiB": sum(map(memory_kib, workers)) / 1024,
            "new worker, ms": statistics.median([await new_worker(m) for m in host.ministries.values()]) * 1e3,
        }


async def _batches(host: Host, cases: Sequence[Asked]) -> float:
    began = time.perf_counter()
    for start in range(0, len(cases), BATCH):
        question = Question(hook="claim", now=NOW, cases=tuple(cases[start : start + BATCH]))
        for outcomes in await host.gather(list(host.ministries), question):
            assert not any(outcome.failure for outcome in outcomes)
    return time.perf_counter() - began


def report(figures: dict[str, float]) -> bool:
    """Print the figures beside their limits; return whether all are kept."""
    table = Table("35 ministries", "median", "limit", "")
    kept = {name: (value >= LIMITS[name]) == (name in AT_LEAST) for name, value in figures.items()}
    for name, value in figures.items():
        sign = "≥" if name in AT_LEAST else "≤"
        table.add_row(name, f"{value:,.2f}", f"{sign} {LIMITS[name]:g}", "✓" if kept[name] else "✗")
    Console().print(table)
    return all(kept.values())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="diwan-bench-") as place:
        furnish(Path(place))
        sys.exit(0 if report(asyncio.run(measure(Path(place)))) else 1)
