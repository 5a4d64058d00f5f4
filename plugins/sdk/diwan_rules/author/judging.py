"""Compares what rules said with what a test expects of them, and says for every difference why it came about."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from diwan_rules.answers import Said
from diwan_rules.author.cases import NOTHING, Expected, Scenario, kinds
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.trial import Trial
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.questions import Outcome
from diwan_rules.sources import authored
from diwan_rules.terms import Hits
from diwan_rules.verdicts import Frozen


@dataclass(frozen=True, kw_only=True)
class Missed:
    """One hook that did not answer as a test expects."""

    hook: str
    wanted: str
    outcome: Outcome
    hits: Mapping[str, Hits]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of one scenario: passed when nothing was missed and it holds no mistake."""

    scenario: Scenario
    missed: tuple[Missed, ...] = ()
    mistake: str = ""
    elapsed_us: int = 0


def judged(trial: Trial, ministry: Ministry, scenario: Scenario) -> Judged:
    """Ask the rules what a scenario is about, and compare; what cannot be compared is a mistake, never a pass."""
    if scenario.mistake:
        return Judged(scenario=scenario, mistake=scenario.mistake)
    try:
        for each in scenario.expected:
            _must_exist(ministry, each)
        return _compared(trial, ministry, scenario)
    except Mistake as mistake:
        return Judged(scenario=scenario, mistake=str(mistake))


def _compared(trial: Trial, ministry: Ministry, scenario: Scenario) -> Judged:
    """Ask each hook that a scenario expects something of."""
    missed, elapsed = [], 0
    hits = trial.hits(ministry, scenario.case)
    for hook, group in groupby(sorted(scenario.expected, key=lambda each: each.hook), key=lambda each: each.hook):
        expected = list(group)
        units = {ministry.code: scenario.units}
        (outcome,) = trial.ask(ministry, hook, [scenario.case], units=units, **scenario.besides)
        elapsed += outcome.elapsed_us
        if outcome.failure or not _meets(expected, outcome.verdict):
            wanted = ", ".join(f"{each.field or hook}: {each.value}" for each in expected)
            missed.append(Missed(hook=hook, wanted=wanted, outcome=outcome, hits=hits))
    return Judged(scenario=scenario, missed=tuple(missed), elapsed_us=elapsed)


def reasons(missed: Missed) -> Iterator[str]:
    """Yield why a hook answered as it did: what it said, because of what, which terms it was shown, its log and time."""
    outcome = missed.outcome
    yield say("missed_wanted", hook=missed.hook, wanted=missed.wanted)
    if failure := outcome.failure:
        place = f" ({failure.file}:{failure.line})" if failure.file else ""
        yield say("missed_failed", kind=failure.kind, message=failure.message, place=place)
    for verdict in _several(outcome.verdict):
        yield say("missed_said", said=told(verdict))
    if not outcome.failure and outcome.verdict is None:
        yield say("missed_nothing")
    found = "; ".join(f"{group}: {', '.join(hits.terms)}" for group, hits in missed.hits.items())
    yield say("missed_terms", found=found or "—")
    yield from (say("missed_log", line=line) for line in outcome.log)
    yield say("missed_time", microseconds=outcome.elapsed_us)


def told(verdict: Frozen) -> str:
    """Return a verdict in one line: its kind and the fields that say something."""
    said = {name: value for name, value in verdict.model_dump(mode="json").items() if value not in ("", None, [], {})}
    parts = (f"{name}={_line(value)}" for name, value in said.items())
    return f"{type(verdict).__name__}({', '.join(parts)})"


def _line(value: Any) -> str:
    return " / ".join(map(str, value.values())) if isinstance(value, dict) else str(value)


def _must_exist(ministry: Ministry, expected: Expected) -> None:
    """Raise a mistake when a test expects what these rules can never say: that must not pass for "none"."""
    answered = ministry.described.get("hooks", ())
    if expected.hook not in answered:
        raise Mistake("hook_unanswered", hook=expected.hook, known=", ".join(answered))
    if expected.field != "rule" or expected.value == NOTHING:
        return
    groups, files = ministry.described.get("terms", {}), _files(ministry)
    for part in expected.value.partition("@")[0].split("+"):
        if part not in groups and not _written(part, files):
            raise Mistake("rule_unknown", found=part, hint=", ".join(difflib.get_close_matches(part, groups)) or "—")


def _files(ministry: Ministry) -> list[Path]:
    """Return what the author wrote besides tests."""
    folders = {source.folder for source in ministry.sources}
    return [path for folder in folders for path in authored(folder) if path.stem != "cases" and "test" not in path.stem]


def _written(rule: str, files: list[Path]) -> bool:
    """Tell whether a rule's name can be found: a line of a table, or a word in what the author wrote."""
    file, colon, line = rule.rpartition(":")
    if colon and line.isdecimal():
        named = [path for path in files if path.name == file]
        return any(path.suffix != ".csv" or int(line) <= path.read_bytes().count(b"\n") + 1 for path in named)
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in files if path.suffix in {".py", ".csv"})
    return any(rule in text for text in texts)


def _meets(expected: Iterable[Expected], said: Said) -> bool:
    """Tell whether an answer is as expected; of several verdicts one must be all of it."""
    fields = [each for each in expected if each.field]
    verdicts = _several(said)
    for each in expected:
        if not each.field and each.value == NOTHING:
            return not verdicts and not fields
    return any(all(_holds(each, verdict) for each in expected) for verdict in verdicts)


def _holds(expected: Expected, verdict: Frozen) -> bool:
    """Tell whether one verdict is as one expectation says."""
    if not expected.field:
        return isinstance(verdict, kinds(expected.hook)[expected.value])
    value: Any = verdict.model_dump(mode="json")
    for part in expected.field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return _equals(expected, value)


def _equals(expected: Expected, value: Any) -> bool:
    """Tell whether a value is the expected one: equal, within a range, one of a list, or one of several rules."""
    wanted = expected.value
    if value in (None, "", [], {}):
        return wanted == NOTHING
    if isinstance(value, list):
        return wanted in map(str, value)
    if isinstance(value, int) and not isinstance(value, bool) and ".." in wanted:
        least, _, most = wanted.partition("..")
        return _number(least, value) <= value <= _number(most, value)
    if expected.field == "rule":
        parts = str(value).split("+")
        return wanted in {str(value), *parts, *(part.partition("@")[0] for part in parts)}
    return wanted == (str(value).lower() if isinstance(value, bool) else str(value))


def _number(bound: str, otherwise: int) -> int:
    """Return a bound of a range; an open one bounds nothing."""
    try:
        return int(bound) if bound.strip() else otherwise
    except ValueError as error:
        raise Mistake("range_wrong", found=bound) from error


def _several(said: Said) -> tuple[Frozen, ...]:
    """Return the verdicts of an answer, be it one or several."""
    if said is None:
        return ()
    return said if isinstance(said, tuple) else (said,)
