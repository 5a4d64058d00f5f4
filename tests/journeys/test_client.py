"""A client service does what protos/README.md tells it to do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house_run import ROOT, RunningHouse

README = ROOT / "protos" / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def token(house: RunningHouse) -> str:
    (command,) = blocks("sh")
    values = dict(word.split("=") for word in command.split()[2:])
    arguments = [part for name, value in values.items() for part in (f"--{name.lower()}", value)]
    return house.run("directory.commands", "token", *arguments).splitlines()[-1]


def test_the_readmes_client_files_follows_and_is_refused(house: RunningHouse, token: str, tmp_path: Path) -> None:
    (program,) = blocks("python")
    known = {"DIWAN_TOKEN": token, "DIWAN_INTAKE": house.settings("intake").listen}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=known, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    number, state, refusal = done.stdout.splitlines()
    assert re.fullmatch(r"number 16/\d{4}/\d{4}/\d{6} secret [\d.]+", number)
    assert state == "state COMPLAINT_STATE_REGISTERED"
    assert refusal.startswith("refused INVALID_ARGUMENT ")
