"""Signs packages and checks signatures: Ed25519 over four lines of text that name the package by its SHA-512.

A signature file is five lines; the first four are what is signed, byte for byte, so that any tool can check it:

    diwan-rules signature 1
    key 1f0c9b0a5d3e4f67
    package <SHA-512 of the wheel>
    manifest <SHA-512 of its manifest>
    ed25519 <signature in base64>
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from diwan_rules.load_errors import NotLoaded, Place, mistake

SUFFIX = ".sig"
_FILE = re.compile(
    rb"(?P<signed>diwan-rules signature 1\nkey (?P<key>[0-9a-f]{16})\n"
    rb"package (?P<package>[0-9a-f]{128})\nmanifest (?P<manifest>[0-9a-f]{128})\n)ed25519 (?P<ed25519>[A-Za-z0-9+/]{86}==)\n"
)


class KeyUnreadable(ValueError):
    """The file holds no Ed25519 key in PEM."""


@dataclass(frozen=True)
class PublicKey:
    """An author's public key: 32 bytes, known by the first sixteen digits of their SHA-256."""

    raw: bytes

    @property
    def id(self) -> str:
        """Return how the key is called."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @classmethod
    def read(cls, pem: bytes) -> "PublicKey":
        """Read a public key from PEM."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        try:
            key = load_pem_public_key(pem)
        except ValueError as error:
            raise KeyUnreadable from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyUnreadable
        return cls(key.public_bytes_raw())


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a signature vouches for."""

    key: str
    package: str
    manifest: str


def sign(wheel: bytes, manifest: bytes, pem: bytes) -> bytes:
    """Return the signature file of a package, made with a private key in PEM."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable
    name = PublicKey(key.public_key().public_bytes_raw()).id
    signed = (
        f"diwan-rules signature 1\nkey {name}\n"
        f"package {hashlib.sha512(wheel).hexdigest()}\nmanifest {hashlib.sha512(manifest).hexdigest()}\n"
    ).encode()
    return signed + b"ed25519 " + base64.b64encode(key.sign(signed)) + b"\n"


def verified(signature: bytes, keys: Sequence[PublicKey]) -> Signed:
    """Return what a signature of one of these keys vouches for, or raise NotLoaded."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    read = _FILE.fullmatch(signature)
    ed25519 = base64.b64decode(read["ed25519"]) if read else b""
    if not read or base64.b64encode(ed25519) != read["ed25519"]:  # one signature is written in one way only
        raise NotLoaded([mistake("signature_unreadable", "package", Place())])
    name = str(read["key"], "ascii")
    key = next((key for key in keys if key.id == name), None)
    if not key:
        known = ", ".join(key.id for key in keys) or "—"
        raise NotLoaded([mistake("signature_key_unknown", "package", Place(), key=name, known=known)])
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(ed25519, read["signed"])
    except InvalidSignature as error:
        raise NotLoaded([mistake("signature_wrong", "package", Place(), key=name)]) from error
    return Signed(key=name, package=str(read["package"], "ascii"), manifest=str(read["manifest"], "ascii"))


def new_key() -> tuple[bytes, bytes]:
    """Return a new private key and its public key, both in PEM."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
