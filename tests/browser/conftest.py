"""The whole house on free ports, as `make run` starts it, and a real browser to look at it."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from services.chassis.settings import PROCESSES
from tests.browser.looking import CHROMIUM, FLAGS, Look

CHECKOUT = Path(__file__).parents[2]
ACCOUNT = re.compile(r"^(\S+)\s+(\w+) · (\S+)\s+(\S+)$", re.MULTILINE)
STOP_SECONDS = 60


@dataclass(frozen=True)
class Open:
    """A house that serves: where its portal is, and who may sign in with which password."""

    address: str
    accounts: Mapping[str, tuple[str, str]]


@pytest.fixture(scope="module")
def house() -> Iterator[Open]:
    """Start everything in a folder of its own; stop it as Ctrl-C does."""
    with tempfile.TemporaryDirectory(prefix="diwan-house-") as folder, ExitStack() as held:
        Path(folder).chmod(0o711)
        environment = {**os.environ, "DIWAN_HOME": folder, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
        addresses = _free(held, len(PROCESSES))
        for name, address in zip(PROCESSES, addresses, strict=True):
            environment |= {f"DIWAN_{name.upper()}_LISTEN": address, f"DIWAN_{name.upper()}_ADDRESS": address}
        held.close()
        running = subprocess.Popen(
            [sys.executable, "-m", "services"], cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            said = _until_ready(running)
            accounts = {f"{role} {scope}": (name, password) for name, role, scope, password in ACCOUNT.findall(said)}
            yield Open(f"http://{environment['DIWAN_PORTAL_LISTEN']}", accounts)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(STOP_SECONDS)


def _free(held: ExitStack, number: int) -> list[str]:
    sockets = [held.enter_context(socket.socket()) for _ in range(number)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    return [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]


def _until_ready(running: "subprocess.Popen[str]") -> str:
    said = ""
    assert running.stdout
    for line in running.stdout:
        said += line
        if line.startswith("Ready"):
            return said
    raise AssertionError(f"the house did not start:\n{said}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def look(browser: Browser) -> Look:
    """The window in which pages are looked at; scripts may run there."""
    return Look(browser.new_context().new_page())
