"""Changing the Mediator's precedence: what it may hold, and what it would have changed in decisions already made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.chassis.refusals import Invalid
from services.routing.domain.bodies import CompetentBodyUnknown
from services.routing.domain.resolver import (
    HIGHEST_SCORE,
    Answer,
    Circumstances,
    LearnedClaim,
    Outcome,
    Precedence,
    resolve,
)

HEAVIEST = 2000
SAMPLES = 5


class PrecedenceOutOfRange(Invalid):
    """{what} is {value}; it must lie between 0 and {most}."""

    ar = "قيمة {what} هي {value}؛ يجب أن تكون بين 0 و{most}."
    fr = "{what} vaut {value} ; la valeur doit se situer entre 0 et {most}."
    field = "precedence"


def must_be_sound(precedence: Precedence, ministries: frozenset[str]) -> None:
    """Refuse numbers out of range and ministries that do not exist."""
    numbers = {("margin", HIGHEST_SCORE): precedence.margin, ("minimum", HIGHEST_SCORE): precedence.minimum}
    numbers |= {(f"weights.{m}", HEAVIEST): value for m, value in precedence.weights.items()}
    numbers |= {(f"caps.{m}", HIGHEST_SCORE): value for m, value in precedence.caps.items()}
    for (what, most), value in numbers.items():
        if not 0 <= value <= most:
            raise PrecedenceOutOfRange(what=what, value=value, most=most, field=what.partition(".")[0])
    named = {"weights": precedence.weights, "caps": precedence.caps}
    for where, ministry_ids in {**named, "order": precedence.order, "statutory": precedence.statutory}.items():
        for ministry_id in ministry_ids:
            if ministry_id not in ministries:
                raise CompetentBodyUnknown(body_id=ministry_id, field=where)


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A precedence, who set it and when."""

    precedence: Precedence
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Past:
    """A decision of the rules as far as it can be taken again: who answered what, in which circumstances."""

    number: str
    outcome: Outcome
    lead: str
    answers: tuple[Answer, ...]
    at: Circumstances
    learned: LearnedClaim | None = None


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Where decisions would go from and to: outcome and leading ministry of both."""

    from_outcome: Outcome
    from_lead: str
    to_outcome: Outcome
    to_lead: str


@dataclass
class Preview:
    """What another precedence would have changed, counted as decisions are looked at."""

    precedence: Precedence
    looked_at: int = 0
    counts: Counter[Shift] = field(default_factory=Counter)
    samples: dict[Shift, list[str]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Return how many decisions would be others."""
        return self.counts.total()

    def look_at(self, decisions: Iterable[Past]) -> None:
        """Take these decisions again under the other precedence."""
        for past in decisions:
            self.looked_at += 1
            found = resolve(past.answers, self.precedence, past.at, past.learned)
            lead = _lead(found.outcome, found.lead)
            before = _lead(past.outcome, past.lead)
            if (found.outcome, lead) != (past.outcome, before):
                self._note(
                    past, Shift(from_outcome=past.outcome, from_lead=before, to_outcome=found.outcome, to_lead=lead)
                )

    def by_frequency(self) -> Mapping[Shift, int]:
        """Return the shifts, the most frequent first."""
        return dict(sorted(self.counts.items(), key=lambda each: (-each[1], each[0].from_lead, each[0].to_lead)))

    def _note(self, past: Past, shift: Shift) -> None:
        self.counts[shift] += 1
        if len(kept := self.samples.setdefault(shift, [])) < SAMPLES:
            kept.append(past.number)


def _lead(outcome: Outcome, lead: str) -> str:
    """Return the ministry that a decision goes to; a person decides everything else."""
    return lead if outcome is Outcome.ASSIGNED else ""
