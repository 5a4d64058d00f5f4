"""Remembers bodies."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from diwan_rules.text import normalise

from services.chassis.database import Connection, Row
from services.directory.domain.body import Body, BodyKind
from services.directory.domain.period import Period
from services.directory.store.listing import VALID, Conditions, Listed

COLUMNS = (
    "body_id, kind, ministry_id, parent_id, territory_id, wilaya_id, wilaya_label, service_code, name_ar, name_fr,"
    " keeps_register, valid_from, valid_to, successor_ids"
)
CHANGING = COLUMNS.removeprefix("body_id, ") + ", search_text, revision"

Known: TypeAlias = tuple[Body, int]


@dataclass(frozen=True, kw_only=True)
class BodyFilter:
    """Which bodies are asked for; empty means any."""

    on: date
    kinds: Sequence[str] = ()
    ministry_id: str = ""
    wilaya_id: str = ""
    territory_id: str = ""
    words: Sequence[str] = ()
    body_ids: Sequence[str] = ()


class Bodies:
    """Every administration and authority."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def known(self) -> Mapping[Hashable, Body]:
        """Return every body by its id."""
        rows = await self._connection.fetch(f"SELECT {COLUMNS} FROM body")
        return {row["body_id"]: _body(row) for row in rows}

    async def of(self, body_ids: Sequence[str]) -> Mapping[Hashable, Body]:
        """Return those of these ids that are known."""
        rows = await self._connection.fetch(f"SELECT {COLUMNS} FROM body WHERE body_id = ANY ($1::text[])", body_ids)
        return {row["body_id"]: _body(row) for row in rows}

    async def ids(self, kind: BodyKind, *, on: date) -> frozenset[str]:
        """Return the ids of a kind's bodies that are valid on a day."""
        asked = _conditions(BodyFilter(on=on, kinds=[kind]))
        rows = await self._connection.fetch(f"SELECT body_id FROM body WHERE {asked.sql}", *asked.values)
        return frozenset(row["body_id"] for row in rows)

    async def save(self, bodies: Sequence[Body], *, revision: int) -> None:
        """Enter or change these bodies, all told of by one event."""
        excluded = ", ".join(f"excluded.{column}" for column in CHANGING.split(", "))
        numbers = ", ".join(f"${number}" for number in range(1, 17))
        await self._connection.executemany(
            f"INSERT INTO body ({COLUMNS}, search_text, revision) VALUES ({numbers})"
            f" ON CONFLICT (body_id) DO UPDATE SET ({CHANGING}) = ({excluded})",
            [(*_values(each), revision) for each in bodies],
        )

    async def count(self, on: date) -> int:
        """Count the bodies valid on a day."""
        asked = _conditions(BodyFilter(on=on))
        total = await self._connection.fetchval(f"SELECT count(*) FROM body WHERE {asked.sql}", *asked.values)
        return int(total or 0)

    async def listed(self, wanted: BodyFilter, *, after: Sequence[str], size: int) -> Listed[Known]:
        """List bodies with their revisions by id."""
        asked = _conditions(wanted)
        total = await self._connection.fetchval(f"SELECT count(*) FROM body WHERE {asked.sql}", *asked.values)
        asked.add("body_id > {}", after[0] if after else "")
        rows = await self._connection.fetch(
            f"SELECT {COLUMNS}, revision FROM body WHERE {asked.sql} ORDER BY body_id LIMIT {size + 1}", *asked.values
        )
        items = [(_body(row), int(row["revision"])) for row in rows[:size]]
        return Listed(items=items, more=len(rows) > size, total=int(total or 0))


def _conditions(wanted: BodyFilter) -> Conditions:
    asked = Conditions()
    asked.add(VALID, wanted.on, wanted.on)
    for column in ("ministry_id", "wilaya_id", "territory_id"):
        if value := getattr(wanted, column):
            asked.add(f"{column} = {{}}", value)
    if wanted.kinds:
        asked.add("kind = ANY ({}::text[])", list(wanted.kinds))
    if wanted.body_ids:
        asked.add("body_id = ANY ({}::text[])", list(wanted.body_ids))
    asked.add_words(wanted.words)
    return asked


def _body(row: "Row") -> Body:
    return Body(
        body_id=row["body_id"],
        kind=BodyKind(row["kind"]),
        ministry_id=row["ministry_id"],
        parent_id=row["parent_id"],
        territory_id=row["territory_id"],
        wilaya_id=row["wilaya_id"],
        wilaya_label=row["wilaya_label"],
        service_code=row["service_code"],
        name_ar=row["name_ar"],
        name_fr=row["name_fr"],
        keeps_register=row["keeps_register"],
        period=Period(first=row["valid_from"], end=row["valid_to"]),
        successor_ids=tuple(row["successor_ids"]),
    )


def _values(each: Body) -> tuple[object, ...]:
    return (
        each.body_id,
        each.kind,
        each.ministry_id,
        each.parent_id,
        each.territory_id,
        each.wilaya_id,
        each.wilaya_label,
        each.service_code,
        each.name_ar,
        each.name_fr,
        each.keeps_register,
        each.period.first,
        each.period.end,
        list(each.successor_ids),
        normalise(f"{each.name_ar} {each.name_fr} {each.service_code}"),
    )
