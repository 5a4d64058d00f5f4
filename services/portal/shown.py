"""How dates, numbers and a citizen's words are shown, so that right-to-left text cannot turn them round."""

import re
from datetime import date, datetime, timedelta, timezone

from google.protobuf.timestamp_pb2 import Timestamp
from markupsafe import Markup, escape

from services.chassis.call import clock

ALGIERS = timezone(timedelta(hours=1), "Africa/Algiers")  # without summer time since 1981
NONE = Markup("–")
GROUPS = re.compile(r"((?<![\w.])(?:\+?\d+(?:[-–/]\d+)+|(?:\+|0)\d+(?: \d+)+|\d+(?: \d+){2,})(?!\w))", re.ASCII)


def isolated(text: object) -> Markup:
    """Keep digits, ids and Latin codes in their own left-to-right run."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text) if str(text) else NONE


def day(value: str | date | Timestamp) -> Markup:
    """Show a day as dd/mm/yyyy."""
    if not value or (isinstance(value, Timestamp) and not value.seconds):
        return NONE
    return isolated(f"{_as_date(value):%d/%m/%Y}")


def moment(value: Timestamp) -> Markup:
    """Show a moment as dd/mm/yyyy hh:mm in the time of Algiers."""
    return isolated(f"{at_algiers(value):%d/%m/%Y %H:%M}") if value.seconds else NONE


def at_algiers(value: Timestamp) -> datetime:
    """Read a moment on the clock of Algiers."""
    return value.ToDatetime(tzinfo=ALGIERS)


def count(value: int) -> Markup:
    """Show a count with its thousands set apart."""
    return isolated(f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"))


def secret(value: str) -> Markup:
    """Show a receipt's secret in groups of four, with dots: they keep their order in every script."""
    digits = re.sub(r"\D", "", value)
    return isolated(".".join(digits[start : start + 4] for start in range(0, len(digits), 4)))


def words(text: str) -> Markup:
    """Show what a person wrote verbatim, in its own direction; numbers of several groups keep their order."""
    return Markup('<div class="words" dir="auto">{}</div>').format(in_order(text)) if text else NONE


def in_order(text: str) -> Markup:
    """Isolate the numbers that right-to-left text would turn round: telephone numbers, hyphenated numbers, dates."""
    parts = GROUPS.split(text)
    return Markup("").join(isolated(part) if place % 2 else escape(part) for place, part in enumerate(parts))


def share(part: int, whole: int) -> str:
    """Say a share in words for those who do not see the bar."""
    return f"{round(100 * part / whole)}%" if whole else "–"


def today() -> date:
    """Return the day in Algiers."""
    return clock().astimezone(ALGIERS).date()


def _as_date(value: str | date | Timestamp) -> date:
    if isinstance(value, Timestamp):
        return at_algiers(value).date()
    return date.fromisoformat(value) if isinstance(value, str) else value
