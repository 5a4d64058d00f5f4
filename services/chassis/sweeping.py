"""Forgets what is kept for repetition only: answers after 30 days, notes of events that came in after 90."""

import asyncio
import logging
from datetime import datetime, timedelta

import asyncpg

from services.chassis.call import clock
from services.chassis.database import Database
from services.chassis.refusals import TryAgain

EVERY_SECONDS = 3600.0
AT_ONCE = 5000
REQUESTS_KEPT = timedelta(days=30)
INBOX_KEPT = timedelta(days=90)
SWEEPS = (
    (
        "DELETE FROM request WHERE request_id IN (SELECT request_id FROM request WHERE answered_at < $1 LIMIT $2)",
        REQUESTS_KEPT,
    ),
    ("DELETE FROM inbox WHERE event_id IN (SELECT event_id FROM inbox WHERE received_at < $1 LIMIT $2)", INBOX_KEPT),
)
_log = logging.getLogger(__name__)


async def sweep(database: Database, now: datetime) -> None:
    """Delete what is older than it is kept, some thousand rows a transaction."""
    for statement, kept in SWEEPS:
        deleted = f"DELETE {AT_ONCE}"
        while deleted == f"DELETE {AT_ONCE}":
            async with database.transaction() as connection:
                deleted = await connection.execute(statement, now - kept, AT_ONCE)


async def sweep_hourly(database: Database, end: asyncio.Future[None]) -> None:
    """Sweep now and every hour until the end; a database that does not answer is swept the next time."""
    while not end.done():
        try:
            await sweep(database, clock())
        except (OSError, TryAgain, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("not swept: %s", type(error).__name__)
        await asyncio.wait({end}, timeout=EVERY_SECONDS)
