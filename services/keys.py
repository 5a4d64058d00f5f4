"""Signing keys of the processes of one machine, made once in the data folder."""

import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def have_keys(folder: Path, processes: Iterable[str]) -> None:
    """Have `<process>.pem`, for its owner's eyes only, and `public/<process>.pem` for each process."""
    (folder / "public").mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for process in processes:
        private = folder / f"{process}.pem"
        if not private.exists():
            key = Ed25519PrivateKey.generate()
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            _write(folder / "public" / private.name, public, mode=0o644)
            _write(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Write beside and rename, so that a kill leaves no half key."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
