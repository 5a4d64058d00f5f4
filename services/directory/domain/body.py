"""Bodies: every administration and authority, and how the kinds of service give one per territory."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.directory.domain.period import ALWAYS, Period
from services.directory.domain.territory import Territory, TerritoryKind

NATIONAL_LABEL = "00"
OLDEST_MAP = date(1984, 2, 4)


class BodyKind(StrEnum):
    """What a body is."""

    MEDIATOR = "mediator"
    DELEGATION = "delegation"
    MINISTRY = "ministry"
    WILAYA = "wilaya"
    DAIRA = "daira"
    COMMUNE = "commune"
    DIRECTORATE = "directorate"
    AGENCY = "agency"
    ESTABLISHMENT = "establishment"


OF_TERRITORY = {BodyKind.WILAYA, BodyKind.DAIRA, BodyKind.COMMUNE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """One administration or authority."""

    body_id: str
    kind: BodyKind
    ministry_id: str = ""
    parent_id: str = ""
    territory_id: str = ""
    wilaya_id: str = ""
    wilaya_label: str = NATIONAL_LABEL
    service_code: str = ""
    name_ar: str
    name_fr: str
    keeps_register: bool = True
    period: Period = ALWAYS
    successor_ids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return self.body_id


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceKind:
    """A kind of body: one for the country, or one in each territory of a level; {name} stands for the territory."""

    service_code: str
    kind: BodyKind
    level: TerritoryKind | None
    ministry_id: str
    name_ar: str
    name_fr: str
    keeps_register: bool


def of_the_country(kinds: Iterable[ServiceKind]) -> Iterator[Body]:
    """Return the bodies of which there is one."""
    for each in kinds:
        if each.level is None:
            yield Body(
                body_id=each.service_code.lower(),
                kind=each.kind,
                ministry_id=each.ministry_id,
                parent_id=each.ministry_id,
                service_code=each.service_code,
                name_ar=each.name_ar,
                name_fr=each.name_fr,
                keeps_register=each.keeps_register,
            )


def of_territories(kinds: Iterable[ServiceKind], territories: Iterable[Territory]) -> Iterator[Body]:
    """Return the bodies of which there is one in each territory of their level."""
    by_id = {each.territory_id: each for each in territories}
    for service in kinds:
        for territory in by_id.values():
            if service.level == territory.kind:
                yield _in_territory(service, territory, by_id[territory.wilaya_id])


def _in_territory(service: ServiceKind, territory: Territory, wilaya: Territory) -> Body:
    own_id = service.kind in OF_TERRITORY
    return Body(
        body_id=territory.territory_id if own_id else f"{service.service_code.lower()}-{territory.slug}",
        kind=service.kind,
        ministry_id=service.ministry_id,
        parent_id=_parent(service, territory),
        territory_id=territory.territory_id,
        wilaya_id=wilaya.territory_id,
        wilaya_label=wilaya.label,
        service_code=service.service_code,
        name_ar=service.name_ar.format(name=territory.name_ar),
        name_fr=service.name_fr.format(name=territory.name_fr, de_name=de(territory.name_fr)),
        keeps_register=service.keeps_register,
        period=_since_reform(territory),
    )


def _since_reform(territory: Territory) -> Period:
    """A new wilaya's bodies are as old as the wilaya; how old the others are is not known."""
    new = territory.kind is TerritoryKind.WILAYA and territory.period.first != OLDEST_MAP
    return territory.period if new else ALWAYS


def _parent(service: ServiceKind, territory: Territory) -> str:
    if service.kind is BodyKind.DELEGATION:
        return "mediator"
    return territory.parent_id if service.kind in OF_TERRITORY and territory.parent_id else service.ministry_id


def de(name: str) -> str:
    """Put the French "de" before a name: d'Alger, de Blida, des Eucalyptus."""
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d’{name}" if re.match(r"[AEIOUÀÂÉÈÊÎÏÔÛ]", name) else f"de {name}"
