"""One complaint as the figures know it, and what each event changes of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

ENDED = frozenset({"CLOSED", "INADMISSIBLE"})


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Codes and dates of one complaint; no words, no person."""

    complaint_id: str
    kind: str
    channel: str
    wilaya_id: str
    commune_id: str
    keeping_body_id: str
    received_on: date
    sample: bool
    state: str = "REGISTERED"
    complaint_version: int = 1
    ministry_id: str = ""
    topic_code: str = ""
    closure_reason: str = ""
    awaiting_triage: bool = False
    case_version: int = 0
    due_on: date | None = None
    answered_on: date | None = None
    working_days: int | None = None
    late: bool = False
    grade: str = ""
    graded_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still owes an answer."""
        return self.answered_on is None and self.state not in ENDED


def moved(fact: Fact, *, version: int, state: str, closure_reason: str) -> Fact:
    """Fold a change of the complaint's state; an older one than is known changes nothing."""
    if version <= fact.complaint_version:
        return fact
    waits = fact.awaiting_triage and state not in ENDED
    return replace(fact, complaint_version=version, state=state, closure_reason=closure_reason, awaiting_triage=waits)


def decided(fact: Fact, *, version: int, ministry_id: str, topic_code: str, awaiting_triage: bool) -> Fact:
    """Fold a decision; an older one than is known changes nothing."""
    if version <= fact.case_version:
        return fact
    waits = awaiting_triage and fact.state not in ENDED
    topic = topic_code or fact.topic_code
    return replace(fact, case_version=version, ministry_id=ministry_id, topic_code=topic, awaiting_triage=waits)


def due(fact: Fact, *, due_on: date) -> Fact:
    """Fold the day by which an answer is owed."""
    return replace(fact, due_on=due_on)


def answered(fact: Fact, *, on: date, working_days: int, late: bool) -> Fact:
    """Fold an answer: with several the last one counts, and a late one stays late."""
    if fact.answered_on is not None and on < fact.answered_on:
        return fact
    return replace(fact, answered_on=on, working_days=working_days, late=fact.late or late)


def graded(fact: Fact, *, grade: str, at: datetime) -> Fact:
    """Fold the grade of an answer; an older one than is known changes nothing."""
    if fact.graded_at is not None and at < fact.graded_at:
        return fact
    return replace(fact, grade=grade, graded_at=at)
