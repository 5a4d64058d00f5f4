"""A hook is only a hook with a page, a worked example and a test."""

import inspect
from pathlib import Path

import pytest
from diwan_rules.answers import OFFERS
from diwan_rules.hooks import PATTERNS, Hooks
from diwan_rules.pages import page
from diwan_rules.sources import find

ROOT = Path(__file__).parents[2]
README = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")
IN_THE_WORKER = (Path(__file__).parent / "every_hook.py").read_text(encoding="utf-8")
EXAMPLES = [path for source in find(ROOT / "plugins") for path in source.folder.glob("*.py")]


def test_every_hook_of_the_kit_has_a_pattern() -> None:
    assert [name for name in vars(Hooks) if not name.startswith("_")] == list(PATTERNS)


@pytest.mark.parametrize("hook", OFFERS)
def test_a_hook_has_a_page(hook: str) -> None:
    written = page(hook)
    assert written.pattern.split()[0].rstrip(",;") == PATTERNS[hook]
    assert f"### {hook}\n" in README
    assert all(said and said in README for said in (written.question, written.combination, written.failure))


@pytest.mark.parametrize("hook", OFFERS)
def test_a_hook_has_a_worked_example_with_a_test_of_its_own(hook: str) -> None:
    needing = [path for path in EXAMPLES if f"@hookimpl\ndef {hook}(" in path.read_text(encoding="utf-8")]
    tests = [test for path in needing for test in (path.parent / "tests").glob("test_*.py")]
    used = "rules.INFO" if hook == "plugin_info" else f"rules.{hook}("
    assert any(used in test.read_text(encoding="utf-8") for test in tests)


@pytest.mark.parametrize("hook", OFFERS)
def test_a_hook_has_a_test_in_the_worker(hook: str) -> None:
    assert f"@hookimpl\ndef {hook}(" in IN_THE_WORKER


def test_hooks_offer_nothing_that_has_a_default() -> None:
    for hook in OFFERS:
        parameters = inspect.signature(getattr(Hooks, hook)).parameters.values()
        assert all(parameter.default is parameter.empty for parameter in parameters)
