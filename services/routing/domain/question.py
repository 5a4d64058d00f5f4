"""What the ministries' rules are asked: one complaint, the words found in it, and the moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.routing.domain.decision import OwnerAnswer, Verdict
from services.routing.domain.facts import Facts, Narrative, TermHit
from services.routing.domain.learned import NO_INSIGHT, Insight
from services.routing.domain.reference import Reference


@dataclass(frozen=True, kw_only=True)
class Question:
    """One complaint as it is put to the rules."""

    facts: Facts
    narrative: Narrative
    hits: tuple[TermHit, ...]
    reference: Reference
    now: datetime
    insight: Insight = NO_INSIGHT


class Council(Protocol):
    """The ministries' rules, as routing asks them."""

    def scan(self, text: str) -> tuple[TermHit, ...]:
        """Find the declared terms in a text."""

    async def claims(self, question: Question) -> tuple[Verdict, ...]:
        """Ask every ministry whether the complaint is its own."""

    async def shadow_claims(self, question: Question) -> tuple[Verdict, ...]:
        """Ask every ministry that has rules in the shadow."""

    async def unit(self, question: Question, ministry_id: str) -> OwnerAnswer | None:
        """Ask the competent ministry for the unit; None where its rules have no such hook."""

    async def days(self, question: Question, ministry_id: str) -> OwnerAnswer | None:
        """Ask the competent ministry for its working days; None where its rules have no such hook."""
