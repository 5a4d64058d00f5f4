"""What the rules of MICLT claim, where they send it, and how fast they answer."""

import diwan_rules_interior as rules
import pytest
from diwan_rules import Case, Decline, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(
    body_id="commune-1601",
    kind="APC",
    name_ar="APC",
    name_fr="APC",
    wilaya_id="wilaya-alger",
    commune_id="commune-1601",
)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("الإنارة العمومية معطلة في شارعنا", "street"),
        ("Mon passeport n’est toujours pas prêt", "papers"),
        ("خطأ في الاسم في شهادة الميلاد", "papers"),
        ("zbel f kol blassa f la commune", "street"),
        ("حافلات النقل الحضري لا تمر", "transport"),
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
    assert rules.claim(a_case(rules.INFO, "النقل المدرسي متوقف")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "الإنارة العمومية معطلة في شارعنا", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "commune-1601"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "Mon passeport n’est toujours pas prêt")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 5
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_a_wrong_record_asks_for_it_and_for_the_family_booklet() -> None:
    asked = rules.required_documents(a_case(rules.INFO, "خطأ في الاسم في شهادة الميلاد")) or ()
    assert {each.document: each.mandatory for each in asked} == {"wrong_record": True, "family_booklet": False}
    assert {each.document for each in asked} <= {each.code for each in rules.documents()}
    assert rules.required_documents(a_case(rules.INFO, "Mon passeport n’est toujours pas prêt")) is None
