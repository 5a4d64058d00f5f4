"""What the rules of MJ claim, where they send it, and how fast they answer."""

import diwan_rules_justice as rules
import pytest
from diwan_rules import Case, Decline, Severity, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="cour-alger", kind="COUR", name_ar="COUR", name_fr="COUR", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("عدم تنفيذ حكم نهائي ضد البلدية", "execution"),
        ("Le tribunal ne me délivre pas le casier judiciaire", "papers"),
        ("قضيتي في المحكمة منذ خمس سنوات", "courts"),
        ("l’huissier refuse l’exécution du jugement", "execution"),
        ("mahkama ma3tatnich lwra9", "courts"),
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
    assert rules.claim(a_case(rules.INFO, "الطريق محفرة أمام الدار")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "عدم تنفيذ حكم نهائي ضد البلدية", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "cour-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "عدم تنفيذ حكم نهائي ضد البلدية")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 15
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_an_unexecuted_ruling_without_its_number_is_asked_for_it() -> None:
    (finding,) = rules.validate(a_case(rules.INFO, "عدم تنفيذ حكم نهائي منذ 20 شهرا")) or ()
    assert (finding.code, finding.severity) == ("court_number", Severity.INCOMPLETE)
    assert rules.validate(a_case(rules.INFO, "عدم تنفيذ الحكم رقم 123/2025")) is None
    assert rules.validate(a_case(rules.INFO, "ظروف السجن صعبة")) is None


def test_categories_are_scored_by_what_is_found() -> None:
    scores = {each.category: each.score for each in rules.classify(a_case(rules.INFO, "سجين في السجن")) or ()}
    assert scores == {"detention": 700}
    assert {"detention", "unexecuted_ruling"} <= {each.code for each in rules.categories()}
