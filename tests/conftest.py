"""What all tests stand on: asyncio, a private PostgreSQL, keys, and services served on free ports."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import asyncpg
import grpc
import hypothesis
import pytest

from services.chassis import keys
from services.chassis.call import Actor, clock
from services.chassis.client import connect
from services.chassis.database import OWN_MIGRATIONS, Database, migrate
from services.chassis.server import Served, Server
from services.chassis.settings import PROCESSES, Settings
from services.chassis.tokens import sign_actor
from services.postgres import Postgres

SERVICES = Path(__file__).parent.parent / "services"
FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "200"}
BUS = "diwan_bus"
NUMBERS = count(1)

# Machines are shared: what an example proves does not depend on how long it took.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run every coroutine test on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A private PostgreSQL for all tests of this run; quick, because nothing in it needs to last."""
    folder = Path(tempfile.mkdtemp(prefix="diwan-tests-"))
    folder.chmod(0o711)
    server, loop = Postgres(folder / "postgres", roles=(BUS,), settings=FAST), asyncio.new_event_loop()
    try:
        loop.run_until_complete(server.start())
        loop.run_until_complete(_order(server, f"CREATE ROLE {BUS} LOGIN"))
        yield server
    finally:
        loop.run_until_complete(server.stop())
        loop.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """The migrated databases that tests copy, by service."""
    return {}


@pytest.fixture
async def dsn_for(
    postgres_server: Postgres, templates: dict[str, str]
) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Make a fresh database with a service's schema: `dsn = await dsn_for("intake")`."""
    made: list[str] = []

    async def make(service: str) -> str:
        if service not in templates:
            templates[service] = await _template(postgres_server, service)
        made.append(f"test_{service}_{next(NUMBERS)}")
        await _order(postgres_server, f"CREATE DATABASE {made[-1]} TEMPLATE {templates[service]} STRATEGY file_copy")
        return postgres_server.dsn(database=made[-1])

    yield make
    for name in made:
        await _order(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_for(dsn_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Callable[[str], Awaitable[Database]]]:
    """Open a fresh database with a service's schema: `database = await database_for("intake")`."""
    opened: list[Database] = []

    async def open_(service: str) -> Database:
        opened.append(await Database.open(await dsn_for(service), migrations=None, process=service))
        return opened[-1]

    yield open_
    for database in opened:
        await database.close()


async def _template(server: Postgres, service: str) -> str:
    name = f"template_{service}"
    await _order(server, f"CREATE DATABASE {name}")
    connection = await asyncpg.connect(server.dsn(database=name))
    try:
        await migrate(connection, OWN_MIGRATIONS)
        if service != "chassis":
            await migrate(connection, SERVICES / service / "migrations")
    finally:
        await connection.close()
    return name


async def _order(server: Postgres, statement: str) -> None:
    connection = await asyncpg.connect(server.dsn())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of all processes."""
    folder = tmp_path_factory.mktemp("keys")
    keys.make(folder, [name for name in PROCESSES if name != "client"])
    return folder


@pytest.fixture
def settings_of(keys_folder: Path, tmp_path: Path) -> Callable[[str], Settings]:
    """Read the settings of a process in a house of its own that listens on free ports."""

    def read(process: str) -> Settings:
        environment = {"DIWAN_HOME": str(tmp_path), "DIWAN_KEYS": str(keys_folder), "DIWAN_GRACE": "2"}
        return Settings.read(process, {**environment, f"DIWAN_{process.upper()}_LISTEN": "127.0.0.1:0"})

    return read


@pytest.fixture
def token_for(keys_folder: Path) -> Callable[[Actor], str]:
    """Sign an actor in for an hour, as the directory does."""

    def sign(actor: Actor) -> str:
        key = keys.private_key(keys_folder, "directory")
        return sign_actor(key, actor, now=clock(), lifetime=timedelta(hours=1))

    return sign


@dataclass
class Running:
    """A service that answers on a real port."""

    settings: Settings
    server: Server
    channels: list[grpc.aio.Channel] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self.server.port}"

    def channel(self, process: str) -> grpc.aio.Channel:
        """Open a channel to it as another process."""
        service = self.settings.process
        caller = replace(self.settings, process=process, addresses={service: self.address})
        self.channels.append(connect(caller, service))
        return self.channels[-1]


@pytest.fixture
async def running(
    settings_of: Callable[[str], Settings],
) -> AsyncIterator[Callable[[str, Sequence[Served]], Awaitable[Running]]]:
    """Serve on a free port: `intake = await running("intake", [(name, adder, servicer)])`."""
    all_of_them: list[Running] = []

    async def serve(process: str, services: Sequence[Served]) -> Running:
        settings = settings_of(process)
        all_of_them.append(Running(settings, Server(settings)))
        await all_of_them[-1].server.start()
        await all_of_them[-1].server.open(services)
        return all_of_them[-1]

    yield serve
    for each in all_of_them:
        for channel in each.channels:
            await channel.close()
        await each.server.stop()
