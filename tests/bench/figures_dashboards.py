"""Measures reports from rollups beside a raw GROUP BY over the facts, in the same run: python -m tests.bench.figures_dashboards."""

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.chassis.call import Actor, ActorKind, begin
from services.chassis.database import Connection, Database
from services.postgres import Postgres
from services.reporting import __main__ as reporting
from services.reporting import actions
from services.reporting.domain import period as periods
from services.reporting.domain import tally
from services.reporting.store import Store

MIGRATIONS = Path(reporting.__file__).parent / "migrations"
ROUNDS = 7
FILL = """
    INSERT INTO fact (complaint_id, kind, channel, wilaya_id, commune_id, keeping_body_id, ministry_id, received_on, sample,
        state, due_on, answered_on, working_days, late, grade, complaint_version)
    SELECT gen_random_uuid(), CASE WHEN n % 3 = 0 THEN 'PETITION' ELSE 'ENTRY' END,
        (ARRAY['PAPER_REGISTER', 'PORTAL', 'CALL_CENTRE', 'MOBILE', 'SERVICE_PLATFORM'])[1 + n % 5],
        'wilaya-' || n % 69, 'commune-' || n % 1541, 'body-' || n % 1541, 'ministry-' || (n * 7) % 34,
        date '2025-01-01' + n % 730, false, CASE WHEN n % 5 = 0 THEN 'REFERRED' ELSE 'REPLIED' END,
        date '2025-01-22' + n % 730, CASE WHEN n % 5 = 0 THEN NULL ELSE date '2025-01-01' + n % 730 + 9 END,
        CASE WHEN n % 5 = 0 THEN NULL ELSE (random() * random() * 60)::int END, n % 11 = 0,
        CASE WHEN n % 5 = 0 THEN '' ELSE (ARRAY['FAVOURABLE', 'UNFAVOURABLE', 'SUPERFICIAL', ''])[1 + n % 4] END, 1
    FROM generate_series(1, $1::int) AS n
"""
COUNTS = """
    SELECT coalesce(nullif(ministry_id, ''), 'UNDECIDED') AS key, kind, sample, count(*), count(answered_on),
        count(*) FILTER (WHERE grade = 'FAVOURABLE'), count(*) FILTER (WHERE grade = 'UNFAVOURABLE'),
        count(*) FILTER (WHERE grade = 'SUPERFICIAL'), count(*) FILTER (WHERE state = 'CLOSED')
    FROM fact WHERE received_on BETWEEN $1 AND $2 GROUP BY 1, 2, 3
"""
TIMES = """
    SELECT coalesce(nullif(ministry_id, ''), 'UNDECIDED') AS key, kind,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY working_days), percentile_disc(0.95) WITHIN GROUP (ORDER BY working_days)
    FROM fact WHERE received_on BETWEEN $1 AND $2 AND answered_on IS NOT NULL GROUP BY 1, 2
"""


async def main(rows: int) -> None:
    """Fill, fold, and read the national table of a year in both ways by turns."""
    folder = Path(tempfile.mkdtemp(prefix="diwan-bench-"))
    folder.chmod(0o711)
    server = Postgres(folder / "postgres")
    await server.start()
    try:
        database = await Database.open(server.dsn(), migrations=MIGRATIONS, process="reporting", max_size=2)
        await _fill(database, rows)
        await _compare(database, rows)
        await database.close()
    finally:
        await server.stop()
        shutil.rmtree(folder)


async def _fill(database: Database, rows: int) -> None:
    with Progress() as progress:
        task = progress.add_task(f"fold {rows:,} facts", total=rows)
        async with database.transaction() as connection:
            await connection.execute(FILL, rows)
        began, folded = time.process_time(), 1
        while folded:
            async with database.transaction() as connection:
                folded = await actions.fold(Store(connection), limit=5000)
            progress.advance(task, folded)
        async with database.reading() as connection:
            await connection.execute("ANALYZE")
        progress.console.print(f"folding: {(time.process_time() - began) / rows * 1e6:.0f} µs CPU of reporting a fact")


async def _compare(database: Database, rows: int) -> None:
    period = periods.quarter(2025, 0)
    call = begin(Actor(kind=ActorKind.PROCESS, id="bench"), process="bench")

    async def report(connection: "Connection") -> None:
        await actions.table(call, Store(connection), period=period, axis=tally.SECTOR)

    async def raw(connection: "Connection") -> None:
        await connection.fetch(COUNTS, period.first, period.last)
        await connection.fetch(TIMES, period.first, period.last)

    times: dict[str, list[float]] = {"report": [], "raw": []}
    async with database.reading() as connection:
        for _ in range(ROUNDS):
            for name, read in (("report", report), ("raw", raw)):
                times[name].append(await _seconds(read, connection))
        held = await connection.fetchval("SELECT count(*) FROM rollup")
    _show(times, rows=rows, held=held)


async def _seconds(read: Callable[["Connection"], Awaitable[None]], connection: "Connection") -> float:
    began = time.perf_counter()
    await read(connection)
    return time.perf_counter() - began


def _show(times: dict[str, list[float]], *, rows: int, held: int) -> None:
    table = Table(title=f"National table of a year by sector, {rows:,} facts, {held:,} rollup rows")
    for column in ("way", "median ms", "best ms"):
        table.add_column(column)
    for name, seconds in times.items():
        table.add_row(name, f"{statistics.median(seconds) * 1000:.1f}", f"{min(seconds) * 1000:.1f}")
    ratio = statistics.median(a / b for a, b in zip(times["raw"], times["report"], strict=True))
    Console().print(table)
    Console().print(
        f"dashboards_ratio {ratio:.0f}  (raw GROUP BY ÷ report; the rollup rows that are read and summed bound it)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    asyncio.run(main(parser.parse_args().rows))
