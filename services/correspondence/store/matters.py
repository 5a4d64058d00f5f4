"""Remembers how far each complaint's matter is known, so that late and repeated events do no harm."""

from services.chassis.database import Connection


class Matters:
    """The complaints that letters are about."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def decided(self, complaint_id: str, *, version: int, decision_id: str) -> bool:
        """Note a decision; say whether it is the latest one."""
        latest = await self._connection.fetchval(
            """
            INSERT INTO matter (complaint_id, decided_version, decision_id) VALUES ($1, $2, $3)
            ON CONFLICT (complaint_id) DO UPDATE SET decided_version = $2, decision_id = $3 WHERE matter.decided_version < $2
            RETURNING true
            """,
            complaint_id,
            version,
            decision_id,
        )
        return latest is True

    async def moved(self, complaint_id: str, *, version: int, ended: bool) -> bool:
        """Note a complaint's state; say whether it is the latest one."""
        latest = await self._connection.fetchval(
            """
            INSERT INTO matter (complaint_id, state_version, ended) VALUES ($1, $2, $3)
            ON CONFLICT (complaint_id) DO UPDATE SET state_version = $2, ended = $3 WHERE matter.state_version < $2
            RETURNING true
            """,
            complaint_id,
            version,
            ended,
        )
        return latest is True

    async def ended(self, complaint_id: str) -> bool:
        """Say whether the complaint has ended, as far as is known; hold the matter until the transaction ends."""
        ended = await self._connection.fetchval(
            "SELECT ended FROM matter WHERE complaint_id = $1 FOR UPDATE", complaint_id
        )
        return ended is True
