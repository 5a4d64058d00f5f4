"""Things the directory's tests begin with: only what matters is said."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from services.chassis.call import Actor, ActorKind, Call
from services.directory.domain.administration import Administration, Places
from services.directory.domain.appointment import Appointment, Role
from services.directory.domain.officer import Officer
from services.directory.domain.period import Period
from services.directory.domain.territory import Territory, TerritoryKind
from services.directory.domain.topic import Topic
from services.directory.reference import tables
from services.directory.reference.tables import Reference

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REFORM = date(2026, 4, 5)
CALL = Call(now=NOW, actor=Actor(kind=ActorKind.PROCESS, id="operator"), process="operator")


def a_wilaya(**only: Any) -> Territory:
    given = {"territory_id": "wilaya-alger", "label": "16", "name_ar": "الجزائر", "name_fr": "Alger"} | only
    return Territory(kind=TerritoryKind.WILAYA, wilaya_id=given["territory_id"], **given)


def a_commune(**only: Any) -> Territory:
    given = {
        "territory_id": "commune-1601",
        "label": "1601",
        "name_ar": "الجزائر الوسطى",
        "name_fr": "Alger Centre",
        "parent_id": "daira-16-12",
        "wilaya_id": "wilaya-alger",
    } | only
    return Territory(kind=TerritoryKind.COMMUNE, **given)


def a_period(first: str = "", end: str = "") -> Period:
    return Period(first=date.fromisoformat(first) if first else None, end=date.fromisoformat(end) if end else None)


def an_appointment(role: Role = Role.DELEGATE, scope: str = "wilaya:wilaya-alger") -> Appointment:
    return Appointment(role=role, scope=scope)


def an_officer(**only: Any) -> Officer:
    given = {
        "officer_id": "0199aaaa-0000-7000-8000-000000000001",
        "username": "delegate.alger",
        "display_name": "المندوب المحلي، الجزائر",
        "appointments": (an_appointment(),),
    } | only
    return Officer(**given)


def a_row(**only: Any) -> Administration:
    given = {"key": "1", "name_ar": "مستشفى", "wilaya_label": "16", "ministry_id": "msan"} | only
    return Administration(**given)


def places(*communes: Territory, ever: dict[str, frozenset[str]] | None = None) -> Places:
    there = communes or (a_commune(),)
    return Places(
        wilayas={
            "16": a_wilaya(),
            "31": a_wilaya(territory_id="wilaya-oran", label="31", name_ar="وهران", name_fr="Oran"),
        },
        communes={each.label: each for each in there},
        wilaya_ids_ever=ever or {each.territory_id: frozenset({each.wilaya_id}) for each in there},
        ministry_ids=frozenset({"msan"}),
        directorate_ids=frozenset({"dsp-alger"}),
    )


whole_reference = cache(tables.read)


def a_reference(**only):
    ministry = next(each for each in whole_reference().bodies if each.body_id == "msan")
    health = next(each for each in whole_reference().bodies if each.body_id == "dsp-alger")
    given = {
        "territories": (
            a_wilaya(period=a_period("1984-02-04")),
            a_wilaya(
                territory_id="wilaya-oran", label="31", name_ar="وهران", name_fr="Oran", period=a_period("1984-02-04")
            ),
            a_commune(period=a_period("1984-02-04", "2026-04-05"), wilaya_id="wilaya-oran", label=""),
            a_commune(period=a_period("2026-04-05"), other_names="Alger Ctr"),
        ),
        "bodies": (ministry, health),
        "topics": (
            Topic(topic_code="health", name_ar="الصحة", name_fr="Santé", ministry_ids=("msan",)),
            Topic(topic_code="praise", name_ar="شكر وتنويه", name_fr="Éloge"),
        ),
    }
    return Reference(**given | only)
