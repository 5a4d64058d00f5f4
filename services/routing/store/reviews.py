"""Remembers reviews, sealed with a key of their own: rules may read personal data out of a complaint's words."""

from dataclasses import dataclass

from services.chassis.database import Connection
from services.chassis.sealing import KeyRing
from services.routing.domain.combining import LADDER
from services.routing.domain.review import Ladder, Priority, Review

PURPOSE = "review"


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How the latest review wants a complaint's referrals handled."""

    priority: Priority = Priority.NORMAL
    ladder: Ladder = LADDER


class Reviews:
    """The reviews of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, keys: KeyRing, review: Review, written: bytes) -> None:
        """Keep a review as it was written."""
        key, wrapped = keys.new(review.decision_id)
        await self._connection.execute(
            "INSERT INTO review VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            review.decision_id,
            review.complaint_id,
            review.case_version,
            review.combined.priority,
            list(review.combined.ladder.steps),
            review.reviewed_at,
            wrapped,
            key.seal(written, purpose=PURPOSE),
            review.combined.ladder.early_notice,
        )

    async def latest(self, keys: KeyRing, complaint_id: str) -> bytes | None:
        """Return a complaint's latest review as it was written."""
        row = await self._connection.fetchrow(
            "SELECT decision_id, wrapped, sealed FROM review WHERE complaint_id = $1 ORDER BY case_version DESC LIMIT 1",
            complaint_id,
        )
        return keys.unwrap(row["wrapped"], row["decision_id"]).open(row["sealed"], purpose=PURPOSE) if row else None

    async def handling(self, decision_id: str) -> Handling:
        """Return how a decision's referral is handled; the core's own way where the rules were not heard."""
        row = await self._connection.fetchrow(
            "SELECT priority, steps, early_notice FROM review WHERE decision_id = $1", decision_id
        )
        if row is None:
            return Handling()
        ladder = Ladder(early_notice=row["early_notice"], steps=tuple(row["steps"]))
        return Handling(priority=Priority(row["priority"]), ladder=ladder)
