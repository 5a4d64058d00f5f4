"""Remembers what decisions rested on; what many share is kept once, under the digest of its content."""

from datetime import date

from services.chassis.database import Connection, Row
from services.routing.domain.basis import Basis, Ground
from services.routing.domain.facts import Facts

ADD = """
    WITH ground AS (INSERT INTO decision_ground VALUES ($8, $9, $10) ON CONFLICT DO NOTHING)
    INSERT INTO decision_basis VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
READ = "SELECT * FROM decision_basis JOIN decision_ground USING (ground_digest)"


class BasisStore:
    """The bases of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, basis: Basis) -> None:
        """Keep what a decision rested on."""
        facts = vars(basis.facts) | {"received_on": basis.facts.received_on.isoformat()}
        await self._connection.execute(
            ADD,
            *(basis.decision_id, facts, basis.asked_at, basis.text_commitment),
            *(basis.addressed_ministry_id, basis.wilaya_label, basis.policy),
            *(basis.ground.digest, basis.ground.ministries, basis.ground.holidays),
        )

    async def get(self, decision_id: str) -> Basis | None:
        """Return what a decision rested on."""
        row = await self._connection.fetchrow(f"{READ} WHERE decision_id = $1", decision_id)
        return _basis(row) if row else None

    async def many(self, decision_ids: list[str]) -> dict[str, Basis]:
        """Return what several decisions rested on."""
        rows = await self._connection.fetch(f"{READ} WHERE decision_id = ANY($1::uuid[])", decision_ids)
        return {row["decision_id"]: _basis(row) for row in rows}


def _basis(row: Row) -> Basis:
    kept = row["facts"]
    shaped = {"received_on": date.fromisoformat(kept["received_on"]), "declined_by": tuple(kept["declined_by"])}
    return Basis(
        decision_id=row["decision_id"],
        facts=Facts(**(kept | shaped)),
        asked_at=row["asked_at"],
        text_commitment=row["text_commitment"],
        addressed_ministry_id=row["addressed_ministry_id"],
        wilaya_label=row["wilaya_label"],
        policy=row["policy"],
        ground=Ground(ministries=tuple(row["ministries"]), holidays=tuple(row["holidays"])),
    )
