"""What the rules of MEER claim, where they send it, and how fast they answer."""

import diwan_rules_energy as rules
import pytest
from diwan_rules import Case, Decline, Stage, Unit
from diwan_rules.testing import a_case, a_context
from pydantic import ValidationError

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="dem-alger", kind="DEM", name_ar="DEM", name_fr="DEM", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("انقطاع الكهرباء كل يوم في الحي", "electricity"),
        ("Pas de gaz de ville dans notre village", "gas"),
        ("trisiti mag3oda kol lila", "electricity"),
        ("فاتورة الكهرباء مرتفعة جدا", "electricity"),
        ("طلب ربط بالغاز منذ سنتين", "gas"),
    ],
)
def test_it_claims_what_is_its_own_and_names_the_rule(text: str, group: str) -> None:
    claim = rules.claim(a_case(rules.INFO, text))
    assert claim is not None
    assert group in claim.rule.split("+")
    assert claim.score >= 500
    assert claim.because.ar
    assert claim.because.fr


def test_it_has_nothing_to_say_of_another_sector() -> None:
    assert rules.claim(a_case(rules.INFO, "الإنارة العمومية معطلة")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "انقطاع الكهرباء كل يوم في الحي", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "dem-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "انقطاع الكهرباء كل يوم في الحي")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER, a_context(config=rules.Config()))
    assert allowed is not None
    assert allowed.days == 7
    assert rules.deadline(case, Stage.FIRST_ANSWER, a_context(config=rules.Config())) is None


def test_the_figures_show_what_was_answered_late() -> None:
    (late,) = rules.indicators()
    assert [condition.one_of for condition in (*late.counted, *late.among)] == [("true",), ("electricity_gas",)]


def test_the_ministry_sets_its_own_days_within_bounds() -> None:
    case = a_case(rules.INFO, "انقطاع الكهرباء كل ليلة")
    shorter = rules.deadline(case, Stage.FINAL_ANSWER, a_context(config=rules.Config(network_days=3)))
    assert shorter is not None
    assert shorter.days == 3
    with pytest.raises(ValidationError):
        rules.Config(network_days=60)
