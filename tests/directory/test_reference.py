"""The reference tables say what they should and agree with themselves."""

from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from services.directory.domain.appointment import SHAPES
from services.directory.domain.body import BodyKind
from services.directory.domain.territory import TerritoryKind, latest
from services.directory.reference import tables

TODAY = date(2026, 11, 23)
read = cache(tables.read)


def on(day):
    return {each.territory_id: each for each in read().territories if each.period.holds(day)}


def bodies():
    return {each.body_id: each for each in read().bodies}


@pytest.mark.parametrize(
    ("day", "wilayas"), [("2019-12-17", 48), ("2019-12-18", 58), ("2026-04-04", 58), ("2026-04-05", 69)]
)
def test_the_map_has_48_then_58_then_69_wilayas(day, wilayas):
    kinds = Counter(each.kind for each in on(date.fromisoformat(day)).values())
    assert kinds[TerritoryKind.WILAYA] == wilayas
    assert kinds[TerritoryKind.COMMUNE] == 1541


def test_the_map_of_today_has_549_dairas():
    assert Counter(each.kind for each in on(TODAY).values())[TerritoryKind.DAIRA] == 549


@pytest.mark.parametrize("day", ["1984-02-04", "2019-12-17", "2019-12-18", "2026-04-04", "2026-04-05", "2026-11-23"])
def test_on_each_day_every_commune_lies_in_a_daira_of_its_wilaya(day):
    there = on(date.fromisoformat(day))
    for each in there.values():
        assert there[each.wilaya_id].kind is TerritoryKind.WILAYA
        if each.kind is TerritoryKind.COMMUNE:
            assert there[each.parent_id].kind is TerritoryKind.DAIRA
            assert there[each.parent_id].wilaya_id == each.wilaya_id


def test_the_periods_of_a_territory_follow_each_other_without_gap():
    periods = defaultdict(list)
    for each in read().territories:
        periods[each.territory_id].append(each.period)
    for each in periods.values():
        assert each[-1].end is None
        assert all(one.end == other.first for one, other in pairwise(each))


def test_a_commune_of_a_new_wilaya_lay_in_the_mother_wilaya_before():
    assert on(date(2026, 4, 4))["commune-0310"].wilaya_id == "wilaya-laghouat"
    assert on(TODAY)["commune-0310"].wilaya_id == "wilaya-aflou"
    assert on(date(2019, 12, 17))["commune-4901"].wilaya_id == "wilaya-adrar"


def test_labels_are_unique_on_any_day():
    for day in (date(2019, 1, 1), date(2024, 1, 1), TODAY):
        for kind in (TerritoryKind.WILAYA, TerritoryKind.COMMUNE):
            labels = [each.label for each in on(day).values() if each.kind is kind and each.label]
            assert len(labels) == len(set(labels))


def test_every_body_id_is_unique_and_fits_a_scope():
    assert len(bodies()) == len(read().bodies) == 4401
    assert all(SHAPES["body"].fullmatch(f"body:{body_id}") for body_id in bodies())
    assert not any(body_id.startswith("unit-") for body_id in bodies())


def test_every_body_s_ministry_parent_territory_and_successors_exist():
    known, there = bodies(), on(TODAY)
    for each in known.values():
        assert not each.ministry_id or known[each.ministry_id].kind is BodyKind.MINISTRY
        assert not each.parent_id or each.parent_id in known
        assert not each.territory_id or each.territory_id in there
        assert bool(each.wilaya_id) == bool(each.territory_id)
        assert all(known[one].period.end is None for one in each.successor_ids)
        assert bool(each.successor_ids) == bool(each.period.end)


def test_34_ministries_are_in_force_and_seven_have_successors():
    ministries = [each for each in bodies().values() if each.kind is BodyKind.MINISTRY]
    assert Counter(each.period.holds(TODAY) for each in ministries) == {True: 34, False: 7}
    assert bodies()["mem"].successor_ids == ("meer", "mhm")
    assert bodies()["mtrans"].period.end == date(2025, 9, 14)


def test_each_of_69_wilayas_has_a_delegation_and_every_directorate():
    wilayas = [each for each in latest(read().territories) if each.kind is TerritoryKind.WILAYA]
    assert sum(each.kind is BodyKind.DELEGATION for each in bodies().values()) == 69
    for code in (
        "dsp",
        "de",
        "dl",
        "duac",
        "opgi",
        "drag",
        "dtw",
        "dre",
        "dem",
        "demploi",
        "dpt",
        "cour",
        "it",
        "delegation",
    ):
        assert all(f"{code}-{each.slug}" in bodies() for each in wilayas), code


def test_the_names_of_bodies_are_whole():
    health = bodies()["dsp-alger"]
    assert health.name_ar == "مديرية الصحة والسكان لولاية الجزائر"
    assert health.name_fr == "Direction de la santé et de la population de la wilaya d’Alger"
    for each in bodies().values():
        assert each.name_ar.strip()
        assert each.name_fr.strip()
        assert "{" not in each.name_ar + each.name_fr
        assert "ـ" not in each.name_ar


@pytest.mark.parametrize("body_id", ["wilaya-alger", "commune-1601", "dsp-oran", "cnas", "msan", "delegation-aflou"])
def test_administrations_keep_registers(body_id):
    assert bodies()[body_id].keeps_register


@pytest.mark.parametrize("body_id", ["mediator", "daira-16-12", "mdn", "darak", "mem"])
def test_the_mediator_dairas_defence_and_past_ministries_keep_none(body_id):
    assert not bodies()[body_id].keeps_register


def test_39_topics_name_ministries_in_force():
    assert len(read().topics) == 39
    for each in read().topics:
        assert all(bodies()[one].period.holds(TODAY) for one in each.ministry_ids)


def test_the_readme_names_every_service_code():
    readme = (Path(tables.__file__).parent / "README.md").read_text(encoding="utf-8")
    missing = {
        each.service_code
        for each in read().bodies
        if each.kind is not BodyKind.MINISTRY and each.service_code not in readme
    }
    assert missing == set()
