"""An author's whole path in an empty folder, with nothing installed but the kit: from `new` to a verified package."""

import contextlib
import json
import os
import re
import subprocess
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2] / "plugins" / "sdk"
RECORD = {"format": 1, "asked_at": "2026-11-01T09:00:00Z", "facts": {"complaint_id": "1", "text": "غش"}, "outcomes": {}}


def installed(folder: Path) -> Path:
    """Make an environment in which the kit with its extra and pytest can be imported, and nothing else of ours."""
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for of in needed(["pytest", "pluggy", "pydantic", "pyyaml", "typer", "rich", "cryptography"]):
        for top in {str(file).split("/")[0] for file in of.files or () if not str(file).startswith("..")}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(of.locate_file(top))))
    (site / "diwan_rules").symlink_to(KIT / "diwan_rules")
    told = site / "diwan_rules-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: diwan-rules\nVersion: 1.0\n", encoding="utf-8")
    plugin = "diwan_rules.author.pytest_plugin"
    (told / "entry_points.txt").write_text(f"[pytest11]\n{plugin} = {plugin}\n", encoding="utf-8")
    return folder / "bin" / "python"


def needed(names: list[str]) -> list[Distribution]:
    """Return distributions with all that they need on this machine."""
    found: dict[str, Distribution] = {}
    while names:
        name = re.split(r"[^A-Za-z0-9_.-]", names.pop())[0]
        if name not in found:
            with contextlib.suppress(PackageNotFoundError):  # what only another system needs
                found[name] = distribution(name)
                names += [each for each in found[name].requires or () if "extra ==" not in each]
    return list(found.values())


@pytest.mark.slow
@pytest.mark.parametrize("table", [False, True])
def test_the_kit_alone_leads_from_an_empty_folder_to_a_verified_package(tmp_path: Path, table: bool) -> None:
    python, home = installed(tmp_path / "environment"), tmp_path / "home"
    home.mkdir()
    (home / "cases.jsonl").write_text(json.dumps(RECORD, ensure_ascii=False) + "\n", encoding="utf-8")

    def run(*command: str) -> str:
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "COLUMNS": "200"}
        done = subprocess.run(
            [str(python), "-m", *command], cwd=home, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    kit = "diwan_rules"
    run(kit, "new", "MCI", *(["--table"] if table else []))
    assert "MCI 0.1.0: loads" in run(kit, "check", "mci")
    assert "2 passed, 0 failed" in run(kit, "test", "mci")
    assert "MCI claim" in run(kit, "bench", "mci", "--asks", "50", "--budget-ms", "1000")
    assert "1 cases, 1 changed" in run(kit, "backtest", "mci", "--cases", "cases.jsonl", "--max-changed", "1")
    assert "claims it with" in run(kit, "mci", "غش في الميزان")
    run(kit, "pack", "mci")
    wheel = "dist/diwan_rules_mci-0.1.0-py3-none-any.whl"
    run(kit, "keygen", "me")
    run(kit, "sign", wheel, "--key", "me.key")
    assert "unaltered" in run(kit, "verify", wheel, "--key", "me.pub")
    assert f"{2 if table else 4} passed" in run("pytest", "-q", "mci")
    missing = subprocess.run([str(python), "-c", "import services"], cwd=home, capture_output=True, check=False)
    assert missing.returncode != 0


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    python = installed(tmp_path / "environment")
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    (site / "typer").unlink()
    done = subprocess.run([str(python), "-m", "diwan_rules", "check", "."], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'diwan-rules[author]'" in done.stderr
