"""Who may import whom, each contract proved by a deliberate violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

VIOLATIONS = [
    ("verbs", "services/intake/domain/complaint.py", "import services.intake.store"),
    ("verbs", "services/directory/store/__init__.py", "import services.directory.actions"),
    ("rooms", "services/routing/domain/case.py", "import services.intake.domain.complaint"),
    ("rooms", "services/portal/page.py", "import services.intake.domain.complaint"),
    ("ground", "services/chassis/call.py", "import services.intake.domain.complaint"),
    ("ground", "services/chassis/call.py", "import diwan_rules"),
    ("colour", "services/intake/domain/complaint.py", "import eventlet"),
    ("colour", "services/chassis/call.py", "import nameko"),
    ("circles", "services/chassis/call.py", "import services.chassis.server"),
]


def lint(root: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    command = [str(LINT), "--no-logo", "--no-cache", "--config", str(root / "pyproject.toml"), *chosen]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", root)
    only_python = shutil.ignore_patterns("__pycache__", "static", "templates", "fonts", "*.csv", "*.sql")
    shutil.copytree(ROOT / "services", root / "services", ignore=only_python)
    assert lint(root).returncode == 0
    return root


def test_the_house_keeps_its_import_contracts() -> None:
    checked = lint(ROOT)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("contract", "path", "line"), VIOLATIONS)
def test_a_violation_is_found(copy: Path, contract: str, path: str, line: str) -> None:
    module = copy / path
    before = module.read_text(encoding="utf-8")
    try:
        module.write_text(f"{before}\n{line}\n", encoding="utf-8")
        checked = lint(copy, contract)
    finally:
        module.write_text(before, encoding="utf-8")
    assert checked.returncode == 1
    assert "BROKEN" in checked.stdout
