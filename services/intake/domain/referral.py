"""What intake knows of referrals: who may read a complaint because of one, and where they take the complaint."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.complaint import FRESH, Complaint, State, become


class ReferralState(StrEnum):
    """Where a referral stands."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    ASSESSED = "assessed"
    CLOSED = "closed"


WITH_THE_UNIT = frozenset({ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ACCEPTED})
ENDED = frozenset({ReferralState.DECLINED, ReferralState.CLOSED})
READING = frozenset(ReferralState) - {ReferralState.DECLINED}
ROAD: tuple[State, ...] = (State.UNDER_EXAMINATION, State.REFERRED, State.IN_PROCESSING, State.REPLIED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Referral:
    """A complaint sent to one authority, as routing told it; answered, when its final reply is here."""

    referral_id: str
    complaint_id: str
    unit_body_id: str
    ministry_id: str
    state: ReferralState
    version: int
    answered: bool = False

    @property
    def waits(self) -> bool:
        """Tell whether the unit still has to answer."""
        return self.state in WITH_THE_UNIT and not self.answered


def any_open(referrals: Collection[Referral]) -> bool:
    """Tell whether a referral has not ended, so that the complaint cannot be closed."""
    return any(each.state not in ENDED for each in referrals)


def holder(complaint: Complaint, referrals: Collection[Referral]) -> str:
    """Return the body that holds the complaint: the first that still has to answer, or the keeper."""
    waiting = sorted(each.unit_body_id for each in referrals if each.waits)
    return waiting[0] if waiting else complaint.keeping_body_id


def follow(complaint: Complaint, referrals: Collection[Referral]) -> list[Complaint]:
    """Take the complaint as far as its referrals are; their events come in any order."""
    waiting = [each for each in referrals if each.waits]
    answered = any(each.answered for each in referrals)
    if not waiting:
        return _on_the_road(complaint, State.REPLIED) if answered else []
    begun = answered or any(each.state is ReferralState.ACCEPTED for each in waiting)
    return _on_the_road(complaint, State.IN_PROCESSING if begun else State.REFERRED)


def begun(complaint: Complaint) -> list[Complaint]:
    """Take the complaint on after an interim answer: the authority works on it."""
    return _on_the_road(complaint, State.IN_PROCESSING)


def returned(complaint: Complaint) -> list[Complaint]:
    """Take a superficial answer back to the authority."""
    return [become(complaint, State.IN_PROCESSING)] if complaint.state is State.REPLIED else []


def _on_the_road(complaint: Complaint, to: State) -> list[Complaint]:
    if complaint.state not in FRESH.union(ROAD):
        return []
    ahead = ROAD if complaint.state in FRESH else ROAD[ROAD.index(complaint.state) + 1 :]
    steps: list[Complaint] = []
    for state in ahead[: ahead.index(to) + 1] if to in ahead else ():
        complaint = become(complaint, state)
        steps.append(complaint)
    return steps
