"""What the rules of MH claim, where they send it, and how fast they answer."""

from dataclasses import replace
from datetime import date

import diwan_rules_water as rules
import pytest
from diwan_rules import Case, Context, Decline, Event, EventKind, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="dre-alger", kind="DRE", name_ar="DRE", name_fr="DRE", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("انقطاع الماء الشروب منذ أسبوع", "drinking"),
        ("Coupures d’eau depuis dix jours", "drinking"),
        ("lma ma kanch f la cité", "drinking"),
        ("مياه الصرف الصحي في الشارع", "sewers"),
        ("l’égout déborde devant la maison", "sewers"),
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
    assert rules.claim(a_case(rules.INFO, "الأستاذ غائب والنقص لا يزال قائما")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "انقطاع الماء الشروب منذ أسبوع", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "dre-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "Coupures d’eau depuis dix jours")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 7
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_both_networks_are_weighed_by_how_often_they_are_named() -> None:
    scores = rules.classify(a_case(rules.INFO, "مياه الصرف الصحي في الشارع")) or ()
    assert {each.category for each in scores} <= {each.code for each in rules.categories()}
    assert max(scores, key=lambda each: each.score).category == "sewage"
    assert not rules.classify(a_case(rules.INFO, "الأستاذ غائب"))


def test_it_notes_how_long_a_quarter_waited() -> None:
    noted: list[tuple[str, object]] = []

    def note(event: str, **values: str | int | bool) -> None:
        noted.append((event, values["days"]))

    case = a_case(rules.INFO, "انقطاع الماء الشروب", replace(HERE, received_on=date(2026, 10, 20)))
    ctx = Context(now=a_context().now, log=note)
    rules.case_event(Event(kind=EventKind.ANSWERED, happened_on=date(2026, 10, 30)), case, ctx)
    rules.case_event(Event(kind=EventKind.REGISTERED, happened_on=date(2026, 10, 20)), case, ctx)
    assert noted == [("network_answered", 10)]
