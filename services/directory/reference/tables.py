"""Reads the reference tables beside it into what the directory knows."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.directory.domain.body import Body, BodyKind, ServiceKind, of_territories, of_the_country
from services.directory.domain.period import Period
from services.directory.domain.territory import Territory, TerritoryKind, latest
from services.directory.domain.topic import Topic

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Reference:
    """All facts of the tables."""

    territories: tuple[Territory, ...]
    bodies: tuple[Body, ...]
    topics: tuple[Topic, ...]


def read() -> Reference:
    """Read every table."""
    territories = tuple(_territories())
    kinds, present = tuple(_service_kinds()), latest(territories)
    bodies = (*_ministries(), *of_the_country(kinds), *of_territories(kinds, present))
    return Reference(territories=territories, bodies=bodies, topics=tuple(_topics()))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def _period(row: dict[str, str]) -> Period:
    return Period(first=_day(row["valid_from"]), end=_day(row["valid_to"]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _territories() -> Iterator[Territory]:
    for row in _rows("territories.csv"):
        yield Territory(
            territory_id=row["territory_id"],
            kind=TerritoryKind(row["kind"]),
            label=row["label"],
            name_ar=row["name_ar"],
            name_fr=row["name_fr"],
            other_names=row["other_names"],
            parent_id=row["parent_id"],
            wilaya_id=row["wilaya_id"],
            period=_period(row),
        )


def _ministries() -> Iterator[Body]:
    for row in _rows("ministries.csv"):
        yield Body(
            body_id=row["body_id"],
            kind=BodyKind.MINISTRY,
            ministry_id=row["body_id"],
            service_code=row["body_id"].upper(),
            name_ar=row["name_ar"],
            name_fr=row["name_fr"],
            keeps_register=row["keeps_register"] == "yes",
            period=_period(row),
            successor_ids=tuple(row["successor_ids"].split()),
        )


def _service_kinds() -> Iterator[ServiceKind]:
    for row in _rows("services.csv"):
        yield ServiceKind(
            service_code=row["service_code"],
            kind=BodyKind(row["kind"]),
            level=None if row["level"] == "national" else TerritoryKind(row["level"]),
            ministry_id=row["ministry_id"],
            name_ar=row["name_ar"],
            name_fr=row["name_fr"],
            keeps_register=row["keeps_register"] == "yes",
        )


def _topics() -> Iterator[Topic]:
    for row in _rows("topics.csv"):
        yield Topic(
            topic_code=row["topic_code"],
            name_ar=row["name_ar"],
            name_fr=row["name_fr"],
            ministry_ids=tuple(row["ministry_ids"].split()),
        )
