"""What every service keeps: transactions, migrations, events out and in, and answers to repeat."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from diwan.common.v1 import event_pb2, localized_text_pb2

from services.chassis import inbox, outbox, requests
from services.chassis.call import Actor, ActorKind, Call, begin
from services.chassis.database import Connection, Database, MigrationsUnclear, migrate
from services.chassis.keys import secret_of
from services.chassis.refusals import TryAgain
from services.chassis.sweeping import sweep
from services.postgres import Postgres

FACT = localized_text_pb2.LocalizedText(ar="أ", fr="a")


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_for("chassis")


@pytest.fixture
def postgres_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can reach."""
    with TemporaryDirectory(prefix="diwan-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "postgres"


@pytest.fixture
def call() -> Call:
    return begin(Actor(kind=ActorKind.OFFICER, id="o1"), process="portal", causation_id="cause")


def a_request(call: Call, content: str = "x") -> "_Request":
    return _Request(call.new_id(), content)


class _Request:
    """A message with a request_id, as the contracts' writes are."""

    def __init__(self, request_id: str, content: str) -> None:
        self.request_id = request_id
        self.content = content

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        return event_pb2.Event(event_id=self.request_id, type=self.content).SerializeToString(
            deterministic=deterministic
        )


async def count(database: Database, table: str) -> int:
    async with database.reading() as connection:
        found = await connection.fetchval(f"SELECT count(*) FROM {table}")
    return int(found)


async def undone(database: Database, act: Callable[[Connection], Awaitable[object]]) -> None:
    with suppress(RuntimeError):
        async with database.transaction() as connection:
            await act(connection)
            raise RuntimeError


async def test_an_event_is_saved_with_its_change_or_not_at_all(database: Database, call: Call) -> None:
    event = outbox.envelope(call, payload=FACT, aggregate_id="c1", aggregate_version=1)
    await undone(database, lambda connection: outbox.save(connection, event))
    assert await count(database, "outbox") == 0
    async with database.transaction() as connection:
        await outbox.save(
            connection, event, outbox.envelope(call, payload=FACT, aggregate_id="c1", aggregate_version=2)
        )
    async with database.reading() as connection:
        rows = await connection.fetch("SELECT * FROM outbox ORDER BY position")
    assert [row["aggregate_version"] for row in rows] == [1, 2]
    kept = event_pb2.Event.FromString(rows[0]["event"])
    assert kept == event
    assert (kept.type, kept.actor, kept.causation_id) == ("diwan.common.v1.LocalizedText", "officer:o1", "cause")
    assert rows[0]["event_id"] == event.event_id


async def test_the_relay_hears_of_a_saved_event(dsn_for: Callable[[str], Awaitable[str]], call: Call) -> None:
    dsn, heard = await dsn_for("chassis"), asyncio.Event()
    ear = await asyncpg.connect(dsn)
    await ear.add_listener("outbox", lambda *_: heard.set())
    database = await Database.open(dsn, migrations=None, process="chassis")
    async with database.transaction() as connection:
        await outbox.save(connection, outbox.envelope(call, payload=FACT, aggregate_id="c1", aggregate_version=1))
        assert not heard.is_set()
    await asyncio.wait_for(heard.wait(), 5)
    await ear.close()
    await database.close()


async def test_the_carrier_of_events_sees_outbox_tables_and_no_other(
    dsn_for: Callable[[str], Awaitable[str]], postgres_server: Postgres
) -> None:
    dsn = await dsn_for("chassis")
    connection = await asyncpg.connect(dsn, user="diwan_bus")
    for table in ("outbox", "delivery", "dead_letter"):
        await connection.fetch(f"SELECT * FROM {table}")
    for table in ("inbox", "request", "migration"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM {table}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("UPDATE outbox SET event = ''")
    await connection.close()


async def test_an_event_has_its_effect_once(database: Database, call: Call) -> None:
    event = outbox.envelope(call, payload=FACT, aggregate_id="c1", aggregate_version=1)
    for expected in (True, False):
        async with database.transaction() as connection:
            assert await inbox.first_time(connection, event) is expected


async def test_an_event_whose_effect_failed_comes_again(database: Database, call: Call) -> None:
    event = outbox.envelope(call, payload=FACT, aggregate_id="c1", aggregate_version=1)
    await undone(database, lambda connection: inbox.first_time(connection, event))
    async with database.transaction() as connection:
        assert await inbox.first_time(connection, event)


async def test_a_repeated_request_gets_the_same_answer(database: Database, call: Call) -> None:
    request, acts = a_request(call), []

    async def act() -> localized_text_pb2.LocalizedText:
        acts.append(1)
        return FACT

    for _ in range(2):
        async with database.transaction() as connection:
            answer = await requests.once(connection, call, request, localized_text_pb2.LocalizedText, act=act)
        assert answer == FACT
    assert acts == [1]


async def test_a_request_id_is_not_used_for_something_else(database: Database, call: Call) -> None:
    request = a_request(call)
    async with database.transaction() as connection:
        await requests.remember(connection, call, request, FACT)
    other_content = _Request(request.request_id, "y")
    other_actor = replace(call, actor=Actor(kind=ActorKind.OFFICER, id="o2"))
    for who, what in ((call, other_content), (other_actor, request)):
        async with database.transaction() as connection:
            with pytest.raises(requests.RequestIdReused):
                await requests.recall(connection, who, what, localized_text_pb2.LocalizedText)


async def test_neither_an_answer_nor_a_guess_of_its_request_can_be_read_in_the_database(
    database: Database, call: Call
) -> None:
    request = a_request(call, "words of a citizen")
    async with database.transaction() as connection:
        await requests.remember(connection, call, request, FACT)
        row = await connection.fetchrow("SELECT digest, response FROM request")
    assert row
    assert FACT.SerializeToString() not in row["response"]
    assert row["digest"] != requests.digest(call, request)


async def test_a_process_that_starts_again_gives_the_same_answer(
    database: Database, call: Call, keys_folder: Path
) -> None:
    request = a_request(call)
    requests.keep_under(secret_of(keys_folder, "intake"))
    async with database.transaction() as connection:
        await requests.remember(connection, call, request, FACT)
    requests.keep_under(secret_of(keys_folder, "routing"))
    async with database.transaction() as connection:
        with pytest.raises(requests.RequestIdReused):
            await requests.recall(connection, call, request, localized_text_pb2.LocalizedText)
    requests.keep_under(secret_of(keys_folder, "intake"))
    async with database.transaction() as connection:
        assert await requests.recall(connection, call, request, localized_text_pb2.LocalizedText) == FACT


async def test_answers_and_notes_of_events_are_forgotten_in_time(database: Database, call: Call) -> None:
    for days in (0, 29, 31, 89, 91):
        at = replace(call, now=call.now - timedelta(days=days))
        async with database.transaction() as connection:
            await requests.remember(connection, at, a_request(at), FACT)
            event = outbox.envelope(at, payload=FACT, aggregate_id="c1", aggregate_version=1)
            await inbox.first_time(connection, event)
            await connection.execute("UPDATE inbox SET received_at = $2 WHERE event_id = $1", event.event_id, at.now)
    await sweep(database, call.now)
    assert (await count(database, "request"), await count(database, "inbox")) == (2, 4)


async def test_of_two_equal_requests_at_once_one_tries_again(database: Database, call: Call) -> None:
    request = a_request(call)

    async def answer() -> None:
        async with database.transaction() as connection:
            await requests.recall(connection, call, request, localized_text_pb2.LocalizedText)
            await asyncio.sleep(0.05)
            await requests.remember(connection, call, request, FACT)

    results = await asyncio.gather(answer(), answer(), return_exceptions=True)
    assert [type(each) for each in results if each] == [TryAgain]
    assert await count(database, "request") == 1


async def test_a_commit_under_way_outlives_its_caller(database: Database, call: Call) -> None:
    started = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as connection:
            await requests.remember(connection, call, a_request(call), FACT)
            asyncio.get_running_loop().call_soon(started.set)

    for _ in range(20):
        task = asyncio.create_task(write())
        started.clear()
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0.1)
    assert await count(database, "request") == 20


async def test_migrations_run_once_in_order_and_agree_with_their_head(
    dsn_for: Callable[[str], Awaitable[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (x int)")
    (folder / "HEAD").write_text("0001_first\n")
    connection = await asyncpg.connect(await dsn_for("chassis"))
    assert await migrate(connection, folder) == ["0001_first"]
    (folder / "0002_second.sql").write_text("CREATE TABLE second (x int)")
    with pytest.raises(MigrationsUnclear):
        await migrate(connection, folder)
    (folder / "HEAD").write_text("0002_second\n")
    assert await migrate(connection, folder) == ["0002_second"]
    assert await migrate(connection, folder) == []
    await connection.close()


async def test_a_failed_migration_leaves_nothing(dsn_for: Callable[[str], Awaitable[str]], tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_broken.sql").write_text("CREATE TABLE kept (x int); SELECT 1/0")
    (folder / "HEAD").write_text("0001_broken")
    connection = await asyncpg.connect(await dsn_for("chassis"))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(connection, folder)
    assert await connection.fetchval("SELECT to_regclass('kept')") is None
    await connection.close()


async def test_a_server_that_restarts_is_a_request_to_try_again(postgres_folder: Path) -> None:
    server = Postgres(postgres_folder)
    await server.start()
    database = await Database.open(server.dsn(), migrations=None, process="chassis")
    await server.stop()
    for door in (database.transaction, database.reading):
        with pytest.raises(TryAgain):
            await door().__aenter__()
    await server.start()
    async with database.transaction() as connection:
        assert await connection.fetchval("SELECT 1") == 1
    await database.close()
    await server.stop()
