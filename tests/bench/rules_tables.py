"""Measures decision tables: one scan and 35 tables of 100 rules for each complaint, as CPU: python -m tests.bench.rules_tables."""

import itertools
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from diwan_rules import Case, Hits, normalise
from diwan_rules.tables.answers import Deciding
from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.reading import Reader
from diwan_rules.tables.sheets import Sheet
from diwan_rules.terms import NO_HITS

from services.routing.scanner import Scanner
from tests.bench.rules_pipeline import SENTENCES

TABLES, RULES, TEXTS, ROUNDS = 35, 100, 100, 5
VOCABULARY, LETTERS = 4_000, "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"  # a text hits some tables, as in life, not every row
HEADINGS = ("any_of", "all_of", "none_of", "wilaya", "score", "why_ar", "why_fr")


def tables_cpu_ms(tables: int = TABLES, rules: int = RULES) -> dict[str, float]:
    """Return the median CPU milliseconds of a complaint: of the one scan, and of asking every table."""
    chance = random.Random(3)
    said = {word for text in SENTENCES for word in normalise(text).split() if len(word) > 3}
    others = {"".join(chance.choices(LETTERS, k=chance.randrange(4, 8))) for _ in range(VOCABULARY)}
    words = sorted(said | others)
    deciding = [_table(f"M{number}", rules, words, chance) for number in range(tables)]
    scanner = Scanner({each.ministry: each.table.terms for each in deciding})
    pairs = itertools.islice(itertools.cycle(itertools.permutations(SENTENCES, 3)), TEXTS)
    scans, asks = [], []
    for text in map(" ".join, pairs):
        scan, all_of_it = (_spent(partial(_ask, scanner, asked, text)) for asked in ([], deciding))
        scans.append(scan)
        asks.append(all_of_it - scan)
    return {
        f"scan for {tables} tables of {rules} rules, CPU ms a complaint": statistics.median(scans),
        f"asking {tables} tables of {rules} rules, CPU ms a complaint": statistics.median(asks),
    }


def _spent(deed: Callable[[], object]) -> float:
    """Return the least CPU milliseconds of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        deed()
        times.append(time.process_time_ns() - began)
    return min(times) / 1e6


def _ask(scanner: Scanner, tables: list[Deciding], text: str) -> int:
    """Scan a complaint once, ask these tables, each with its own hits, and count those that claim it."""
    hits: dict[str, dict[str, Hits]] = {}
    for hit in scanner.scan(text):
        hits.setdefault(hit.ministry_id, {})[hit.group] = Hits(hit.terms, hit.positions)
    claims = 0
    for table in tables:
        found = {**dict.fromkeys(table.table.terms, NO_HITS), **hits.get(table.ministry, {})}
        claims += table.claim(Case(complaint_id="bench", text=text, wilaya_label="16", hits=found)) is not None
    return claims


def _table(ministry: str, rules: int, words: list[str], chance: random.Random) -> Deciding:
    """Return a claim table with so many rules over these words."""
    rows = [HEADINGS]
    for _ in range(rules):
        picked = [f"{word}*" if chance.random() < 0.3 else word for word in chance.sample(words, 7)]
        cells = ("|".join(picked[:4]), picked[4] if chance.random() < 0.2 else "", "|".join(picked[5:]))
        rows.append((*cells, chance.choice(["", "", "16|31"]), str(chance.randrange(200, 900)), "لأن", "Car"))
    sheet = Sheet(table="claim", file="claim.csv", rows=tuple(enumerate(rows, start=1)))
    reader = Reader(sheet, Path(ministry.lower()), ministry, HitPolicy.MAX_SCORE)
    return Deciding(table=reader.table(), ministry=ministry, policy=HitPolicy.MAX_SCORE, digest="bench0000")


if __name__ == "__main__":
    for name, value in tables_cpu_ms().items():
        print(f"{name}: {value:.2f}")
