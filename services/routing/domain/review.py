"""What the ministries' rules say of a complaint besides whose it is; officers read it, and nothing of it decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TypeVar

from services.routing.domain.decision import Reason

I = TypeVar("I")  # noqa: E741


class Severity(IntEnum):
    """What follows from a finding."""

    NOTE = 1
    WARNING = 2
    INCOMPLETE = 3


class Priority(IntEnum):
    """How pressing a complaint is."""

    NORMAL = 1
    HIGH = 2
    URGENT = 3


class Step(IntEnum):
    """A step of the ladder by which a late answer is asked for."""

    EARLY_NOTICE = 0
    REMINDER_1 = 1
    REMINDER_2 = 2
    FORMAL_NOTICE = 3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that an officer should know; the code is the ministry's own, or one of the core's."""

    ministry_id: str
    code: str
    field: str
    severity: Severity
    because: Reason


@dataclass(frozen=True, kw_only=True)
class ReadFact:
    """A fact that rules read out of the text, its value written as JSON."""

    ministry_id: str
    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class NeededDocument:
    """A document that a ministry needs."""

    ministry_id: str
    code: str
    name: Reason
    mandatory: bool
    because: Reason


@dataclass(frozen=True, kw_only=True)
class FittingCategory:
    """A category of a ministry's own into which the complaint falls, below a topic of the country's list."""

    ministry_id: str
    code: str
    name: Reason
    score: int
    topic_code: str
    because: Reason


@dataclass(frozen=True, kw_only=True)
class FittingTopic:
    """A topic, as the surest of its categories suggests it."""

    topic_code: str
    score: int
    category: str


@dataclass(frozen=True, kw_only=True)
class OwnPriority:
    """How pressing the competent ministry finds it."""

    priority: Priority
    because: Reason


@dataclass(frozen=True, kw_only=True)
class OwnStep:
    """When the competent ministry wants a step of the ladder taken, in working days after the answer was due."""

    step: Step
    after_due: int
    because: Reason


@dataclass(frozen=True, kw_only=True)
class OwnDays:
    """How many working days the competent ministry gives for documents."""

    days: int
    because: Reason


@dataclass(frozen=True, kw_only=True)
class OwnYears:
    """For how many years the competent ministry has to keep the file."""

    years: int
    because: Reason


Item = Finding | ReadFact | NeededDocument | FittingCategory | OwnPriority | OwnStep | OwnDays | OwnYears


@dataclass(frozen=True, kw_only=True)
class Record:
    """One ministry's answer to one hook: verbatim, by which version, or in what way it failed."""

    ministry_id: str
    hook: str
    plugin: str = ""
    plugin_version: str = ""
    plugin_digest: str = ""
    config_revision: int = 0
    answer: str = ""
    error: str = ""
    elapsed_micros: int = 0


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One ministry's answer to one hook, and what was read out of it."""

    record: Record
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """When a late answer is asked for, in working days: before the due day (0: never), and after it, step by step."""

    early_notice: int
    steps: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What the core sets, and what the competent ministry's rules can only make stricter."""

    priority: Priority
    ladder: Ladder
    document_days: int
    years_kept: int
    minimum_score: int


@dataclass(frozen=True, kw_only=True)
class Combined:
    """What all ministries' rules say together."""

    findings: tuple[Finding, ...]
    facts: tuple[ReadFact, ...]
    documents: tuple[NeededDocument, ...]
    categories: tuple[FittingCategory, ...]
    topics: tuple[FittingTopic, ...]
    priority: Priority
    ladder: Ladder
    document_days: int
    years_kept: int
    taken: tuple[tuple[str, Reason], ...]

    @property
    def suggests_question(self) -> bool:
        """Tell whether the complainant should be asked, as far as the rules see."""
        return any(finding.severity is Severity.INCOMPLETE for finding in self.findings)


@dataclass(frozen=True, kw_only=True)
class Review:
    """What the rules said of a complaint after a decision."""

    complaint_id: str
    decision_id: str
    case_version: int
    ministry_id: str
    reviewed_at: datetime
    trace_id: str
    combined: Combined
    records: tuple[Record, ...]


def items_of(kind: type[I], advice: Iterable[Advice]) -> list[I]:
    """Return everything of one kind that was said."""
    return [item for each in advice for item in each.items if isinstance(item, kind)]
