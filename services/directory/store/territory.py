"""Remembers the map."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from diwan_rules.text import normalise

from services.chassis.database import Connection, Row
from services.directory.domain.period import Period
from services.directory.domain.territory import Territory, TerritoryKind
from services.directory.store.listing import VALID, Conditions, Listed

COLUMNS = "territory_id, kind, label, name_ar, name_fr, other_names, parent_id, wilaya_id, valid_from, valid_to"

Known: TypeAlias = tuple[Territory, int]


@dataclass(frozen=True, kw_only=True)
class TerritoryFilter:
    """Which territories are asked for; empty means any."""

    on: date
    kind: str = ""
    parent_id: str = ""
    words: Sequence[str] = ()


class Territories:
    """The map in all its periods."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def known(self) -> Mapping[Hashable, Territory]:
        """Return every row by its key."""
        rows = await self._connection.fetch(f"SELECT {COLUMNS} FROM territory")
        return {(territory := _territory(row)).key: territory for row in rows}

    async def save(self, territories: Sequence[Territory], *, revision: int) -> None:
        """Enter or change these rows, all told of by one event."""
        await self._connection.executemany(
            f"INSERT INTO territory ({COLUMNS}, search_text, revision)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            " ON CONFLICT (territory_id, valid_from) DO UPDATE SET (label, name_ar, name_fr, other_names, parent_id,"
            " wilaya_id, valid_to, search_text, revision) = (excluded.label, excluded.name_ar, excluded.name_fr,"
            " excluded.other_names, excluded.parent_id, excluded.wilaya_id, excluded.valid_to, excluded.search_text,"
            " excluded.revision)",
            [(*_values(each), revision) for each in territories],
        )

    async def scope(self, territory_id: str) -> Territory | None:
        """Return the territory as it is in its last period."""
        row = await self._connection.fetchrow(
            f"SELECT {COLUMNS} FROM territory WHERE territory_id = $1 ORDER BY valid_from DESC LIMIT 1", territory_id
        )
        return _territory(row) if row else None

    async def listed(self, wanted: TerritoryFilter, *, after: Sequence[str], size: int) -> Listed[Known]:
        """List territories with their revisions by label and id."""
        asked = _conditions(wanted)
        total = await self._connection.fetchval(f"SELECT count(*) FROM territory WHERE {asked.sql}", *asked.values)
        if after:
            asked.add("(label, territory_id) > ({}, {})", *after)
        rows = await self._connection.fetch(
            f"SELECT {COLUMNS}, revision FROM territory WHERE {asked.sql}"
            f" ORDER BY label, territory_id LIMIT {size + 1}",
            *asked.values,
        )
        items = [(_territory(row), int(row["revision"])) for row in rows[:size]]
        return Listed(items=items, more=len(rows) > size, total=int(total or 0))


def _conditions(wanted: TerritoryFilter) -> Conditions:
    asked = Conditions()
    asked.add(VALID, wanted.on, wanted.on)
    if wanted.kind:
        asked.add("kind = {}", wanted.kind)
    if wanted.parent_id:
        asked.add("{} IN (parent_id, wilaya_id)", wanted.parent_id)
        asked.add("territory_id <> {}", wanted.parent_id)
    asked.add_words(wanted.words)
    return asked


def _territory(row: "Row") -> Territory:
    return Territory(
        territory_id=row["territory_id"],
        kind=TerritoryKind(row["kind"]),
        label=row["label"],
        name_ar=row["name_ar"],
        name_fr=row["name_fr"],
        other_names=row["other_names"],
        parent_id=row["parent_id"],
        wilaya_id=row["wilaya_id"],
        period=Period(first=row["valid_from"], end=row["valid_to"]),
    )


def _values(each: Territory) -> tuple[object, ...]:
    return (
        each.territory_id,
        each.kind,
        each.label,
        each.name_ar,
        each.name_fr,
        each.other_names,
        each.parent_id,
        each.wilaya_id,
        each.period.first,
        each.period.end,
        normalise(f"{each.name_ar} {each.name_fr} {each.other_names} {each.label}"),
    )
