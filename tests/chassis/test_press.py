"""The press: plain facts and a template become a PDF, whatever signs the facts hold."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis import glyphs, press

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEMPLATE = """
#let facts = json(bytes(sys.inputs.facts))
#set document(title: facts.title)
#set text(font: ("IBM Plex Sans Arabic", "Noto Sans Tifinagh"), lang: "ar")
#facts.title #facts.lines.join(parbreak()) #strong(str(facts.count))
"""


def test_the_press_sets_every_sign_that_it_calls_printable(tmp_path: Path) -> None:
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    every = "".join(map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x10000), 0x1F64F)))
    lacking = set(glyphs.unprintable(every))
    has = "".join(sign for sign in every if sign not in lacking)
    assert {"ش", "é", "ⵣ", "€"} <= set(has)
    facts = {
        "title": "سجل",
        "lines": [text[at : at + 1000] for text in (has, every) for at in range(0, len(text), 1000)],
        "count": 3,
    }
    assert press.compile(template, facts, at=NOON).startswith(b"%PDF-")


def test_a_template_that_asks_for_an_absent_fact_says_so(tmp_path: Path) -> None:
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    with pytest.raises(press.PressFailed, match=r"page\.typ"):
        press.compile(template, {"title": "سجل"}, at=NOON)
