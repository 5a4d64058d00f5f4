"""Combines what ministries' rules say of a complaint: pure, on integers, whatever the order of their answers."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TypeVar

from services.routing.domain.decision import Reason
from services.routing.domain.referral import STEPS_AFTER_DUE
from services.routing.domain.review import (
    Advice,
    Bounds,
    Combined,
    Finding,
    FittingCategory,
    FittingTopic,
    Ladder,
    NeededDocument,
    OwnDays,
    OwnPriority,
    OwnStep,
    OwnYears,
    Priority,
    ReadFact,
    Severity,
    Step,
    items_of,
)

FACTS_LONGEST = 16 * 1024  # bytes of one ministry's facts about one complaint
OWNER_HOOKS = frozenset({"priority", "reminders", "deadline", "retention"})
LADDER = Ladder(early_notice=0, steps=STEPS_AFTER_DUE)

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def combined(advice: Collection[Advice], bounds: Bounds, *, asked_for_documents: Collection[str]) -> Combined:
    """Combine everything that was said; what failed leaves what the core sets, and a note to the officer."""
    priority, priority_because = the_higher(bounds.priority, items_of(OwnPriority, advice))
    ladder, ladder_because = the_earlier(bounds.ladder, items_of(OwnStep, advice))
    days, days_because = the_shorter(bounds.document_days, items_of(OwnDays, advice))
    years, years_because = the_longer(bounds.years_kept, items_of(OwnYears, advice))
    reasons = {
        "deadline": days_because,
        "priority": priority_because,
        "reminders": ladder_because,
        "retention": years_because,
    }
    fitting = categories(items_of(FittingCategory, advice), bounds.minimum_score)
    return Combined(
        findings=findings([*items_of(Finding, advice), *failures(advice)]),
        facts=facts(items_of(ReadFact, advice)),
        documents=documents(items_of(NeededDocument, advice), asked_for_documents),
        categories=fitting,
        topics=topics(fitting),
        priority=priority,
        ladder=ladder,
        document_days=days,
        years_kept=years,
        taken=tuple((hook, because) for hook, because in reasons.items() if because),
    )


def findings(said: Iterable[Finding]) -> tuple[Finding, ...]:
    """Unite findings by ministry, code and field, the worst of each; the worst of all comes first."""
    worst = _best(said, key=_finding_key, rank=lambda each: (each.severity, *_words(each.because)))
    return tuple(sorted(worst, key=lambda each: (-each.severity, *_finding_key(each))))


def facts(said: Iterable[ReadFact]) -> tuple[ReadFact, ...]:
    """Unite facts; a ministry names only its own, and one that says too much is not heard at all."""
    own = _best(
        (each for each in said if each.name.startswith(f"{each.ministry_id.upper()}.")),
        key=lambda each: each.name,
        rank=lambda each: each.value,
    )
    sizes: dict[str, int] = {}
    for each in own:
        sizes[each.ministry_id] = sizes.get(each.ministry_id, 0) + len(f"{each.name}{each.value}".encode())
    return tuple(sorted((each for each in own if sizes[each.ministry_id] <= FACTS_LONGEST), key=lambda each: each.name))


def documents(said: Iterable[NeededDocument], asked: Collection[str]) -> tuple[NeededDocument, ...]:
    """Unite documents of the ministries that may ask for some; where one says mandatory, it is mandatory."""
    needed = _best(
        (each for each in said if each.ministry_id in asked),
        key=lambda each: each.code,
        rank=lambda each: (each.mandatory, *_words(each.because)),
    )
    return tuple(sorted(needed, key=lambda each: (not each.mandatory, each.code)))


def categories(said: Iterable[FittingCategory], minimum: int) -> tuple[FittingCategory, ...]:
    """Return the categories that are sure enough, the surest first."""
    fitting = _best(
        (each for each in said if each.score >= minimum),
        key=lambda each: each.code,
        rank=lambda each: (each.score, *_words(each.because)),
    )
    return tuple(sorted(fitting, key=lambda each: (-each.score, each.code)))


def topics(fitting: Iterable[FittingCategory]) -> tuple[FittingTopic, ...]:
    """Return each topic with its surest category; of equal ones the first by code."""
    surest: dict[str, FittingTopic] = {}
    for each in sorted(fitting, key=lambda each: (-each.score, each.code)):
        suggested = FittingTopic(topic_code=each.topic_code, score=each.score, category=each.code)
        surest.setdefault(each.topic_code, suggested)
    return tuple(sorted(surest.values(), key=lambda each: (-each.score, each.topic_code)))


def the_higher(core: Priority, own: Iterable[OwnPriority]) -> tuple[Priority, Reason | None]:
    """Return the higher priority; rules never lower the core's."""
    said = max(own, key=lambda each: (each.priority, *_words(each.because)), default=None)
    return (said.priority, said.because) if said and said.priority > core else (core, None)


def the_earlier(core: Ladder, own: Collection[OwnStep]) -> tuple[Ladder, Reason | None]:
    """Advance steps of the ladder and add an early notice; no step is later than the core's, and none before the due day."""
    notices = [-each.after_due for each in own if each.step is Step.EARLY_NOTICE and each.after_due < 0]
    steps = tuple(
        max(min([late, *(each.after_due for each in own if each.step == place)]), core.steps[0])
        for place, late in enumerate(core.steps, start=Step.REMINDER_1)
    )
    ladder = Ladder(early_notice=max([core.early_notice, *notices]), steps=steps)
    because = min((each.because for each in own), key=_words, default=None)
    return ladder, because if ladder != core else None


def the_shorter(core: int, own: Iterable[OwnDays]) -> tuple[int, Reason | None]:
    """Return the shorter number of days."""
    said = min(own, key=lambda each: (each.days, *_words(each.because)), default=None)
    return (said.days, said.because) if said and said.days < core else (core, None)


def the_longer(core: int, own: Iterable[OwnYears]) -> tuple[int, Reason | None]:
    """Return the longer number of years."""
    said = max(own, key=lambda each: (each.years, *_words(each.because)), default=None)
    return (said.years, said.because) if said and said.years > core else (core, None)


def failures(advice: Iterable[Advice]) -> list[Finding]:
    """Return a note to the officer for each question that the competent ministry's rules failed to answer."""
    failed = (each.record for each in advice if each.record.error and each.record.hook in OWNER_HOOKS)
    return [failure(record.ministry_id, record.hook) for record in failed]


def failure(ministry_id: str, hook: str) -> Finding:
    """Say that a ministry's rules failed to answer a hook, so that the core's own answer applies."""
    code = ministry_id.upper()
    because = Reason(
        ar=f"لم تُجب قواعد {code} عن السؤال {hook}، فطُبّقت القاعدة العامة.",
        fr=f"Les règles de {code} n'ont pas répondu à la question {hook} : la règle générale s'applique.",
    )
    return Finding(ministry_id=ministry_id, code="rules_failed", field=hook, severity=Severity.WARNING, because=because)


def _best(said: Iterable[T], *, key: Callable[[T], K], rank: Callable[[T], object]) -> list[T]:
    """Return one of each key, the highest in rank."""
    best: dict[K, T] = {}
    for each in said:
        held = best.get(key(each))
        if held is None or rank(each) > rank(held):  # type: ignore[operator]
            best[key(each)] = each
    return list(best.values())


def _finding_key(finding: Finding) -> tuple[str, str, str]:
    return finding.ministry_id, finding.code, finding.field


def _words(reason: Reason) -> tuple[str, str]:
    return reason.ar, reason.fr
