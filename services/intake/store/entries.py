"""Remembers entries: many at once in one transaction, each only once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.database import Connection
from services.intake.domain.complaint import Complaint
from services.intake.domain.register import Head, Register
from services.intake.store.registers import known
from services.intake.store.vault import SealedFiling

HOLD = "SELECT (book).*, seen FROM hold_books($1, $2, $3)"
ENTER = """
    WITH complaints AS (
        INSERT INTO complaint (complaint_id, register_id, line, series, keeping_body_id, kind, channel, identity, consent,
            addressed_body_id, commune_id, wilaya_id, topic_code, language, paper_page, paper_line, received_on, registered_at,
            registered_by, sample, state, version, holder_body_id, request_id, request_digest)
        SELECT * FROM unnest($1::complaint_row[])
    ), entries AS (
        INSERT INTO entry (complaint_id, leaf, leaf_hash, secret_mac, text_sealed, person_sealed, proof_sealed)
        SELECT * FROM unnest($2::entry_row[])
    ), keys AS (
        INSERT INTO record_key (complaint_id, wrapped, tokens) SELECT * FROM unnest($3::key_row[])
    )
    UPDATE register SET last_line = head.last_line, head_hash = head.head_hash, state = 'active'
    FROM unnest($4::head_row[]) AS head WHERE register.register_id = head.register_id
"""
BEFORE = """
    SELECT complaint_id, register_id, line, keeping_body_id, received_on, registered_at, request_id, request_digest,
        leaf_hash, proof_sealed, wrapped
    FROM complaint JOIN entry USING (complaint_id) LEFT JOIN record_key USING (complaint_id)
    WHERE request_id = $1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """One entry as it goes into the books."""

    complaint: Complaint
    sealed: SealedFiling
    leaf: bytes
    leaf_hash: bytes
    request_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """An entry that was made for the same request before."""

    complaint_id: str
    register_id: str
    line: int
    keeping_body_id: str
    received_on: date
    registered_at: datetime
    request_id: str
    request_digest: bytes
    leaf_hash: bytes
    proof_sealed: bytes
    wrapped: bytes | None


class Entries:
    """The lines of the registers."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def hold(
        self, keys: Collection[tuple[str, int]], request_ids: Sequence[str]
    ) -> tuple[dict[tuple[str, int], Register], dict[str, Before]]:
        """Lock the registers of bodies and years; return them, with the entries that these requests made before."""
        rows = await self._connection.fetch(
            HOLD, [body_id for body_id, _ in keys], [year for _, year in keys], request_ids
        )
        books = {(row["body_id"], row["year"]): known(row) for row in rows if row["seen"] is None}
        seen = [row["seen"] for row in rows if row["seen"] is not None]
        return books, {request_id: await self._before(request_id) for request_id in seen}

    async def _before(self, request_id: str) -> Before:
        (row,) = await self._connection.fetch(BEFORE, request_id)
        return Before(**row)

    async def enter(self, entries: Sequence[Entered], heads: Collection[Head]) -> None:
        """Add entries with everything that belongs to them, and move the heads of their registers."""
        await self._connection.execute(
            ENTER,
            [_complaint(each) for each in entries],
            [_entry(each) for each in entries],
            [_key(each) for each in entries],
            [(each.register_id, each.last_line, each.head_hash) for each in heads],
        )


def _complaint(entered: Entered) -> tuple[object, ...]:
    it = entered.complaint
    return (
        it.complaint_id, it.register_id, it.line, it.series, it.keeping_body_id, it.kind, it.channel, it.identity, it.consent,
        it.addressed_body_id, it.commune_id, it.wilaya_id, it.topic_code, it.language, it.paper_page, it.paper_line,
        it.received_on, it.registered_at, it.registered_by, it.sample, it.state, it.version, it.holder_body_id,
        entered.request_id, entered.sealed.request_mark,
    )  # fmt: skip


def _entry(entered: Entered) -> tuple[object, ...]:
    sealed = entered.sealed
    return (
        entered.complaint.complaint_id, entered.leaf, entered.leaf_hash, sealed.secret_mac, sealed.text, sealed.person, sealed.proof,
    )  # fmt: skip


def _key(entered: Entered) -> tuple[object, ...]:
    return entered.complaint.complaint_id, entered.sealed.wrapped, entered.sealed.tokens
