"""Remembers decisions, whole and unchanged."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.chassis.database import Connection, Row
from services.routing.domain.decision import Decision, OwnerAnswer, Reason, Verdict
from services.routing.domain.facts import Disposition
from services.routing.domain.learned import Proposal, Suggestion
from services.routing.domain.resolver import AnswerKind, Outcome, Tier
from services.routing.domain.shadow import ShadowVerdict
from services.routing.store.rows import insert

PLAIN = (
    "decision_id",
    "complaint_id",
    "number",
    "ministry_id",
    "unit_body_id",
    "decided_by",
    "decided_at",
    "deadline_days",
    "trace_id",
    "facts_digest",
    "precedence_revision",
    "resolver_version",
    "variety",
)
SHAPED = (
    "outcome",
    "disposition",
    "because_ar",
    "because_fr",
    "referral_id",
    "term_hits",
    "candidates",
    "verdicts",
    "owner_answers",
    "proposal",
)
INSERT = insert("decision", PLAIN + SHAPED)
SHADOW = ("release_id", "outcome", "lead", "same_decision", "stable_claims")
INSERT_SHADOW = insert("shadow_verdict", ("decision_id", "ministry_id", "answer", "verdict", *SHADOW))


class DecisionStore:
    """The decisions of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, decision: Decision) -> None:
        """Keep a decision."""
        values = vars(decision)
        await self._connection.execute(
            INSERT,
            *(values[name] for name in PLAIN),
            decision.outcome,
            decision.disposition,
            decision.because.ar,
            decision.because.fr,
            decision.referral_id or None,
            decision.term_hits,
            decision.candidates,
            [vars(verdict) for verdict in decision.verdicts],
            [vars(answer) for answer in decision.owner_answers],
            asdict(decision.proposal) if decision.proposal else None,
        )

    async def add_shadow(self, decision_id: str, verdicts: Iterable[ShadowVerdict]) -> None:
        """Keep what rules in the shadow said beside a decision."""
        rows = [
            (
                *(decision_id, each.verdict.ministry_id, each.verdict.answer, vars(each.verdict)),
                *(vars(each)[name] for name in SHADOW),
            )
            for each in verdicts
        ]
        await self._connection.executemany(INSERT_SHADOW, rows)

    async def shadow(self, decision_ids: Sequence[str]) -> dict[str, list[ShadowVerdict]]:
        """Return what rules in the shadow said beside decisions, by decision."""
        rows = await self._connection.fetch(
            "SELECT * FROM shadow_verdict WHERE decision_id = ANY($1::uuid[]) ORDER BY ministry_id", decision_ids
        )
        found: dict[str, list[ShadowVerdict]] = {}
        for row in rows:
            found.setdefault(row["decision_id"], []).append(_shadow(row))
        return found

    async def get(self, decision_id: str) -> Decision | None:
        """Return one decision."""
        row = await self._connection.fetchrow("SELECT * FROM decision WHERE decision_id = $1", decision_id)
        return _decision(row) if row else None

    async def of_referral(self, referral_id: str) -> Decision | None:
        """Return the decision that a referral follows from."""
        row = await self._connection.fetchrow("SELECT * FROM decision WHERE referral_id = $1", referral_id)
        return _decision(row) if row else None

    async def of_complaint(self, complaint_id: str) -> list[Decision]:
        """Return a complaint's decisions, the latest first."""
        rows = await self._connection.fetch(
            "SELECT * FROM decision WHERE complaint_id = $1 ORDER BY decided_at DESC, decision_id DESC", complaint_id
        )
        return [_decision(row) for row in rows]

    async def of_rules(self, since: datetime, *, before: tuple[datetime, str], limit: int) -> list[Decision]:
        """Return decisions of the rules since a moment that came before a decision, the latest first."""
        rows = await self._connection.fetch(
            "SELECT * FROM decision WHERE outcome <> 'by_hand' AND decided_at >= $1"
            " AND (decided_at, decision_id) < ($2, $3) ORDER BY decided_at DESC, decision_id DESC LIMIT $4",
            *(since, *before, limit),
        )
        return [_decision(row) for row in rows]

    async def many(self, decision_ids: list[str]) -> dict[str, Decision]:
        """Return several decisions by id."""
        rows = await self._connection.fetch("SELECT * FROM decision WHERE decision_id = ANY($1::uuid[])", decision_ids)
        return {row["decision_id"]: _decision(row) for row in rows}


def _decision(row: Row) -> Decision:
    return Decision(
        **{name: row[name] for name in PLAIN},
        outcome=Outcome(row["outcome"]),
        disposition=Disposition(row["disposition"]),
        because=Reason(ar=row["because_ar"], fr=row["because_fr"]),
        referral_id=row["referral_id"] or "",
        term_hits=tuple(row["term_hits"]),
        candidates=tuple(row["candidates"]),
        verdicts=tuple(_verdict(kept) for kept in row["verdicts"]),
        owner_answers=tuple(OwnerAnswer(**kept) for kept in row["owner_answers"]),
        proposal=read_proposal(row["proposal"]),
    )


def _shadow(row: Row) -> ShadowVerdict:
    shaped = {"outcome": Outcome(row["outcome"]), "verdict": _verdict(row["verdict"])}
    return ShadowVerdict(**({name: row[name] for name in SHADOW} | shaped))


def read_proposal(kept: dict[str, Any] | None) -> Proposal | None:
    """Read what the classifier said; None where no model was in use."""
    if kept is None:
        return None
    return Proposal(**kept | {"suggestions": tuple(Suggestion(**each) for each in kept["suggestions"])})


def _verdict(kept: dict[str, object]) -> Verdict:
    shaped = {
        "answer": AnswerKind(str(kept["answer"])),
        "tier": Tier(int(str(kept["tier"]))),
        "admitted_tier": Tier(int(str(kept["admitted_tier"]))),
    }
    return Verdict(**(kept | shaped))  # type: ignore[arg-type]
