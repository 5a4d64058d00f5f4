"""Signed tokens: who acts, signed by the directory; which process calls, signed by that process."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.chassis.call import Actor, ActorKind, Appointment, epoch
from services.chassis.refusals import Unauthenticated

DIRECTORY = "directory"
EVERYWHERE = "diwan"
LEEWAY = 30
PROCESS_LIFETIME = timedelta(minutes=5)
REMEMBERED = 20_000
Known = TypeVar("Known")


class TokenInvalid(Unauthenticated):
    """The token was not signed by one whom we know, or not for here; sign in again."""

    ar = "رمز الدخول غير صالح؛ سجّل الدخول من جديد."
    fr = "Le jeton n'est pas valable ; identifiez-vous à nouveau."


class TokenExpired(Unauthenticated):
    """The token is past its end; sign in again."""

    ar = "انتهت صلاحية رمز الدخول؛ سجّل الدخول من جديد."
    fr = "Le jeton a expiré ; identifiez-vous à nouveau."


def sign_actor(key: Ed25519PrivateKey, actor: Actor, *, now: datetime, lifetime: timedelta) -> str:
    """Say who acts and to what that one is appointed; only the directory's key counts."""
    appointments = [{"role": each.role, "scope": each.scope} for each in actor.appointments]
    claims = {"iss": DIRECTORY, "aud": EVERYWHERE, "sub": str(actor), "appointments": appointments}
    return jwt.encode({**claims, "iat": now, "exp": now + lifetime}, key, algorithm="EdDSA")


def sign_process(key: Ed25519PrivateKey, process: str, *, audience: str, now: datetime) -> str:
    """Say which process calls which service."""
    claims = {"iss": process, "sub": process, "aud": audience, "iat": now, "exp": now + PROCESS_LIFETIME}
    return jwt.encode(claims, key, algorithm="EdDSA")


def issued_at(token: str) -> datetime:
    """Return when a token that was verified before was signed, to the second."""
    return datetime.fromtimestamp(int(jwt.decode(token, options={"verify_signature": False})["iat"]), UTC)


class Verifier:
    """Verifies tokens for one service; a token once verified costs a look-up until its end."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey], *, audience: str) -> None:
        self._keys = keys
        self._audience = audience
        self._actors: dict[str, tuple[float, Actor]] = {}
        self._processes: dict[str, tuple[float, str]] = {}

    def actor(self, token: str) -> Actor:
        """Return who acts, or refuse."""
        return _known(self._actors, token, self._read_actor)

    def process(self, token: str) -> str:
        """Return which process calls, or refuse."""
        return _known(self._processes, token, self._read_process)

    def _read_actor(self, token: str) -> tuple[float, Actor]:
        claims = _verified(token, self._keys.get(DIRECTORY), issuer=DIRECTORY, audience=EVERYWHERE)
        try:
            kind, _, name = claims["sub"].partition(":")
            appointments = tuple(Appointment(role=each["role"], scope=each["scope"]) for each in claims["appointments"])
            if not name or kind not in (ActorKind.OFFICER, ActorKind.CLIENT):
                raise TokenInvalid
            return float(claims["exp"]), Actor(kind=ActorKind(kind), id=name, appointments=appointments)
        except (KeyError, TypeError, ValueError):
            raise TokenInvalid from None

    def _read_process(self, token: str) -> tuple[float, str]:
        try:
            issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
        except jwt.PyJWTError:
            raise TokenInvalid from None
        claims = _verified(token, self._keys.get(issuer), issuer=issuer, audience=self._audience)
        return float(claims["exp"]), issuer


def _known(cache: dict[str, tuple[float, Known]], token: str, read: Callable[[str], tuple[float, Known]]) -> Known:
    found = cache.get(token)
    if found is None:
        if len(cache) >= REMEMBERED:
            cache.clear()
        found = cache[token] = read(token)
    if found[0] + LEEWAY < epoch():
        cache.pop(token, None)
        raise TokenExpired
    return found[1]


def _verified(token: str, key: Ed25519PublicKey | None, *, issuer: str, audience: str) -> dict[str, Any]:
    if key is None:
        raise TokenInvalid
    try:
        return jwt.decode(
            token,
            key,
            algorithms=["EdDSA"],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.ExpiredSignatureError:
        raise TokenExpired from None
    except jwt.PyJWTError:
        raise TokenInvalid from None
