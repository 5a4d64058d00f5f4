"""The private PostgreSQL, on the version that ships with us and on Debian's."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from services.postgres import Postgres, PostgresUnusable, reachable_by_all

DEBIAN = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's own user can reach (pytest's tmp_path is closed to others)."""
    with TemporaryDirectory(prefix="diwan-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "postgres"


@pytest.fixture(params=[None, DEBIAN], ids=["shipped", "debian-15"])
def server(folder: Path, request: pytest.FixtureRequest) -> Postgres:
    return Postgres(folder, roles=("intake", "routing", "diwan_bus"), binaries=request.param)


async def ask(server: Postgres, question: str, *, role: str = "diwan", database: str = "postgres") -> object:
    connection = await asyncpg.connect(server.dsn(role, database))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_fresh_server_is_durable_and_speaks_utf8(server: Postgres) -> None:
    await server.start()
    try:
        assert await ask(server, "SHOW synchronous_commit") == "on"
        assert await ask(server, "SHOW fsync") == "on"
        assert await ask(server, "SHOW data_checksums") == "on"
        assert await ask(server, "SHOW server_encoding") == "UTF8"
        assert await ask(server, "SHOW listen_addresses") == ""
        assert await ask(server, "SELECT lower('É') || length('شكوى')") == "é4"
        version = int(str(await ask(server, "SHOW server_version_num"))) // 10000
        assert version == (15 if server.binaries else 18)
    finally:
        await server.stop()


async def test_a_service_enters_its_own_database_and_no_other(server: Postgres) -> None:
    await server.start()
    try:
        for _ in range(2):
            await server.have(["intake", "routing"], "diwan_bus")
        assert await ask(server, "SELECT current_user", role="intake", database="intake") == "intake"
        assert await ask(server, "SELECT current_user", role="diwan_bus", database="intake") == "diwan_bus"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(server, "SELECT 1", role="routing", database="intake")
    finally:
        await server.stop()


async def test_another_user_of_the_machine_does_not_get_in(server: Postgres) -> None:
    await server.start()
    try:
        assert server.sockets.stat().st_mode & 0o077 == 0
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            await ask(server, "SELECT 1", role="stranger")
    finally:
        await server.stop()


async def test_what_was_acknowledged_is_there_after_a_clean_stop(server: Postgres) -> None:
    await server.start()
    await ask(server, "CREATE TABLE line (number int)")
    await server.stop()
    await server.start()
    try:
        assert await ask(server, "SELECT count(*) FROM line") == 0
    finally:
        await server.stop()


async def test_what_was_acknowledged_is_there_after_kill_9_of_server_and_backends(server: Postgres) -> None:
    await server.start()
    await ask(server, "CREATE TABLE line (number int)")
    for number in range(50):
        await ask(server, f"INSERT INTO line VALUES ({number})")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    await server.process.wait()
    await server.stop()
    await server.start()
    try:
        assert await ask(server, "SELECT count(*) FROM line") == 50
    finally:
        await server.stop()


async def test_a_reused_process_id_in_the_lock_file_does_not_stop_the_start(server: Postgres) -> None:
    await server.start()
    assert server.process is not None
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(server.process.pid, signal.SIGKILL)
    await server.process.wait()
    await server.stop()
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        await server.start()
        assert await ask(server, "SELECT 1") == 1
        assert bystander.poll() is None
        await server.stop()
    finally:
        bystander.kill()
        bystander.wait()


async def test_a_server_whose_owner_was_killed_goes_with_it_and_the_next_start_works(server: Postgres) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from services.postgres import Postgres
        async def main():
            server = Postgres(Path(sys.argv[1]), binaries=Path(sys.argv[2]) if sys.argv[2] else None)
            await server.start()
            print(server.process.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    arguments = [str(server.folder), str(server.binaries or "")]
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert owner.stdout is not None
    left = os.pidfd_open(int(await owner.stdout.readline()))
    with pytest.raises(PostgresUnusable, match="in use by another run"):
        await server.start()
    owner.kill()
    await owner.wait()
    await server.start()
    try:
        assert await ask(server, "SELECT 1") == 1
        assert select.select([left], [], [], 0)[0], "the earlier server still runs"
    finally:
        os.close(left)
        await server.stop()


async def test_a_long_data_path_still_gets_a_short_socket_path(folder: Path) -> None:
    server = Postgres(folder / ("deep" * 20) / ("er" * 20))
    assert len(str(server.sockets)) < 80
    await server.start()
    try:
        assert await ask(server, "SELECT 1") == 1
        assert server.sockets.stat().st_mode & 0o077 == 0
    finally:
        await server.stop()


def test_a_folder_below_a_closed_one_is_not_reachable(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "open").mkdir(parents=True)
    closed.chmod(0o700)
    assert not reachable_by_all(closed / "open")
    assert reachable_by_all(Path("/usr/bin"))
