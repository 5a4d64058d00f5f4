"""The receipt: what the citizen takes home."""

from dataclasses import dataclass
from datetime import date, datetime

from services.intake.domain.complaint import Complaint


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """Number, secret and proof of one entry."""

    complaint_id: str
    number: str
    secret: str
    registered_at: datetime
    keeping_body_id: str
    leaf_hash: bytes
    received_on: date


def receipt_of(complaint: Complaint, secret: str, leaf_hash: bytes) -> Receipt:
    """Make the receipt of an entry."""
    return Receipt(
        complaint_id=complaint.complaint_id,
        number=complaint.number,
        secret=secret,
        registered_at=complaint.registered_at,
        keeping_body_id=complaint.keeping_body_id,
        leaf_hash=leaf_hash,
        received_on=complaint.received_on,
    )
