"""What plugins/README.md says is so: its files are written, its commands run, its words come out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "plugins" / "README.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_five_minutes_work_as_written(tmp_path: Path) -> None:
    printed = ""
    ran = 0
    for language, remark, body in BLOCK.findall(README.read_text(encoding="utf-8")):
        if remark.startswith("file="):
            path = tmp_path / remark.removeprefix("file=")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif language == "sh":
            done = run(body, tmp_path)
            assert (done.returncode != 0) is (remark == "fails"), done.stdout + done.stderr
            printed, ran = done.stdout, ran + 1
        elif language == "text":
            assert body.strip() in printed
    assert ran == 10
