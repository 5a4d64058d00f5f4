"""Asks a ministry's plugins one question about one case, in the worker, and says what came of it."""

import contextlib
import signal
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

from pydantic import ValidationError

from diwan_rules.facts import Case, Context
from diwan_rules.host.questions import ANSWERS, Failure, FailureKind, Outcome
from diwan_rules.loader import Plugin, place_of, told
from diwan_rules.verdicts import Basis, Claim

_RANK = {Basis.TOPICAL: 1, Basis.ADDRESSED: 2, Basis.STATUTORY: 3}
_LONGEST_LOG = 20


class SoftAlarm(BaseException):
    """The rule has had its time; not an Exception, so that no `except Exception` of a rule swallows it."""


class _Alarm:
    """The soft alarm of the worker's main thread; it counts CPU time, so that a busy machine blames nobody."""

    armed = False

    def install(self) -> None:
        """Listen for the alarm from here on; only a main thread can."""
        signal.signal(signal.SIGPROF, self.ring)

    def ring(self, _signal: int, _frame: FrameType | None) -> None:
        """Interrupt the rule that is running."""
        if self.armed:
            self.armed = False
            raise SoftAlarm

    @contextlib.contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        """Interrupt the block when it computes longer."""
        self.armed = True
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            yield
        finally:
            self.armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)


ALARM = _Alarm()


class Log:
    """What a rule writes to its log: short lines, few of them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, event: str, **values: str | int | bool) -> None:
        """Keep one line."""
        if len(self.lines) < _LONGEST_LOG:
            pairs = "".join(f" {name}={value}" for name, value in values.items())
            self.lines.append(f"{event}{pairs}"[:300])


def answer(plugins: list[Plugin], hook: str, values: dict[str, Any], soft_seconds: float) -> Outcome:
    """Return a ministry's outcome: of its plugins in the order of their names, the best claim or the first answer."""
    case: Case = values["case"]
    context: Context = values["ctx"]
    log, began = Log(), time.perf_counter_ns()
    best = Outcome(complaint_id=case.complaint_id)
    for plugin in plugins:
        if hook not in plugin.hooks:
            continue
        given = {**values, "ctx": _with(context, plugin, log)}
        outcome = _one(plugin, hook, given, soft_seconds)
        if outcome.failure:
            best = outcome
            break
        best = max(best, outcome, key=_weight)
    elapsed = (time.perf_counter_ns() - began) // 1000
    return Outcome(
        complaint_id=case.complaint_id,
        plugin=best.plugin,
        verdict=best.verdict,
        failure=best.failure,
        elapsed_us=elapsed,
        log=tuple(log.lines),
    )


def _with(context: Context, plugin: Plugin, log: Log) -> Context:
    """Return the context as this plugin sees it."""
    return Context(
        now=context.now, calendar=context.calendar, directory=context.directory, config=plugin.config, log=log
    )


def _weight(outcome: Outcome) -> tuple[int, int, int]:
    """Order the answers of one ministry's plugins; the first of equals stays."""
    verdict = outcome.verdict
    if isinstance(verdict, Claim):
        return 2, _RANK[verdict.basis], verdict.score
    return (0 if verdict is None else 1), 0, 0


def _one(plugin: Plugin, hook: str, values: dict[str, Any], soft_seconds: float) -> Outcome:
    """Ask one plugin, whatever it does."""
    case_id, implementation = values["case"].complaint_id, plugin.hooks[hook]
    try:
        with ALARM.after(soft_seconds):
            verdict = implementation.function(*(values[name] for name in implementation.parameters))
        for kind in ANSWERS[hook]:
            if isinstance(verdict, kind):  # checked once more: it may have been made without its checks
                verdict = kind.model_validate(verdict.model_dump(warnings=False))
                return Outcome(complaint_id=case_id, plugin=plugin.name, verdict=verdict)
    except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit, SoftAlarm) as error:  # noqa: BLE001 - its outcome
        return Outcome(complaint_id=case_id, plugin=plugin.name, failure=_failure(error, plugin))
    if verdict is None:
        return Outcome(complaint_id=case_id, plugin=plugin.name)
    return Outcome(complaint_id=case_id, plugin=plugin.name, failure=_wrong_type(plugin, hook, verdict))


def _wrong_type(plugin: Plugin, hook: str, verdict: object) -> Failure:
    """Say that a rule answered with something that is no verdict of this hook."""
    wanted = " or ".join(kind.__name__ for kind in ANSWERS[hook])
    code = plugin.hooks[hook].function.__code__
    return Failure(
        kind=FailureKind.WRONG_TYPE,
        message=f"{hook} must answer {wanted} or None, not {type(verdict).__name__}",
        file=code.co_filename.removeprefix(f"{plugin.folder}/"),
        line=code.co_firstlineno,
    )


def _failure(error: BaseException, plugin: Plugin) -> Failure:
    """Say in what way and where a rule failed."""
    place = place_of(error, plugin.folder)
    file = str(place.file.relative_to(plugin.folder)) if place.file else ""
    return Failure(kind=_kind(error), message=told(error, place), file=file, line=place.line)


def _kind(error: BaseException) -> FailureKind:
    """Return in what way a rule failed."""
    match error:
        case SoftAlarm():
            return FailureKind.TIMED_OUT
        case MemoryError():
            return FailureKind.OUT_OF_MEMORY
        case ValidationError():
            return FailureKind.WRONG_TYPE
        case _:
            return FailureKind.RAISED
