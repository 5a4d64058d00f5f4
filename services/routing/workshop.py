"""Trains the classifier beside the service's own work: fetches words from intake, has a child process learn, keeps the model."""

import asyncio
import contextvars
import hashlib
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import grpc

from services.chassis import tracing
from services.chassis.call import Actor, ActorKind, Call, begin, clock
from services.chassis.database import Database
from services.routing.actions import teaching
from services.routing.actions.teaching import Learned, Lesson
from services.routing.classifier import school
from services.routing.classifier.model import digest
from services.routing.domain.learned import Confirmed, Report, Stage, Training
from services.routing.neighbours import Intake
from services.routing.store.memory import Store

PORTION = 32
GONE = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)
BREATH = 20.0

_log = logging.getLogger(__name__)


class Workshop:
    """Where one process trains; of all replicas one at a time has the turn."""

    def __init__(self, database: Database, intake: Intake) -> None:
        self._database = database
        self._intake = intake
        self._work: set[asyncio.Task[None]] = set()
        self.policy: Mapping[str, int] = {}

    async def train(self, call: Call, *, always: bool, with_samples: bool) -> bool:
        """Begin to learn from confirmed decisions; say whether it was begun."""
        async with self._database.transaction() as connection:
            lesson = await teaching.prepare(call, Store(connection), always=always, with_samples=with_samples)
        return self._begun(lesson, self._words(lesson) if lesson else None)

    async def train_varieties(self, call: Call, examples: Sequence[tuple[str, str]]) -> bool:
        """Begin to learn varieties of language from given examples; say whether it was begun."""
        mixed = sorted(examples, key=lambda example: hashlib.sha256(example[0].encode()).digest())
        async with self._database.transaction() as connection:
            lesson = await teaching.prepare_varieties(call, Store(connection), mixed)
        return self._begun(lesson, _given(mixed))

    async def finished(self) -> None:
        """Wait until what was begun here has ended."""
        await asyncio.gather(*self._work)

    def _begun(self, lesson: Lesson | None, examples: AsyncIterator[tuple[str, str]] | None) -> bool:
        """Go on beside the call that began it, without its deadline."""
        if lesson is None or examples is None:
            return False
        task = asyncio.get_running_loop().create_task(self._learn(lesson, examples), context=contextvars.Context())
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return True

    async def _learn(self, lesson: Lesson, examples: AsyncIterator[tuple[str, str]]) -> None:
        with tracing.span("routing.train"):
            alive = asyncio.create_task(self._show_life(lesson.training))
            try:
                order = school.Order(kind=lesson.training.kind, policy=dict(self.policy), rival=lesson.rival)
                said, file = await school.learn(order, examples)
            except (school.LearningFailed, grpc.aio.AioRpcError, OSError) as error:
                await self._failed(lesson, error)
            else:
                await self._keep(lesson, said, file)
            finally:
                alive.cancel()

    async def _keep(self, lesson: Lesson, said: Mapping[str, object], file: bytes) -> None:
        report = Report(**said)  # type: ignore[arg-type]
        learned = Learned(report=report, file=file, digest=digest(file) if file else "")
        async with self._database.transaction() as connection:
            ended = await teaching.keep(_own_call(), Store(connection), lesson, learned)
        _log.info("trained", extra={"kind": str(ended.kind), "version": ended.model_version, "right": report.right})

    async def _failed(self, lesson: Lesson, error: Exception) -> None:
        reason = error.code().name if isinstance(error, grpc.aio.AioRpcError) else str(error)
        _log.warning("training failed: %s", reason)
        await self._note(replace(lesson.training, stage=Stage.FAILED, error=f"{type(error).__name__}: {reason}"))

    async def _words(self, lesson: Lesson) -> AsyncIterator[tuple[str, str]]:
        """Fetch the words of confirmed decisions, some at a time; what was erased is left out."""
        confirmed = lesson.confirmed
        for start in range(0, len(confirmed), PORTION):
            portion = confirmed[start : start + PORTION]
            for each, text in zip(portion, await asyncio.gather(*map(self._text, portion)), strict=True):
                if text:
                    yield text, each.ministry_id
            await self._note(replace(lesson.training, done=start + len(portion)))
        await self._note(replace(lesson.training, stage=Stage.LEARNING, done=len(confirmed)))

    async def _text(self, confirmed: Confirmed) -> str:
        try:
            return (await self._intake.narrative(confirmed.complaint_id)).text
        except grpc.aio.AioRpcError as error:
            if error.code() in GONE:
                return ""
            raise

    async def _show_life(self, training: Training) -> None:
        """Keep the turn while the child learns."""
        while True:
            await asyncio.sleep(BREATH)
            async with self._database.transaction() as connection:
                await Store(connection).models.show_life(training, clock())

    async def _note(self, training: Training) -> None:
        async with self._database.transaction() as connection:
            await Store(connection).models.note(training, clock())


async def _given(examples: Sequence[tuple[str, str]]) -> AsyncIterator[tuple[str, str]]:
    for example in examples:
        yield example


def _own_call() -> Call:
    return begin(Actor(kind=ActorKind.PROCESS, id="routing"), process="routing")
