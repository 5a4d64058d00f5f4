"""What the rules of MPT claim, where they send it, and how fast they answer."""

import diwan_rules_post as rules
import pytest
from diwan_rules import Case, Decline, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="dpt-alger", kind="DPT", name_ar="DPT", name_fr="DPT", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("لا توجد سيولة في مكتب البريد", "post"),
        ("Internet coupé depuis un mois, Algérie Télécom ne répond pas", "internet"),
        ("البطاقة الذهبية لم تصلني", "post"),
        ("la fibre optique n’arrive pas dans notre rue", "internet"),
        ("CCP dyali mablouki", "post"),
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
    assert rules.claim(a_case(rules.INFO, "القمامة في كل مكان")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "لا توجد سيولة في مكتب البريد", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "dpt-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "لا توجد سيولة في مكتب البريد")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 10
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_it_reads_out_the_line_and_for_how_long_it_has_been_cut() -> None:
    facts = rules.enrich(a_case(rules.INFO, "La fibre est coupée depuis 3 semaines, 2 jours de réponse promis"))
    assert {fact.name: fact.value for fact in facts or ()} == {"lines": ("fibre",), "days_without": 21}
    facts = rules.enrich(a_case(rules.INFO, "انقطاع ADSL منذ ١٠ أيام"))
    assert {fact.name: fact.value for fact in facts or ()} == {"lines": ("adsl",), "days_without": 10}
    assert not rules.enrich(a_case(rules.INFO, "لا توجد سيولة في مكتب البريد"))
