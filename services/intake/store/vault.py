"""Seals what is personal under a key per record; without that key nothing personal can be read again."""

import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from services.chassis.database import Connection
from services.chassis.refusals import NotFound
from services.chassis.sealing import KeyRing, RecordKey
from services.intake.domain import secret as secrets
from services.intake.domain.filing import NOBODY, Complainant
from services.intake.domain.leaf import SALT_BYTES, commitment
from services.intake.store.tokens import Tokens

WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
PERSON = ("name", "national_id", "phone", "email", "address")


class RecordErased(NotFound):
    """The personal data of this complaint were erased; its entry in the register remains provable."""

    ar: ClassVar[str] = "مُحيت المعطيات الشخصية لهذه الشكوى؛ ويبقى قيدها في السجل قابلا للإثبات."
    fr: ClassVar[str] = "Les données personnelles de cette doléance ont été effacées ; son inscription reste prouvable."


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedFiling:
    """What is stored of a filing's words, with the commitments that its leaf shows."""

    secret: str
    secret_mac: bytes
    wrapped: bytes
    tokens: Sequence[int]
    text: bytes
    person: bytes | None
    proof: bytes
    text_commitment: bytes
    person_commitment: bytes
    request_mark: bytes


class Record:
    """The opened record of one complaint: seals and opens its words."""

    def __init__(self, complaint_id: str, key: RecordKey) -> None:
        self._id = complaint_id
        self._key = key

    def seal(self, field: str, words: str) -> bytes:
        """Seal words for one field of this record."""
        return self._key.seal(words.encode(), purpose=f"{self._id}/{field}")

    def open(self, field: str, sealed: bytes) -> str:
        """Open the words of a field."""
        return self._key.open(sealed, purpose=f"{self._id}/{field}").decode()

    def mark(self, request_digest: bytes) -> bytes:
        """Mark of which request the record came; it confirms nothing once the key is gone."""
        return self._key.mark(request_digest, purpose=f"{self._id}/request")

    def commit(self, text: str, sealed_proof: bytes) -> bytes:
        """Commit to a text as the leaf does."""
        salts = self._key.open(sealed_proof, purpose=f"{self._id}/proof")
        return commitment(salts[:SALT_BYTES], text.encode())

    def complainant(self, sealed: bytes | None) -> Complainant:
        """Open who complains."""
        return (
            Complainant(**dict(zip(PERSON, json.loads(self.open("person", sealed)), strict=True))) if sealed else NOBODY
        )

    def secret(self, sealed: bytes) -> str:
        """Open the citizen's secret."""
        proof = self._key.open(sealed, purpose=f"{self._id}/proof")
        return proof[2 * SALT_BYTES :].decode()


class Vault:
    """Makes and opens records."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._secrets = keys.derive("intake secrets")
        self._tokens = Tokens(keys.derive("intake search"))
        self.check = keys.derive("intake key check")

    def seal(self, complaint_id: str, text: str, complainant: Complainant, *, request_digest: bytes) -> SealedFiling:
        """Seal a filing under a new key and draw its secret."""
        key, wrapped = self._keys.new(complaint_id)
        randomness = os.urandom(2 * SALT_BYTES + 16)
        salts, drawn = randomness[: 2 * SALT_BYTES], secrets.drawn(randomness[2 * SALT_BYTES :])
        words = text.encode()
        person = _written(complainant) if complainant else b""
        return SealedFiling(
            secret=drawn,
            secret_mac=self.mac(complaint_id, drawn),
            wrapped=wrapped,
            tokens=self._tokens.of(text),
            text=key.seal(words, purpose=f"{complaint_id}/text"),
            person=key.seal(person, purpose=f"{complaint_id}/person") if person else None,
            proof=key.seal(salts + drawn.encode(), purpose=f"{complaint_id}/proof"),
            text_commitment=commitment(salts[:SALT_BYTES], words),
            person_commitment=commitment(salts[SALT_BYTES:], person),
            request_mark=Record(complaint_id, key).mark(request_digest),
        )

    def record(self, complaint_id: str, wrapped: bytes | None) -> Record:
        """Open a record, or say that its key was destroyed."""
        if wrapped is None:
            raise RecordErased
        return Record(complaint_id, self._keys.unwrap(wrapped, complaint_id))

    def mac(self, complaint_id: str, secret: str) -> bytes:
        """Authenticate a secret as that of a complaint."""
        return hmac.digest(self._secrets, f"{complaint_id}\n{secret}".encode(), "sha256")

    def tokens(self, query: str) -> Sequence[int]:
        """Return what to look for."""
        return self._tokens.of(query)


def _written(complainant: Complainant) -> bytes:
    """Write who complains as the canonical JSON array to which the leaf commits."""
    given = (complainant.name, complainant.national_id, complainant.phone, complainant.email, complainant.address)
    return WRITER.encode(given).encode()


class WrongKey(Exception):
    """The key file is not the one that this database's records were sealed with; put the right one in its place."""


async def same_key(connection: "Connection", vault: Vault) -> None:
    """Note the key in a new database; refuse another key in a used one."""
    await connection.execute("INSERT INTO key_check (mac) VALUES ($1) ON CONFLICT DO NOTHING", vault.check)
    if bytes(await connection.fetchval("SELECT mac FROM key_check")) != vault.check:
        raise WrongKey(WrongKey.__doc__)
