"""The life of a complaint: what may follow what, who may close it and why."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from services.chassis.refusals import Conflict, EtagStale, Forbidden, Invalid, NotFound
from services.intake.domain.filing import Channel, ComplaintKind, Identity
from services.intake.domain.number import written


class State(StrEnum):
    """Where a complaint stands."""

    REGISTERED = "registered"
    UNDER_EXAMINATION = "under_examination"
    INADMISSIBLE = "inadmissible"
    AWAITING_COMPLAINANT = "awaiting_complainant"
    REFERRED = "referred"
    IN_PROCESSING = "in_processing"
    REPLIED = "replied"
    CLOSED = "closed"
    REOPENED = "reopened"


MAY_BECOME: dict[State, frozenset[State]] = {
    State.REGISTERED: frozenset({State.UNDER_EXAMINATION, State.CLOSED}),
    State.UNDER_EXAMINATION: frozenset(
        {State.INADMISSIBLE, State.AWAITING_COMPLAINANT, State.REPLIED, State.REFERRED, State.CLOSED}
    ),
    State.INADMISSIBLE: frozenset({State.CLOSED, State.REOPENED}),
    State.AWAITING_COMPLAINANT: frozenset({State.UNDER_EXAMINATION, State.CLOSED}),
    State.REFERRED: frozenset({State.IN_PROCESSING, State.CLOSED}),
    State.IN_PROCESSING: frozenset({State.REPLIED, State.CLOSED}),
    State.REPLIED: frozenset({State.CLOSED, State.IN_PROCESSING}),
    State.CLOSED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.UNDER_EXAMINATION, State.CLOSED}),
}
FRESH = frozenset({State.REGISTERED, State.REOPENED})
ENDED = frozenset({State.CLOSED, State.INADMISSIBLE})


class ClosureReason(StrEnum):
    """Why a complaint is closed."""

    FAVOURABLE = "favourable"
    PARTLY_FAVOURABLE = "partly_favourable"
    UNFOUNDED = "unfounded"
    LEGAL_BAR = "legal_bar"
    OUTSIDE_JUDICIAL = "outside_judicial"
    OUTSIDE_STAFF_DISPUTE = "outside_staff_dispute"
    OUTSIDE_SOVEREIGN = "outside_sovereign"
    OUTSIDE_PRIVATE = "outside_private"
    REMEDIES_NOT_EXHAUSTED = "remedies_not_exhausted"
    INCOMPLETE = "incomplete"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    NO_MALADMINISTRATION = "no_maladministration"
    RECOMMENDATION_ACCEPTED = "recommendation_accepted"
    RECOMMENDATION_REFUSED = "recommendation_refused"
    ABUSIVE = "abusive"


REASONS_OF_INADMISSIBILITY = frozenset(
    {
        ClosureReason.OUTSIDE_JUDICIAL,
        ClosureReason.OUTSIDE_STAFF_DISPUTE,
        ClosureReason.OUTSIDE_SOVEREIGN,
        ClosureReason.OUTSIDE_PRIVATE,
        ClosureReason.REMEDIES_NOT_EXHAUSTED,
        ClosureReason.INCOMPLETE,
        ClosureReason.ABUSIVE,
    }
)


class ReplyGrade(StrEnum):
    """How an answer is judged."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    SUPERFICIAL = "superficial"


class ComplaintUnknown(NotFound):
    """No complaint {complaint} is known, or you may not see it; check the number."""

    ar: ClassVar[str] = "لا شكوى معروفة بـ {complaint} أو لا يحق لك الاطلاع عليها؛ تحقق من الرقم."
    fr: ClassVar[str] = "Aucune doléance {complaint} n'est connue, ou vous ne pouvez la voir ; vérifiez le numéro."
    field: ClassVar[str] = "complaint_id"


class TransitionForbidden(Conflict):
    """The complaint {number} is {from_state} and cannot become {to_state}; see its file for what can follow."""

    ar: ClassVar[str] = "الشكوى {number} في حالة {from_state} ولا يمكن أن تصير {to_state}؛ راجع الملف."
    fr: ClassVar[str] = (
        "La doléance {number} est à l'état {from_state} et ne peut passer à {to_state} ; voyez son dossier."
    )


class ReferralOpen(Conflict):
    """The complaint {number} has a referral that has not ended; wait for the reply or assess it first."""

    ar: ClassVar[str] = "للشكوى {number} إحالة لم تنته؛ انتظر الرد أو قيّمه أولا."
    fr: ClassVar[str] = (
        "La doléance {number} a un renvoi qui n'est pas terminé ; attendez la réponse ou appréciez-la d'abord."
    )


class ClosureReasonForbidden(Invalid):
    """The reason {reason} cannot be given here; choose another of the list."""

    ar: ClassVar[str] = "لا يمكن ذكر السبب {reason} هنا؛ اختر سببا آخر من القائمة."
    fr: ClassVar[str] = "Le motif {reason} ne peut être donné ici ; choisissez-en un autre dans la liste."
    field: ClassVar[str] = "reason"


class DuplicateUnnamed(Invalid):
    """A duplicate names the other complaint, which must exist and be another one; write its number."""

    ar: ClassVar[str] = "التكرار يستلزم رقم الشكوى الأخرى الموجودة؛ اكتب رقمها."
    fr: ClassVar[str] = "Un doublon nomme l'autre doléance, qui doit exister et être distincte ; écrivez son numéro."
    field: ClassVar[str] = "duplicate_of"


class GradeForbidden(Invalid):
    """The keeping body judges its own answer favourable or unfavourable; choose one of the two."""

    ar: ClassVar[str] = "الجهة الماسكة تصف ردها بالإيجابي أو السلبي؛ اختر أحدهما."
    fr: ClassVar[str] = "L'administration qualifie sa réponse de favorable ou défavorable ; choisissez l'un des deux."
    field: ClassVar[str] = "grade"


class NotKeeper(Forbidden):
    """Only the body that keeps the register answers an entry in it; refer the complaint instead."""

    ar: ClassVar[str] = "لا يجيب على القيد إلا الجهة الماسكة للسجل؛ أحل الشكوى بدلا من ذلك."
    fr: ClassVar[str] = (
        "Seule l'administration qui tient le registre répond à une inscription ; renvoyez plutôt la doléance."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """A complaint without its words."""

    complaint_id: str
    register_id: str
    line: int
    keeping_body_id: str
    kind: ComplaintKind
    channel: Channel
    identity: Identity
    consent: bool
    addressed_body_id: str
    commune_id: str
    wilaya_id: str
    topic_code: str
    language: str
    paper_page: int | None
    paper_line: int | None
    received_on: date
    registered_at: datetime
    registered_by: str
    sample: bool
    state: State = State.REGISTERED
    version: int = 1
    due_on: date | None = None
    holder_body_id: str = ""
    closure_reason: ClosureReason | None = None
    duplicate_of: str = ""

    @property
    def number(self) -> str:
        """The register number."""
        return written(self.register_id, self.line)

    @property
    def series(self) -> str:
        """The register's part that stays the same over the years."""
        return self.register_id.rpartition("/")[0]


def unchanged(complaint: Complaint, etag: str) -> None:
    """Refuse a change that builds on another version."""
    if etag != str(complaint.version):
        raise EtagStale


def become(complaint: Complaint, to: State) -> Complaint:
    """Return the complaint one step on."""
    if to not in MAY_BECOME[complaint.state]:
        raise TransitionForbidden(number=complaint.number, from_state=complaint.state, to_state=to)
    return replace(complaint, state=to, version=complaint.version + 1)


def walk(complaint: Complaint, *states: State) -> list[Complaint]:
    """Return the complaint after each step; who acts on a fresh one has examined it."""
    steps = []
    if complaint.state in FRESH and states[0] not in MAY_BECOME[complaint.state]:
        states = (State.UNDER_EXAMINATION, *states)
    for state in states:
        complaint = become(complaint, state)
        steps.append(complaint)
    return steps


def inadmissible(complaint: Complaint, reason: ClosureReason) -> list[Complaint]:
    """Confirm that a complaint lies outside the mandate or the law's bounds."""
    if reason not in REASONS_OF_INADMISSIBILITY:
        raise ClosureReasonForbidden(reason=reason)
    *before, last = walk(complaint, State.INADMISSIBLE)
    return [*before, replace(last, closure_reason=reason)]


def replied(complaint: Complaint, body_id: str, grade: ReplyGrade) -> list[Complaint]:
    """Let the keeping body answer its entry."""
    if complaint.keeping_body_id != body_id:
        raise NotKeeper
    if grade is ReplyGrade.SUPERFICIAL:
        raise GradeForbidden
    if complaint.state in {State.REFERRED, State.IN_PROCESSING}:
        raise TransitionForbidden(number=complaint.number, from_state=complaint.state, to_state=State.REPLIED)
    return walk(complaint, State.REPLIED)


def withdrawn(complaint: Complaint) -> list[Complaint]:
    """Withdraw a complaint by its complainant."""
    return _close(complaint, ClosureReason.WITHDRAWN, "")


def may_withdraw(complaint: Complaint) -> bool:
    """Tell whether the complainant can still withdraw."""
    return complaint.state not in ENDED


def closed(complaint: Complaint, reason: ClosureReason, *, duplicate_of: str, referral_open: bool) -> list[Complaint]:
    """Close a complaint for a reason of the list, once every referral has ended."""
    if reason is ClosureReason.WITHDRAWN:
        raise ClosureReasonForbidden(reason=reason)
    if (reason is ClosureReason.DUPLICATE) != bool(duplicate_of) or duplicate_of == complaint.number:
        raise DuplicateUnnamed
    if referral_open:
        raise ReferralOpen(number=complaint.number)
    return _close(complaint, reason, duplicate_of)


def _close(complaint: Complaint, reason: ClosureReason, duplicate_of: str) -> list[Complaint]:
    *before, last = walk(complaint, State.CLOSED)
    return [*before, replace(last, closure_reason=reason, duplicate_of=duplicate_of)]


def reopened(complaint: Complaint) -> list[Complaint]:
    """Open a closed complaint again."""
    steps = walk(complaint, State.REOPENED)
    return [replace(steps[-1], closure_reason=None, duplicate_of="", holder_body_id=complaint.keeping_body_id)]
