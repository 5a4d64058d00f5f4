"""The style stays small, and old telephones understand it; the first page stays light."""

import re

import pytest

from services.portal.page import FOLDER, STATIC

STYLE = (STATIC / "diwan.css").read_text(encoding="utf-8")
TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))


def test_the_style_is_small():
    assert len(STYLE.encode()) <= 10_240


@pytest.mark.parametrize(
    "young", [":is(", ":where(", ":focus-visible", "inset:", "aspect-ratio", "clamp(", "min(", "oklch"]
)
def test_the_style_asks_nothing_of_young_browsers(young):
    assert young not in STYLE.replace("inset 0", "")


def test_no_flex_box_relies_on_gap():
    assert not re.findall(r"(?<!grid-)gap:", STYLE)


def test_every_logical_side_has_its_elder_beside_it():
    for side in re.findall(r"(?<!-)((?:margin|padding|border)-inline-(?:start|end))", STYLE):
        elder = side.replace("-inline", "")
        assert STYLE.count(f"-webkit-{elder}:") == STYLE.count(f"{side}:"), side


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_script_or_style_of_its_own(template):
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", template.read_text(encoding="utf-8"))


def test_fonts_come_with_their_licence():
    assert "SIL Open Font License" in (STATIC / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in STATIC.glob("*.woff2")) < 50_000
