"""Remembers registers: their opening, the head that writers lock, their seal."""

from collections.abc import Mapping, Sequence

from services.chassis.database import Connection, Row
from services.intake.domain.number import Series
from services.intake.domain.places import Body
from services.intake.domain.register import Register, RegisterKind, RegisterState

COLUMNS = "register_id, body_id, wilaya_id, kind, year, state, last_line, head_hash, opened_at, version"


class Registers:
    """The books."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def get(self, register_id: str) -> Register | None:
        """Return a register."""
        return _register(
            await self._connection.fetchrow(f"SELECT {COLUMNS} FROM register WHERE register_id = $1", register_id)
        )

    async def of_body(self, body_id: str, year: int) -> Register | None:
        """Return the register of a body and year."""
        return _register(
            await self._connection.fetchrow(
                f"SELECT {COLUMNS} FROM register WHERE (body_id, year) = ($1, $2)", body_id, year
            )
        )

    async def page(
        self, year: int, where: str, arguments: Sequence[object], *, after: str, size: int
    ) -> list[Register]:
        """Return registers of a year that fulfil the condition, by id."""
        rows = await self._connection.fetch(
            f"SELECT {COLUMNS} FROM register WHERE year = $1 AND register_id > $2 AND {where} ORDER BY register_id LIMIT {size}",
            year,
            after,
            *arguments,
        )
        return [known(row) for row in rows]

    async def open_in_turn(self) -> None:
        """Wait until no other transaction opens registers."""
        await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('diwan registers', 0))")

    async def without(self, bodies: Sequence[Body], year: int) -> list[Body]:
        """Return those of the bodies that have no register of the year."""
        rows = await self._connection.fetch(
            "SELECT body_id FROM register WHERE year = $1 AND body_id = ANY ($2::text[])",
            year,
            [each.body_id for each in bodies],
        )
        having = {row["body_id"] for row in rows}
        return [each for each in bodies if each.body_id not in having]

    async def series_of(self, bodies: Sequence[Body]) -> Mapping[str, Series]:
        """Return the permanent codes of bodies; those who have none get the next of their label, in order."""
        await self._connection.execute(
            """
            INSERT INTO series (body_id, label, code)
            SELECT wanted.body_id, wanted.label,
                coalesce((SELECT max(code) FROM series WHERE series.label = wanted.label), 0)
                + row_number() OVER (PARTITION BY wanted.label ORDER BY wanted.position)
            FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (body_id, label, position)
            WHERE NOT EXISTS (SELECT FROM series WHERE series.body_id = wanted.body_id)
            """,
            [each.body_id for each in bodies],
            [each.wilaya_label for each in bodies],
        )
        rows = await self._connection.fetch(
            "SELECT * FROM series WHERE body_id = ANY ($1::text[])", [each.body_id for each in bodies]
        )
        return {row["body_id"]: Series(label=row["label"], code=row["code"]) for row in rows}

    async def series(self, body_id: str) -> Series | None:
        """Return the permanent code of a body."""
        row = await self._connection.fetchrow("SELECT label, code FROM series WHERE body_id = $1", body_id)
        return Series(**row) if row else None

    async def open(self, registers: Sequence[Register]) -> None:
        """Add registers."""
        await self._connection.executemany(
            f"INSERT INTO register ({COLUMNS}, series) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [
                (
                    each.register_id,
                    each.body_id,
                    each.wilaya_id,
                    each.kind,
                    each.year,
                    each.state,
                    each.last_line,
                    each.head_hash,
                    each.opened_at,
                    each.version,
                    each.series,
                )
                for each in registers
            ],
        )

    async def hold(self, register_id: str) -> Register | None:
        """Lock and return a register."""
        return _register(
            await self._connection.fetchrow(
                f"SELECT {COLUMNS} FROM register WHERE register_id = $1 FOR UPDATE", register_id
            )
        )

    async def seal(self, register: Register) -> None:
        """Keep the new state and version of a register."""
        await self._connection.execute(
            "UPDATE register SET state = $2, version = $3 WHERE register_id = $1",
            register.register_id,
            register.state,
            register.version,
        )

    async def count(self, year: int) -> int:
        """Count the registers of a year."""
        return int(await self._connection.fetchval("SELECT count(*) FROM register WHERE year = $1", year))


def _register(row: "Row | None") -> Register | None:
    return None if row is None else known(row)


def known(row: "Row") -> Register:
    """Make a register of its row."""
    return Register(
        register_id=row["register_id"],
        body_id=row["body_id"],
        wilaya_id=row["wilaya_id"],
        kind=RegisterKind(row["kind"]),
        year=row["year"],
        state=RegisterState(row["state"]),
        last_line=row["last_line"],
        head_hash=row["head_hash"],
        opened_at=row["opened_at"],
        version=row["version"],
    )
