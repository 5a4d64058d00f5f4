"""What the rules of MTESS claim, where they send it, and how fast they answer."""

import diwan_rules_labour as rules
import pytest
from diwan_rules import Case, Decline, Reply, ReplyGrade, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="demploi-alger", kind="DEMPLOI", name_ar="DEMPLOI", name_fr="DEMPLOI", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("منحة البطالة لم تصرف لي", "jobs"),
        ("Ma pension de retraite est en retard", "pension"),
        ("بطاقة الشفاء لا تعمل", "insurance"),
        ("طرد تعسفي من المصنع دون أجر", "workers"),
        ("rani batal mazal ma l9itch khedma", "jobs"),
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
    assert rules.claim(a_case(rules.INFO, "مكتب الحالة المدنية مغلق")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "منحة البطالة لم تصرف لي", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "demploi-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "Ma pension de retraite est en retard")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 15
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_a_reply_about_a_pension_names_a_date_or_an_amount() -> None:
    case = a_case(rules.INFO, "Ma pension de retraite est en retard")
    review = rules.review_reply(case, Reply(text="Votre dossier est suivi avec attention."))
    assert review is not None
    assert review.grade is ReplyGrade.SUPERFICIAL
    assert review.missing[0].fr
    assert rules.review_reply(case, Reply(text="ستُدفع المنحة يوم ٠٥/١٢/٢٠٢٦.")) is None
    assert rules.review_reply(a_case(rules.INFO, "طرد تعسفي من المصنع"), Reply(text="نتابع")) is None


def test_files_on_pensions_are_kept_for_a_working_life() -> None:
    kept = rules.retention(a_case(rules.INFO, "Ma pension de retraite est en retard"))
    assert kept is not None
    assert kept.years == 40
    assert rules.retention(a_case(rules.INFO, "منحة البطالة لم تصرف لي")) is None
