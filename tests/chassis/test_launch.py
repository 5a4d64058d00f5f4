"""A process from start to end: ready, stopped in order, and clear about what is missing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

SHOP = """
from pathlib import Path
from services.chassis import launch
launch.run("intake", lambda settings, database: [], migrations=Path({folder!r}))
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, keys_folder: Path) -> Iterator[Start]:
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (x int)")
    (folder / "HEAD").write_text("0001_first")
    started: list[subprocess.Popen[str]] = []

    def process(**settings: str) -> "subprocess.Popen[str]":
        environment = {"PATH": os.environ["PATH"], "DIWAN_HOME": str(tmp_path), "DIWAN_KEYS": str(keys_folder)}
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", SHOP.format(folder=str(folder))],
                env={**environment, "DIWAN_INTAKE_LISTEN": "127.0.0.1:0", **settings},
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield process
    for each in started:
        each.kill()
        each.communicate()


def next_line(process: "subprocess.Popen[str]") -> dict[str, object]:
    assert process.stderr
    line: dict[str, object] = json.loads(process.stderr.readline())
    return line


async def test_a_process_serves_until_it_is_told_to_stop(
    start: Start, dsn_for: Callable[[str], Awaitable[str]]
) -> None:
    process = start(DIWAN_INTAKE_DATABASE=await dsn_for("chassis"))
    line = next_line(process)
    assert (line["message"], line["process"], line["level"]) == ("serving", "intake", "info")
    process.send_signal(signal.SIGTERM)
    assert next_line(process)["message"] == "stopped"
    assert process.wait(10) == 0


def test_a_process_says_what_is_missing(start: Start, tmp_path: Path) -> None:
    process = start()
    assert "DIWAN_INTAKE_DATABASE is not set" in str(next_line(process)["message"])
    assert process.wait(10) == 1
    process = start(DIWAN_KEYS=str(tmp_path / "nowhere"))
    assert "holds no keys" in str(next_line(process)["message"])
    assert process.wait(10) == 1
