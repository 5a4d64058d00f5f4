"""Limits of size that ruff does not know: no file over 300 lines, no unclear names, a sentence at the top of each README."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 300
UNCLEAR = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc|handlers?|data|info)(_|$)")
TOP = {
    ".ci",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "plugins",
    "protos",
    "pyproject.toml",
    "requirements",
    "services",
    "tests",
    "deploy",
}


def ours() -> list[Path]:
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in known.stdout.splitlines() if (path := ROOT / line).exists()]


def test_no_source_is_over_300_lines() -> None:
    sources = [path for path in ours() if path.suffix == ".py"]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMIT
    }
    assert not long


def test_names_say_what_things_are() -> None:
    services = [path.relative_to(ROOT) for path in ours() if path.suffix == ".py" and "tests" not in path.parts]
    assert not [str(path) for path in services if UNCLEAR.search(path.stem)]


def test_the_top_level_is_as_designed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in ours()} <= TOP


def test_no_file_names_a_download_address_or_a_place_of_one_machine() -> None:
    address = re.compile(r"https?://\S+(/simple/?|\.whl|\.tgz)\b|(^|[^\w.-])/(work|root|farm)/")
    texts = [
        path for path in ours() if path.suffix in {".py", ".md", ".toml", ".txt", ".in", ".proto", ".yaml", ".sql"}
    ]
    assert not [
        str(path.relative_to(ROOT))
        for path in texts
        if path != Path(__file__) and address.search(path.read_text(encoding="utf-8"))
    ]
