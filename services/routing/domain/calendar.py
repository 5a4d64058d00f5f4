"""The country's working days: weekends on Friday and Saturday, and a dated table of holidays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from services.chassis.refusals import Invalid

WEEKEND = frozenset({5, 6})  # ISO: Friday, Saturday
ONE_DAY = timedelta(days=1)
LONGEST_PERIOD = timedelta(days=3660)


class PeriodInvalid(Invalid):
    """The period must begin before it ends and last ten years at most."""

    ar = "يجب أن تبدأ الفترة قبل نهايتها وألا تتجاوز عشر سنوات."
    fr = "La période doit commencer avant sa fin et durer dix ans au plus."
    field = "to_day"


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A day that is not worked; estimated while it depends on the moon."""

    day: date
    name_ar: str
    name_fr: str
    estimated: bool = False


@dataclass(frozen=True)
class Calendar:
    """The days on which administrations work."""

    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether administrations work on a day."""
        return day.isoweekday() not in WEEKEND and day not in self.holidays

    @cached_property
    def by_year(self) -> Mapping[int, tuple[str, ...]]:
        """Return the holidays of each year, written yyyy-mm-dd."""
        years: dict[int, list[str]] = {}
        for day in sorted(self.holidays):
            years.setdefault(day.year, []).append(day.isoformat())
        return {year: tuple(days) for year, days in years.items()}

    def after(self, day: date, working_days: int) -> date:
        """Return the day that lies so many working days after another, which itself does not count."""
        while working_days > 0:
            day += ONE_DAY
            working_days -= self.is_working(day)
        return day

    def before(self, day: date, working_days: int) -> date:
        """Return the day that lies so many working days before another, which itself does not count."""
        while working_days > 0:
            day -= ONE_DAY
            working_days -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Count the working days after the first day up to and with the last."""
        whole_weeks, rest = divmod(max((last - first).days, 0), 7)
        tail = (last - ONE_DAY * back for back in range(rest))
        worked = 5 * whole_weeks + sum(day.isoweekday() not in WEEKEND for day in tail)
        return worked - sum(1 for day in self.holidays if first < day <= last and day.isoweekday() not in WEEKEND)


def day_before(first: date, last: date) -> date:
    """Return the day before a period, or refuse one that is no period."""
    if not first <= last <= first + LONGEST_PERIOD or first == date.min:
        raise PeriodInvalid
    return first - ONE_DAY
