"""A person at a browser without scripts, who reads every page in both languages before acting."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.looking import Look

PATIENCE = 60.0
ID = re.compile(r"[0-9a-f-]{36}")


@dataclass
class Visitor:
    """One person with one browser window."""

    address: str
    page: Page
    look: Look
    language: str = "ar"

    @classmethod
    def come(cls, browser: Browser, address: str, look: Look, language: str = "ar") -> "Visitor":
        """Open a window in which no script runs."""
        return cls(address, browser.new_context(java_script_enabled=False).new_page(), look, language)

    def sign_in(self, account: tuple[str, str]) -> None:
        """Sign in by name and password."""
        self.page.goto(self.link("/sign-in"))
        self.page.fill("#username", account[0])
        self.page.fill("#password", account[1])
        self.press()

    def link(self, path: str, language: str = "") -> str:
        """Write an address in a language."""
        french = (language or self.language) == "fr"
        return self.address + ("/fr" + (path if path != "/" else "") if french else path)

    def open(self, path: str) -> None:
        """Open a page in both languages, own language last, and look at each."""
        for language in ("fr", "ar") if self.language == "ar" else ("ar", "fr"):
            answer = self.page.goto(self.link(path, language))
            assert answer, path
            self.see(f"{path} {language}")

    def see(self, name: str) -> None:
        """Look at the page that is open, whatever led to it."""
        address = urlsplit(self.page.url)
        self.look.at(ID.sub("…", name), f"{self.address}{address.path}", self.page.content())

    def press(self, button: str = "main button.button") -> None:
        """Press a button."""
        self.page.locator(button).first.click()

    def follow(self, selector: str) -> str:
        """Follow a link and look at what it leads to in both languages; return its path."""
        href = self.page.locator(selector).first.get_attribute("href")
        assert href, selector
        path = href.removeprefix("/fr")
        self.open(path)
        return path

    def unfold(self, act: str) -> str:
        """Unfold an act on the page of a complaint and return where its form is."""
        form = f"form[action$='/{act}']"
        self.page.locator(f"details:has({form}) > summary").click()
        return form

    def wait_for(self, path: str, there: Callable[[Page], bool]) -> None:
        """Load a page until events have brought what is waited for."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.page.goto(self.link(path))
            if there(self.page):
                return
            time.sleep(0.5)
        raise AssertionError(f"{path} did not become what was waited for:\n{self.page.inner_text('main')}")
