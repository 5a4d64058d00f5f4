"""Periods of a report: whole months, because an administration counts in months, quarters and years."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis.refusals import Invalid

FIRST_YEAR, LAST_YEAR = 2020, 2200


class QuarterUnknown(Invalid):
    """There is no quarter {quarter} of {year}; ask for a quarter from 1 to 4 of a year from 2020 on."""

    ar = "لا يوجد ثلاثي {quarter} لسنة {year}؛ اطلب ثلاثيا من 1 إلى 4 لسنة ابتداء من 2020."
    fr = "Il n'y a pas de trimestre {quarter} de {year} ; demandez un trimestre de 1 à 4 d'une année à partir de 2020."
    field = "quarter"


class PeriodUnclear(Invalid):
    """The period from {first} to {last} is not one of whole months; begin on the first of a month and end on a last day."""

    ar = "الفترة من {first} إلى {last} ليست أشهرا كاملة؛ ابدأ بأول يوم من شهر وانته بآخر يوم من شهر."
    fr = "La période du {first} au {last} n'est pas faite de mois entiers ; commencez le premier d'un mois et finissez un dernier jour."
    field = "from_day"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole months from the first day to the last."""

    first: date
    last: date


def quarter(year: int, number: int) -> Period:
    """Return a quarter; number 0 means the whole year."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= number <= 4:
        raise QuarterUnknown(quarter=number, year=year)
    first = date(year, 3 * max(number, 1) - 2, 1)
    months = 3 if number else 12
    return Period(first=first, last=_plus_months(first, months) - timedelta(days=1))


def months(first: str, last: str) -> Period:
    """Return the period between two days as they were asked for."""
    try:
        period = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
    except ValueError:
        raise PeriodUnclear(first=first, last=last) from None
    if period.first.day != 1 or (period.last + timedelta(days=1)).day != 1 or period.last < period.first:
        raise PeriodUnclear(first=first, last=last)
    return period


def _plus_months(day: date, months_: int) -> date:
    place = day.month - 1 + months_
    return date(day.year + place // 12, place % 12 + 1, 1)
