"""Rules that do what the text of a case says, which is mostly nothing good; copied as a plugin by its tests."""

import contextlib
import ctypes
import itertools
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from diwan_rules import Because, Bilingual, Case, Claim, Context, PluginInfo, WorkingDays, hookimpl

WHY = Because(ar="لأنه كذلك", fr="Parce que")
INFO = PluginInfo(
    ministry="MSAN",
    name=Bilingual(ar="وزارة", fr="Ministère"),
    version="1.2.0",
    owner="dsi",
    terms={"hospital": ["مستشفى", "hôpit*"]},
)


@hookimpl
def plugin_info() -> PluginInfo:
    return INFO


def swallow() -> None:
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(9)


def in_a_thread(seconds: float, *, joined: bool) -> Claim:
    thread = threading.Thread(target=time.sleep, args=(seconds,), daemon=True)
    thread.start()
    if joined:
        thread.join()
    return Claim(score=1, because=WHY)


def loop() -> None:
    while True:
        pass


def chatter(ctx: Context) -> None:
    for step in range(50):
        ctx.log("seen", step=step)


def raise_with(text: str) -> None:
    raise ValueError(text)


DEEDS: dict[str, Callable[[Case, Context], Any]] = {
    "loop": lambda case, ctx: loop(),
    "regex": lambda case, ctx: re.match(r"(a+)+$", "a" * 40 + "b"),
    "swallow": lambda case, ctx: swallow(),
    "hold the gil": lambda case, ctx: deque(itertools.repeat(0), maxlen=0),
    "exit": lambda case, ctx: sys.exit(3),
    "exit at once": lambda case, ctx: os._exit(3),
    "segfault": lambda case, ctx: ctypes.string_at(0),
    "hog": lambda case, ctx: [bytearray(10**7) for _ in range(1000)],
    "raise": lambda case, ctx: raise_with(case.text),
    "raise سر خاص": lambda case, ctx: raise_with(case.text),
    "misspelt group": lambda case, ctx: case.hits["hosptial"],
    "wrong type": lambda case, ctx: 5,
    "wrong verdict": lambda case, ctx: WorkingDays(days=3, because=WHY),
    "wrong score": lambda case, ctx: Claim(score=5000, because=WHY),
    "unchecked score": lambda case, ctx: Claim.model_construct(score=5000, because=WHY),
    "network": lambda case, ctx: socket.socket(),
    "fork": lambda case, ctx: os.fork(),
    "program": lambda case, ctx: subprocess.run(["true"], check=True),
    "write": lambda case, ctx: Path("/tmp/rules-wrote-this").write_text("x"),
    "delete": lambda case, ctx: Path(__file__).unlink(),
    "kill": lambda case, ctx: os.kill(os.getppid(), 9),
    "thread": lambda case, ctx: in_a_thread(50, joined=False),
    "joined thread": lambda case, ctx: in_a_thread(0, joined=True),
    "chatty": lambda case, ctx: chatter(ctx),
    "hits: المستشفى": lambda case, ctx: Claim(score=9, because=WHY, rule=case.hits["hospital"].terms[0]),
    "hits: nothing": lambda case, ctx: None if not case.hits["hospital"] else loop(),
}


@hookimpl
def claim(case: Case, ctx: Context) -> Any:
    if case.text in DEEDS:
        return DEEDS[case.text](case, ctx)
    return Claim(score=500, because=WHY)
