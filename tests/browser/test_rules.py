"""The Mediator's office installs, tries, activates and weighs rules on pages, without a script, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Open
from tests.browser.looking import Look
from tests.browser.visitor import Visitor
from tests.routing.packed import EAGER, Author, a_wheel

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_rules_are_administered_on_pages_and_every_page_is_sound(
    house: Open, browser: Browser, look: Look, tmp_path: Path
) -> None:
    author = Author().trusted_for("MJ", house.keys / "rules")
    wheel, altered, signature = tmp_path / "rules.whl", tmp_path / "altered.whl", tmp_path / "rules.sig"
    wheel.write_bytes(a_wheel(EAGER))
    altered.write_bytes(a_wheel(EAGER).replace(b"950", b"951", 1))
    signature.write_bytes(author.sign(wheel.read_bytes()))
    mediator = Visitor.come(browser, house.address, look)
    mediator.sign_in(house.accounts["mediator national"])
    mediator.open("/rules")
    mediator.press()
    mediator.see("rules, nothing chosen")
    _sends(mediator, altered, signature)
    assert mediator.page.locator("#wheel-problem").count() == 1, mediator.page.inner_text("main")
    mediator.see("rules, altered")
    _sends(mediator, wheel, signature)
    _is_done(mediator, "rules, installed")
    _lives(mediator)
    _configures(mediator)
    _weighs(mediator)
    mediator.open("/rules")
    assert not look.wrong, "\n".join(look.wrong)


def _lives(mediator: Visitor) -> None:
    """Try the release, make it active, and go back."""
    mediator.open("/rules/mj")
    mediator.press()
    mediator.see("ministry, nothing chosen")
    for act in ("try", "activate", "back"):
        mediator.page.check(f"input[value^='{act}:']")
        mediator.page.fill("#because", "طلبت الوزارة ذلك")
        mediator.press()
        _is_done(mediator, f"ministry, {act}")


def _configures(mediator: Visitor) -> None:
    """Set a value that the rules refuse, then one that they accept."""
    mediator.open("/rules/meer")
    configure = "form[action$='/configuration'] button"
    mediator.page.fill("#values_json", '{"network_days": 90}')
    mediator.page.fill("#reason", "تجربة")
    mediator.press(configure)
    assert mediator.page.locator("#values_json-problem").count() == 1, mediator.page.inner_text("main")
    mediator.see("ministry, wrong value")
    mediator.page.fill("#values_json", '{"network_days": 5}')
    mediator.press(configure)
    _is_done(mediator, "ministry, configured")


def _weighs(mediator: Visitor) -> None:
    """Try other weights on history and apply them."""
    mediator.open("/rules/weights")
    mediator.page.fill("#weights", "mj")
    mediator.press()
    mediator.see("weights, unclear")
    mediator.page.fill("#weights", "mj 900")
    mediator.press()
    _is_done(mediator, "weights, previewed")
    mediator.page.fill("#because", "تجربة")
    mediator.press("button[value=apply]")
    _is_done(mediator, "weights, applied")


def _is_done(mediator: Visitor, name: str) -> None:
    assert mediator.page.locator(".notice").count() == 1, mediator.page.inner_text("main")
    mediator.see(name)


def _sends(mediator: Visitor, wheel: Path, signature: Path) -> None:
    mediator.page.set_input_files("#wheel", wheel)
    mediator.page.set_input_files("#signature", signature)
    mediator.page.fill("#because", "طلبت الوزارة ذلك")
    mediator.press()
