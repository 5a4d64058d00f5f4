"""Remembers referrals."""

from datetime import date

from services.chassis.database import Connection, Row
from services.routing.domain.referral import Declined, Referral, ReferralState
from services.routing.store.rows import insert, update

PLAIN = (
    "referral_id",
    "complaint_id",
    "number",
    "decision_id",
    "letter_id",
    "ministry_id",
    "unit_body_id",
    "from_body_id",
    "wilaya_id",
    "sent_on",
    "clock_from",
    "due_on",
    "deadline_days",
    "next_step_on",
    "escalation",
    "working_days",
    "steps",
    "priority",
    "early_notice",
    "notice_on",
    "updated_at",
    "version",
)
SHAPED = ("state", "competent_body_id", "decline_because", "declined_at")
INSERT = insert("referral", PLAIN + SHAPED) + " ON CONFLICT DO NOTHING"
SAVE = update("referral", "referral_id", (PLAIN + SHAPED)[1:])


class ReferralStore:
    """The referrals of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, referral: Referral) -> bool:
        """Keep a new referral; say whether it was new."""
        return await self._connection.execute(INSERT, *_values(referral)) == "INSERT 0 1"

    async def get(self, referral_id: str) -> Referral | None:
        """Return one referral."""
        row = await self._connection.fetchrow("SELECT * FROM referral WHERE referral_id = $1", referral_id)
        return _referral(row) if row else None

    async def lock(self, referral_id: str) -> Referral | None:
        """Return one referral and keep others from changing it."""
        row = await self._connection.fetchrow("SELECT * FROM referral WHERE referral_id = $1 FOR UPDATE", referral_id)
        return _referral(row) if row else None

    async def save(self, referral: Referral) -> None:
        """Keep a referral's new state."""
        await self._connection.execute(SAVE, *_values(referral))

    async def of_complaint(self, complaint_id: str) -> list[Referral]:
        """Return a complaint's referrals and keep others from changing them."""
        rows = await self._connection.fetch(
            "SELECT * FROM referral WHERE complaint_id = $1 ORDER BY referral_id FOR UPDATE", complaint_id
        )
        return [_referral(row) for row in rows]

    async def parties(self, complaint_id: str) -> set[str]:
        """Return the bodies to which a complaint was referred, and their ministries."""
        rows = await self._connection.fetch(
            "SELECT unit_body_id, ministry_id FROM referral WHERE complaint_id = $1", complaint_id
        )
        return {body_id for row in rows for body_id in row}

    async def on_the_ladder(self, today: date, limit: int) -> list[Referral]:
        """Take referrals whose next step is due and whose complaint's clock runs; others pass over them."""
        rows = await self._connection.fetch(
            "SELECT referral.* FROM referral JOIN complaint_case USING (complaint_id)"
            " WHERE next_step_on <= $1 AND paused_on IS NULL AND NOT ended"
            " ORDER BY next_step_on, referral_id LIMIT $2 FOR UPDATE OF referral SKIP LOCKED",
            today,
            limit,
        )
        return [_referral(row) for row in rows]

    async def page(self, where: str, values: list[object], limit: int) -> list[Referral]:
        """Return the referrals that fit a condition, the most pressing first, of these the ones due first."""
        rows = await self._connection.fetch(
            f"SELECT * FROM referral WHERE {where} ORDER BY -priority, due_on, referral_id LIMIT {int(limit)}", *values
        )
        return [_referral(row) for row in rows]


def _values(referral: Referral) -> list[object]:
    values, decline = vars(referral), referral.decline
    shaped = (decline.competent_body_id, decline.because, decline.declined_at) if decline else ("", "", None)
    return [*(values[name] for name in PLAIN), referral.state, *shaped]


def _referral(row: Row) -> Referral:
    decline = row["declined_at"] and Declined(
        body_id=row["unit_body_id"],
        competent_body_id=row["competent_body_id"],
        because=row["decline_because"],
        declined_at=row["declined_at"],
    )
    kept = {name: row[name] for name in PLAIN} | {"steps": tuple(row["steps"])}
    return Referral(**kept, state=ReferralState(row["state"]), decline=decline)
