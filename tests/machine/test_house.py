"""The launcher: starts, keeps and stops processes, and leaves nobody behind when it is killed."""

import asyncio
import os
import select
import signal
import socket
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import grpc
import pytest
from diwan.directory.v1 import directory_service_pb2, directory_service_pb2_grpc

from services.chassis import keys
from services.chassis.client import connect
from services.chassis.settings import PROCESSES
from services.house import House, HouseNotReady
from services.premises import KEEPERS_OF_DATA, Premises

ALONE = ("directory",)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def premises() -> Iterator[Premises]:
    with TemporaryDirectory(prefix="diwan-") as name:
        Path(name).chmod(0o711)
        address = f"127.0.0.1:{free_port()}"
        environment = {**os.environ, "DIWAN_HOME": name}
        environment |= {"DIWAN_DIRECTORY_LISTEN": address, "DIWAN_DIRECTORY_ADDRESS": address}
        found = Premises.find(environment)
        keys.make(found.settings("operator").keys, PROCESSES)
        yield found


async def topics(premises: Premises) -> int:
    async with connect(premises.settings("operator"), "directory") as channel:
        directory = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        return len((await directory.ListTopics(directory_service_pb2.ListTopicsRequest())).topics)


async def until_new(house: House, before: int) -> None:
    async with asyncio.timeout(30):
        while house.running["directory"].pid == before:
            await asyncio.sleep(0.1)


async def test_a_process_that_dies_starts_again_and_says_so(premises: Premises) -> None:
    said: list[str] = []
    house = House(premises, said.append, processes=ALONE)
    await house.start()
    try:
        first = house.running["directory"].pid
        os.kill(first, signal.SIGKILL)
        await until_new(house, first)
        async with asyncio.timeout(30):
            while True:
                try:
                    assert await topics(premises) == 0
                    break
                except grpc.aio.AioRpcError:
                    await asyncio.sleep(0.1)
        assert any("directory ended" in line and "SIGKILL" in line for line in said)
    finally:
        await house.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(house.running["directory"].pid, 0)


async def test_postgresql_that_dies_starts_again_and_services_go_on(premises: Premises) -> None:
    house = House(premises, print, processes=ALONE)
    await house.start()
    try:
        assert house.server is not None
        assert house.server.process is not None
        house.server.process.send_signal(signal.SIGKILL)
        async with asyncio.timeout(30):
            while True:
                try:
                    assert await topics(premises) == 0
                    break
                except (grpc.aio.AioRpcError, asyncpg.PostgresError):
                    await asyncio.sleep(0.2)
    finally:
        await house.stop()


async def test_a_process_that_does_not_start_is_named_with_its_last_words(premises: Premises) -> None:
    nowhere = {"DIWAN_DIRECTORY_DATABASE": f"postgresql://directory@/directory?host={premises.home}/nowhere"}
    house = House(Premises(home=premises.home, given={**premises.given, **nowhere}), print, processes=ALONE, patience=6)
    with pytest.raises(HouseNotReady, match="directory said last"):
        await house.start()
    await house.stop()


async def test_a_taken_port_is_refused_before_anything_starts(premises: Premises) -> None:
    host, _, port = premises.settings("directory").listen.rpartition(":")
    with socket.socket() as taken:
        taken.bind((host, int(port)))
        taken.listen()
        with pytest.raises(HouseNotReady, match=f"{port} is in use"):
            await House(premises, print, processes=ALONE).start()
    assert not (premises.home / "postgres").exists()


async def test_kill_9_of_the_launcher_leaves_nobody_behind(premises: Premises) -> None:
    program = textwrap.dedent("""
        import asyncio, os
        from services.house import House
        from services.premises import Premises
        async def main():
            house = House(Premises.find(os.environ), lambda line: None, processes=("directory",))
            await house.start()
            print(house.running["directory"].pid, house.server.process.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    launcher = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=premises.given, stdout=asyncio.subprocess.PIPE
    )
    assert launcher.stdout is not None
    held = [os.pidfd_open(int(pid)) for pid in (await launcher.stdout.readline()).split()]
    assert len(held) == 2
    launcher.kill()
    await launcher.wait()
    for descriptor in held:
        ended, _, _ = select.select([descriptor], [], [], 20)
        os.close(descriptor)
        assert ended, "a process outlived the launcher"
    house = House(premises, print, processes=ALONE)
    await house.start()
    assert await topics(premises) == 0
    await house.stop()


def test_a_service_is_told_its_own_database_only(premises: Premises) -> None:
    told = premises.environment("intake")
    assert [name for name in told if name.endswith("_DATABASE")] == ["DIWAN_INTAKE_DATABASE"]
    assert "diwan_bus@" in premises.environment("bus")["DIWAN_INTAKE_DATABASE"]
    assert not [name for name in premises.environment("portal") if name.endswith("_DATABASE")]


def test_databases_of_the_operator_need_no_server_of_ours(premises: Premises) -> None:
    own = {f"DIWAN_{service.upper()}_DATABASE": f"postgresql://{service}@db/{service}" for service in KEEPERS_OF_DATA}
    elsewhere = Premises(home=premises.home, given=own)
    assert not elsewhere.needs_server
    assert elsewhere.settings("intake").database == "postgresql://intake@db/intake"
