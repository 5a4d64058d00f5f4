"""The file of a complaint: its words, answers, questions and acts, as one reader may see them."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.complaint import ENDED, Complaint, ReplyGrade, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act on a complaint and the state after it."""

    state: State
    acted_at: datetime
    actor: str
    body_id: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer to a complaint."""

    body_id: str
    letter_id: str
    text: str
    grade: ReplyGrade | None
    interim: bool
    replied_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question to the complainant; the answer is empty while it is open."""

    question: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A complaint with what belongs to it."""

    complaint: Complaint
    text: str = ""
    text_commitment: bytes = b""
    acts: tuple[Act, ...] = ()
    replies: tuple[Reply, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def open_question(self) -> str:
        """The question that waits for the complainant."""
        if self.complaint.state is not State.AWAITING_COMPLAINANT:
            return ""
        return next((each.question for each in reversed(self.questions) if each.answered_at is None), "")

    @property
    def closure_note(self) -> str:
        """The officer's explanation of the end."""
        if self.complaint.state not in ENDED:
            return ""
        return next((each.note for each in reversed(self.acts) if each.state in ENDED and each.note), "")
