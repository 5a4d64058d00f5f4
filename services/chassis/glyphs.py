"""Which signs the shipped fonts can print; an archive PDF may hold no other."""

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
LINE_SIGNS = frozenset(map(ord, "\n\r\t"))
# Signs without a shape: joiners, marks of direction, soft hyphen; they pass as they are.
SHAPELESS = frozenset({0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)})
LEFT_OUT = frozenset({*range(0xFE00, 0xFE10), 0xFEFF})  # selectors of variants, byte order mark
INSTEAD = "?"


def unprintable(text: str) -> str:
    """Return the signs of a text that no shipped font has, each once."""
    known = _known() | LEFT_OUT
    return "".join(dict.fromkeys(sign for sign in text if ord(sign) not in known))


def printable(text: str) -> str:
    """Return the text with a question mark in place of each sign that cannot be printed."""
    known = _known()
    return "".join(sign if ord(sign) in known else INSTEAD for sign in text if ord(sign) not in LEFT_OUT)


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    shapes = frozenset(code for font in sorted(FONTS.glob("*.ttf")) for code in _codes(font.read_bytes()))
    return shapes | LINE_SIGNS | SHAPELESS


def _codes(font: bytes) -> Iterator[int]:
    """Yield the characters of a font's Unicode table (`cmap`, format 4)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    at = next(
        offset
        for tag, _, offset, _ in (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(tables))
        if tag == b"cmap"
    )
    records = (
        struct.unpack_from(">HHL", font, at + 4 + 8 * n) for n in range(struct.unpack_from(">H", font, at + 2)[0])
    )
    at += next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", font, at + 14 + 2 * n * count + (2 if n else 0)) for n in range(4)
    )
    for segment in range(count):
        place = at + 16 + 6 * count + 2 * segment  # where this segment's range offset itself stands
        for code in range(starts[segment], ends[segment] + 1):
            glyph = code
            if ranges[segment]:
                glyph = struct.unpack_from(">H", font, place + ranges[segment] + 2 * (code - starts[segment]))[0]
            if (glyph + deltas[segment]) % 65536 and glyph:
                yield code
