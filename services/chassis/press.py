"""Documents to print: a typst template and plain facts become the same accessible archive PDF, byte for byte, every time."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import segno
import typst

FONTS = Path(__file__).parent / "fonts"
STANDARDS: list[Literal["a-2b", "ua-1"]] = ["a-2b", "ua-1"]

Fact: TypeAlias = "str | int | float | bool | None | Sequence[Fact] | Mapping[str, Fact]"


class PressFailed(Exception):
    """The template could not be set with these facts."""


def compile(template: Path, facts: Mapping[str, Fact], *, at: datetime) -> bytes:  # noqa: A001 (what a press does)
    """Set the facts with the template; they reach it as JSON in `sys.inputs.facts`, so that no text becomes markup."""
    try:
        document = typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False, sort_keys=True)},
            pdf_standards=STANDARDS,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise PressFailed(f"{template.name}: {error.message}") from error
    if not isinstance(document, bytes):
        raise PressFailed(f"{template.name}: no document came out")
    return document


async def press(template: Path, facts: Mapping[str, Fact], *, at: datetime) -> bytes:
    """Compile in a thread; typst lets go of the interpreter while it works."""
    return await asyncio.to_thread(compile, template, facts, at=at)


def qr(text: str) -> str:
    """Draw the text as a QR code: an SVG of plain boxes, without lettering; the page leaves the white around it."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_inline(border=0, omitsize=True, dark="#000"))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
