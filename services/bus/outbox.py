"""The outbox of one service, as its relay and its subscribers' workers see it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import asyncpg

LEADER = 0x4449_5741_4E

FAN_OUT = """
    WITH pending AS (
        SELECT position, type FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT 1000 FOR UPDATE
    ), fanned AS (
        INSERT INTO delivery (position, subscriber)
        SELECT position, subscriber FROM pending JOIN unnest($1::text[], $2::text[]) AS route (type, subscriber) USING (type)
        RETURNING subscriber
    ), marked AS (
        UPDATE outbox SET published_at = now() FROM pending WHERE outbox.position = pending.position RETURNING 1
    )
    SELECT (SELECT count(*) FROM marked) AS events, ARRAY(SELECT DISTINCT subscriber FROM fanned) AS subscribers
"""
PENDING = "SELECT position, type, event, headers FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT $1"
PUBLISHED = "UPDATE outbox SET published_at = now() WHERE position = ANY($1::bigint[])"
DUE = """
    SELECT delivery.position, aggregate_id, attempts, event, headers
    FROM delivery JOIN outbox USING (position)
    WHERE subscriber = $1 AND next_attempt_at <= now()
    ORDER BY delivery.position LIMIT $2
"""
DELIVERED = "DELETE FROM delivery WHERE subscriber = $1 AND position = ANY($2::bigint[])"
LATER = """
    UPDATE delivery SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $3), last_error = $4
    WHERE subscriber = $1 AND position = $2
"""
DEAD = """
    WITH dead AS (DELETE FROM delivery WHERE subscriber = $1 AND position = $2 RETURNING *)
    INSERT INTO dead_letter (position, subscriber, attempts, last_error) SELECT position, subscriber, attempts + 1, $3 FROM dead
"""
FORGET = """
    DELETE FROM outbox WHERE published_at < now() - make_interval(days => $1)
    AND NOT EXISTS (SELECT FROM delivery WHERE delivery.position = outbox.position)
    AND NOT EXISTS (SELECT FROM dead_letter WHERE dead_letter.position = outbox.position AND replayed_at IS NULL)
"""


async def _as_it_is(connection: object) -> None:
    """Take a connection back without a round trip: the statements here leave nothing in its session."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One event on its way to one subscriber."""

    position: int
    aggregate_id: str = ""
    type: str = ""
    attempts: int = 0
    event: bytes
    headers: dict[str, str]


class Outbox:
    """The outbox tables of one service's database; several workers share its connections."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    @classmethod
    async def open(cls, dsn: str) -> "Outbox":
        """Connect, in the role that sees outbox tables only."""
        return cls(await asyncpg.create_pool(dsn, min_size=1, max_size=5, command_timeout=30, reset=_as_it_is))

    async def fan_out(self, routes: Sequence[tuple[str, str]]) -> tuple[int, list[str]]:
        """Give each pending event one delivery a subscriber and mark it, in one statement; return how many and for whom."""
        row = await self._pool.fetchrow(
            FAN_OUT, [type_ for type_, _ in routes], [subscriber for _, subscriber in routes]
        )
        assert row is not None
        return row["events"], row["subscribers"]

    async def pending(self, limit: int) -> list[Parcel]:
        """Return the oldest events that were not published yet."""
        rows = await self._pool.fetch(PENDING, limit)
        return [
            Parcel(position=row["position"], type=row["type"], event=row["event"], headers=json.loads(row["headers"]))
            for row in rows
        ]

    async def published(self, positions: Sequence[int]) -> None:
        """Mark events as published."""
        await self._pool.execute(PUBLISHED, positions)

    async def due(self, subscriber: str, limit: int) -> list[Parcel]:
        """Return the oldest deliveries of a subscriber that are to be tried now."""
        return [
            Parcel(
                position=row["position"],
                aggregate_id=row["aggregate_id"],
                attempts=row["attempts"],
                event=row["event"],
                headers=json.loads(row["headers"]),
            )
            for row in await self._pool.fetch(DUE, subscriber, limit)
        ]

    async def delivered(self, subscriber: str, positions: Sequence[int]) -> None:
        """Forget deliveries that had their effect."""
        await self._pool.execute(DELIVERED, subscriber, positions)

    async def later(self, subscriber: str, position: int, *, seconds: float, error: str) -> None:
        """Put a delivery off."""
        await self._pool.execute(LATER, subscriber, position, seconds, error)

    async def dead(self, subscriber: str, position: int, *, error: str) -> None:
        """Lay a delivery among the dead letters, for an operator."""
        await self._pool.execute(DEAD, subscriber, position, error)

    async def forget(self, *, days: int) -> None:
        """Delete events that everybody has had for so many days."""
        await self._pool.execute(FORGET, days)

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()


class Bell:
    """One connection that hears of new events and holds the lead over other relays of the same outbox."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    @classmethod
    async def hang(cls, dsn: str, rung: Callable[..., None]) -> "Bell":
        """Listen for `NOTIFY outbox`."""
        connection = await asyncpg.connect(dsn)
        await connection.add_listener("outbox", rung)
        return cls(connection)

    async def leads(self) -> bool:
        """Say whether this relay is the one that acts; the lead ends with the connection."""
        held = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
        return bool(
            await self._connection.fetchval(held)
            or await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER)
        )

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()
