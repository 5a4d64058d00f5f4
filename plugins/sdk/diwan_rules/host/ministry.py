"""Supervises the rules of one ministry: asks its worker, blames the case that ends it, and starts the next."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from diwan_rules.host.breaker import Breaker
from diwan_rules.host.frames import Ended
from diwan_rules.host.limits import Limits
from diwan_rules.host.nursery import Nursery, Worker
from diwan_rules.host.questions import Asked, Described, Failure, FailureKind, Outcome, Question, read_outcome, written
from diwan_rules.host.turn import Turn
from diwan_rules.load_errors import LoadError, Place, mistake
from diwan_rules.sources import Source, digest

_WORKER_ENDED = frozenset({FailureKind.CRASHED, FailureKind.KILLED})
_COUNTED = _WORKER_ENDED | {FailureKind.TIMED_OUT, FailureKind.OUT_OF_MEMORY}
_KILLS_REMEMBERED = 10_000


class State(StrEnum):
    """How the worker of a ministry is."""

    STARTING = "starting"
    READY = "ready"
    NOT_LOADED = "not_loaded"
    RESTING = "resting"


@dataclass
class Figures:
    """What happened to a ministry's workers."""

    started: int = 0
    ended: int = 0
    leaked_threads: int = 0


@dataclass(eq=False)
class Ministry:
    """The rules of one ministry and the worker that runs them."""

    code: str
    sources: list[Source]
    nursery: Nursery
    limits: Limits
    breaker: Breaker = field(default_factory=Breaker)
    figures: Figures = field(default_factory=Figures)
    described: dict[str, Any] = field(default_factory=dict)
    load_errors: list[LoadError] = field(default_factory=list)
    digest: str = ""
    worker: Worker | None = None
    _aside: set[Worker] = field(default_factory=set)
    _kills: Counter[str] = field(default_factory=Counter)
    _turns: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def state(self) -> State:
        """Tell how the worker is."""
        if self.load_errors:
            return State.NOT_LOADED
        if not self.breaker.allows(_now()):
            return State.RESTING
        return State.READY if self.worker else State.STARTING

    @property
    def quarantined(self) -> int:
        """Count the cases that are not shown to these rules again."""
        return sum(times >= 2 for times in self._kills.values())

    async def load(self) -> None:
        """Start the first worker, so that what the rules declare is known."""
        async with self._turns:
            self.digest = digest(*dict.fromkeys(source.folder for source in self.sources))
            await self._start()

    async def ask(self, question: Question) -> list[Outcome]:
        """Return one outcome per case, in their order, whatever the rules do."""
        begun = _now()
        outcomes: dict[str, Outcome] = {}
        while waiting := [case for case in question.cases if case.complaint_id not in outcomes]:
            async with Turn(self._turns, begun) as turn:
                stopped = self._stopped(begun)
                answers = self._refused(waiting, stopped) if stopped else await self._batch(question, waiting, turn)
            outcomes.update((outcome.complaint_id, outcome) for outcome in answers)
        return [outcomes[case.complaint_id] for case in question.cases]

    def _stopped(self, begun: float) -> Failure | None:
        """Return why no case can be asked now, if so."""
        if self.load_errors and not self._may_start_again():
            return Failure(kind=FailureKind.NOT_LOADED, message="; ".join(map(str, self.load_errors))[:1000])
        if _now() > begun + self.limits.call_seconds:
            return Failure(kind=FailureKind.NOT_ASKED, message="the call's time was used up before this case")
        if not self.breaker.allows(_now()):
            return Failure(
                kind=FailureKind.RESTING, message="the rules failed too often; they are asked again in a moment"
            )
        return None

    def _may_start_again(self) -> bool:
        """Tell whether the only trouble is a process that did not start, which may pass."""
        return self.breaker.allows(_now()) and all(error.code == "start_failed" for error in self.load_errors)

    def _refused(self, cases: list[Asked], why: Failure) -> list[Outcome]:
        """Return the same failure for every case."""
        return [Outcome(complaint_id=case.complaint_id, failure=why) for case in cases]

    async def _batch(self, question: Question, waiting: list[Asked], turn: Turn) -> list[Outcome]:
        """Ask the worker about the cases until all are answered or it has to be replaced."""
        poison = [case for case in waiting if self._kills[case.complaint_id] >= 2]
        if poison:
            return self._refused(poison, Failure(kind=FailureKind.QUARANTINED, message="this case ended two workers"))
        if not self.worker and not await self._start():
            return []
        worker = self.worker
        assert worker
        worker.channel.send(*_framed(written(question, self.code, waiting)))
        try:
            return await self._answers(worker, question, waiting, turn)
        except asyncio.CancelledError:
            self._end(worker)  # it still answers the question that nobody waits for
            raise
        finally:
            self._come_back(worker)

    async def _answers(self, worker: Worker, question: Question, waiting: list[Asked], turn: Turn) -> list[Outcome]:
        """Gather outcomes until all are here, the worker is lost or the time is used up."""
        answers: list[Outcome] = []
        sent_at = _now()
        for case in waiting:
            if _now() > turn.begun + self.limits.call_seconds:
                self._end(worker)
                break
            outcome, threads = await self._next(worker, case, question.hook, turn)
            answers.append(outcome)
            if self._ended_by(worker, outcome, threads, sent_at):
                break
        return answers

    async def _next(self, worker: Worker, case: Asked, hook: str, turn: Turn) -> tuple[Outcome, int]:
        """Wait for the outcome of a case; when none comes, the case is to blame."""
        try:
            outcome, threads = read_outcome(await self._frame(worker, turn), hook)
            if outcome.complaint_id == case.complaint_id:
                return outcome, threads
            failure = Failure(kind=FailureKind.CRASHED, message="the worker answered for another case")
        except TimeoutError:
            failure = Failure(
                kind=FailureKind.KILLED, message=f"no answer after {self.limits.hard_seconds:g} s; killed"
            )
        except Ended:
            failure = Failure(kind=FailureKind.CRASHED, message=f"the process ended, {await self._exit(worker)}")
        except ValueError:
            failure = Failure(kind=FailureKind.CRASHED, message="the worker sent what is no outcome")
        return Outcome(complaint_id=case.complaint_id, failure=failure), 0

    async def _frame(self, worker: Worker, turn: Turn) -> bytes:
        """Wait for a frame; a worker that is stuck steps aside, so that the next question goes to another."""
        if worker in self._aside or len(self._aside) >= self.limits.most_aside:
            return await worker.channel.next(self.limits.hard_seconds)
        try:
            return await worker.channel.next(self.limits.patience_seconds)
        except TimeoutError:
            self._aside.add(worker)
            self.worker = None
            turn.give_up()
            return await worker.channel.next(self.limits.hard_seconds - self.limits.patience_seconds)

    def _come_back(self, worker: Worker) -> None:
        """Take a worker that stepped aside back into service, or end it when another has taken its place."""
        if worker not in self._aside:
            return
        self._aside.discard(worker)
        if worker.channel.ended or self.worker or self._turns.locked():
            self.nursery.end(worker)
        else:
            self.worker = worker

    def _ended_by(self, worker: Worker, outcome: Outcome, threads: int, sent_at: float) -> bool:
        """Draw the consequences of an outcome; tell whether the worker had to be ended."""
        kind = outcome.failure.kind if outcome.failure else None
        self.figures.leaked_threads += max(threads, 0)
        if kind in _WORKER_ENDED:
            self._blame(outcome.complaint_id)
        if kind in _COUNTED:
            self.breaker.failed(sent_at, _now())
        else:
            self.breaker.succeeded(sent_at, _now())
        spoilt = kind in _WORKER_ENDED or kind == FailureKind.OUT_OF_MEMORY or threads > 0
        if spoilt:
            self._end(worker)
        return spoilt

    def _blame(self, complaint_id: str) -> None:
        """Remember that a case ended a worker; the oldest memories go first."""
        self._kills[complaint_id] += 1
        if len(self._kills) > _KILLS_REMEMBERED:
            del self._kills[next(iter(self._kills))]

    def _end(self, worker: Worker) -> None:
        """End a worker; the next question starts another."""
        self.nursery.end(worker)
        self.figures.ended += 1
        if self.worker is worker:
            self.worker = None

    async def _start(self) -> bool:
        """Start a worker and hear what it loaded; tell whether it can be asked."""
        worker = None
        self.figures.started += 1
        try:
            worker = await self.nursery.start(self.sources, self.limits)
            described = json.loads(await worker.channel.next(self.limits.start_seconds))
            errors = [LoadError(**error) for error in described.pop("errors")]
            told = dict(Described.model_validate(described))
        except (TimeoutError, OSError):
            errors = [self._start_failed(f"no answer after {self.limits.start_seconds:g} s")]
        except (KeyError, TypeError, ValueError):
            errors = [self._start_failed("it does not say what it declares")]
        except Ended:
            errors = [self._start_failed(await self._exit(worker) if worker else "at once")]
        else:
            self.described = told
        self.load_errors = errors
        if errors:
            self.breaker.failed(_now(), _now())
        if errors and worker:
            self.nursery.end(worker)
        self.worker = None if errors else worker
        return not errors

    def _start_failed(self, error: str) -> LoadError:
        """Say that the process ended while loading."""
        return mistake("start_failed", self.code, Place(), error=error)

    async def _exit(self, worker: Worker) -> str:
        """Say with which code a worker ended."""
        done, _ = await asyncio.wait([worker.code], timeout=0.5)
        return f"exit code {worker.code.result()}" if done else "exit code unknown"


def _framed(body: bytes) -> Iterator[bytes]:
    """Yield a body behind its length."""
    yield len(body).to_bytes(4, "big")
    yield body


def _now() -> float:
    """Return the monotonic time that limits are measured in."""
    return time.monotonic()
