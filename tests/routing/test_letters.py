"""What a ministry's rules may add to a letter: valid as declared, or left out with a word to the officer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.combining import failure
from services.routing.domain.decision import Reason
from services.routing.domain.letters import Template, Wanted, checked, filled

VISIT = Template(
    code="MH.visit",
    kind="REFERRAL",
    body=Reason(ar="نزور {{ place }} يوم {{ day }}", fr="Visite de {{ place }} le {{ day }}"),
    required=("place",),
)
GIVEN = {"place": "Oran", "day": "24/11/2026"}


def wishing(**only: Any) -> Wanted:
    return Wanted(**({"ministry_id": "mh", "kind": "REFERRAL", "template": "MH.visit", "variables": GIVEN} | only))


def test_a_declared_template_with_its_variables_makes_a_text() -> None:
    made = checked(wishing(), [VISIT])
    assert made.template == "MH.visit"
    assert made.text == Reason(ar="نزور Oran يوم 24/11/2026", fr="Visite de Oran le 24/11/2026")
    assert made.findings == ()


@pytest.mark.parametrize(
    "wanted",
    [
        wishing(template="MH.other"),
        wishing(kind="FINAL_REPLY"),
        wishing(variables={"day": "24/11/2026"}),
        wishing(variables={"place": "Oran"}),
        wishing(variables=GIVEN | {"place": "  "}),
    ],
)
def test_a_template_that_is_not_valid_leaves_the_letter_and_a_word_to_the_officer(wanted: Wanted) -> None:
    made = checked(wanted, [VISIT])
    assert (made.template, made.text) == ("", Reason(ar="", fr=""))
    (finding,) = made.findings
    assert (finding.code, finding.field) == ("answer_refused", "letter_context")


def test_a_signatory_holds_a_known_role() -> None:
    made = checked(wishing(template="", signatory="director"), [])
    assert (made.signatory, made.title.fr) == ("director", "Le directeur")
    refused = checked(wishing(template="", signatory="emperor"), [])
    assert refused.signatory == ""
    assert [(each.field, "emperor" in each.because.ar) for each in refused.findings] == [("signatory", True)]


def test_failed_rules_leave_the_letter_and_are_told() -> None:
    failed = failure("mh", "letter_context")
    assert checked(wishing(template="", failures=(failed,)), [VISIT]).findings == (failed,)


@given(st.text())
def test_what_a_variable_holds_is_never_read_as_a_template(value: str) -> None:
    body = Reason(ar="{{ a }}", fr="{{ a }}{{ b }}")
    assert filled(body, {"a": value, "b": "{{ a }}"}) == Reason(ar=value, fr=f"{value}{{{{ a }}}}")
