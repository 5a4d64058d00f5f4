"""What reporting does: fold changed facts into the rollups, and read tables from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.chassis.call import Call
from services.reporting.domain import tally as tallies
from services.reporting.domain.period import Period
from services.reporting.domain.tally import Key, Tally
from services.reporting.store import Store

AT_ONCE = 1000


@dataclass(kw_only=True)
class Part:
    """What one line holds of one kind of complaint."""

    tally: Tally = field(default_factory=Tally)
    overdue: int = 0

    def add(self, month: date, row: Tally, *, today: date) -> None:
        """Add a month."""
        self.tally.add(row.counts, row.days, row.due)
        self.overdue += row["late"] + row.overdue(month=month, on=today)


@dataclass(kw_only=True)
class Line:
    """One line of a table: register entries and petitions, counted apart."""

    key: str
    name: tuple[str, str] = ("", "")
    entries: Part = field(default_factory=Part)
    petitions: Part = field(default_factory=Part)

    @property
    def received(self) -> int:
        """How many in all, for the order of lines."""
        return self.entries.tally["received"] + self.petitions.tally["received"]


async def fold(store: Store, *, limit: int = AT_ONCE) -> int:
    """Fold changed facts into the rollups; say how many."""
    changed = await store.facts.stale(limit)
    changes: dict[Key, Tally] = {}
    for was, now in changed:
        tallies.change(was, now, changes)
    if changed:
        await store.rollups.add(changes)
        await store.facts.counted([now for _, now in changed])
    return len(changed)


async def table(
    call: Call, store: Store, *, period: Period, axis: str, wilaya_id: str = "", with_samples: bool = False
) -> list[Line]:
    """Return the lines of one axis with their names, those with most complaints first."""
    lines: dict[str, Line] = {}
    for row, counted in await store.rollups.rows(period, axis=axis, wilaya_id=wilaya_id):
        if with_samples or not row.sample:
            line = lines.setdefault(row.key, Line(key=row.key))
            part = line.petitions if row.kind == "PETITION" else line.entries
            part.add(row.month, counted, today=call.today)
    names = await _names(store, axis, list(lines))
    for line in lines.values():
        line.name = names.get(line.key, ("", ""))
    return sorted((line for line in lines.values() if line.received), key=lambda line: (-line.received, line.key))


async def _names(store: Store, axis: str, keys: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    if axis == tallies.SECTOR:
        return await store.names.bodies(keys) | {tallies.UNDECIDED: ("لم يحدد بعد", "À déterminer")}
    if axis in {tallies.WILAYA, tallies.COMMUNE}:
        return await store.names.territories(keys)
    return {tallies.TOTAL: ("المجموع", "Total")} if axis == tallies.TOTAL else CHANNELS


CHANNELS = {
    "PAPER_REGISTER": ("السجل الورقي", "Registre papier"),
    "PORTAL": ("البوابة", "Portail"),
    "CALL_CENTRE": ("مركز النداء", "Centre d’appel"),
    "MOBILE": ("تطبيق الهاتف", "Application mobile"),
    "SERVICE_PLATFORM": ("منصة الخدمات", "Plateforme de services"),
}


async def recount(store: Store, *, period: Period) -> tuple[int, int, list[str]]:
    """Count the facts one by one beside the rollups; name the groups in which they differ."""
    facts = await store.facts.count_by_month(period)
    rollups = await store.rollups.count_by_month(period)
    differences = [
        f"{kind} {month:%Y-%m}{' samples' if sample else ''}: {facts.get((kind, sample, month), 0)} facts,"
        f" {rollups.get((kind, sample, month), 0)} in the rollups"
        for kind, sample, month in sorted(facts.keys() | rollups.keys(), key=_place)
        if facts.get((kind, sample, month), 0) != rollups.get((kind, sample, month), 0)
    ]
    return sum(facts.values()), sum(rollups.values()), differences


def _place(group: tuple[str, bool, date]) -> tuple[date, str, bool]:
    kind, sample, month = group
    return month, kind, sample
