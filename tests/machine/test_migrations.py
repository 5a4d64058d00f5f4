"""Every service's tables can be laid out on the oldest and the newest PostgreSQL that we promise."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from services.chassis.database import Database
from services.postgres import Postgres
from services.premises import CARRIER, CHECKOUT, KEEPERS_OF_DATA

DEBIAN = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(params=[None, DEBIAN], ids=["shipped-18", "debian-15"])
def server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    with TemporaryDirectory(prefix="diwan-") as name:
        Path(name).chmod(0o711)
        yield Postgres(Path(name) / "postgres", roles=(*KEEPERS_OF_DATA, CARRIER), binaries=request.param)


async def test_all_services_migrate_and_migrate_again(server: Postgres) -> None:
    await server.start()
    try:
        await server.have(KEEPERS_OF_DATA, CARRIER)
        for service in KEEPERS_OF_DATA:
            for _ in range(2):
                database = await Database.open(
                    server.dsn(service, service),
                    migrations=CHECKOUT / "services" / service / "migrations",
                    process=service,
                    max_size=2,
                )
                async with database.reading() as connection:
                    assert await connection.fetchval("SELECT count(*) FROM outbox") == 0
                await database.close()
    finally:
        await server.stop()


async def test_the_carrier_of_events_sees_outbox_tables_and_nothing_of_the_domain(server: Postgres) -> None:
    await server.start()
    try:
        await server.have(KEEPERS_OF_DATA, CARRIER)
        for service in KEEPERS_OF_DATA:
            migrations = CHECKOUT / "services" / service / "migrations"
            own = await Database.open(server.dsn(service, service), migrations=migrations, process=service, max_size=2)
            async with own.reading() as connection:
                seen = await connection.fetch(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                    " AND has_table_privilege($1, oid, 'SELECT')",
                    CARRIER,
                )
            await own.close()
            assert {row["relname"] for row in seen} == {"outbox", "delivery", "dead_letter"}
    finally:
        await server.stop()
