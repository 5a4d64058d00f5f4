"""Looking at pages as they are drawn: axe, numbers that bidi turned round, and what does not fit on a small screen."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SMALL, WIDE = 320, 1280
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
# A number is turned round when its first glyph stands to the right of its last one on the same line.
TURNED_ROUND = r"""() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const edge = (node, place) => {
        const range = document.createRange();
        range.setStart(node, place); range.setEnd(node, place + 1);
        return range.getBoundingClientRect();
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement.closest("option, script, style")) continue;
        for (const match of node.data.matchAll(/[+]?\d+(?:[-–\/.:, \u202f]\d+)+|\d\d+/g)) {
            const first = edge(node, match.index), last = edge(node, match.index + match[0].length - 1);
            if (first.width && last.width && Math.abs(first.top - last.top) < 4 && first.left > last.left) found.push(match[0]);
        }
    }
    return found;
}"""
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.body.querySelectorAll("*")]
        .filter(each => !each.closest(".scroll") && each.getBoundingClientRect().width &&
            (each.getBoundingClientRect().right > room + 1 || each.getBoundingClientRect().left < -1) &&
            getComputedStyle(each).position !== "absolute")
        .map(each => each.outerHTML.slice(0, 120));
}"""


@dataclass
class Look:
    """Draws a page's own bytes where scripts may run, and notes what is wrong with it."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def at(self, name: str, address: str, html: str) -> None:
        """Look at a page in a small and in a wide window; axe sees Arabic pages in the small one, French ones in the wide."""

        def fulfil(route: Route) -> None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

        self.page.route(address, fulfil)
        for width in (WIDE, SMALL) if 'lang="ar"' in html else (SMALL, WIDE):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.goto(address)
            self._note_layout(f"{name} at {width}")
        self._note_access(name)
        self.page.unroute(address)
        self.seen.append(name)

    def _note_layout(self, name: str) -> None:
        self.wrong += [f"{name}: turned round: {number}" for number in self.page.evaluate(TURNED_ROUND)]
        self.wrong += [f"{name}: too wide: {element}" for element in self.page.evaluate(TOO_WIDE)]

    def _note_access(self, name: str) -> None:
        for violation in Axe().run(self.page, options=RULES).response["violations"]:
            self.wrong += [f"{name}: {violation['id']}: {node['html'][:200]}" for node in violation["nodes"]]
