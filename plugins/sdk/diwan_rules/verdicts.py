"""What a rule answers: verdicts, each with its reason in Arabic and French, checked when they are made."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Reference = Annotated[str, StringConstraints(max_length=1000)]
Score = Annotated[int, Field(ge=0, le=1000)]
AS_TEXT = Field(strict=False)  # an enumeration may be written as its text, a tuple as a list


class Frozen(BaseModel):
    """Unchangeable, and without fields that nobody asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bilingual(Frozen):
    """A text in Arabic and French."""

    ar: Line
    fr: Line


class Because(Bilingual):
    """Why a rule answers so, for the citizen's file, in Arabic and French."""


class Verdict(Frozen):
    """One answer of a rule; `own` names the field that holds a code of the ministry's own: `slow` is `MJ.slow` outside."""

    own: ClassVar[str] = ""
    declared_by: ClassVar[str] = ""  # the hook that must have declared this code


class Severity(StrEnum):
    """What follows from a finding."""

    NOTE = "note"
    WARNING = "warning"
    INCOMPLETE = "incomplete"


class Finding(Verdict):
    """Something about the complaint that a person should know; INCOMPLETE asks the citizen, and nothing refuses a complaint."""

    code: Code
    field: Code
    severity: Annotated[Severity, AS_TEXT]
    because: Because


class Fact(Verdict):
    """One fact that rules read out of the complaint, so that officers need not; it says nothing of who complains."""

    own = "name"

    name: Code
    value: bool | Annotated[int, Field(ge=-(2**63), lt=2**63)] | str | Annotated[tuple[str, ...], AS_TEXT]


class RequiredDocument(Verdict):
    """A document that the ministry needs before it can decide, by its code in `documents`."""

    own = "document"
    declared_by = "documents"

    document: Code
    mandatory: bool
    because: Because


class CategoryScore(Verdict):
    """How sure the ministry is that the complaint is of one of its `categories`."""

    own = "category"
    declared_by = "categories"

    category: Code
    score: Score
    because: Because


class Basis(StrEnum):
    """On what a claim rests."""

    TOPICAL = "topical"
    ADDRESSED = "addressed"
    STATUTORY = "statutory"


class Claim(Verdict):
    """The complaint is ours, with a score from 0 to 1000."""

    score: Score
    because: Because
    basis: Annotated[Basis, AS_TEXT] = Basis.TOPICAL
    legal_reference: Reference = ""
    category: Reference = ""
    rule: Reference = ""


class Decline(Verdict):
    """The complaint is not ours; if known, with the ministry whose it is."""

    because: Because
    suggest: Annotated[str, StringConstraints(pattern=r"^([A-Z][A-Z0-9]{0,15})?$")] = ""


class UnitProposal(Verdict):
    """The ministry's own unit that should get the complaint, by its body_id."""

    unit: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    because: Because


class WorkingDays(Verdict):
    """How many working days a stage may take; the core keeps the shorter of this and the legal maximum."""

    days: Annotated[int, Field(ge=1, le=366)]
    because: Because


class Priority(StrEnum):
    """How pressing a complaint is."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class PriorityProposal(Verdict):
    """How pressing the complaint is; the core keeps the higher of this and its own."""

    priority: Annotated[Priority, AS_TEXT]
    because: Because


class ReminderKind(StrEnum):
    """A step of the ladder by which a late answer is asked for."""

    EARLY_NOTICE = "early_notice"
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"
    FORMAL_NOTICE = "formal_notice"


class ReminderStep(Verdict):
    """When a step of the ladder is taken, in working days after the answer was due; a negative number lies before."""

    kind: Annotated[ReminderKind, AS_TEXT]
    after_due: Annotated[int, Field(ge=-60, le=60)]
    because: Because


class LetterContext(Verdict):
    """Which of the ministry's `letter_templates` is used, and what its variables hold."""

    own = "template"
    declared_by = "letter_templates"

    template: Code
    variables: Annotated[Mapping[Code, Line], Field(max_length=20)] = {}


class Signatory(Verdict):
    """Who signs, by the code of a role in the ministry's directory."""

    role: Code
    because: Because


class ReplyGrade(StrEnum):
    """How a reply is judged."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    SUPERFICIAL = "superficial"


class ReplyReview(Verdict):
    """How the ministry's rules judge a reply, and what it lacks; a person grades it."""

    grade: Annotated[ReplyGrade, AS_TEXT]
    because: Because
    missing: Annotated[tuple[Bilingual, ...], Field(strict=False, max_length=10)] = ()


class RetentionRule(Verdict):
    """How many years the file is kept after it was closed; the core keeps the longer of this and the legal minimum."""

    years: Annotated[int, Field(ge=1, le=100)]
    because: Because


class HiddenField(StrEnum):
    """A part of a case that can be hidden."""

    TEXT = "text"
    REPLY = "reply"
    ATTACHMENTS = "attachments"
    TOPIC = "topic"
    COMMUNE = "commune"


class Redaction(Verdict):
    """What must not be shown: a whole field, or of the text the characters from `start` up to `end`."""

    field: Annotated[HiddenField, AS_TEXT]
    because: Because
    start: Annotated[int, Field(ge=0)] = 0
    end: Annotated[int, Field(ge=0)] = 0
