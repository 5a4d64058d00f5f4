"""The ready-made claim weighs terms and topics, and says what it found."""

from dataclasses import replace

import pytest
from diwan_rules import Basis, Because, Bilingual, Case, PluginInfo, Topical
from diwan_rules.testing import a_case

INFO = PluginInfo(
    ministry="MSAN",
    name=Bilingual(ar="وزارة الصحة", fr="Santé"),
    version="1.0.0",
    owner="dsi",
    terms={"hospital": ["مستشفى*", "hôpit*"], "doctor": ["طبيب", "أطباء"], "animal": ["كلب", "حيوان*"]},
)
CLAIM = Topical(
    info=INFO,
    weights={"hospital": 500, "doctor": 300, "animal": -400},
    because=Because(ar="يذكر النص: {terms}", fr="Le texte cite : {terms}"),
    topics={"health": 700},
    categories={"hospital": "health.hospital"},
)


def test_groups_add_up_and_further_terms_add_a_little() -> None:
    claim = CLAIM(a_case(INFO, "طبيب المستشفى غائب والأطباء غائبون"))

    assert claim is not None
    assert claim.score == 500 + 300 + 2 * 40
    assert claim.category == "health.hospital"
    assert claim.rule == "hospital+doctor"
    assert claim.because.ar == "يذكر النص: مستشفى، طبيب، أطباء"


def test_what_speaks_against_it_weighs_too() -> None:
    assert CLAIM(a_case(INFO, "كلب ضال أمام المستشفى")) is None


def test_nothing_found_is_nothing_said() -> None:
    assert CLAIM(a_case(INFO, "رخصة بناء")) is None


def test_the_chosen_topic_counts_with_the_topics_above_it() -> None:
    claim = CLAIM(a_case(INFO, "لم يردوا علي", Case(complaint_id="1", text="", topic_code="health.hospital.care")))
    assert claim is not None
    assert claim.score == 700


def test_a_named_ministry_claims_as_addressed() -> None:
    case = a_case(INFO, "في المستشفى")
    for ministry, basis in (("MSAN", Basis.ADDRESSED), ("MEN", Basis.TOPICAL)):
        claim = CLAIM(replace(case, addressed_ministry=ministry))
        assert claim is not None
        assert claim.basis is basis


def test_a_misspelt_group_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="hosptial"):
        Topical(info=INFO, weights={"hosptial": 1}, because=CLAIM.because)
