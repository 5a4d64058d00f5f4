"""What the tables of MCI claim, where they send it, how fast they answer, and what they ask for."""

from pathlib import Path

import pytest
from diwan_rules import Basis, Case, Claim, Stage, Unit
from diwan_rules.loader import load
from diwan_rules.sources import find
from diwan_rules.testing import a_case, a_context

RULES = load(find(Path(__file__).parents[1])[0])
HERE = Case(complaint_id="test", text="", wilaya_id="wilaya-alger", commune_id="commune-1601")
DCP = Unit(body_id="dcp-alger", kind="DCP", name_ar="م", name_fr="DCP", wilaya_id="wilaya-alger")
CNRC = Unit(body_id="cnrc", kind="CNRC", name_ar="م", name_fr="CNRC")


def ask(hook: str, text: str, *more: object) -> object:
    """Ask the tables about a complaint with this text."""
    return RULES.hooks[hook].function(a_case(RULES.info, text, HERE), *more)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("غلاء الأسعار والمضاربة في الزيت", 2),
        ("Un épicier vend des produits périmés", 4),
        ("l'ghla f souk", 2),
        ("لم أتحصل على السجل التجاري", 7),
        ("Le vendeur refuse la garantie", 8),
    ],
)
def test_they_claim_what_is_their_own_and_name_the_row(text: str, line: int) -> None:
    claim = ask("claim", text)
    assert isinstance(claim, Claim)
    assert claim.rule.startswith(f"claim.csv:{line}@")
    assert claim.score >= 450
    assert claim.category == "commerce_prices"


@pytest.mark.parametrize("text", ["المستشفى بعيد", "أسعار النفط", "بلدية سوق أهراس", "prix du logement"])
def test_they_have_nothing_to_say_of_another_sector(text: str) -> None:
    assert ask("claim", text) is None


def test_speculation_rests_on_its_law() -> None:
    claims = [ask("claim", text) for text in ("المضاربة في الزيت", "الأسعار")]
    bases = [(claim.basis, claim.legal_reference[:13]) for claim in claims if isinstance(claim, Claim)]
    assert bases == [(Basis.STATUTORY, "القانون 21-15"), (Basis.TOPICAL, "")]


def test_the_registry_goes_to_its_centre_and_the_market_to_the_wilaya() -> None:
    context = a_context(DCP, CNRC)
    assert ask("assign_unit", "السجل التجاري", context).unit == "cnrc"
    assert ask("assign_unit", "غلاء", context).unit == "dcp-alger"
    assert ask("assign_unit", "غلاء", a_context()) is None


def test_spoilt_goods_are_answered_within_three_days() -> None:
    assert ask("deadline", "منتوج فاسد", Stage.FIRST_ANSWER, a_context()).days == 3
    assert ask("deadline", "غلاء", Stage.FIRST_ANSWER, a_context()) is None
    assert ask("deadline", "غلاء", Stage.FINAL_ANSWER, a_context()).days == 15


def test_a_guarantee_needs_its_receipt() -> None:
    asked = ask("required_documents", "la garantie", a_context())
    assert [(each.document, each.mandatory) for each in asked] == [("purchase_receipt", True)]
