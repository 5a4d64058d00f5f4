"""What the rules of MHUVAT claim, where they send it, and how fast they answer."""

import diwan_rules_housing as rules
import pytest
from diwan_rules import Case, Decline, LetterKind, Stage, Unit
from diwan_rules.testing import a_case, a_context

HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
UNIT = Unit(body_id="dl-alger", kind="DL", name_ar="DL", name_fr="DL", wilaya_id="wilaya-alger")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("طلبت سكنا اجتماعيا سنة 2010 ولم أستفد من السكن", "home"),
        ("Mon dossier AADL est bloqué", "programmes"),
        ("راني نستنى فالسكنة هذي عشر سنين", "home"),
        ("demande de logement LPA sans réponse", "programmes"),
        ("عمارات مهددة بالانهيار والمصعد معطل", "buildings"),
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
    assert rules.claim(a_case(rules.INFO, "الإقامة الجامعية بلا ماء")) is None


def test_it_claims_by_the_chosen_topic_alone() -> None:
    topic = next(iter(rules.TOPICS))
    claim = rules.claim(a_case(rules.INFO, "أنتظر ردكم", Case(complaint_id="test", text="", topic_code=topic)))
    assert claim is not None
    assert not isinstance(claim, Decline)
    assert claim.rule == topic


def test_it_sends_the_complaint_to_a_unit_that_exists() -> None:
    case = a_case(rules.INFO, "طلبت سكنا اجتماعيا سنة 2010 ولم أستفد من السكن", HERE)
    assert rules.assign_unit(case, a_context()) is None
    proposal = rules.assign_unit(case, a_context(UNIT))
    assert proposal is not None
    assert proposal.unit == "dl-alger"


def test_it_gives_itself_less_time_where_it_presses() -> None:
    case = a_case(rules.INFO, "عمارات مهددة بالانهيار والمصعد معطل")
    allowed = rules.deadline(case, Stage.FINAL_ANSWER)
    assert allowed is not None
    assert allowed.days == 10
    assert rules.deadline(case, Stage.FIRST_ANSWER) is None


def test_a_letter_says_where_an_application_stands() -> None:
    case = a_case(rules.INFO, "طلبت سكنا اجتماعيا سنة 2010 ولم أستفد من السكن", HERE)
    letter = rules.letter_context(case, LetterKind.INTERIM_REPLY, a_context(UNIT))
    (template,) = rules.letter_templates()
    assert letter is not None
    assert letter.template == template.code
    assert set(letter.variables) >= set(template.required_variables)
    assert rules.letter_context(case, LetterKind.FINAL_REPLY, a_context(UNIT)) is None
    assert rules.letter_context(case, LetterKind.INTERIM_REPLY, a_context()) is None


def test_the_director_signs_what_binds_the_directorate() -> None:
    case = a_case(rules.INFO, "Mon dossier AADL est bloqué")
    signs = rules.signatory(case, LetterKind.FINAL_REPLY)
    assert signs is not None
    assert signs.role == "director"
    assert rules.signatory(case, LetterKind.INTERIM_REPLY) is None
