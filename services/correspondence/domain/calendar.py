"""The day by which an answer is asked for, in working days."""

from collections.abc import Collection
from datetime import date, timedelta

WEEKEND = frozenset({5, 6})  # ISO: Friday, Saturday
ONE_DAY = timedelta(days=1)


def after(start: date, working_days: int, holidays: Collection[date]) -> date:
    """Return the day so many working days after another, which itself does not count."""
    while working_days > 0:
        start += ONE_DAY
        working_days -= start.isoweekday() not in WEEKEND and start not in holidays
    return start


def horizon(start: date, working_days: int) -> date:
    """Return a day before which so many working days certainly lie."""
    return start + timedelta(days=2 * working_days + 30)
