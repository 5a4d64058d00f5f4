"""Documents to print: a typst template and plain facts become the same accessible archive PDF, byte for byte, every time."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import segno
import typst

from services.chassis import glyphs

Fact: TypeAlias = "str | int | float | bool | Sequence[Fact] | Mapping[str, Fact] | None"


class PressFailed(ValueError):
    """The template could not be set with these facts; the message may quote them and stays out of logs."""


def compile(template: Path, facts: Mapping[str, Fact], *, at: datetime) -> bytes:  # noqa: A001 (what a press does)
    """Set the facts with the template; they reach it as JSON in `sys.inputs.facts`, so that no text becomes markup."""
    try:
        document = typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"facts": json.dumps(_printable(facts), ensure_ascii=False, sort_keys=True)},
            pdf_standards=["a-2b", "ua-1"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise PressFailed(f"{template.name}: {error.message}") from None
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


def _printable(fact: Fact) -> Fact:
    """Replace signs that no font has: an archive PDF may not hold them."""
    if isinstance(fact, str):
        return glyphs.printable(fact)
    if isinstance(fact, Mapping):
        return {name: _printable(each) for name, each in fact.items()}
    return [_printable(each) for each in fact] if isinstance(fact, Sequence) else fact


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[glyphs.FONTS])
