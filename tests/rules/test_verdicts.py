"""A verdict that makes no sense cannot be made."""

import pytest
from diwan_rules import Because, Bilingual, Claim, Decline, PluginInfo, UnitProposal, WorkingDays
from pydantic import BaseModel, ValidationError

WHY = Because(ar="لأنه كذلك", fr="Parce que")


@pytest.mark.parametrize("score", [-1, 1001, "300", 3.5, None])
def test_a_score_lies_between_0_and_1000(score: object) -> None:
    with pytest.raises(ValidationError):
        Claim.model_validate({"score": score, "because": WHY})


@pytest.mark.parametrize("field", ["rule", "category", "legal_reference"])
def test_what_a_claim_refers_to_is_short(field: str) -> None:
    with pytest.raises(ValidationError, match="at most 1000"):
        Claim.model_validate({"score": 1, "because": WHY, field: "x" * 1001})


def test_every_verdict_says_why_in_both_languages() -> None:
    for verdict, given in (
        (Claim, {"score": 1}),
        (Decline, {}),
        (UnitProposal, {"unit": "dsp-alger"}),
        (WorkingDays, {"days": 3}),
    ):
        assert issubclass(verdict, BaseModel)
        with pytest.raises(ValidationError, match="because"):
            verdict.model_validate(given)
    with pytest.raises(ValidationError):
        Because(ar=" ", fr="Parce que")


def test_verdicts_and_facts_do_not_change() -> None:
    claim = Claim(score=400, because=WHY)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(claim, "score", 1000)  # noqa: B010 (mypy knows that it cannot be set)


def test_a_plugin_names_a_ministry_a_version_and_terms_that_can_be_found() -> None:
    given = {"ministry": "MSAN", "name": Bilingual(ar="وزارة", fr="Ministère"), "version": "1.0.0", "owner": "dsi"}
    assert PluginInfo.model_validate({**given, "terms": {"g": ["مستشفى"]}}).terms == {"g": ("مستشفى",)}
    wrongs: tuple[dict[str, object], ...] = (
        {"ministry": "health"},
        {"version": "one"},
        {"terms": {"g": ["x"]}},
        {"tables": {}},
    )
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            PluginInfo.model_validate(given | wrong)
