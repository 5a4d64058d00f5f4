"""A service's own PostgreSQL: its pool, its transactions and its numbered migrations."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.chassis import tracing
from services.chassis.refusals import TryAgain

if TYPE_CHECKING:
    Row: TypeAlias = asyncpg.Record
    Connection: TypeAlias = asyncpg.Connection[Row] | PoolConnectionProxy[Row]
    Pool: TypeAlias = asyncpg.Pool[Row]
else:
    Row, Connection, Pool = asyncpg.Record, asyncpg.Connection, asyncpg.Pool

OWN_MIGRATIONS = Path(__file__).parent / "migrations"
STARTING = (asyncpg.CannotConnectNowError, ConnectionRefusedError, FileNotFoundError)
ATTEMPTS = 100


class MigrationsUnclear(Exception):
    """A folder of migrations and its HEAD do not agree."""


class _PlainConnection(asyncpg.Connection):
    """A connection without session state, so that giving it back costs no round trip."""

    def get_reset_query(self) -> str:
        """Reset nothing: settings are made with SET LOCAL only."""
        return ""


class Database:
    """The pool of one process; every transaction is a span."""

    def __init__(self, pool: "Pool", process: str) -> None:
        self._pool = pool
        self._transaction = f"{process}.transaction"
        self._reading = f"{process}.reading"

    @classmethod
    async def open(cls, dsn: str, *, migrations: Path | None, process: str, max_size: int = 8) -> Self:
        """Wait for the server, bring the schema to its head and open the pool."""
        if migrations is not None:
            connection = await _connect(dsn)
            try:
                await migrate(connection, OWN_MIGRATIONS)
                await migrate(connection, migrations)
            finally:
                await connection.close()
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=max_size,
            init=prepare,
            connection_class=_PlainConnection,
            server_settings={"application_name": f"diwan-{process}"},
        )
        return cls(pool, process)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """Give a connection in a transaction; the commit goes through even when the caller has gone."""
        with tracing.span(self._transaction):
            connection = await self._acquire()
            transaction = connection.transaction()
            try:
                await transaction.start()
                yield connection
            except BaseException:
                await asyncio.shield(self._settle(connection, transaction.rollback))
                raise
            await asyncio.shield(self._settle(connection, transaction.commit))

    async def _settle(self, connection: "PoolConnectionProxy[Row]", finish: Callable[[], Awaitable[None]]) -> None:
        try:
            await finish()
        finally:
            await self._pool.release(connection)

    async def _acquire(self) -> "PoolConnectionProxy[Row]":
        try:
            return await self._pool.acquire()
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError) as error:
            raise TryAgain from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["Connection"]:
        """Give a connection for single statements that only read."""
        with tracing.span(self._reading):
            connection = await self._acquire()
            try:
                yield connection
            finally:
                await self._pool.release(connection)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


async def prepare(connection: "Connection") -> None:
    """Make jsonb come and go as Python values, and uuid as text."""
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    await connection.set_type_codec("uuid", schema="pg_catalog", format="binary", encoder=_to_bytes, decoder=_to_text)


def _to_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def _to_text(octets: bytes) -> str:
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


async def _connect(dsn: str) -> "asyncpg.Connection[Row]":
    for _ in range(ATTEMPTS - 1):
        try:
            return await asyncpg.connect(dsn)
        except STARTING:
            await asyncio.sleep(0.2)
    return await asyncpg.connect(dsn)


async def migrate(connection: "Connection", folder: Path) -> list[str]:
    """Run the folder's numbered SQL files that this database has not seen; return their names."""
    component, done = folder.resolve().parent.name, []
    files = _numbered(folder)
    await connection.execute("SELECT pg_advisory_lock(hashtextextended('diwan migration', 0))")
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migration (component text, number int, name text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (component, number))"
        )
        last = await connection.fetchval(
            "SELECT coalesce(max(number), 0) FROM migration WHERE component = $1", component
        )
        for number, path in enumerate(files, start=1):
            if number > last:
                async with connection.transaction():
                    await connection.execute(path.read_text(encoding="utf-8"))
                    await connection.execute("INSERT INTO migration VALUES ($1, $2, $3)", component, number, path.stem)
                done.append(path.stem)
    finally:
        await connection.execute("SELECT pg_advisory_unlock(hashtextextended('diwan migration', 0))")
    return done


def _numbered(folder: Path) -> list[Path]:
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    for number, path in enumerate(files, start=1):
        if int(path.name[:4]) != number:
            raise MigrationsUnclear(f"{folder}: expected number {number:04}, found {path.name}")
    head = (folder / "HEAD").read_text(encoding="utf-8").strip()
    if not files or head != files[-1].stem:
        raise MigrationsUnclear(
            f"{folder}: HEAD says {head}, the last file is {files[-1].stem if files else 'missing'}"
        )
    return files
