"""Personal data at rest: each record has its own key, wrapped by a key that is kept outside the database."""

import hmac
import os
import secrets
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


class SealBroken(Exception):
    """What was sealed cannot be opened with this key: wrong key, wrong record, or changed bytes."""


class RecordKey:
    """The key of one record; destroying its wrapped form erases the record."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, *, purpose: str) -> bytes:
        """Encrypt with AES-256-GCM; what was sealed for one purpose opens for no other."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, content, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt and verify."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode())
        except InvalidTag as error:
            raise SealBroken(purpose) from error

    def mark(self, content: bytes, *, purpose: str) -> bytes:
        """Authenticate content, so that without the key no guess of it can be confirmed."""
        return hmac.digest(self.key, f"mark:{purpose}:".encode() + content, "sha256")


class KeyRing:
    """Makes record keys and wraps them with the key-encryption key."""

    def __init__(self, kek: bytes) -> None:
        self._kek = RecordKey(kek)

    @classmethod
    def at(cls, path: Path) -> Self:
        """Read the key-encryption key, or make it once, readable by its owner only."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make(path)
        return cls(path.read_bytes())

    def derive(self, purpose: str) -> bytes:
        """Return another key for another purpose, which does not reveal the key-encryption key."""
        return hmac.digest(self._kek.key, f"derive:{purpose}".encode(), "sha256")

    def new(self, record_id: str) -> tuple[RecordKey, bytes]:
        """Make a record's key; return it with its wrapped form, bound to the record."""
        key = secrets.token_bytes(KEY)
        return RecordKey(key), self._kek.seal(key, purpose=f"key:{record_id}")

    def unwrap(self, wrapped: bytes, record_id: str) -> RecordKey:
        """Give back a record's key."""
        return RecordKey(self._kek.open(wrapped, purpose=f"key:{record_id}"))


def _make(path: Path) -> None:
    """Write a new key beside its place and link it there whole; of two makers the first one wins."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
