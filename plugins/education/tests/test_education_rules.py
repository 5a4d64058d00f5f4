"""What the rules of MEN claim, where they send it, and how fast they answer."""

import diwan_rules_education as rules
import pytest
from diwan_rules import Case, Decline, ReminderKind, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="de-alger", kind="DE", name_ar="DE", name_fr="DE", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("تلاميذ المدرسة الابتدائية بلا تدفئة", "school"),
        ("Le lycée n’a pas de professeur de mathématiques", "teachers"),
        ("ولدي في lycée و ماكانش prof", "teachers"),
        ("كشف نقاط البكالوريا لم يصلني", "exams"),
        ("النقل المدرسي متوقف منذ أسبوع", "year"),
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
    assert rules.claim(a_case(rules.INFO, "منحة الطلبة في الجامعة لم تصرف")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "تلاميذ المدرسة الابتدائية بلا تدفئة", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "de-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "النقل المدرسي متوقف منذ أسبوع")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 10
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_it_asks_earlier_where_a_date_of_the_school_year_would_pass() -> None:
    steps = rules.reminders(a_case(rules.INFO, "لم تصل نتائج البكالوريا")) or ()
    assert {step.kind: step.after_due for step in steps}[ReminderKind.EARLY_NOTICE] < 0
    assert rules.reminders(a_case(rules.INFO, "الأستاذ غائب")) is None
