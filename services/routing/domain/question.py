"""What the ministries' rules are asked: one complaint, the words found in it, and the moment."""

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.facts import Facts, Narrative, TermHit
from services.routing.domain.reference import Reference


@dataclass(frozen=True, kw_only=True)
class Question:
    """One complaint as it is put to the rules."""

    facts: Facts
    narrative: Narrative
    hits: tuple[TermHit, ...]
    reference: Reference
    now: datetime
