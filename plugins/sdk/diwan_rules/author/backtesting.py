"""`backtest`: asks the rules about recorded cases and shows what they would have said otherwise."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diwan_rules.answers import write
from diwan_rules.author import recorded, terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.recorded import Line
from diwan_rules.author.trial import Trial
from diwan_rules.host.questions import Outcome
from diwan_rules.records import RecordedAnswer

HOOK = "claim"
_KEPT = 1000
_COUNTED = ("score", "basis", "legal_reference", "category", "suggest")


@dataclass
class Tally:
    """What a back-test has seen."""

    asked: int = 0
    changed: int = 0
    reworded: int = 0
    unrecorded: int = 0
    skipped: int = 0
    failed: int = 0
    unreadable: int = 0
    errors: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    by_end: dict[str, Counter[str]] = field(default_factory=dict)
    by_change: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def note(self, error: str) -> None:
        """Keep the first of what went wrong, however much does."""
        self.errors += [error] if len(self.errors) < _KEPT else []


def backtest(
    folder: Path, file: Path, against: Path | None = None, *, max_changed: int | None = None, show: int = 10
) -> int:
    """Return 0, or 1 when rules fail or too many answers change, or 2 when lines cannot be read."""
    tally = Tally()
    with ExitStack() as stack:
        trial = stack.enter_context(Trial(folder))
        other = stack.enter_context(Trial(against)) if against else None
        _same_ministry(trial, other)
        followed = terminal.followed(recorded.lines(file), say("backtest_title"), recorded.count(file))
        for group in recorded.batches(followed):
            if group[0].mistake:
                tally.unreadable += 1
                tally.note(group[0].mistake)
            else:
                _compared(trial, other, group, tally)
        code = trial.only().code
    _told(tally, code, show)
    if tally.unreadable:
        return 2
    too_many = max_changed is not None and tally.changed > max_changed
    if too_many:
        terminal.warn(say("backtest_too_many", changed=tally.changed, most=max_changed))
    return int(too_many or tally.failed > 0)


def _same_ministry(trial: Trial, other: Trial | None) -> None:
    """Raise a mistake when two folders cannot be compared."""
    mine = trial.only().code
    if HOOK not in trial.only().described["hooks"]:
        raise Mistake("hook_unanswered", hook=HOOK, known=", ".join(trial.only().described["hooks"]))
    if other and other.only().code != mine:
        raise Mistake("backtest_ministries", found=other.only().code, expected=mine)


def _compared(trial: Trial, other: Trial | None, group: list[Line], tally: Tally) -> None:
    """Ask about a group of cases and count what changed."""
    if group[0].record and group[0].record.hook != HOOK:
        tally.skipped += len(group)
        return
    ministry = trial.only()
    new = recorded.asked(trial, ministry, group)
    old = [_answer(outcome) for outcome in recorded.asked(other, other.only(), group)] if other else []
    for number, (line, outcome) in enumerate(zip(group, new, strict=True)):
        assert line.record
        before = old[number] if other else line.record.outcomes.get(ministry.code)
        tally.unrecorded += before is None
        if outcome.failure:
            tally.failed += 1
            tally.note(say("backtest_failed", place=line.place, message=outcome.failure.message))
        _count(tally, line, _flat(before or RecordedAnswer()), _flat(_answer(outcome)))


def _answer(outcome: Outcome) -> RecordedAnswer:
    """Return an outcome as it would be recorded."""
    verdict = write(outcome.verdict) if outcome.verdict is not None else None
    return RecordedAnswer(verdict=verdict, failure=outcome.failure.kind if outcome.failure else "")


def _flat(answer: RecordedAnswer) -> dict[str, Any]:
    """Return an answer's fields with its kind among them."""
    if answer.failure:
        return {"kind": say("answer_failed")}
    if answer.verdict is None:
        return {"kind": say("answer_nothing")}
    kind, fields = answer.verdict
    return {"kind": str(kind), **fields}


def _count(tally: Tally, line: Line, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Count one case."""
    assert line.record
    end = tally.by_end.setdefault(line.record.assigned or "—", Counter())
    differing = [name for name in _COUNTED if old.get(name) != new.get(name)] if old["kind"] == new["kind"] else []
    changed = old["kind"] != new["kind"] or bool(differing)
    tally.asked += 1
    tally.changed += changed
    tally.reworded += not changed and old != new
    end.update(asked=1, changed=int(changed), before=int(old["kind"] == "Claim"), now=int(new["kind"] == "Claim"))
    if changed:
        tally.by_change[old["kind"], new["kind"], ", ".join(differing)] += 1
        tally.changes += [f"{line.place}: {_short(old)} → {_short(new)}"] if len(tally.changes) < _KEPT else []


def _short(answer: dict[str, Any]) -> str:
    """Return an answer in a few words."""
    said = (f"{name}={answer[name]}" for name in (*_COUNTED, "rule") if answer.get(name))
    return " ".join([answer["kind"], *said])


def _told(tally: Tally, code: str, show: int) -> None:
    """Show what changed, and apart from it what went wrong."""
    terminal.table(say("backtest_by_end"), say("backtest_by_end_columns", code=code).split("|"), list(_ends(tally)))
    if tally.by_change:
        rows = [(f"{old} → {new}", fields or "—", count) for (old, new, fields), count in tally.by_change.most_common()]
        terminal.table(say("backtest_by_change"), say("backtest_by_change_columns").split("|"), rows)
    for line in tally.changes[:show]:
        terminal.show(f"  {line}")
    terminal.show(say("backtest_summary", asked=tally.asked, changed=tally.changed, reworded=tally.reworded), "bold")
    if tally.unrecorded:
        terminal.warn(say("backtest_unrecorded", count=tally.unrecorded, code=code))
    if tally.skipped:
        terminal.warn(say("backtest_skipped", count=tally.skipped, hook=HOOK))
    for error in tally.errors[:show]:
        terminal.shout(error)
    if tally.errors:
        terminal.shout(say("backtest_errors", failed=tally.failed, unreadable=tally.unreadable))


def _ends(tally: Tally) -> Iterator[tuple[object, ...]]:
    """Yield a row for each ministry that complaints went to in the end, the most frequent first."""
    for end, counts in sorted(tally.by_end.items(), key=lambda pair: (-pair[1]["asked"], pair[0])):
        yield end, counts["asked"], counts["before"], counts["now"], counts["changed"]
