"""What every door asks of a request's fields before it goes in."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.chassis.refusals import EnumUnknown, FieldInvalid

HARMLESS = "\n\r\t"


class Enum(Protocol):
    """A generated enum."""

    def values(self) -> Sequence[int]:
        """Return the known values."""


def require_uuid(field: str, value: str) -> str:
    """Return the id in its canonical form, or refuse."""
    try:
        known = UUID(value)
    except ValueError:
        raise FieldInvalid(field=field, problem="uuid" if value else "empty") from None
    if value.lower() not in (str(known), known.hex):  # UUID() also reads braces and urn:uuid:, databases do not
        raise FieldInvalid(field=field, problem="uuid")
    return str(known)


def require_text(field: str, value: str, *, limit: int, empty: bool = False) -> str:
    """Return the text verbatim, or refuse what is empty, too long or holds characters that are no text."""
    if not empty and not value.strip():
        raise FieldInvalid(field=field, problem="empty")
    if len(value) > limit:
        raise FieldInvalid(field=field, problem="long", limit=limit)
    if not (value.isprintable() or all(_is_text(sign) for sign in value)):
        raise FieldInvalid(field=field, problem="control")
    return value


def _is_text(sign: str) -> bool:
    return sign in HARMLESS or unicodedata.category(sign) not in {"Cc", "Cs"}


def require_enum(field: str, enum: Enum, value: int) -> int:
    """Return the value, or refuse one that is unspecified or unknown."""
    if value == 0:
        raise FieldInvalid(field=field, problem="empty")
    if value not in enum.values():
        raise EnumUnknown(field=field, value=value)
    return value


def require_date(field: str, value: str) -> date:
    """Read an ISO date, or refuse."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise FieldInvalid(field=field, problem="date" if value else "empty") from None
