"""Writes frozen dataclasses as rows and reads them back; columns are named like the fields."""

from collections.abc import Sequence
from datetime import date

BUMP = "UPDATE reference_revision SET revision = revision + 1"  # every process reads its copies anew


def insert(table: str, columns: Sequence[str]) -> str:
    """Return the statement that inserts one row."""
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"


def update(table: str, key: str, columns: Sequence[str]) -> str:
    """Return the statement that sets every column of the row with this key, the first parameter."""
    assignments = ", ".join(f"{column} = ${n}" for n, column in enumerate(columns, start=2))
    return f"UPDATE {table} SET {assignments} WHERE {key} = $1"


def upsert(table: str, columns: Sequence[str], keys: Sequence[str], condition: str = "") -> str:
    """Return the statement that inserts a row or sets it anew."""
    sets = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in keys)
    return f"{insert(table, columns)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets} {condition}"


def first_day(day: date | None) -> date:
    """Return the beginning of validity; an unknown one lies before everything."""
    return day or date.min


def last_day(day: date | None) -> date:
    """Return the end of validity; an open one lies after everything."""
    return day or date.max
