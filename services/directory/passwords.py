"""Makes passwords and checks them, each check costing the same whether or not the name exists."""

import asyncio
import secrets

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
AT_ONCE = 4


def make_password() -> str:
    """Make a password of 79 random bits that can be read aloud: no look-alike letters, dots between groups."""
    return ".".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


class Passwords:
    """Hashes and checks on threads, a few at once, so that sign-ins cannot take the whole machine."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobody = HASHER.hash(secrets.token_hex(16))

    async def condense(self, password: str) -> str:
        """Return the argon2id hash of a new password."""
        async with self._turns:
            return await asyncio.to_thread(HASHER.hash, password)

    async def fit(self, password: str, *, condensed: str | None) -> bool:
        """Say whether it is the password; without a hash, compute as long and say no."""
        async with self._turns:
            fits = await asyncio.to_thread(_fits, password, condensed or self._nobody)
        return fits and condensed is not None


def _fits(password: str, condensed: str) -> bool:
    try:
        return HASHER.verify(condensed, password)
    except (VerificationError, InvalidHashError):
        return False
