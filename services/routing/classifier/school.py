"""Sends examples to a child process that learns from them, so that the service goes on meanwhile and stays small."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
PROGRAM = (sys.executable, "-m", "services.routing.classifier")
LONGEST_ERROR = 80
END = b"\n"  # the end of the pipe says nothing: whatever was forked meanwhile holds it open too


class LearningFailed(RuntimeError):
    """The child process ended without a model; the message names the kind of error only, because a text may stand behind it."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be learned, by which policy, and the model in use that it must not fall behind."""

    kind: str
    policy: dict[str, int] = field(default_factory=dict)
    rival: bytes = b""

    def head(self) -> bytes:
        """Write the line that precedes the examples."""
        return _line({"kind": self.kind, "policy": self.policy, "rival_bytes": len(self.rival)}) + self.rival


async def learn(order: Order, examples: AsyncIterable[tuple[str, str]]) -> tuple[dict[str, Any], bytes]:
    """Pass on texts with their classes, the oldest first; return the child's report and the model's file."""
    child = await asyncio.create_subprocess_exec(
        *PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=ONE_CORE | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        return await _taught(child, order, examples)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _taught(
    child: asyncio.subprocess.Process, order: Order, examples: AsyncIterable[tuple[str, str]]
) -> tuple[dict[str, Any], bytes]:
    assert child.stdin is not None
    try:
        child.stdin.write(order.head())
        async for text, label in examples:
            child.stdin.write(_line({"text": text, "label": label}))
            await child.stdin.drain()
        child.stdin.write(END)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has ended; what it said last follows
    said, words = await child.communicate()
    if child.returncode:
        error = words.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        raise LearningFailed(f"{error[:LONGEST_ERROR]} (exit {child.returncode})")
    report, _, file = said.partition(b"\n")
    return json.loads(report), file


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
