"""A hook is only a hook with a page, a worked example and a test."""

import inspect
from pathlib import Path

import pytest
from diwan_rules.hooks import Hooks
from diwan_rules.loader import KNOWN
from diwan_rules.pages import page
from diwan_rules.sources import find

ROOT = Path(__file__).parents[2]
README = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("hook", KNOWN)
def test_a_hook_has_a_page(hook: str) -> None:
    written = page(hook)
    assert written.pattern.split(",")[0] in {"DECLARE", "GATHER", "OWNER", "OBSERVE"}
    assert f"### {hook}\n" in README
    assert written.failure in README
    assert inspect.getdoc(getattr(Hooks, hook))


@pytest.mark.parametrize("hook", KNOWN)
def test_a_hook_has_a_worked_example(hook: str) -> None:
    sources = [path for source in find(ROOT / "plugins") for path in source.folder.glob("*.py")]
    assert any(f"@hookimpl\ndef {hook}(" in path.read_text(encoding="utf-8") for path in sources)


@pytest.mark.parametrize("hook", KNOWN)
def test_a_hook_has_a_test_in_the_worker(hook: str) -> None:
    folder = Path(__file__).parent
    tests = (folder / "test_host.py").read_text(encoding="utf-8") + (folder / "builders.py").read_text(encoding="utf-8")
    assert f"def {hook}(" in tests


def test_hooks_offer_nothing_that_has_a_default() -> None:
    for hook in KNOWN:
        parameters = inspect.signature(getattr(Hooks, hook)).parameters.values()
        assert all(parameter.default is parameter.empty for parameter in parameters)
