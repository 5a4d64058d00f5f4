"""Personal data at rest: each record has its own key, wrapped by a key that is kept outside the database."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


class SealBroken(Exception):
    """What was sealed cannot be opened with this key: wrong key, wrong record, or changed bytes."""


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The key of one record; destroying its wrapped form erases the record."""

    key: bytes

    def seal(self, content: bytes, *, purpose: str) -> bytes:
        """Encrypt with AES-256-GCM; what was sealed for one purpose opens for no other."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, content, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt and verify."""
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode())
        except InvalidTag as error:
            raise SealBroken(purpose) from error


class KeyRing:
    """Makes record keys and wraps them with the key-encryption key."""

    def __init__(self, kek: bytes) -> None:
        self._kek = RecordKey(kek)

    @classmethod
    def at(cls, path: Path) -> Self:
        """Read the key-encryption key, or make it once, readable by its owner only."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(path.read_bytes())
        with os.fdopen(descriptor, "wb") as file:
            file.write(kek := secrets.token_bytes(KEY))
            file.flush()
            os.fsync(file.fileno())
        return cls(kek)

    def new(self, record_id: str) -> tuple[RecordKey, bytes]:
        """Make a record's key; return it with its wrapped form, bound to the record."""
        key = secrets.token_bytes(KEY)
        return RecordKey(key), self._kek.seal(key, purpose=f"key:{record_id}")

    def unwrap(self, wrapped: bytes, record_id: str) -> RecordKey:
        """Give back a record's key."""
        return RecordKey(self._kek.open(wrapped, purpose=f"key:{record_id}"))
