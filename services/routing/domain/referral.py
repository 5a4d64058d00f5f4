"""A referral: a complaint sent to one authority, with its own clock and its own life."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from services.chassis.refusals import Conflict, Invalid, NotFound
from services.routing.domain.calendar import Calendar

STEPS_AFTER_DUE = (1, 6, 11)
LAST_STEP = len(STEPS_AFTER_DUE)


class ReferralState(StrEnum):
    """Where a referral stands."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    ASSESSED = "assessed"
    CLOSED = "closed"


S = ReferralState
OPEN = frozenset({S.SENT, S.ACKNOWLEDGED, S.ACCEPTED})
MAY_BECOME: dict[ReferralState, frozenset[ReferralState]] = {
    S.SENT: frozenset({S.ACKNOWLEDGED, S.ACCEPTED, S.DECLINED, S.ANSWERED, S.CLOSED}),
    S.ACKNOWLEDGED: frozenset({S.ACCEPTED, S.DECLINED, S.ANSWERED, S.CLOSED}),
    S.ACCEPTED: frozenset({S.ANSWERED, S.CLOSED}),
    S.DECLINED: frozenset(),
    S.ANSWERED: frozenset({S.ASSESSED, S.CLOSED}),
    S.ASSESSED: frozenset({S.ACCEPTED, S.CLOSED}),
    S.CLOSED: frozenset(),
}


class ReferralUnknown(NotFound):
    """There is no such referral, or it is not yours to see."""

    ar = "لا توجد إحالة بهذا المعرّف، أو لا يحق لك الاطلاع عليها."
    fr = "Ce renvoi n'existe pas ou ne vous est pas accessible."
    field = "referral_id"


class ReferralCannotBecome(Conflict):
    """The referral is {from_state} and cannot become {to_state}; read it again."""

    ar = "حالة الإحالة الآن {from_state} ولا يمكن أن تصبح {to_state}؛ اقرأها من جديد."
    fr = "Le renvoi est dans l'état {from_state} et ne peut passer à {to_state} ; relisez-le."


class DeclineNamesItself(Invalid):
    """A body that declines must name another body as competent."""

    ar = "على الهيئة التي تعتذر عن الاختصاص أن تسمي هيئة أخرى مختصة."
    fr = "L'organisme qui décline doit nommer un autre organisme compétent."
    field = "competent_body_id"


@dataclass(frozen=True, kw_only=True)
class Declined:
    """A refusal for lack of competence."""

    body_id: str
    competent_body_id: str
    because: str
    declined_at: datetime


@dataclass(frozen=True, kw_only=True)
class Referral:
    """A complaint sent to one authority; its clock runs from `clock_from`."""

    referral_id: str
    complaint_id: str
    number: str
    decision_id: str
    letter_id: str
    ministry_id: str
    unit_body_id: str
    from_body_id: str
    wilaya_id: str
    state: ReferralState
    sent_on: date
    clock_from: date
    due_on: date
    deadline_days: int
    updated_at: datetime
    next_step_on: date | None = None
    escalation: int = 0
    working_days: int = 0
    steps: tuple[int, ...] = STEPS_AFTER_DUE
    priority: int = 1
    early_notice: int = 0
    notice_on: date | None = None
    decline: Declined | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Tell whether an answer is awaited."""
        return self.state in OPEN

    def is_overdue(self, today: date) -> bool:
        """Tell whether the day has passed without an answer."""
        return self.is_open and today > self.due_on

    def is_due_soon(self, today: date) -> bool:
        """Tell whether the day comes near on which the unit's ministry wants an answer."""
        return self.is_open and self.notice_on is not None and self.notice_on <= today <= self.due_on

    def told(self) -> Self:
        """Return the referral with one more event told of it."""
        return replace(self, version=self.version + 1)

    def became(self, state: ReferralState, now: datetime) -> Self:
        """Return the referral in its next state, if its life allows that."""
        if state not in MAY_BECOME[self.state]:
            raise ReferralCannotBecome(from_state=self.state, to_state=state)
        next_step_on = self.next_step_on if state in OPEN else None
        return replace(self, state=state, version=self.version + 1, updated_at=now, next_step_on=next_step_on)

    def declined(self, competent_body_id: str, because: str, now: datetime) -> Self:
        """Return the referral once the unit has named who is competent instead."""
        if competent_body_id == self.unit_body_id:
            raise DeclineNamesItself(body_id=competent_body_id)
        decline = Declined(
            body_id=self.unit_body_id, competent_body_id=competent_body_id, because=because, declined_at=now
        )
        return replace(self.became(S.DECLINED, now), decline=decline)

    def answered(self, on: date, calendar: Calendar, now: datetime) -> Self:
        """Return the referral once its unit has replied; the clock stops on that day."""
        return replace(self.became(S.ANSWERED, now), working_days=calendar.between(self.clock_from, on))

    def returned(self, on: date, calendar: Calendar, now: datetime) -> Self:
        """Return an assessed referral whose reply was superficial: accepted again, with a new clock."""
        again = replace(self.became(S.ACCEPTED, now), clock_from=on, escalation=0, working_days=0)
        return again.due(calendar.after(on, self.deadline_days), calendar)

    def due(self, on: date, calendar: Calendar) -> Self:
        """Return the referral due on a day, the ladder's next step after it."""
        notice_on = calendar.before(on, self.early_notice) if self.early_notice else None
        dated = replace(self, due_on=on, notice_on=notice_on, next_step_on=None)
        if self.escalation >= LAST_STEP:
            return dated
        return replace(dated, next_step_on=calendar.after(on, self.steps[self.escalation]))

    def escalated(self, calendar: Calendar, now: datetime) -> Self:
        """Return the referral one step up the ladder: reminder, second reminder, formal notice."""
        taken = replace(self, escalation=self.escalation + 1, version=self.version + 1, updated_at=now)
        return taken.due(self.due_on, calendar)


def sent(referral: Referral, calendar: Calendar) -> Referral:
    """Start the clock of a referral on the day of dispatch."""
    return referral.due(calendar.after(referral.sent_on, referral.deadline_days), calendar)
