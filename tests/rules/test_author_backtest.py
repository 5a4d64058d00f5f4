"""A back-test streams recorded cases, shows what changes, and keeps warnings apart from errors; a replay is exact."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diwan_rules.author import recorded as recorded_lines
from diwan_rules.author.backtesting import backtest
from diwan_rules.author.language import Mistake
from diwan_rules.author.reading import FACTS
from diwan_rules.author.replaying import replay
from diwan_rules.author.trial import Trial
from diwan_rules.records import Record
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.builders import a_plugin

CLAIMS = """
@hookimpl
def claim(case, ctx):
    if case.text == "poison":
        raise KeyError
    return Claim(score={score}, because=WHY, rule="{rule}") if case.has("hospital") else None

@hookimpl
def deadline(case, stage, ctx):
    return WorkingDays(days=ctx.config.days, because=WHY) if stage == "first_answer" else None
"""
INFO = """
from pydantic import BaseModel
class Config(BaseModel):
    days: int = 3
@hookimpl
def plugin_info():
    name = Bilingual(ar="وزارة", fr="Ministère")
    return PluginInfo(ministry="%s", name=name, version="1.2.0", owner="dsi", terms=TERMS, config_model=Config)
"""
CLAIM = {"score": 500, "because": {"ar": "لأنه كذلك", "fr": "Parce que"}, "basis": "topical"}
CLAIM |= {"legal_reference": "", "category": "", "rule": "hospital"}
Said = Callable[[], str]


def rules(folder: Path, *, score: int = 500, rule: str = "hospital", ministry: str = "MSAN") -> Path:
    body = CLAIMS.format(score=score, rule=rule)
    return a_plugin(folder, body, ministry=ministry, info=INFO) / ministry.lower()


def a_record(text: str, verdict: Any = None, **about: Any) -> str:
    facts = {"complaint_id": about.pop("complaint_id", f"c-{text}"), "text": text, "wilaya_id": "wilaya-alger"}
    said = {"MSAN": {"verdict": verdict, "version": "1.2.0"}, "MJ": {"failure": "timed_out"}}
    given = {"format": 1, "asked_at": "2026-11-01T09:00:00+00:00", "facts": facts, "outcomes": said}
    return json.dumps({**given, "assigned": "MSAN" if verdict else "MJ", **about}, ensure_ascii=False)


def recorded(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command said, without the frames of its tables."""

    def read() -> str:
        out, err = capsys.readouterr()
        return " ".join(f"{out}\n{err}".replace("│", " ").split())

    return read


def test_the_same_rules_change_nothing(tmp_path: Path, said: Said) -> None:
    file = recorded(tmp_path, a_record("مستشفى", ["Claim", CLAIM]), a_record("شكوى"))
    assert backtest(rules(tmp_path), file, max_changed=0) == 0
    told = said()
    assert "2 cases, 0 changed, 0 only worded otherwise" in told
    assert "Warning" not in told


def test_what_changes_is_shown_by_final_ministry_and_by_old_and_new(tmp_path: Path, said: Said) -> None:
    lines = [
        a_record("مستشفى", ["Claim", CLAIM]),
        a_record("hôpital"),
        a_record("شكوى", ["Decline", {"because": CLAIM["because"], "suggest": "MJ"}]),
        a_record("شكوى أخرى"),
    ]
    file = recorded(tmp_path, *lines)
    assert backtest(rules(tmp_path, score=700), file, max_changed=3) == 0
    told = said()

    assert "MSAN 2 1 1 2" in told  # ended there, claimed before, claimed now, changed
    assert "MJ 2 0 1 1" in told
    assert "Claim → Claim score 1" in told
    assert "nothing → Claim — 1" in told
    assert "Decline → nothing — 1" in told
    assert "cases.jsonl:1: Claim score=500 basis=topical rule=hospital → Claim score=700" in told
    assert "4 cases, 3 changed" in told


def test_more_changes_than_allowed_end_with_1(tmp_path: Path, said: Said) -> None:
    file = recorded(tmp_path, a_record("مستشفى", ["Claim", CLAIM]))
    assert backtest(rules(tmp_path, score=700), file, max_changed=0) == 1
    assert "1 changed, at most 0. Look at them, or raise --max-changed." in said()


def test_another_name_of_a_rule_is_no_change(tmp_path: Path, said: Said) -> None:
    file = recorded(tmp_path, a_record("مستشفى", ["Claim", CLAIM]))
    assert backtest(rules(tmp_path, rule="clinic"), file, max_changed=0) == 0
    assert "0 changed, 1 only worded otherwise" in said()


def test_two_folders_can_be_compared(tmp_path: Path, said: Said) -> None:
    file = recorded(tmp_path, a_record("مستشفى", ["Claim", {**CLAIM, "score": 1}]))
    old, new = rules(tmp_path / "old"), rules(tmp_path / "new", score=501)
    assert backtest(new, file, old, max_changed=0) == 1
    assert "Claim score=500 basis=topical rule=hospital → Claim score=501" in said()
    with pytest.raises(Mistake, match="are of MJ, not MSAN"):
        backtest(new, file, rules(tmp_path / "other", ministry="MJ"))


def test_a_case_without_a_recorded_answer_is_a_warning(tmp_path: Path, said: Said) -> None:
    file = recorded(tmp_path, a_record("شكوى", outcomes={}), a_record("شكوى", hook="assign_unit"))
    assert backtest(rules(tmp_path), file, max_changed=0) == 0
    told = said()
    assert "Warning: 1 cases without a recorded answer of MSAN" in told
    assert "Warning: 1 records are not about claim" in told


def test_rules_that_fail_are_an_error(tmp_path: Path, said: Said) -> None:
    assert backtest(rules(tmp_path), recorded(tmp_path, a_record("poison"))) == 1
    told = said()
    assert "cases.jsonl:1: the rules failed: KeyError" in told
    assert "Errors: 1 answers failed, 0 lines are unreadable" in told


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "cases.jsonl:2: no valid record: JSON"),
        ('{"format": 2}', "no valid record: format"),
        (a_record("شكوى", facts={"text": "x", "complaint_id": "y", "who": "z"}), "There is no fact 'who'"),
        (a_record("شكوى", facts={"text": "x", "complaint_id": "y", "channel": "z"}), "'channel' is not valid"),
        (a_record("شكوى", besides={"stge": "first_answer"}), "There is no fact 'stge'"),
        (a_record("شكوى", hook="deadline"), "'deadline' is asked with 'stage'"),
        (a_record("شكوى", hook="clam"), "'clam' is neither a fact nor a hook"),
        (a_record("شكوى", asked_at="2026-11-01T09:00:00"), "no valid record: asked_at"),
    ],
)
def test_a_line_that_is_no_record_is_told_and_the_others_are_asked(
    tmp_path: Path, said: Said, line: str, says: str
) -> None:
    file = recorded(tmp_path, a_record("شكوى"), line, a_record("مستشفى", ["Claim", CLAIM]))
    assert backtest(rules(tmp_path), file) == 2
    told = said()
    assert says in told
    assert "2 cases, 0 changed" in told


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(
    st.dictionaries(st.sampled_from([*FACTS, "text"]) | st.text(max_size=4), VALUES, max_size=5),
    st.dictionaries(st.sampled_from([*Record.model_fields]), VALUES, max_size=3),
)
def test_whatever_a_line_holds_it_is_read_or_told(facts: dict[str, Any], about: dict[str, Any]) -> None:
    given = json.loads(a_record("شكوى"))
    line = recorded_lines.read(json.dumps({**given, "facts": {**given["facts"], **facts}, **about}), "here")
    assert bool(line.mistake) is (line.case is None)


def test_many_cases_and_the_same_case_twice_are_asked_in_their_own_moment(tmp_path: Path, said: Said) -> None:
    lines = [a_record("مستشفى", ["Claim", CLAIM], complaint_id=str(number // 2)) for number in range(300)]
    later = [a_record("شكوى", asked_at=f"2026-11-01T0{hour}:00:00+01:00") for hour in range(3)]
    assert backtest(rules(tmp_path), recorded(tmp_path, *lines, *later), max_changed=0) == 0
    assert "303 cases, 0 changed" in said()


def a_decision(folder: Path, verdict: Any, **about: Any) -> Path:
    path = folder / "decision.json"
    path.write_text(json.dumps(json.loads(a_record("مستشفى", verdict, **about)), indent=2), encoding="utf-8")
    return path


def test_a_replay_says_whether_the_answer_is_the_same_bit_for_bit(tmp_path: Path, said: Said) -> None:
    folder = rules(tmp_path)
    assert replay(a_decision(tmp_path, ["Claim", CLAIM]), folder) == 0
    assert "MSAN: the same answer, " in said()
    assert replay(a_decision(tmp_path, ["Claim", {**CLAIM, "score": 501}]), folder) == 1
    assert '"score":501' in said()
    assert replay(a_decision(tmp_path, None), folder) == 1


def test_a_replay_asks_any_hook_with_all_that_it_was_shown(tmp_path: Path) -> None:
    about = {"hook": "deadline", "besides": {"stage": "first_answer"}}
    configured = {"configurations": {"MSAN": {"revision": 7, "values_json": '{"days": 9}'}}}
    for days, more in ((3, {}), (9, configured)):
        verdict = ["WorkingDays", {"days": days, "because": CLAIM["because"]}]
        assert replay(a_decision(tmp_path, verdict, **about, **more), rules(tmp_path)) == 0


def test_a_replay_with_other_rules_says_so(tmp_path: Path, said: Said) -> None:
    folder = rules(tmp_path)
    with Trial(folder) as trial:
        digest = trial.only().digest
    answer = {"verdict": ["Claim", CLAIM], "digest": digest}
    assert replay(a_decision(tmp_path, 1, outcomes={"MSAN": answer}), folder) == 0
    assert "Warning" not in said()
    assert replay(a_decision(tmp_path, 1, outcomes={"MSAN": {**answer, "digest": "0" * 64}}), folder) == 0
    assert "Warning: the answer was recorded of the rules 000000000000" in said()


@pytest.mark.parametrize(
    ("text", "says"),
    [("{}", "no valid record: format"), (a_record("شكوى", outcomes={"MJ": {}}), "Recorded: MJ")],
)
def test_a_decision_that_cannot_be_replayed_is_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "decision.json").write_text(text, encoding="utf-8")
    with pytest.raises(Mistake, match=says):
        replay(tmp_path / "decision.json", rules(tmp_path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for command in (lambda: replay(tmp_path / "x", tmp_path), lambda: backtest(rules(tmp_path), tmp_path / "x")):
        with pytest.raises(Mistake, match="There is no file"):
            command()


def test_a_record_comes_back_as_it_was_written() -> None:
    record = Record.model_validate_json(a_record("مستشفى", ["Claim", CLAIM]))
    assert Record.model_validate_json(record.line()) == record
    assert record.line().count("\n") == 1
