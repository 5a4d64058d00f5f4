"""What reporting remembers: facts, the rollups that they add up to, registers, and names."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from services.chassis.database import Connection, Row
from services.reporting.domain.fact import Fact
from services.reporting.domain.period import Period
from services.reporting.domain.tally import Key, Tally

COLUMNS = tuple(each.name for each in fields(Fact))
FOLDING = 0x464F_4C44


class Store:
    """Everything, over one connection."""

    def __init__(self, connection: "Connection") -> None:
        self.facts = Facts(connection)
        self.rollups = Rollups(connection)
        self.registers = Registers(connection)
        self.names = Names(connection)


class Facts:
    """One row a complaint."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def get(self, complaint_id: str) -> Fact | None:
        """Return a fact, held until the transaction ends."""
        row = await self._connection.fetchrow(
            f"SELECT {', '.join(COLUMNS)} FROM fact WHERE complaint_id = $1 FOR UPDATE", complaint_id
        )
        return _fact(row) if row else None

    async def save(self, fact: Fact) -> None:
        """Enter or change a fact; the rollups follow later."""
        places = ", ".join(f"${place}" for place in range(1, len(COLUMNS) + 1))
        await self._connection.execute(
            f"INSERT INTO fact ({', '.join(COLUMNS)}) VALUES ({places}) ON CONFLICT (complaint_id) DO UPDATE"
            f" SET ({', '.join(COLUMNS)}, stale) = ROW ({', '.join(f'excluded.{name}' for name in COLUMNS)}, true)",
            *(getattr(fact, name) for name in COLUMNS),
        )

    async def stale(self, limit: int) -> list[tuple[Fact | None, Fact]]:
        """Return facts that the rollups hold otherwise, as they were counted and as they are; one folds at a time."""
        await self._connection.execute("SELECT pg_advisory_xact_lock($1)", FOLDING)
        rows = await self._connection.fetch(
            f"SELECT {', '.join(COLUMNS)}, counted FROM fact WHERE stale LIMIT $1 FOR UPDATE", limit
        )
        return [(_counted(row["counted"]), _fact(row)) for row in rows]

    async def counted(self, facts: Sequence[Fact]) -> None:
        """Note that the rollups hold these facts as they are."""
        await self._connection.execute(
            "UPDATE fact SET stale = false, counted = now.counted"
            " FROM unnest($1::uuid[], $2::jsonb[]) AS now (complaint_id, counted)"
            " WHERE fact.complaint_id = now.complaint_id",
            [fact.complaint_id for fact in facts],
            [asdict(fact) | {name: _iso(getattr(fact, name)) for name in DATES} for fact in facts],
        )

    async def count_by_month(self, period: Period) -> dict[tuple[str, bool, date], int]:
        """Count facts one by one, by kind, sample and month."""
        rows = await self._connection.fetch(
            "SELECT kind, sample, date_trunc('month', received_on)::date AS month, count(*) AS facts FROM fact"
            " WHERE received_on BETWEEN $1 AND $2 GROUP BY 1, 2, 3",
            period.first,
            period.last,
        )
        return {(row["kind"], row["sample"], row["month"]): row["facts"] for row in rows}


class Rollups:
    """Rows of tables, by month."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, changes: Mapping[Key, Tally]) -> None:
        """Add changes to the rows, in one order for everybody."""
        changed = sorted(((key, tally) for key, tally in changes.items() if not tally.is_zero), key=itemgetter(0))
        await self._connection.executemany(
            "INSERT INTO rollup (wilaya_id, axis, key, kind, sample, month, tally, days, due)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            " ON CONFLICT (wilaya_id, axis, month, key, kind, sample) DO UPDATE"
            " SET tally = add_up(rollup.tally, excluded.tally), days = add_up(rollup.days, excluded.days),"
            " due = add_up(rollup.due, excluded.due)",
            [(*key, tally.counts, tally.days, tally.due) for key, tally in changed],
        )

    async def rows(self, period: Period, *, axis: str, wilaya_id: str) -> list[tuple[Key, Tally]]:
        """Return the rows of an axis in a period."""
        rows = await self._connection.fetch(
            "SELECT key, kind, sample, month, tally, days, due FROM rollup"
            " WHERE wilaya_id = $1 AND axis = $2 AND month BETWEEN $3 AND $4",
            wilaya_id,
            axis,
            period.first,
            period.last,
        )
        return [
            (
                Key(wilaya_id, axis, row["key"], row["kind"], row["sample"], row["month"]),
                Tally(counts=row["tally"], days=row["days"], due=row["due"]),
            )
            for row in rows
        ]

    async def count_by_month(self, period: Period) -> dict[tuple[str, bool, date], int]:
        """Return how many complaints the rollups hold, by kind, sample and month."""
        rows = await self._connection.fetch(
            "SELECT kind, sample, month, tally[1] AS received FROM rollup"
            " WHERE wilaya_id = '' AND axis = 'total' AND month BETWEEN $1 AND $2 AND tally[1] <> 0",
            period.first,
            period.last,
        )
        return {(row["kind"], row["sample"], row["month"]): row["received"] for row in rows}


class Registers:
    """Registers that were opened."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def open(self, *, register_id: str, body_id: str, kind: str) -> None:
        """Note a register; its id ends in the year."""
        year = int(register_id.rpartition("/")[2])
        await self._connection.execute(
            "INSERT INTO register (register_id, body_id, kind, year) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            register_id,
            body_id,
            kind,
            year,
        )

    async def count(self, *, year: int, wilaya_id: str) -> int:
        """Count the registers of a wilaya's administrations for a year."""
        counted = await self._connection.fetchval(
            "SELECT count(*) FROM register JOIN body USING (body_id) WHERE year = $1 AND wilaya_id = $2",
            year,
            wilaya_id,
        )
        return int(counted or 0)


class Names:
    """Read copies of the directory: names of bodies and territories."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def keep_bodies(self, rows: Sequence[tuple[str, str, str, str, int]]) -> None:
        """Keep (id, wilaya, name_ar, name_fr, revision) of bodies where they are newer."""
        await self._connection.executemany(
            "INSERT INTO body VALUES ($1, $2, $3, $4, $5) ON CONFLICT (body_id) DO UPDATE"
            " SET (wilaya_id, name_ar, name_fr, revision) ="
            " ROW (excluded.wilaya_id, excluded.name_ar, excluded.name_fr, excluded.revision)"
            " WHERE body.revision < excluded.revision",
            rows,
        )

    async def keep_territories(self, rows: Sequence[tuple[str, str, str, int]]) -> None:
        """Keep (id, name_ar, name_fr, revision) of territories where they are newer."""
        await self._connection.executemany(
            "INSERT INTO territory VALUES ($1, $2, $3, $4) ON CONFLICT (territory_id) DO UPDATE"
            " SET (name_ar, name_fr, revision) = ROW (excluded.name_ar, excluded.name_fr, excluded.revision)"
            " WHERE territory.revision < excluded.revision",
            rows,
        )

    async def bodies(self, body_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return the names (Arabic, French) of bodies."""
        rows = await self._connection.fetch(
            "SELECT body_id, name_ar, name_fr FROM body WHERE body_id = ANY ($1)", body_ids
        )
        return {row["body_id"]: (row["name_ar"], row["name_fr"]) for row in rows}

    async def territories(self, territory_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return the names (Arabic, French) of territories."""
        rows = await self._connection.fetch(
            "SELECT territory_id, name_ar, name_fr FROM territory WHERE territory_id = ANY ($1)", territory_ids
        )
        return {row["territory_id"]: (row["name_ar"], row["name_fr"]) for row in rows}


DATES = ("received_on", "due_on", "answered_on", "graded_at")


def _fact(row: "Row") -> Fact:
    return Fact(**{name: row[name] for name in COLUMNS})


def _counted(stored: dict[str, Any] | None) -> Fact | None:
    if stored is None:
        return None
    days = {name: date.fromisoformat(stored[name]) for name in DATES[:3] if stored[name]}
    moment = {"graded_at": datetime.fromisoformat(stored["graded_at"])} if stored["graded_at"] else {}
    return Fact(**(stored | days | moment))


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
