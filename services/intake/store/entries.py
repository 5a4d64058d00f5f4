"""Remembers entries: many at once in one transaction, each only once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.chassis.database import Connection
from services.intake.domain.complaint import Complaint
from services.intake.store.vault import SealedFiling

INSERT_COMPLAINTS = """
    INSERT INTO complaint (complaint_id, register_id, line, series, keeping_body_id, kind, channel, identity, consent,
        addressed_body_id, commune_id, wilaya_id, topic_code, language, paper_page, paper_line, received_on, registered_at,
        registered_by, sample, state, version, holder_body_id, request_id, request_digest)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::boolean[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $16::int[], $17::date[],
        $18::timestamptz[], $19::text[], $20::boolean[], $21::text[], $22::bigint[], $23::text[], $24::uuid[], $25::bytea[])
"""
INSERT_ENTRIES = """
    INSERT INTO entry (complaint_id, leaf, leaf_hash, secret_mac, text_sealed, person_sealed, proof_sealed)
    SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[])
"""
# An array of arrays cannot be unnested row by row: tokens come as one flat array and each row's end in it.
INSERT_KEYS = """
    INSERT INTO record_key (complaint_id, wrapped, tokens)
    SELECT complaint_id, wrapped, ($3::bigint[])[starts + 1 : ends]
    FROM unnest($1::uuid[], $2::bytea[], $4::int[], $5::int[]) AS row (complaint_id, wrapped, starts, ends)
"""
SEEN = """
    SELECT complaint_id, register_id, line, keeping_body_id, received_on, registered_at, request_id, request_digest,
        leaf_hash, proof_sealed, wrapped
    FROM complaint JOIN entry USING (complaint_id) LEFT JOIN record_key USING (complaint_id)
    WHERE request_id = ANY ($1::uuid[])
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """One entry as it goes into the books."""

    complaint: Complaint
    sealed: SealedFiling
    leaf: bytes
    leaf_hash: bytes
    request_id: str
    request_digest: bytes


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

    async def before(self, request_ids: Sequence[str]) -> Mapping[str, Before]:
        """Return the entries that these requests made before."""
        rows = await self._connection.fetch(SEEN, request_ids)
        return {row["request_id"]: Before(**row) for row in rows}

    async def enter(self, entries: Sequence[Entered]) -> None:
        """Add entries with everything that belongs to them."""
        await self._connection.execute(INSERT_COMPLAINTS, *_columns([_complaint(each) for each in entries]))
        await self._connection.execute(INSERT_ENTRIES, *_columns([_entry(each) for each in entries]))
        await self._connection.execute(INSERT_KEYS, *_keys(entries))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))


def _complaint(entered: Entered) -> tuple[Any, ...]:
    it = entered.complaint
    return (
        it.complaint_id, it.register_id, it.line, it.series, it.keeping_body_id, it.kind, it.channel, it.identity, it.consent,
        it.addressed_body_id, it.commune_id, it.wilaya_id, it.topic_code, it.language, it.paper_page, it.paper_line,
        it.received_on, it.registered_at, it.registered_by, it.sample, it.state, it.version, it.holder_body_id,
        entered.request_id, entered.request_digest,
    )  # fmt: skip


def _entry(entered: Entered) -> tuple[Any, ...]:
    sealed = entered.sealed
    return (
        entered.complaint.complaint_id, entered.leaf, entered.leaf_hash, sealed.secret_mac, sealed.text, sealed.person, sealed.proof,
    )  # fmt: skip


def _keys(entries: Sequence[Entered]) -> tuple[Any, ...]:
    flat: list[int] = []
    starts, ends = [], []
    for each in entries:
        starts.append(len(flat))
        flat.extend(each.sealed.tokens)
        ends.append(len(flat))
    return (
        [each.complaint.complaint_id for each in entries],
        [each.sealed.wrapped for each in entries],
        flat,
        starts,
        ends,
    )
