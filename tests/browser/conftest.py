"""The whole house on free ports, as `make run` starts it, and a real browser to look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.looking import CHROMIUM, FLAGS, Look
from tests.house_run import a_house


@dataclass(frozen=True)
class Open:
    """A house that serves: where its portal is, who may sign in with which password, and where keys lie."""

    address: str
    accounts: Mapping[str, tuple[str, str]]
    keys: Path


@pytest.fixture(scope="module")
def house() -> Iterator[Open]:
    """Start everything in a folder of its own; stop it as Ctrl-C does."""
    with a_house() as running:
        yield Open(running.portal, running.accounts, running.settings("portal").keys)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def look(browser: Browser) -> Look:
    """The window in which pages are looked at; scripts may run there."""
    return Look(browser.new_context().new_page())
