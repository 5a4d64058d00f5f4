"""The one place where a process is put together: settings, traces, database, services, and their end."""

import asyncio
import inspect
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from services.chassis import journal, requests, sweeping, tracing
from services.chassis.database import Database, MigrationsUnclear
from services.chassis.keys import KeyUnusable, secret_of
from services.chassis.server import Served, Server, ServerUnusable, told_to_stop
from services.chassis.settings import Settings, SettingUnclear

Built = Sequence[Served] | Awaitable[Sequence[Served]]
Build = Callable[[Settings, Database], Built]

UNUSABLE = (SettingUnclear, KeyUnusable, MigrationsUnclear, ServerUnusable)

_log = logging.getLogger(__name__)


def run(process: str, build: Build, *, migrations: Path) -> None:
    """Run a service with a database of its own until it is told to stop."""
    settings = Settings.read(process)
    journal.start(process)
    tracing.start(process, settings)
    try:
        asyncio.run(_run(settings, build, migrations))
    except UNUSABLE as error:
        _log.critical("cannot start: %s", error)
        sys.exit(1)
    finally:
        tracing.stop()


async def _run(settings: Settings, build: Build, migrations: Path) -> None:
    told = asyncio.create_task(told_to_stop())
    server = Server(settings)
    requests.keep_under(secret_of(settings.keys, settings.process))
    await server.start()
    database = await Database.open(
        settings.database, migrations=migrations, process=settings.process, max_size=settings.database_connections
    )
    built = build(settings, database)
    await server.open(await built if inspect.isawaitable(built) else built)
    sweeper = asyncio.create_task(sweeping.sweep_hourly(database, told))
    await told
    await sweeper
    await server.stop()
    await database.close()
    _log.info("stopped")
