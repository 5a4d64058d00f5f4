"""What a browser keeps for us, sealed: who signed in with which token, and the proof that a form is ours."""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

COOKIE = "diwan"
NONCE = 12


@dataclass(frozen=True, kw_only=True)
class Session:
    """An officer who signed in."""

    token: str
    renew_at: int
    officer_id: str
    name: str
    appointments: tuple[tuple[str, str], ...]

    def scopes(self, role: str) -> tuple[str, ...]:
        """Name the scopes in which the officer holds the role."""
        return tuple(scope for held, scope in self.appointments if held == role)

    def holds(self, *roles: str) -> bool:
        """Say whether the officer holds one of the roles."""
        return any(held in roles for held, _ in self.appointments)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the cookie holds: an id of the visit, and the session once signed in."""

    visit: str
    session: Session | None = None


class Seal:
    """Encrypts and authenticates cookies and form tokens with keys derived from the portal's own."""

    def __init__(self, key: bytes) -> None:
        self._cookies = AESGCM(_derived(key, b"cookies"))
        self._forms = _derived(key, b"forms")

    def close(self, kept: Kept) -> str:
        """Seal what the browser is to keep."""
        nonce = os.urandom(NONCE)
        return _text(nonce + self._cookies.encrypt(nonce, json.dumps(asdict(kept)).encode(), None))

    def open(self, sealed: str) -> Kept | None:
        """Open what a browser sent back; nothing when it is not ours."""
        try:
            raw = base64.urlsafe_b64decode(sealed)
            content = json.loads(self._cookies.decrypt(raw[:NONCE], raw[NONCE:], None))
        except (ValueError, InvalidTag):
            return None
        session = content["session"]
        if session:
            session["appointments"] = tuple((role, scope) for role, scope in session["appointments"])
        return Kept(visit=content["visit"], session=Session(**session) if session else None)

    def form_token(self, visit: str) -> str:
        """Make the token that every form of a visit carries."""
        return _text(hmac.digest(self._forms, visit.encode(), hashlib.sha256))

    def is_ours(self, visit: str, token: str) -> bool:
        """Say whether a form was made by us for this visit."""
        return hmac.compare_digest(self.form_token(visit).encode(), token.encode("utf-8", "replace"))


def new_visit() -> str:
    """Return the id of a new visit."""
    return _text(os.urandom(18))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"diwan portal " + purpose).derive(key)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
