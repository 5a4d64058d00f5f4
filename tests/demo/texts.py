"""Reads what is filed: our own samples, or any CSV file with a column of texts."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

OWN = Path(__file__).parent / "samples.csv"
TEXT_COLUMNS = ("text", "texte", "content", "النص", "نص", "complaint", "question")
CHANNELS = ("service_platform", "portal", "call_centre", "mobile", "paper_register")
PLACES = (
    "commune-1601", "commune-3101", "commune-2501", "commune-2301", "commune-1901", "commune-1301",
    "commune-0601", "commune-1501", "commune-3001", "commune-0901", "commune-0501", "commune-4701",
)  # fmt: skip
LONGEST = 20_000


class NoTexts(ValueError):
    """The file has no column of texts; the message says what it has."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One text, with what is known about it; empty where nothing is."""

    text: str
    language: str = "ar"
    topic: str = ""
    channel: str
    ministry: str = ""
    commune: str
    addressed: str = ""


def read(path: Path = OWN, *, column: str = "", at_most: int | None = None) -> list[Sample]:
    """Read samples; columns that are missing are filled by turns."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        named = column or _text_column(rows.fieldnames or ())
        if named not in (rows.fieldnames or ()):
            raise NoTexts(f"{path} has no column {named}; it has {', '.join(rows.fieldnames or ())}")
        return list(islice(_samples(rows, named), at_most))


def _text_column(names: Sequence[str]) -> str:
    found = [name for name in names if name.strip().lower() in TEXT_COLUMNS]
    if not found:
        raise NoTexts(f"name the column of texts with --column; there are {', '.join(names)}")
    return found[0]


def _samples(rows: "csv.DictReader[str]", column: str) -> Iterator[Sample]:
    number = 0
    for row in rows:
        if not (text := (row[column] or "").strip()[:LONGEST]):
            continue
        commune = row.get("commune") or PLACES[number % len(PLACES)]
        channel = row.get("channel") or CHANNELS[number % len(CHANNELS)]
        in_turn = commune if (channel == "paper_register" and number % 2) or number % 23 == 0 else ""
        yield Sample(
            text=text,
            language="fr" if row.get("language") == "fr" else "ar",
            topic=row.get("topic") or "",
            channel=channel,
            ministry=(row.get("ministry") or row.get("ministry_dz") or "").lower(),
            commune=commune,
            addressed=row["addressed"] if row.get("addressed") is not None else in_turn,
        )
        number += 1
