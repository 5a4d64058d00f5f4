"""Remembers the Mediator's precedence, every revision of it, and reads decisions again to try another on them."""

from collections.abc import AsyncIterator
from datetime import datetime

from services.chassis.database import Connection, Row
from services.routing.domain.bodies import Bodies
from services.routing.domain.learned import claim_of
from services.routing.domain.precedence import Edited, Past
from services.routing.domain.resolver import Answer, AnswerKind, Circumstances, Outcome, Precedence, Tier
from services.routing.store.decisions import read_proposal
from services.routing.store.rows import BUMP, insert

ADD = insert(
    "precedence",
    ("revision", "margin", "minimum", "weights", "caps", "ordering", "statutory", "edited_by", "edited_at"),
)
OF_RULES = "FROM decision WHERE outcome <> 'by_hand' AND decided_at >= $1 AND decided_at < $2"
# Who said nothing changes nothing.
SPOKEN = """jsonb_path_query_array(verdicts, '$[*] ? (@.answer != "abstain")')"""
PAST = f"""
    SELECT decision.decision_id, decided_at, number, outcome, candidates, {SPOKEN} AS verdicts, proposal,
        addressed_body_id, received_on
    FROM (SELECT * {OF_RULES} AND (decided_at, decision_id) < ($3, $4)
          ORDER BY decided_at DESC, decision_id DESC LIMIT $5) AS decision
    JOIN complaint_case USING (complaint_id, number)
    ORDER BY decided_at DESC, decision.decision_id DESC
"""
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
AT_ONCE = 100  # what is read at once keeps the process from its other work


class PrecedenceStore:
    """The precedence of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def current(self, *, lock: bool = False) -> Edited:
        """Return the precedence that applies, and who set it; keep others from setting one if asked."""
        if lock:
            await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('precedence', 0))")
        row = await self._connection.fetchrow("SELECT * FROM precedence ORDER BY revision DESC LIMIT 1")
        assert row is not None, "the first migration sets one"
        return _edited(row)

    async def of(self, revision: int) -> Precedence:
        """Return the precedence of a revision; none is ever lost."""
        row = await self._connection.fetchrow("SELECT * FROM precedence WHERE revision = $1", revision)
        assert row is not None, "revisions only grow"
        return _edited(row).precedence

    async def add(self, edited: Edited) -> None:
        """Let another precedence apply; the former ones stay."""
        new = edited.precedence
        await self._connection.execute(
            ADD,
            *(new.revision, new.margin, new.minimum, dict(new.weights), dict(new.caps)),
            *(list(new.order), sorted(new.statutory), edited.by, edited.at),
        )
        await self._connection.execute(BUMP)

    async def count(self, since: datetime, until: datetime) -> int:
        """Count the decisions of rules in a period."""
        return int(await self._connection.fetchval(f"SELECT count(*) {OF_RULES}", since, until))

    async def past(self, since: datetime, until: datetime, bodies: Bodies, *, most: int) -> AsyncIterator[list[Past]]:
        """Yield the decisions of rules in a period, the latest first, some hundred at a time."""
        at, decision_id = until, LAST_ID
        while most > 0:
            rows = await self._connection.fetch(PAST, since, until, at, decision_id, min(AT_ONCE, most))
            if not rows:
                return
            yield [_past(row, bodies) for row in rows]
            at, decision_id, most = rows[-1]["decided_at"], rows[-1]["decision_id"], most - len(rows)


def _edited(row: Row) -> Edited:
    return Edited(
        precedence=Precedence(
            revision=row["revision"],
            margin=row["margin"],
            minimum=row["minimum"],
            weights=row["weights"],
            caps=row["caps"],
            order=tuple(row["ordering"]),
            statutory=frozenset(row["statutory"]),
        ),
        by=row["edited_by"],
        at=row["edited_at"],
    )


def _past(row: Row, bodies: Bodies) -> Past:
    """Read a decision as it was taken; a decision of rules comes before any authority has declined."""
    return Past(
        number=row["number"],
        outcome=Outcome(row["outcome"]),
        lead=row["candidates"][0] if row["candidates"] else "",
        answers=tuple(
            Answer(
                ministry_id=kept["ministry_id"],
                kind=AnswerKind(kept["answer"]),
                tier=Tier(kept["tier"]),
                score=kept["score"],
                legal_reference=kept["legal_reference"],
            )
            for kept in row["verdicts"]
        ),
        at=Circumstances(
            active=bodies.ministries(row["received_on"]), addressed=bodies.sector_of(row["addressed_body_id"])
        ),
        learned=claim_of(read_proposal(row["proposal"])),
    )
