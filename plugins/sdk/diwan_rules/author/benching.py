"""`bench`: how long each hook of the rules takes in the real worker, against its budget."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from diwan_rules.author import cases, terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.reading import needed
from diwan_rules.author.trial import Trial
from diwan_rules.facts import Case, Event, EventKind, LetterKind, Purpose, Reply, Stage
from diwan_rules.host.ministry import Ministry

_BATCH = 50
_ROUNDS = 3  # of which the quickest counts for each case: a busy machine blames nobody
_BESIDES: dict[str, Any] = {
    "stage": Stage.FIRST_ANSWER,
    "letter_kind": LetterKind.REFERRAL,
    "reply": Reply(text="تمت معالجة الشكوى، La doléance est traitée."),
    "purpose": Purpose.REPORT,
    "event": Event(kind=EventKind.REGISTERED, happened_on=date(2026, 1, 1)),
}


def bench(folder: Path, asks: int, budget_ms: float) -> int:
    """Return 0 when the slowest hundredth of each hook's answers stays within the budget, otherwise 1."""
    with Trial(folder) as trial:
        if trial.mistakes:
            raise Mistake("rules_not_loaded", mistakes="\n".join(trial.mistakes))
        rows = [
            row
            for ministry in trial.ministries
            for row in _measured(trial, ministry, _shown(ministry, folder, asks), budget_ms)
        ]
    columns = say("bench_columns", budget=f"{budget_ms:g}").split("|")
    terminal.table(say("bench_title", asks=asks), columns, [row[:-1] for row in rows])
    late = [row[0] for row in rows if not row[-1]]
    if late:
        terminal.warn(say("bench_late", hooks=", ".join(late)))
    return int(bool(late))


def _measured(
    trial: Trial, ministry: Ministry, shown: list[Case], budget_ms: float
) -> Iterator[tuple[str, int, int, str, bool]]:
    """Yield for each hook its name, p50 and p99 in µs, a word for people, and whether it is within the budget."""
    for hook in (hook for hook in ministry.described["hooks"] if hook in cases.ASKED):
        besides = {name: _BESIDES[name] for name in needed(hook)}
        batches = [shown[start : start + _BATCH] for start in range(0, len(shown), _BATCH)]
        times: list[int] = []
        for batch in terminal.followed(batches, f"{ministry.code} {hook}"):
            rounds = [trial.ask(ministry, hook, batch, **besides) for _ in range(_ROUNDS)]
            times += (min(_time(hook, each) for each in same) for same in zip(*rounds, strict=True))
        times.sort()
        p50, p99 = times[len(times) // 2], times[min(len(times) * 99 // 100, len(times) - 1)]
        within = p99 <= budget_ms * 1000
        yield f"{ministry.code} {hook}", p50, p99, say("bench_within" if within else "bench_over"), within


def _time(hook: str, outcome: Any) -> int:
    """Return how long an answer took; a failure is no answer and cannot be measured."""
    if outcome.failure:
        raise Mistake("bench_failed", hook=hook, message=outcome.failure.message)
    return int(outcome.elapsed_us)


def _shown(ministry: Ministry, folder: Path, asks: int) -> list[Case]:
    """Return so many cases: those of the folder's tests, or texts made of the terms that the rules look for."""
    found = [scenario.case for file in cases.found_in(folder) for scenario in cases.read(file) if not scenario.mistake]
    if not found:
        groups = ministry.described["terms"].values()
        texts = [" ".join(term.rstrip("*") for term in terms) for terms in groups] or ["شكوى doléance"]
        found = [Case(complaint_id="", text=text) for text in texts]
    return [replace(found[number % len(found)], complaint_id=f"bench-{number}") for number in range(max(asks, 1))]
