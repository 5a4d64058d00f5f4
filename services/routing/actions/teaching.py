"""Gathers what was confirmed, and keeps what was learned from it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from services.chassis.call import Call
from services.routing.domain.learned import (
    MOST_EXAMPLES,
    Confirmed,
    Model,
    ModelKind,
    Report,
    Stage,
    Training,
    is_due,
    standing_of,
)
from services.routing.store.memory import Store


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a training has to learn from, and the model in use that it must not fall behind."""

    training: Training
    data_digest: str
    learned_from: int
    with_samples: bool = False
    confirmed: Sequence[Confirmed] = ()
    rival: bytes = field(default=b"", repr=False)


async def prepare(call: Call, store: Store, *, always: bool, with_samples: bool) -> Lesson | None:
    """Take the turn to learn from confirmed decisions, where enough have been added; None where there is nothing to do."""
    kind = ModelKind.COMPETENCE
    count = await store.models.count_confirmed(with_samples=with_samples)
    latest = await store.models.latest(kind)
    if not always and not is_due(count, latest.learned_from if latest else 0):
        return None
    training = Training(kind=kind, stage=Stage.FETCHING, began_at=call.now, total=min(count, MOST_EXAMPLES))
    if not await store.models.begin(training):
        return None
    confirmed = await store.models.confirmed(with_samples=with_samples, most=MOST_EXAMPLES)
    return Lesson(
        training=training,
        data_digest=_digest(f"{each.complaint_id} {each.ministry_id}" for each in confirmed),
        learned_from=count,
        with_samples=with_samples,
        confirmed=confirmed,
        rival=await in_use(store, kind),
    )


async def prepare_varieties(call: Call, store: Store, examples: Sequence[tuple[str, str]]) -> Lesson | None:
    """Take the turn to learn varieties of language from given examples."""
    training = Training(kind=ModelKind.VARIETY, stage=Stage.FETCHING, began_at=call.now, total=len(examples))
    if not await store.models.begin(training):
        return None
    return Lesson(
        training=training,
        data_digest=_digest(f"{variety} {text}" for text, variety in examples),
        learned_from=len(examples),
        rival=await in_use(store, ModelKind.VARIETY),
    )


async def in_use(store: Store, kind: ModelKind) -> bytes:
    """Return the file of the model in use; nothing where none is."""
    version = (await store.models.versions_in_use()).get(kind)
    return await store.models.file(version) if version else b""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a training made: its measure, and the model's file, empty where too few examples made none."""

    report: Report
    file: bytes = field(repr=False)
    digest: str


async def keep(call: Call, store: Store, lesson: Lesson, learned: Learned) -> Training:
    """Keep a model with its measure, put it into use if it is fit, and end the training."""
    model = Model(
        version=await store.models.next_version(),
        kind=lesson.training.kind,
        made_at=call.now,
        digest=learned.digest,
        data_digest=lesson.data_digest,
        learned_from=lesson.learned_from,
        with_samples=lesson.with_samples,
        report=learned.report,
        standing=standing_of(learned.report),
        size_bytes=len(learned.file),
    )
    await store.models.keep(model, learned.file)
    ended = replace(lesson.training, stage=Stage.ENDED, done=lesson.training.total, model_version=model.version)
    await store.models.note(ended, call.now)
    return ended


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
