"""With the kit's plugin, pytest collects cases beside rules, gives tests `ask`, and says why rules answered as they did."""

import os
import subprocess
import sys
from pathlib import Path

from tests.rules.builders import a_plugin

BODY = """
@hookimpl
def claim(case):
    if case.text == "poison":
        raise KeyError(case.text)
    return Claim(score=640, because=WHY, rule="hospital") if case.has("hospital") else None

@hookimpl
def deadline(case, stage):
    return WorkingDays(days=3 if case.wilaya_id == "16" else 9, because=WHY) if stage == "first_answer" else None
"""
CASES = """
- {name: a hospital is ours, text: مستشفى, claim: {score: 640}}
- {name: a school is ours, text: Les hôpitaux et l'école, claim: {score: 900}}
- {name: a slip, text: غش, clam: none}
"""
TESTS = """
def test_a_text_is_asked_about(ask):
    assert ask("مستشفى").score == 640
    assert ask("شكوى") is None


def test_a_hook_is_asked_with_its_facts(ask):
    assert ask("شكوى", hook="deadline", stage="first_answer", wilaya_id=16).days == 3


def test_rules_that_fail_fail_the_test(ask):
    ask("poison")
"""


def pytest_in(folder: Path) -> str:
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:pytest_nameko", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


def test_cases_and_tests_say_why_they_fail(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, BODY) / "msan"
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    (folder / "test_rules.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "cases.yaml").write_text("not ours", encoding="utf-8")
    told = pytest_in(tmp_path)

    assert "3 failed, 3 passed" in told
    assert "claim: expected score: 900" in told
    assert "terms found: hospital: hôpit*" in told
    assert "'clam' is neither a fact nor a hook" in told
    assert "MSAN claim: raised: KeyError" in told
