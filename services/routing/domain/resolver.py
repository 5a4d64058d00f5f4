"""Combines what the ministries' rules answered into one outcome: pure, on integers, whatever the order of answers."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

RESOLVER_VERSION = "2"
HIGHEST_SCORE = 1000
FULL_WEIGHT = 1000


class Tier(IntEnum):
    """How strong a claim's ground is; the higher wins whatever the scores. What was learned stands below every rule."""

    LEARNED = 0
    TOPICAL = 1
    ADDRESSED = 2
    STATUTORY = 3


class AnswerKind(StrEnum):
    """What one ministry's rules answered."""

    CLAIM = "claim"
    DECLINE = "decline"
    ABSTAIN = "abstain"
    ERROR = "error"


class Outcome(StrEnum):
    """What the rules together say, or that a person decided."""

    ASSIGNED = "assigned"
    AMBIGUOUS = "ambiguous"
    UNCLAIMED = "unclaimed"
    PROVISIONAL = "provisional"
    BY_HAND = "by_hand"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One ministry's answer, as far as it counts; tier and score speak for a claim only."""

    ministry_id: str
    kind: AnswerKind
    tier: Tier = Tier.TOPICAL
    score: int = 0
    legal_reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Precedence:
    """The Mediator's table: weights and caps per mille, the order among equals, who may claim by statute."""

    revision: int = 1
    margin: int = 50
    minimum: int = 300
    weights: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    statutory: frozenset[str] = frozenset()

    def effective(self, ministry_id: str, score: int) -> int:
        """Return a score after the ministry's weight and cap."""
        weighted = score * self.weights.get(ministry_id, FULL_WEIGHT) // FULL_WEIGHT
        return min(self.caps.get(ministry_id, HIGHEST_SCORE), weighted)

    def rank(self, ministry_id: str) -> tuple[int, str]:
        """Return the place among equals: as listed, then by code."""
        place = self.order.index(ministry_id) if ministry_id in self.order else len(self.order)
        return place, ministry_id


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the core knows of the complaint when it weighs answers."""

    active: Set[str]
    addressed: str = ""
    declined_by: Set[str] = frozenset()

    def competes(self, ministry_id: str) -> bool:
        """Tell whether a ministry may win: it exists, and has not declined already."""
        return ministry_id in self.active and ministry_id not in self.declined_by


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A claim that may win, as the core weighed it."""

    ministry_id: str
    tier: Tier
    effective: int


@dataclass(frozen=True, kw_only=True)
class LearnedClaim:
    """What the classifier claims for a ministry; its confidence per mille is at its gate or above."""

    ministry_id: str
    confidence: int


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What the answers together say, and the candidates from the leading one down."""

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()
    holding: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """Return the leading ministry; empty when nobody claims."""
        return self.candidates[0].ministry_id if self.candidates else ""


def admitted_tier(answer: Answer, precedence: Precedence, addressed: str) -> Tier:
    """Return the ground of a claim after the core's check."""
    statutory = answer.ministry_id in precedence.statutory and bool(answer.legal_reference.strip())
    if answer.tier is Tier.STATUTORY and statutory:
        return Tier.STATUTORY
    if answer.tier is Tier.ADDRESSED and answer.ministry_id == addressed:
        return Tier.ADDRESSED
    return Tier.TOPICAL


def resolve(
    answers: Iterable[Answer], precedence: Precedence, at: Circumstances, learned: LearnedClaim | None = None
) -> Resolution:
    """Find the competent ministry, or say why a person must; what was learned counts only where no rule claims."""
    competing = [answer for answer in answers if at.competes(answer.ministry_id)]
    candidates = _candidates(competing, precedence, at) or _learned_candidate(competing, at, learned)
    failed = {answer.ministry_id for answer in competing if answer.kind is AnswerKind.ERROR}
    holding = tuple(
        sorted(m for m in failed if _could_change(_best_possible(m, precedence, at), candidates, precedence))
    )
    return Resolution(outcome=_outcome(candidates, holding, precedence), candidates=candidates, holding=holding)


def _candidates(answers: Iterable[Answer], precedence: Precedence, at: Circumstances) -> tuple[Candidate, ...]:
    claims = (
        Candidate(
            ministry_id=answer.ministry_id,
            tier=admitted_tier(answer, precedence, at.addressed),
            effective=precedence.effective(answer.ministry_id, answer.score),
        )
        for answer in answers
        if answer.kind is AnswerKind.CLAIM
    )
    strong = [claim for claim in claims if claim.effective >= precedence.minimum]
    return tuple(sorted(strong, key=lambda claim: (-claim.tier, -claim.effective, precedence.rank(claim.ministry_id))))


def _learned_candidate(
    answers: Iterable[Answer], at: Circumstances, learned: LearnedClaim | None
) -> tuple[Candidate, ...]:
    """Return the classifier's claim, unless that ministry does not compete or its own rules decline."""
    if learned is None or not at.competes(learned.ministry_id):
        return ()
    if any(a.ministry_id == learned.ministry_id and a.kind is AnswerKind.DECLINE for a in answers):
        return ()
    return (Candidate(ministry_id=learned.ministry_id, tier=Tier.LEARNED, effective=learned.confidence),)


def _best_possible(ministry_id: str, precedence: Precedence, at: Circumstances) -> Candidate:
    """Return the strongest claim that a ministry could have made, had its rules not failed."""
    tier = Tier.ADDRESSED if ministry_id == at.addressed else Tier.TOPICAL
    if ministry_id in precedence.statutory:
        tier = Tier.STATUTORY
    return Candidate(ministry_id=ministry_id, tier=tier, effective=precedence.effective(ministry_id, HIGHEST_SCORE))


def _could_change(best: Candidate, candidates: tuple[Candidate, ...], precedence: Precedence) -> bool:
    """Tell whether a claim could win or come too close to the lead, or a decline undo what was learned."""
    lead = candidates[0] if candidates else None
    if lead and lead.tier is Tier.LEARNED and lead.ministry_id == best.ministry_id:
        return True
    if best.effective < precedence.minimum:
        return False
    if lead is None:
        return True
    return best.tier > lead.tier or (best.tier == lead.tier and best.effective > lead.effective - precedence.margin)


def _outcome(candidates: tuple[Candidate, ...], holding: tuple[str, ...], precedence: Precedence) -> Outcome:
    if holding:
        return Outcome.PROVISIONAL
    if not candidates:
        return Outcome.UNCLAIMED
    lead, *others = candidates
    if others and others[0].tier == lead.tier and lead.effective - others[0].effective < precedence.margin:
        return Outcome.AMBIGUOUS
    return Outcome.ASSIGNED
