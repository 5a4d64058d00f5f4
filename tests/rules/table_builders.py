"""Tables for the tests of the kit: a folder with a plugin.yaml and CSV files, and what was loaded from it."""

from pathlib import Path

import pytest
from diwan_rules.load_errors import LoadError, NotLoaded
from diwan_rules.loader import Plugin, load
from diwan_rules.sources import find
from diwan_rules.tables.answers import Deciding
from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.reading import Reader
from diwan_rules.tables.sheets import Sheet

SETTINGS = """
ministry: MCI
name:
  ar: وزارة التجارة
  fr: Ministère du Commerce
version: 1.10
owner: rules@example.dz
"""
CLAIM = "any_of;score;why_ar;why_fr\nغلاء|prix;500;السعر;Le prix\n"


def a_table_plugin(folder: Path, *, settings: str = SETTINGS, **tables: str | bytes) -> Path:
    """Write plugin.yaml and these tables as CSV; without any, a claim of one row."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.yaml").write_text(settings, encoding="utf-8")
    for name, cells in (tables or {"claim": CLAIM}).items():
        (folder / f"{name}.csv").write_bytes(cells if isinstance(cells, bytes) else cells.encode())
    return folder


def with_policy(table: str, policy: str, *, minimum: int = 1) -> str:
    """Return settings with the hit policy of one table."""
    lines = [SETTINGS, "policy:", f"  {table}:", f"    hit_policy: {policy}"]
    return "\n".join([*lines, f"    minimum: {minimum}"] if table == "claim" else lines)


def loaded(folder: Path) -> Plugin:
    """Load the one plugin of a folder."""
    (source,) = find(folder)
    return load(source)


def mistakes(folder: Path) -> list[LoadError]:
    """Return what keeps the one plugin of a folder from loading."""
    with pytest.raises(NotLoaded) as raised:
        loaded(folder)
    return raised.value.errors


def deciding(rows: list[dict[str, str]], policy: HitPolicy, *, minimum: int = 1) -> Deciding:
    """Read a claim table from its cells by column, without the checks that span rows."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [tuple(columns), *(tuple(row.get(column, "") for column in columns) for row in rows)]
    sheet = Sheet(table="claim", file="claim.csv", rows=tuple(enumerate(cells, start=1)))
    reader = Reader(sheet, Path("mci"), "MCI", policy)
    table = reader.table()
    assert not reader.errors
    return Deciding(table=table, ministry="MCI", policy=policy, digest="0123456789", minimum=minimum)
