"""The whole house, run as its users run it: `make run` in a new data folder, on ports of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from services.chassis.settings import Settings

ROOT = Path(__file__).parents[1]
PROCESSES = 12
ACCOUNT = re.compile(r"^  (?P<name>\S+) +(?P<password>\S{4}(\.\S{4}){3})   (?P<role>\w+), (?P<scope>\S+)$")


@dataclass(frozen=True, kw_only=True)
class RunningHouse:
    """A house that answers: its environment, what it said, and the accounts that it made."""

    environment: dict[str, str]
    said: list[str]

    @property
    def accounts(self) -> dict[str, tuple[str, str]]:
        """Name and password for each role and scope, as in "delegate wilaya:wilaya-alger"."""
        found = filter(None, map(ACCOUNT.match, self.said))
        return {f"{each['role']} {each['scope']}": (each["name"], each["password"]) for each in found}

    @property
    def portal(self) -> str:
        """Where the pages are."""
        return f"http://{self.settings('portal').listen}"

    def settings(self, process: str) -> Settings:
        """Settings of a process of this house."""
        return Settings.read(process, self.environment)

    def run(self, module: str, *arguments: str) -> str:
        """Run a command of a service as `make` does."""
        command = [sys.executable, "-m", "services", module, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def free_ports() -> int:
    """Find the first of a row of free ports."""
    for first in range(21000 + os.getpid() % 5000, 40000, PROCESSES):
        try:
            for port in range(first, first + PROCESSES):
                with socket.socket() as tried:
                    tried.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no row of free ports")


@contextmanager
def running(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run the launcher as `make run` does, until it says that it is ready; end it with Ctrl-C."""
    command = [sys.executable, "-m", "services"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as launcher:
        try:
            assert launcher.stdout is not None
            said = []
            for line in launcher.stdout:
                said.append(line.rstrip("\n"))
                if line.startswith("Ready after"):
                    break
            assert said, "the launcher said nothing"
            assert said[-1].startswith("Ready after"), "\n".join(said)
            yield launcher, said
        finally:
            launcher.send_signal(signal.SIGINT)
            launcher.communicate(timeout=60)


@contextmanager
def premises() -> Iterator[dict[str, str]]:
    """Give a new data folder and free ports as an environment."""
    with TemporaryDirectory(prefix="diwan-house-") as home:
        Path(home).chmod(0o711)
        yield {**os.environ, "DIWAN_HOME": home, "DIWAN_FIRST_PORT": str(free_ports())}


def issue_token(house: RunningHouse) -> str:
    """Issue a token to a client service that files complaints."""
    said = house.run(
        "directory.commands", "token", "--client", "app.journeys", "--role", "filing_client", "--scope", "national"
    )
    return said.splitlines()[-1]


@contextmanager
def a_house() -> Iterator[RunningHouse]:
    """Run a new house, and see it stop as it should."""
    with premises() as environment:
        with running(environment) as (launcher, said):
            yield RunningHouse(environment=environment, said=said)
        assert launcher.returncode == 0
