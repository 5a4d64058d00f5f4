"""The citizen's secret: 16 random digits and 2 check digits after ISO 7064 (mod 97-10)."""

from services.intake.domain.words import ascii_digits

DIGITS = 16
LONGEST = 64


def with_check(digits: str) -> str:
    """Append the two check digits."""
    return f"{digits}{98 - int(digits) * 100 % 97:02}"


def drawn(randomness: bytes) -> str:
    """Make a secret of at least 16 random bytes; the bias is below 10⁻²²."""
    return with_check(f"{int.from_bytes(randomness) % 10**DIGITS:016}")


def shown(secret: str) -> str:
    """Write a secret in dotted groups, which right-to-left text leaves in order."""
    return ".".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def read(typed: str) -> str | None:
    """Return the 18 digits that were typed in any way, or None where the check digits do not fit."""
    if len(typed) > LONGEST:
        return None
    plain = ascii_digits(typed)
    digits = "".join(filter(str.isdigit, plain))
    if len(digits) != DIGITS + 2 or any(map(str.isalpha, plain)):
        return None
    return digits if int(digits) % 97 == 1 else None
