"""Remembers the reference tables: read copies of the directory's, and routing's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.chassis.database import Connection, Row
from services.routing.domain.bodies import Bodies, Body, DefaultUnit
from services.routing.domain.calendar import Calendar, Holiday
from services.routing.domain.deadline import DeadlinePolicy
from services.routing.domain.reference import Reference
from services.routing.store.precedence import PrecedenceStore
from services.routing.store.releases import ReleaseStore
from services.routing.store.rows import BUMP, first_day, last_day, upsert

BODY = (
    "body_id",
    "kind",
    "ministry_id",
    "territory_id",
    "wilaya_id",
    "service_code",
    "name_ar",
    "name_fr",
    "valid_from",
    "valid_to",
    "revision",
)
TERRITORY = ("territory_id", "kind", "label", "wilaya_id", "revision")
TOPIC = ("topic_code", "revision")
HOLIDAY = ("day", "name_ar", "name_fr", "basis", "seen_in")
POLICY = (
    "policy_code",
    "working_days",
    "wilaya_id",
    "channel",
    "ministry_id",
    "topic_code",
    "valid_from",
    "valid_to",
    "seen_in",
)
DEFAULT_SERVICE = ("ministry_id", "topic_code", "service_code")


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of reference data and how its rows are told apart."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    copied: bool = False


TABLES = {
    table.name: table
    for table in (
        Table(name="body", columns=BODY, keys=("body_id",), copied=True),
        Table(name="territory", columns=TERRITORY, keys=("territory_id",), copied=True),
        Table(name="topic", columns=TOPIC, keys=("topic_code",), copied=True),
        Table(name="holiday", columns=HOLIDAY, keys=("day",)),
        Table(name="deadline_policy", columns=POLICY, keys=("policy_code",)),
        Table(name="default_service", columns=DEFAULT_SERVICE, keys=("ministry_id", "topic_code")),
    )
}
Value = str | int | date | None


class ReferenceShelf:
    """The process's copy of the reference tables, read anew only when their revision changed."""

    def __init__(self) -> None:
        self.copy = Reference()

    async def current(self, connection: "Connection") -> Reference:
        """Return the tables as they stand now."""
        revision = await connection.fetchval("SELECT revision FROM reference_revision")
        if revision != self.copy.revision:
            self.copy = await ReferenceStore(connection).read(revision)
        return self.copy


class ReferenceStore:
    """The reference tables of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def copy(self, table: Table, rows: Iterable[Sequence[Value]]) -> None:
        """Take in rows of the directory; of two revisions of a row the higher stays."""
        condition = f"WHERE {table.name}.revision < excluded.revision"
        await self._connection.executemany(upsert(table.name, table.columns, table.keys, condition), rows)
        await self._connection.execute(BUMP)

    async def replace(self, table: Table, rows: Sequence[Sequence[Value]]) -> int:
        """Make an own table hold exactly these rows; say how many differed."""
        kept = await self._connection.fetch(f"SELECT {', '.join(table.columns)} FROM {table.name}")
        before, after = {tuple(row) for row in kept}, {tuple(row) for row in rows}
        if before == after:
            return 0
        await self._connection.execute(f"DELETE FROM {table.name}")
        await self._connection.executemany(upsert(table.name, table.columns, table.keys), rows)
        await self._connection.execute(BUMP)
        return len(before ^ after)

    async def holidays(self, first: date, last: date) -> list[Holiday]:
        """Return the days that are not worked in a period, weekends left out."""
        rows = await self._connection.fetch(
            "SELECT * FROM holiday WHERE day BETWEEN $1 AND $2 ORDER BY day", first, last
        )
        return [
            Holiday(day=r["day"], name_ar=r["name_ar"], name_fr=r["name_fr"], estimated=r["basis"] == "estimated")
            for r in rows
        ]

    async def read(self, revision: int) -> Reference:
        """Read every table."""
        fetch = self._connection.fetch
        bodies = [_body(row) for row in await fetch("SELECT * FROM body")]
        wilayas = await fetch("SELECT territory_id, label FROM territory WHERE kind = 'wilaya'")
        services = await fetch("SELECT ministry_id, topic_code, service_code FROM default_service")
        return Reference(
            revision=revision,
            bodies=Bodies({body.body_id: body for body in bodies}),
            topics=frozenset(row[0] for row in await fetch("SELECT topic_code FROM topic")),
            wilaya_labels={row["territory_id"]: row["label"] for row in wilayas},
            calendar=Calendar(frozenset(row[0] for row in await fetch("SELECT day FROM holiday"))),
            policies=tuple(_policy(row) for row in await fetch("SELECT * FROM deadline_policy")),
            default_units=tuple(DefaultUnit(**dict(row)) for row in services),
            precedence=(await PrecedenceStore(self._connection).current()).precedence,
            slots=await ReleaseStore(self._connection).slots(),
            configurations=await ReleaseStore(self._connection).configurations(),
        )


def _body(row: Row) -> Body:
    return Body(
        **{column: row[column] for column in BODY[:8]},
        valid_from=first_day(row["valid_from"]),
        valid_to=last_day(row["valid_to"]),
    )


def _policy(row: Row) -> DeadlinePolicy:
    return DeadlinePolicy(
        code=row["policy_code"],
        **{column: row[column] for column in POLICY[1:6]},
        valid_from=first_day(row["valid_from"]),
        valid_to=last_day(row["valid_to"]),
    )
