"""A case passes when the real host's rules answer as it expects, fails with the reason, and is in error when it cannot be compared."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from diwan_rules.author import cases
from diwan_rules.author.judging import Judged, judged, reasons
from diwan_rules.author.trial import Trial

from tests.rules.builders import a_plugin

RULES = """
from diwan_rules import Finding

@hookimpl
def claim(case, ctx):
    if "سجن" in case.words:
        return Decline(because=WHY, suggest="MJ")
    if "خطأ" in case.text:
        raise KeyError(case.text)
    if case.has("hospital"):
        ctx.log("seen", count=case.hits["hospital"].count)
        return Claim(score=640, because=WHY, category="health", rule="hospital")
    return None

@hookimpl
def assign_unit(case, ctx):
    unit = ctx.directory.nearest(case)
    return UnitProposal(unit=unit.body_id, because=WHY) if unit else None

@hookimpl
def deadline(case, stage):
    return WorkingDays(days=3, because=WHY) if stage == "first_answer" else None

@hookimpl
def validate(case):
    return [Finding(code=code, field="text", severity="note", because=WHY) for code in ("short", "loud")]
"""
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_plugin(tmp_path_factory.mktemp("rules"), RULES) / "msan"


@pytest.fixture(scope="module")
def trial(folder: Path) -> Iterator[Trial]:
    with Trial(folder) as trial:
        yield trial


def judge(trial: Trial, folder: Path, row: str) -> Judged:
    path = folder.parent / f"{next(NUMBERS)}.yaml"
    units = "units: [{body_id: dsp-alger, kind: DSP, name_ar: م, name_fr: D}]"
    path.write_text(f"{units}\ncases: [{{{row}}}]", encoding="utf-8")
    (scenario,) = cases.read(path)
    return judged(trial, trial.only(), scenario)


@pytest.mark.parametrize(
    "row",
    [
        "text: مستشفى, claim: claim",
        "text: مستشفى, claim: {score: 640, category: health, rule: hospital, legal_reference: none}",
        "text: مستشفى, claim: {score: 600..700}",
        "text: مستشفى, claim: {score: ..700}",
        "text: مستشفى, claim: {because: {fr: Parce que}}",
        "text: سجن, claim: decline",
        "text: سجن, claim: {suggest: MJ}",
        "text: شكوى, claim: none",
        "text: شكوى, assign_unit: {unit: dsp-alger}",
        "text: شكوى, stage: first_answer, deadline: {days: 3}",
        "text: شكوى, stage: final_answer, deadline: none",
        "text: شكوى, validate: {code: loud, severity: note}",
    ],
)
def test_a_case_that_is_as_expected_passes(trial: Trial, folder: Path, row: str) -> None:
    result = judge(trial, folder, row)
    assert not result.mistake
    assert not result.missed
    assert result.elapsed_us > 0


@pytest.mark.parametrize(
    "row",
    [
        "text: مستشفى, claim: none",
        "text: مستشفى, claim: decline",
        "text: مستشفى, claim: {score: 641..}",
        "text: مستشفى, claim: {category: none}",
        "text: شكوى, claim: claim",
        "text: شكوى, claim: {score: 0..}",
        "text: سجن, claim: {suggest: MEN}",
        "text: شكوى, stage: first_answer, deadline: none",
        "text: شكوى, validate: none",
        "text: شكوى, validate: {code: loud, severity: warning}",
        "text: خطأ, claim: none",
    ],
)
def test_a_case_that_is_not_fails(trial: Trial, folder: Path, row: str) -> None:
    result = judge(trial, folder, row)
    assert not result.mistake
    assert len(result.missed) == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("text: شكوى, classify: none", "do not answer 'classify'"),
        ("text: شكوى, claim: {rule: hospitl}", "No rule is called 'hospitl' here. The nearest: hospital"),
        ("text: مستشفى, claim: {rule: 'claim.csv:17'}", "No rule is called 'claim.csv:17'"),
        ("text: مستشفى, claim: {score: 600..many}", "'many' is no bound"),
        ("text: شكوى, clam: none", "neither a fact nor a hook"),
    ],
)
def test_a_case_that_these_rules_cannot_meet_is_an_error_and_no_pass(
    trial: Trial, folder: Path, row: str, says: str
) -> None:
    result = judge(trial, folder, row)
    assert says in result.mistake
    assert not result.missed


def test_the_reason_of_a_failure_says_all_that_led_to_it(trial: Trial, folder: Path) -> None:
    (missed,) = judge(trial, folder, "text: Les hôpitaux, claim: {score: 900}").missed
    told = "\n".join(reasons(missed))

    for part in ("expected score: 900", "score=640", "لأنه كذلك / Parce que", "rule=hospital", "hospital: hôpit*"):
        assert part in told
    assert "log: seen count=1" in told
    assert "µs" in told


def test_the_reason_of_a_rule_that_failed_is_its_place_and_never_its_text(trial: Trial, folder: Path) -> None:
    (missed,) = judge(trial, folder, "text: خطأ فلان, claim: none").missed
    told = "\n".join(reasons(missed))

    assert "failed (raised): KeyError" in told
    assert "rules.py:" in told
    assert "فلان" not in told
