"""What facts add up to: which rows of which tables a fact counts in, and how the rows are read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.reporting.domain.fact import ENDED, Fact

COUNTS = (
    "received",
    "answered",
    "favourable",
    "unfavourable",
    "superficial",
    "not_graded",
    "closed",
    "open",
    "late",
    "awaiting_triage",
)
LONGEST_DAYS = 400
TOTAL, SECTOR, CHANNEL, COMMUNE, WILAYA = "total", "sector", "channel", "commune", "wilaya"
COUNTRY = ""
UNDECIDED = "UNDECIDED"


class Key(NamedTuple):
    """One row of one table in one month."""

    wilaya_id: str
    axis: str
    key: str
    kind: str
    sample: bool
    month: date


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts in the order of COUNTS, answers by working days, and open complaints by the day they are due.

    `days[d]` counts the answers that took d working days; `due[d]` counts what is open and due d days after the
    first of the row's month. Both are as long as they need to be.
    """

    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTS))
    days: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)

    def __getitem__(self, name: str) -> int:
        return self.counts[COUNTS.index(name)]

    def add(self, counts: Sequence[int], days: Sequence[int], due: Sequence[int]) -> None:
        """Add the arrays of a row."""
        for own, other in ((self.counts, counts), (self.days, days), (self.due, due)):
            own.extend([0] * (len(other) - len(own)))
            for place, count in enumerate(other):
                own[place] += count

    def count(self, fact: Fact, times: int) -> None:
        """Count one fact in its month, or take it away with -1."""
        for place, holds in enumerate(_holds(fact)):
            if holds:
                self.counts[place] += times
        if fact.working_days is not None and fact.answered_on is not None:
            _count(self.days, fact.working_days, times)
        if fact.is_open and fact.due_on is not None:
            _count(self.due, (fact.due_on - fact.received_on.replace(day=1)).days, times)

    def overdue(self, *, month: date, on: date) -> int:
        """Count what is open and was due before a day."""
        return sum(self.due[: max(0, (on - month).days)])

    @property
    def is_zero(self) -> bool:
        """Tell whether it changes nothing."""
        return not (any(self.counts) or any(self.days) or any(self.due))


def _count(histogram: list[int], place: int, times: int) -> None:
    place = min(max(place, 0), LONGEST_DAYS)
    histogram.extend([0] * (place + 1 - len(histogram)))
    histogram[place] += times


def _holds(fact: Fact) -> tuple[bool, ...]:
    """Say which of COUNTS a fact counts in."""
    has_answer = fact.answered_on is not None
    return (
        True,
        has_answer,
        has_answer and fact.grade == "FAVOURABLE",
        has_answer and fact.grade == "UNFAVOURABLE",
        has_answer and fact.grade == "SUPERFICIAL",
        has_answer and not fact.grade,
        fact.state in ENDED,
        fact.is_open,
        has_answer and fact.late,
        fact.awaiting_triage,
    )


def keys(fact: Fact) -> Iterable[Key]:
    """Name the rows in which a fact counts."""
    month = fact.received_on.replace(day=1)
    sector = fact.ministry_id or UNDECIDED
    for wilaya_id, axis, key in (
        (COUNTRY, TOTAL, TOTAL),
        (COUNTRY, SECTOR, sector),
        (COUNTRY, WILAYA, fact.wilaya_id),
        (fact.wilaya_id, TOTAL, TOTAL),
        (fact.wilaya_id, SECTOR, sector),
        (fact.wilaya_id, CHANNEL, fact.channel),
        (fact.wilaya_id, COMMUNE, fact.commune_id),
    ):
        yield Key(wilaya_id, axis, key, fact.kind, fact.sample, month)


def change(was: Fact | None, now: Fact, into: dict[Key, Tally]) -> None:
    """Add to the changes what one fact's change means for every row."""
    for fact, times in ((was, -1), (now, 1)):
        if fact is not None:
            for key in keys(fact):
                if key not in into:
                    into[key] = Tally()
                into[key].count(fact, times)


def percentile(days: Sequence[int], percent: int) -> int:
    """Return the working days within which so many percent of the answers came; -1 without answers.

    `days[d]` counts the answers that took d working days; the nearest-rank definition, so 50 is the lower median.
    """
    total = sum(days)
    if not total:
        return -1
    rank = max(1, -(-total * percent // 100))
    seen = 0
    for day, count in enumerate(days):
        seen += count
        if seen >= rank:
            return day
    return len(days) - 1
