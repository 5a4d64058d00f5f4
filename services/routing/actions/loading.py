"""Loads routing's own reference tables from their files; repeating it changes nothing."""

import csv
from datetime import date
from pathlib import Path

from services.routing.store.memory import Store
from services.routing.store.reference import TABLES, Value

FOLDER = Path(__file__).parent.parent / "reference"
FILES = {"holiday": "holidays.csv", "deadline_policy": "deadlines.csv", "default_service": "default_services.csv"}
DAYS = frozenset({"day", "valid_from", "valid_to"})
NUMBERS = frozenset({"working_days"})


async def load(store: Store) -> dict[str, int]:
    """Make the tables hold what the files say; return how many rows differed, by table."""
    return {name: await store.reference.replace(TABLES[name], rows(name)) for name in FILES}


def rows(name: str) -> list[tuple[Value, ...]]:
    """Read the rows of one table from its file."""
    with (FOLDER / FILES[name]).open(encoding="utf-8", newline="") as lines:
        return [tuple(_value(column, row[column]) for column in TABLES[name].columns) for row in csv.DictReader(lines)]


def _value(column: str, text: str) -> Value:
    if column in DAYS:
        return date.fromisoformat(text) if text else None
    return int(text) if column in NUMBERS else text
