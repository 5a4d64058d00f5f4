"""Asks a ministry's plugins one question about one case, in the worker, and says what came of it."""

import contextlib
import signal
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

from pydantic import ValidationError

from diwan_rules.answers import ANSWERS, LONGEST, WrongType, items, too_long, write
from diwan_rules.declarations import LetterTemplate
from diwan_rules.facts import Case, Context
from diwan_rules.hooks import Pattern
from diwan_rules.host.questions import Failure, FailureKind, Outcome
from diwan_rules.loader import Plugin, place_of, told
from diwan_rules.verdicts import Basis, Claim, Frozen, LetterContext, Verdict

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
    """Return a ministry's outcome: what its plugins say together, asked in the order of their names."""
    case: Case = values["case"]
    log, began = Log(), time.perf_counter_ns()
    given = {**values, "ctx": _logging(values["ctx"], log)}
    outcomes: list[Outcome] = []
    for plugin in plugins:
        if hook not in plugin.hooks:
            continue
        outcomes.append(_one(plugin, hook, given, plugins=plugins, soft_seconds=soft_seconds))
        if outcomes[-1].failure or (outcomes[-1].verdict is not None and ANSWERS[hook].pattern is Pattern.OWNER):
            break
    alone = len(outcomes) == 1 and not ANSWERS[hook].many
    together = outcomes[0] if alone else _together(hook, case.complaint_id, outcomes)
    elapsed = (time.perf_counter_ns() - began) // 1000
    return Outcome(
        complaint_id=case.complaint_id,
        plugin=together.plugin if together.verdict or together.failure else "",
        verdict=together.verdict,
        failure=together.failure,
        elapsed_us=elapsed,
        log=tuple(log.lines),
    )


def _together(hook: str, case_id: str, outcomes: list[Outcome]) -> Outcome:
    """Return a failure, else the union of lists, else the best claim or the first answer of the owner."""
    if not outcomes:
        return Outcome(complaint_id=case_id)
    if outcomes[-1].failure or not ANSWERS[hook].many:
        return outcomes[-1] if outcomes[-1].failure else max(outcomes, key=_weight)
    spoke = [outcome for outcome in outcomes if isinstance(outcome.verdict, tuple)]
    union = tuple(dict.fromkeys(each for outcome in spoke for each in items(outcome.verdict)))
    names = "+".join(outcome.plugin for outcome in spoke)
    if union and too_long(write(union)):
        why = Failure(kind=FailureKind.WRONG_TYPE, message=f"{hook} must answer at most {LONGEST} bytes")
        return Outcome(complaint_id=case_id, plugin=names, failure=why)
    return Outcome(complaint_id=case_id, plugin=names, verdict=union or None)


def _logging(context: Context, log: Log) -> Context:
    """Return the context with the log of one case."""
    return Context(
        now=context.now, calendar=context.calendar, directory=context.directory, config=context.config, log=log
    )


def _weight(outcome: Outcome) -> tuple[int, int, int]:
    """Order the answers of one ministry's plugins; the first of equals stays."""
    verdict = outcome.verdict
    if isinstance(verdict, Claim):
        return 2, _RANK[verdict.basis], verdict.score
    return (0 if verdict is None else 1), 0, 0


def _one(plugin: Plugin, hook: str, values: dict[str, Any], *, plugins: list[Plugin], soft_seconds: float) -> Outcome:
    """Ask one plugin, whatever it does."""
    case_id, implementation = values["case"].complaint_id, plugin.hooks[hook]
    try:
        with ALARM.after(soft_seconds):
            said = implementation.function(*(values[name] for name in implementation.parameters))
        verdict = ANSWERS[hook].checked(said)
        for each in items(verdict) if ANSWERS[hook].declared else ():
            _must_be_declared(plugins, each)
        return Outcome(complaint_id=case_id, plugin=plugin.name, verdict=verdict)
    except WrongType as wrong:
        return Outcome(complaint_id=case_id, plugin=plugin.name, failure=_wrong_type(plugin, hook, wrong))
    except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit, SoftAlarm) as error:  # noqa: BLE001 - its outcome
        return Outcome(complaint_id=case_id, plugin=plugin.name, failure=_failure(error, plugin))


def _must_be_declared(plugins: list[Plugin], verdict: Frozen) -> None:
    """Refuse a verdict whose code the ministry did not declare, or a letter without a variable that it needs."""
    if not isinstance(verdict, Verdict) or not verdict.declared_by:
        return
    code = getattr(verdict, verdict.own)
    declared = {each.code: each for plugin in plugins for each in plugin.declared.get(verdict.declared_by, ())}
    if code not in declared:
        raise WrongType(f"a {verdict.own} that {verdict.declared_by} does not declare")
    template = declared[code]
    needed = template.required_variables if isinstance(template, LetterTemplate) else ()
    given = verdict.variables if isinstance(verdict, LetterContext) else {}
    if missing := sorted(set(needed) - set(given)):
        raise WrongType(f"a letter without {', '.join(missing)}")


def _wrong_type(plugin: Plugin, hook: str, wrong: WrongType) -> Failure:
    """Say that a rule answered with something that is no answer of this hook."""
    code = plugin.hooks[hook].function.__code__
    return Failure(
        kind=FailureKind.WRONG_TYPE,
        message=f"{hook} must answer {ANSWERS[hook]}, not {wrong}",
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
