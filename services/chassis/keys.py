"""The Ed25519 keys by which processes know each other: private ones for their owner, public ones for all."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


class KeyUnusable(Exception):
    """A key is missing or is not an Ed25519 key."""


def make(folder: Path, names: Iterable[str]) -> None:
    """Have a pair of keys for each name; existing keys stay."""
    public = folder / "public"
    public.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in names:
        private = folder / f"{name}.pem"
        if not private.exists():
            key = Ed25519PrivateKey.generate()
            beside = private.with_suffix(".new")
            beside.touch(mode=0o600)
            beside.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            beside.rename(private)
        pem = private_key(folder, name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (public / f"{name}.pem").write_bytes(pem)


def private_key(folder: Path, name: str) -> Ed25519PrivateKey:
    """Read the private key of a process."""
    path = folder / f"{name}.pem"
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"{path} is not there or is no key; the launcher makes it") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} is not an Ed25519 key")
    return key


def secret_of(folder: Path, name: str) -> bytes:
    """Return the secret of a process, from which it derives keys for what it alone reads."""
    return private_key(folder, name).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def public_keys(folder: Path) -> Mapping[str, Ed25519PublicKey]:
    """Read the public keys of all, by name."""
    found: dict[str, Ed25519PublicKey] = {}
    for path in sorted((folder / "public").glob("*.pem")):
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise KeyUnusable(f"{path} is not an Ed25519 key")
        found[path.stem] = key
    if not found:
        raise KeyUnusable(f"{folder / 'public'} holds no keys; the launcher makes them")
    return found
