"""The bodies that routing knows from the directory, and which unit answers when no rule names one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from services.chassis.refusals import Invalid
from services.routing.domain.deadline import within
from services.routing.domain.facts import Facts

MINISTRY = "ministry"
DIRECTORATE = "directorate"


class CompetentBodyUnknown(Invalid):
    """The directory holds no valid body {body_id}; choose one from the list."""

    ar = "لا توجد في الدليل هيئة سارية بالمعرّف {body_id}؛ اختر هيئة من القائمة."
    fr = "L'annuaire ne connaît aucun organisme valide {body_id} ; choisissez-en un dans la liste."
    field = "competent_body_id"


class UnitOfAnotherMinistry(Invalid):
    """The unit {body_id} does not belong to the ministry {ministry_id}; choose one of its units."""

    ar = "الهيئة {body_id} ليست تابعة للوزارة {ministry_id}؛ اختر إحدى هيئاتها."
    fr = "L'organisme {body_id} ne relève pas du ministère {ministry_id} ; choisissez l'un des siens."
    field = "unit_body_id"


@dataclass(frozen=True, kw_only=True)
class Body:
    """One administration or authority, as the directory told of it."""

    body_id: str
    kind: str
    ministry_id: str = ""
    territory_id: str = ""
    wilaya_id: str = ""
    service_code: str = ""
    name_ar: str = ""
    name_fr: str = ""
    valid_from: date = date.min
    valid_to: date = date.max

    def is_valid(self, day: date) -> bool:
        """Tell whether the body exists on a day."""
        return self.valid_from <= day < self.valid_to

    @property
    def commune_id(self) -> str:
        """Return the commune it is limited to; empty when it covers more."""
        return self.territory_id if self.territory_id != self.wilaya_id else ""


@dataclass(frozen=True, kw_only=True)
class DefaultUnit:
    """Which service of a ministry answers for a topic; an empty topic fits all."""

    ministry_id: str
    service_code: str
    topic_code: str = ""


@dataclass(frozen=True)
class Bodies:
    """Every body by its id."""

    by_id: Mapping[str, Body] = field(default_factory=dict)
    _ministries_on: dict[date, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, body_id: str, day: date) -> Body | None:
        """Return a body that exists on a day."""
        body = self.by_id.get(body_id)
        return body if body and body.is_valid(day) else None

    def valid(self, body_id: str, day: date, where: str = "competent_body_id") -> Body:
        """Return a body that exists on a day, or refuse it."""
        if (body := self.get(body_id, day)) is None:
            raise CompetentBodyUnknown(body_id=body_id, field=where)
        return body

    def unit_of(self, body_id: str, ministry_id: str, day: date) -> Body:
        """Return a ministry's own unit, or refuse it."""
        body = self.valid(body_id, day, "unit_body_id")
        if body.ministry_id != ministry_id:
            raise UnitOfAnotherMinistry(body_id=body_id, ministry_id=ministry_id)
        return body

    def ministries(self, day: date) -> frozenset[str]:
        """Return the ministries that exist on a day."""
        if day not in self._ministries_on:
            known = (body for body in self.by_id.values() if body.kind == MINISTRY and body.is_valid(day))
            self._ministries_on[day] = frozenset(body.body_id for body in known)
        return self._ministries_on[day]

    def sector_of(self, body_id: str) -> str:
        """Return the ministry of a body's sector; empty when it has none."""
        return self.by_id[body_id].ministry_id if body_id in self.by_id else ""

    def name(self, body_id: str) -> tuple[str, str]:
        """Return a body's name in Arabic and French; its id where the directory has told of none."""
        body = self.by_id.get(body_id)
        return (body and body.name_ar) or body_id, (body and body.name_fr) or body_id

    def units(self, ministry_id: str, wilaya_id: str, day: date) -> tuple[Body, ...]:
        """Return a ministry's own units that cover a wilaya, national ones included."""
        places = sorted({wilaya_id, ""})
        return tuple(b for place in places for b in self._by_place.get((ministry_id, place), ()) if b.is_valid(day))

    def default_unit(self, ministry_id: str, facts: Facts, services: Iterable[DefaultUnit]) -> Body | None:
        """Return the unit that answers when no rule names one: the ministry's service for the topic, else the ministry."""
        own = self.units(ministry_id, facts.wilaya_id, facts.received_on)
        service_code = _service_for(ministry_id, facts.topic_code, services)
        serving = [unit for unit in own if unit.service_code == service_code] if service_code else []
        local = serving or [unit for unit in own if unit.kind == DIRECTORATE and unit.wilaya_id]
        nearest = next(_nearest_first(local, facts), None)
        if nearest and (serving or len(local) == 1):
            return nearest
        return self.by_id.get(ministry_id)

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], list[Body]]:
        grouped: dict[tuple[str, str], list[Body]] = {}
        for body in self.by_id.values():
            grouped.setdefault((body.ministry_id, body.wilaya_id), []).append(body)
        return grouped


def _service_for(ministry_id: str, topic_code: str, services: Iterable[DefaultUnit]) -> str:
    fitting = [s for s in services if s.ministry_id == ministry_id and within(s.topic_code, topic_code)]
    return max(fitting, key=lambda service: len(service.topic_code)).service_code if fitting else ""


def _nearest_first(units: list[Body], facts: Facts) -> Iterator[Body]:
    places = ((facts.wilaya_id, facts.commune_id), (facts.wilaya_id, ""), ("", ""))
    return (unit for place in places for unit in units if (unit.wilaya_id, unit.commune_id) == place)
