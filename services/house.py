"""Keeps every process of the house running on one machine, and stops them all in order."""

import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rich.markup import escape

from services.premises import CARRIER, CHECKOUT, KEEPERS_OF_DATA, PROCESSES, Premises
from services.processes import die_with_parent

FIRST_WAIT, LONGEST_WAIT, STEADY = 0.5, 30.0, 60.0
PATIENCE = 150.0
STOP_SECONDS = 30.0
LAST_WORDS = 6
LONGEST_LOG = 20_000_000
# Doors close before the rooms behind them.
STOPPING: tuple[tuple[str, ...], ...] = (("portal",), ("bus",), KEEPERS_OF_DATA, ("rulehost",))

Say = Callable[[str], None]


class HouseNotReady(RuntimeError):
    """Some process does not serve; the message says which and what it said last."""


@dataclass
class House:
    """All processes as our children, and the private PostgreSQL under them."""

    premises: Premises
    say: Say
    processes: Sequence[str] = PROCESSES
    patience: float = PATIENCE
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict, init=False)
    _keeping: dict[str, asyncio.Task[None]] = field(default_factory=dict, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        self.server = self.premises.server if self.premises.needs_server else None

    async def start(self) -> None:
        """Start PostgreSQL, then everything at once; return when all of it serves."""
        for name in self.processes:
            _refuse_taken(self.premises.settings(name).listen)
        self._make_room_for_logs()
        if self.server:
            await self.server.start()
            await self.server.have(KEEPERS_OF_DATA, CARRIER)
            self._keeping["postgres"] = asyncio.create_task(self._keep_server())
        for name in self.processes:
            self._keeping[name] = asyncio.create_task(self._keep(name))
        waiting = {asyncio.create_task(self._until_serving(name), name=name) for name in self.processes}
        _, late = await asyncio.wait(waiting, timeout=self.patience)
        for task in late:
            task.cancel()
        if late:
            raise HouseNotReady("\n".join(self._last_words(task.get_name()) for task in late))

    async def stop(self) -> None:
        """Stop everything: doors first, PostgreSQL last."""
        self._stopping.set()
        for group in STOPPING:
            await asyncio.gather(*(self._end(name) for name in group if name in self.running))
        if self.server:
            await self.server.stop()
        await asyncio.gather(*self._keeping.values(), return_exceptions=True)

    def _make_room_for_logs(self) -> None:
        logs = self.premises.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        logs.chmod(0o700)
        for name in self.processes:
            log = self.premises.log(name)
            if log.exists() and log.stat().st_size > LONGEST_LOG:
                log.rename(log.with_suffix(".log.1"))

    async def _keep(self, name: str) -> None:
        """Start a process again whenever it ends, waiting longer each time that it does not last."""
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            began = time.monotonic()
            self.running[name] = process = await self._spawn(name)
            if self._stopping.is_set():
                process.kill()
            code = await process.wait()
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT if time.monotonic() - began > STEADY else min(wait * 2, LONGEST_WAIT)
            self.say(
                f"[bold red]{name} ended[/] ({_how(code)}); it starts again in {wait:.0f} s. {self._last_words(name)}"
            )
            await self._pause(wait)

    async def _keep_server(self) -> None:
        assert self.server is not None
        while not self._stopping.is_set():
            assert self.server.process is not None
            code = await self.server.process.wait()
            if self._stopping.is_set():
                return
            self.say(f"[bold red]PostgreSQL ended[/] ({_how(code)}); it starts again. See {self.server.folder / 'log'}")
            await self.server.stop()
            await self.server.start()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _spawn(self, name: str) -> asyncio.subprocess.Process:
        with self.premises.log(name).open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                f"services.{name}",
                cwd=CHECKOUT,
                env=self.premises.environment(name),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    async def _end(self, name: str) -> None:
        process = self.running[name]
        for order in (signal.SIGTERM, signal.SIGKILL):
            if process.returncode is None:
                process.send_signal(order)
                try:
                    await asyncio.wait_for(process.wait(), STOP_SECONDS)
                except TimeoutError:
                    self.say(f"[red]{name} did not stop in {STOP_SECONDS:.0f} s[/]")

    async def _until_serving(self, name: str) -> None:
        address = self.premises.settings(name).listen
        while not await (_answers_page(address) if name == "portal" else _serves(address)):
            await asyncio.sleep(0.1)
        self.say(f"  {name} serves at {address}")

    def _last_words(self, name: str) -> str:
        log = self.premises.log(name)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        words = [f"    {escape(_plain(line))}" for line in lines[-LAST_WORDS:]]
        return "\n".join([f"{name} said last (all of it: {log}):", *words])


def _refuse_taken(address: str) -> None:
    """Refuse to start where another listens already: its answers would be taken for ours."""
    host, _, port = address.rpartition(":")
    if host in {"unix", "unix-abstract"}:
        return
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, int(port)))
        except OSError as error:
            raise HouseNotReady(
                f"{address} is in use; stop what listens there, or set DIWAN_FIRST_PORT to 7500"
            ) from error


async def _serves(address: str) -> bool:
    async with grpc.aio.insecure_channel(address) as channel:
        try:
            answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.aio.AioRpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


async def _answers_page(address: str) -> bool:
    """Say whether the portal gives its first page."""
    host, _, port = address.rpartition(":")
    try:
        reader, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    try:
        writer.write(f"GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.readline(), 5)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return answer[9:10] in {b"2", b"3"}


def _plain(line: str) -> str:
    """Read a line of a process's journal: its message, or of a traceback the end."""
    try:
        said = json.loads(line)
        return f"{said['level']}: {said['message'].strip().splitlines()[-1]}"
    except (ValueError, KeyError, TypeError, IndexError):
        return line


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
