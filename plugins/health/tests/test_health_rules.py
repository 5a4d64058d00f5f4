"""What the rules of MSAN claim, where they send it, and how fast they answer."""

import diwan_rules_health as rules
import pytest
from diwan_rules import Case, Decline, HiddenField, Priority, Purpose, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="dsp-alger", kind="DSP", name_ar="DSP", name_fr="DSP", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("مستشفى الحي بلا طبيب منذ شهرين", "care"),
        ("Aucun médicament à la pharmacie de l’hôpital", "medicine"),
        ("السبيطار ما فيهش سكانير", "care"),
        ("sbitar mafihch tbib", "staff"),
        ("المستعجلات مغلقة ليلا", "emergency"),
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
    assert rules.claim(a_case(rules.INFO, "ساعة الانتظار في مكتب البريد")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "مستشفى الحي بلا طبيب منذ شهرين", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "dsp-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "المستعجلات مغلقة ليلا")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 5
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_emergencies_come_first_and_treatments_before_the_others() -> None:
    urgent = rules.priority(a_case(rules.INFO, "المستعجلات مغلقة ليلا"))
    assert urgent is not None
    assert urgent.priority is Priority.URGENT
    high = rules.priority(a_case(rules.INFO, "لا يوجد دواء السكري في الصيدلية"))
    assert high is not None
    assert high.priority is Priority.HIGH
    assert rules.priority(a_case(rules.INFO, "مستشفى الحي بلا طبيب")) is None


def test_a_missing_medicine_asks_for_its_prescription() -> None:
    (asked,) = rules.required_documents(a_case(rules.INFO, "Aucun médicament à la pharmacie")) or ()
    assert asked.document in {each.code for each in rules.documents()}
    assert rules.required_documents(a_case(rules.INFO, "المستعجلات مغلقة ليلا")) is None


def test_what_a_sick_person_tells_is_not_published() -> None:
    case = a_case(rules.INFO, "مريض بالسرطان ينتظر العلاج")
    hidden = {each.field for each in rules.redact(case, Purpose.OPEN_DATA) or ()}
    assert HiddenField.TEXT in hidden
    assert rules.redact(case, Purpose.TRANSFER) is None
    assert rules.redact(a_case(rules.INFO, "مستشفى الحي بلا طبيب"), Purpose.OPEN_DATA) is None
