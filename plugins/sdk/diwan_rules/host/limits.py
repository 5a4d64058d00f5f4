"""Bounds what a worker may use: memory, CPU time, files, processes; it has none of its parent's output."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a worker may use, how long the parent waits for it, and how many may be stuck while others go on."""

    patience_seconds: float = 0.1
    most_aside: int = 6
    soft_seconds: float = 0.5
    hard_seconds: float = 2.0
    call_seconds: float = 5.0
    start_seconds: float = 10.0
    memory_mib: int = 256
    open_files: int = 64


def die_with(parent: int) -> None:
    """End this process when its parent ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def apply(limits: Limits) -> None:
    """Bound this process for good."""
    sys.dont_write_bytecode = True
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + limits.memory_mib * 2**20
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit of the system stays
            resource.setrlimit(kind, (most, most))


def bound_cpu(limits: Limits) -> None:
    """Let the system end this process when the next question takes far more CPU time than its parent allows."""
    used = time.process_time()
    most = int(used + limits.call_seconds + 2 * limits.hard_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
