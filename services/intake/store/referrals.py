"""Remembers which bodies a complaint was sent to, as routing told it."""

from services.chassis.database import Connection
from services.intake.domain.referral import Referral, ReferralState


class Referrals:
    """The read copy of routing's referrals."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def of(self, complaint_id: str) -> list[Referral]:
        """Return the referrals of a complaint."""
        rows = await self._connection.fetch("SELECT * FROM referral WHERE complaint_id = $1", complaint_id)
        return [Referral(**{**row, "state": ReferralState(row["state"])}) for row in rows]

    async def keep(self, referral: Referral) -> bool:
        """Keep a referral unless a later version is here; say whether it was kept."""
        kept = await self._connection.fetchval(
            """
            INSERT INTO referral AS known (referral_id, complaint_id, unit_body_id, ministry_id, state, version, answered)
            VALUES ($1, $2, $3, $4, $5, $6, false)
            ON CONFLICT (referral_id) DO UPDATE SET (unit_body_id, ministry_id, state, version)
                = (excluded.unit_body_id, excluded.ministry_id, excluded.state, excluded.version)
            WHERE known.version < excluded.version
            RETURNING true
            """,
            referral.referral_id, referral.complaint_id, referral.unit_body_id, referral.ministry_id, referral.state, referral.version,
        )  # fmt: skip
        return kept is True

    async def answered(self, referral_id: str, complaint_id: str, unit_body_id: str) -> None:
        """Note that the final reply is here, perhaps before routing told of the referral."""
        await self._connection.execute(
            """
            INSERT INTO referral (referral_id, complaint_id, unit_body_id, ministry_id, state, version, answered)
            VALUES ($1, $2, $3, '', $4, 0, true)
            ON CONFLICT (referral_id) DO UPDATE SET answered = true
            """,
            referral_id, complaint_id, unit_body_id, ReferralState.ACCEPTED,
        )  # fmt: skip

    async def unanswered(self, complaint_id: str, *, unit_body_id: str = "") -> None:
        """Note that replies no longer count: one was superficial, or the complaint begins anew."""
        await self._connection.execute(
            "UPDATE referral SET answered = false WHERE complaint_id = $1 AND ($2 = '' OR unit_body_id = $2)",
            complaint_id, unit_body_id,
        )  # fmt: skip
