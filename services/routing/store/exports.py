"""Reads a ministry's own cases for its authors, and whether somebody may go on reading them."""

from datetime import datetime

from services.chassis.database import Connection
from services.routing.domain.release import ActKind

OWN = """
    SELECT decision_id, (
        SELECT ministry_id FROM decision AS last WHERE last.complaint_id = decision.complaint_id
        ORDER BY decided_at DESC, decision_id DESC LIMIT 1
    ) AS assigned
    FROM decision
    WHERE outcome <> 'by_hand' AND decided_at >= $1 AND (decided_at, decision_id) < ($2, $3)
        AND (verdicts @> $4 OR EXISTS (
            SELECT FROM decision AS given
            WHERE given.complaint_id = decision.complaint_id AND given.ministry_id = $5
        ))
    ORDER BY decided_at DESC, decision_id DESC LIMIT $6
"""


class ExportStore:
    """The cases of ministries, over one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def was_begun(self, act_id: str, ministry_id: str, actor: str) -> bool:
        """Tell whether an act allows this actor to read a ministry's cases."""
        found = await self._connection.fetchval(
            "SELECT true FROM rules_act WHERE act_id = $1 AND kind = $2 AND ministry_id = $3 AND actor = $4",
            *(act_id, ActKind.CASES_EXPORTED, ministry_id, actor),
        )
        return found is True

    async def own(
        self, ministry_id: str, since: datetime, *, before: tuple[datetime, str], limit: int
    ) -> dict[str, str]:
        """Return decisions of rules on cases that a ministry claimed or was given, and who got each case in the end."""
        claimed = [{"ministry_id": ministry_id, "answer": "claim"}]
        rows = await self._connection.fetch(OWN, since, *before, claimed, ministry_id, limit)
        return {row["decision_id"]: row["assigned"] for row in rows}
