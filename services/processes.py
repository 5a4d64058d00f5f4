"""Child processes that cannot outlive us, and the sure end of those that an earlier kill left behind."""

import ctypes
import os
import select
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
ORDERS = ((signal.SIGINT, 15.0), (signal.SIGKILL, 5.0))
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(order: signal.Signals) -> Callable[[], None]:
    """Make what a child runs before its program, so that the kernel sends it the order when we die."""
    parent = os.getpid()

    def arrange() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(order), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), order)

    return arrange


def end_processes_in(folder: Path, *, name: str) -> int:
    """End the processes of this program that work in the folder; say how many there were.

    A stored process id is never trusted, because ids are used again: each is held by a descriptor before it is looked at.
    """
    held = [descriptor for pid in _pids() if (descriptor := _hold(pid, folder, name)) is not None]
    try:
        for order, seconds in ORDERS:
            alive = [descriptor for descriptor in held if not _ended(descriptor, 0)]
            for descriptor in alive:
                signal.pidfd_send_signal(descriptor, order)
            if all(_ended(descriptor, seconds) for descriptor in alive):
                break
    finally:
        for descriptor in held:
            os.close(descriptor)
    return len(held)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _hold(pid: int, folder: Path, name: str) -> int | None:
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return None
    try:
        process = Path(f"/proc/{pid}")
        if (process / "cwd").readlink() == folder and (process / "comm").read_text(encoding="utf-8").strip() == name:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _ended(descriptor: int, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
