"""What facts add up to: which rows of which tables a fact counts in, and how the rows are read."""

from collections.abc import Iterable, Mapping, Sequence
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
    """Counts in the order of COUNTS, and answers by working days."""

    counts: Sequence[int] = (0,) * len(COUNTS)
    days: Mapping[int, int] = field(default_factory=dict)

    def plus(self, other: "Tally", times: int = 1) -> "Tally":
        """Add another, or take it away with -1."""
        days = dict(self.days)
        for day, count in other.days.items():
            days[day] = days.get(day, 0) + times * count
        return Tally(counts=tuple(a + times * b for a, b in zip(self.counts, other.counts, strict=True)), days=days)

    def __getitem__(self, name: str) -> int:
        return self.counts[COUNTS.index(name)]

    @property
    def is_zero(self) -> bool:
        """Tell whether it changes nothing."""
        return not any(self.counts) and not any(self.days.values())


def tally(fact: Fact) -> Tally:
    """Count one fact."""
    has_answer = fact.answered_on is not None
    counts = (
        1,
        int(has_answer),
        int(has_answer and fact.grade == "FAVOURABLE"),
        int(has_answer and fact.grade == "UNFAVOURABLE"),
        int(has_answer and fact.grade == "SUPERFICIAL"),
        int(has_answer and not fact.grade),
        int(fact.state in ENDED),
        int(fact.is_open),
        int(has_answer and fact.late),
        int(fact.awaiting_triage),
    )
    days = {min(fact.working_days, LONGEST_DAYS): 1} if has_answer and fact.working_days is not None else {}
    return Tally(counts=counts, days=days)


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
            counted = tally(fact)
            for key in keys(fact):
                into[key] = into.get(key, Tally()).plus(counted, times)


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
