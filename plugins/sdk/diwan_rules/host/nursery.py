"""The parent's side of the zygote: asks it for workers, has them killed, and hears of their end."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from diwan_rules.host.frames import Channel
from diwan_rules.host.limits import Limits
from diwan_rules.host.worker import write_source
from diwan_rules.host.zygote import LONGEST_ORDER
from diwan_rules.sources import Source


@dataclass(eq=False)
class Worker:
    """One living worker of a ministry."""

    pid: int
    channel: Channel
    code: "asyncio.Future[int]"
    described: dict[str, object] = field(default_factory=dict)


class Nursery:
    """Starts workers; the zygote is a fresh interpreter with an empty environment and none of the parent's modules."""

    def __init__(self) -> None:
        self._zygote: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._tickets: dict[int, asyncio.Future[int]] = {}
        self._codes: dict[int, asyncio.Future[int]] = {}
        self._last = 0

    async def start(self, sources: list[Source], limits: Limits) -> Worker:
        """Return a new worker that is loading these plugins."""
        loop = asyncio.get_running_loop()
        orders = self._orders or self._awaken()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._last += 1
        started = self._tickets[self._last] = loop.create_future()
        order = {"ticket": self._last, "sources": [write_source(s) for s in sources], "limits": asdict(limits)}
        with theirs:
            socket.send_fds(orders, [json.dumps(order).encode()], [theirs.fileno()])
        pid = await asyncio.wait_for(started, limits.start_seconds)
        return Worker(pid=pid, channel=await Channel.over(ours), code=self._codes[pid])

    def end(self, worker: Worker) -> None:
        """Kill a worker; only the zygote does, for it alone knows that the number is still its child's."""
        worker.channel.close()
        if self._orders and not worker.code.done():
            with contextlib.suppress(OSError):
                self._orders.send(json.dumps({"kill": worker.pid}).encode())

    def close(self) -> None:
        """End the zygote and all workers."""
        self._forget()
        if self._zygote:
            self._zygote.wait(timeout=5)
            self._zygote = None

    def _awaken(self) -> socket.socket:
        """Start the zygote; a former one has ended."""
        if self._zygote:
            self._zygote.wait(timeout=5)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-m", "diwan_rules.host.zygote", str(theirs.fileno())]
        with theirs:
            self._zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={"LANG": "C.UTF-8"}, cwd=os.sep)
        ours.setblocking(False)
        self._orders = ours
        asyncio.get_running_loop().add_reader(ours, self._hear, ours)
        return ours

    def _hear(self, orders: socket.socket) -> None:
        """Hear what the zygote says: a worker has started or ended, or the zygote itself is gone."""
        try:
            said = orders.recv(LONGEST_ORDER)
        except BlockingIOError:
            return None
        except OSError:
            said = b""
        if not said:
            return self._forget()
        saying = json.loads(said)
        if "ended" in saying:
            _settle(self._codes.pop(saying["ended"], None), saying["code"])
        elif started := self._tickets.pop(saying["ticket"], None):
            self._codes[saying["pid"]] = asyncio.get_running_loop().create_future()
            _settle(started, saying["pid"])
        return None

    def _forget(self) -> None:
        """Let go of the zygote; the next worker comes from a new one."""
        if self._orders:
            asyncio.get_running_loop().remove_reader(self._orders)
            self._orders.close()
            self._orders = None
        for code in self._codes.values():
            _settle(code, -9)
        for started in self._tickets.values():
            if not started.done():
                started.set_exception(ConnectionResetError("the zygote has ended"))
        self._codes.clear()
        self._tickets.clear()


def _settle(future: "asyncio.Future[int] | None", value: int) -> None:
    """Give a future its value, if anybody still waits."""
    if future and not future.done():
        future.set_result(value)


def memory_kib(pid: int) -> int:
    """Return the memory of a process, shared pages divided among those who share them; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
