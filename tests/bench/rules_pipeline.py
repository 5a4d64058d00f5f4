"""Measures asking all ministries beside a bare normalise-and-scan, in the same run: python -m tests.bench.rules_pipeline."""

import argparse
import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from diwan_rules import Case, Hits
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.nursery import memory_kib
from diwan_rules.host.questions import Asked, Question, asked
from diwan_rules.host.supervisor import Host
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.routing.scanner import Scanner

EXAMPLES = Path(__file__).parents[2] / "plugins"
ROUNDS, BATCH, SINGLES = 7, 100, 200
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
SENTENCES = (
    "انقطاع الماء الشروب عن حينا منذ ثلاثة أسابيع دون أي إشعار",
    "لم أستلم قرار الاستفادة من السكن الاجتماعي رغم ورود اسمي في القائمة",
    "المستشفى رفض استقبال والدتي ولا يوجد طبيب مناوب في الليل",
    "le dossier de retraite est bloqué à la CNAS depuis huit mois",
    "coupure d'électricité chaque soir dans notre cité, Sonelgaz ne répond pas",
    "rou7t lel baladiya bach ndir extrait de naissance w ma kanch li yjaweb",
    "تأخر تنفيذ الحكم القضائي الصادر لفائدتي أمام المحكمة",
    "ابني لم يسجل في المدرسة القريبة من البيت بسبب الاكتظاظ",
)


async def main(texts: int) -> None:
    """Measure by turns, then print."""
    pairs = itertools.cycle(itertools.permutations(SENTENCES, 3))
    complaints = [" ".join(next(pairs)) for _ in range(texts)]
    async with Host(EXAMPLES) as host:
        scanner = Scanner({code: each.described["terms"] for code, each in host.ministries.items()})
        scans, pipelines, costs = [], [], []
        with Progress() as progress:
            for _ in progress.track(range(ROUNDS), description="rules beside a bare scan"):
                began = time.perf_counter()
                for text in complaints:
                    scanner.scan(text)
                scans.append((time.perf_counter() - began) / texts)
                began, spent = time.perf_counter(), _cpu(host)
                await _pipeline(host, scanner, complaints)
                pipelines.append((time.perf_counter() - began) / texts)
                costs.append((_cpu(host) - spent) / texts)
        _show(
            {
                "bare normalise-and-scan, µs a complaint": statistics.median(scans) * 1e6,
                f"scan and {len(host.ministries)} ministries asked, batches of {BATCH}, µs a complaint": statistics.median(
                    pipelines
                )
                * 1e6,
                "the same as CPU of all processes, µs a complaint": statistics.median(costs) * 1e6,
                "ratio scan ÷ pipeline": statistics.median(scans) / statistics.median(pipelines),
                "one ministry asked about one complaint, p50 in ms": await single(host, scanner, complaints) * 1e3,
                "memory of a worker, KiB": statistics.median(memory_kib(pid) for pid in _pids(host)),
                "new worker, ms": statistics.median([await new_worker(m) for m in host.ministries.values()]) * 1e3,
            }
        )


async def _pipeline(host: Host, scanner: Scanner, complaints: Sequence[str]) -> None:
    cases = [a_case(scanner, number, text) for number, text in enumerate(complaints)]
    for start in range(0, len(cases), BATCH):
        question = Question(hook="claim", now=NOW, cases=tuple(cases[start : start + BATCH]))
        await host.gather(list(host.ministries), question)


async def single(host: Host, scanner: Scanner, complaints: Sequence[str]) -> float:
    times = []
    for number, text in enumerate(complaints[:SINGLES]):
        question = Question(hook="claim", now=NOW, cases=(a_case(scanner, number, text),))
        began = time.perf_counter()
        await host.ask("MSAN", question)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


async def new_worker(ministry: Ministry) -> float:
    """Replace a ministry's worker and return the seconds until it has loaded its rules."""
    assert ministry.worker
    ministry.nursery.end(ministry.worker)
    began = time.perf_counter()
    await ministry.load()
    return time.perf_counter() - began


def a_case(scanner: Scanner, number: int, text: str) -> Asked:
    hits: dict[str, dict[str, Hits]] = {}
    for hit in scanner.scan(text):
        hits.setdefault(hit.ministry_id, {})[hit.group] = Hits(hit.terms, hit.positions)
    return asked(Case(complaint_id=f"c{number}", text=text), hits)


def _pids(host: Host) -> list[int]:
    return [ministry.worker.pid for ministry in host.ministries.values() if ministry.worker]


def _cpu(host: Host) -> float:
    """Return the CPU seconds of this process and all workers."""
    spent = time.process_time()
    for pid in _pids(host):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / 100
    return spent


def _show(figures: dict[str, float]) -> None:
    table = Table("rules", "median")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}")
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1000)
    asyncio.run(main(parser.parse_args().texts))
