"""The map: wilaya, daira, commune, each in dated periods because the map changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.directory.domain.period import ALWAYS, Period


class TerritoryKind(StrEnum):
    """The levels of the map."""

    WILAYA = "wilaya"
    DAIRA = "daira"
    COMMUNE = "commune"


@dataclass(frozen=True, kw_only=True, slots=True)
class Territory:
    """One part of the map during one period."""

    territory_id: str
    kind: TerritoryKind
    label: str = ""
    name_ar: str
    name_fr: str
    other_names: str = ""
    parent_id: str = ""
    wilaya_id: str
    period: Period = ALWAYS

    @property
    def key(self) -> tuple[str, date | None]:
        """What tells this row from every other."""
        return self.territory_id, self.period.first

    @property
    def slug(self) -> str:
        """The id without the level: alger, 16-12, 1601."""
        return self.territory_id.removeprefix(f"{self.kind}-")


def latest(territories: Iterable[Territory]) -> list[Territory]:
    """Keep the last period of each territory."""
    last: dict[str, Territory] = {}
    for each in sorted(territories, key=lambda one: one.period.first or date.min):
        last[each.territory_id] = each
    return list(last.values())


def whole(changed: Iterable[Territory], wanted: Iterable[Territory]) -> tuple[list[Territory], list[Territory]]:
    """Return every period of the territories that changed: those that ended, then those in force."""
    ids = {each.territory_id for each in changed}
    told = [each for each in wanted if each.territory_id in ids]
    return [each for each in told if each.period.end], [each for each in told if not each.period.end]
