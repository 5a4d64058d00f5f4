"""The leaf of an entry: what is provable about it without saying anything personal."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

FORM = 1
SALT_BYTES = 16
LEAF_PREFIX = b"\x00"  # RFC 9162: a leaf is hashed apart from inner nodes


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One entry as it is chained and, later, logged; two commitments stand for what is personal."""

    number: str
    registered_at: datetime
    channel: str
    kind: str
    text_commitment: bytes
    person_commitment: bytes
    previous: bytes

    def canonical(self) -> bytes:
        """Write the leaf in form 1: eight lines of ASCII, each ended by a line feed."""
        return (
            f"diwan/leaf/{FORM}\n{self.number}\n{moment(self.registered_at)}\n{self.channel}\n{self.kind}\n"
            f"{self.text_commitment.hex()}\n{self.person_commitment.hex()}\n{self.previous.hex()}\n"
        ).encode("ascii")


def commitment(salt: bytes, field: bytes) -> bytes:
    """Commit to a field without showing it."""
    return hashlib.sha256(salt + field).digest()


def leaf_hash(canonical: bytes) -> bytes:
    """Hash a leaf as RFC 9162 does."""
    return hashlib.sha256(LEAF_PREFIX + canonical).digest()


def opening_hash(register_id: str, body_id: str, opened_at: datetime) -> bytes:
    """Hash the opening of a register, to which its first leaf refers."""
    return leaf_hash(f"diwan/opening/{FORM}\n{register_id}\n{body_id}\n{moment(opened_at)}\n".encode("ascii"))


def moment(at: datetime) -> str:
    """Write a moment in UTC with microseconds, always in the same length."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
