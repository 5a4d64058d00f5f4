"""Remembers entries: many at once in one transaction, each only once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.chassis.database import Connection
from services.intake.domain.complaint import Complaint
from services.intake.store.vault import SealedFiling

COMPLAINT = (
    "complaint_id", "register_id", "line", "series", "keeping_body_id", "kind", "channel", "identity", "consent",
    "addressed_body_id", "commune_id", "wilaya_id", "topic_code", "language", "paper_page", "paper_line", "received_on",
    "registered_at", "registered_by", "sample", "state", "version", "holder_body_id", "request_id", "request_digest",
)  # fmt: skip
ENTRY = ("complaint_id", "leaf", "leaf_hash", "secret_mac", "text_sealed", "person_sealed", "proof_sealed")
KEY = ("complaint_id", "wrapped", "tokens")
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
        copy = self._connection.copy_records_to_table
        await copy("complaint", records=map(_complaint, entries), columns=COMPLAINT)
        await copy("entry", records=map(_entry, entries), columns=ENTRY)
        await copy("record_key", records=map(_key, entries), columns=KEY)


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


def _key(entered: Entered) -> tuple[Any, ...]:
    return entered.complaint.complaint_id, entered.sealed.wrapped, entered.sealed.tokens
