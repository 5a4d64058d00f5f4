"""`keygen`, `sign`, `verify`: who vouches for a package, and that nobody altered it."""

import os
from pathlib import Path

from diwan_rules import packages, signatures
from diwan_rules.author import terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.signatures import SUFFIX, KeyUnreadable, PublicKey


def keygen(name: Path) -> int:
    """Write a new private key, readable by its owner only, and its public key beside it."""
    private, public = name.with_name(f"{name.name}.key"), name.with_name(f"{name.name}.pub")
    for path in (private, public):
        if path.exists():
            raise Mistake("file_exists", file=path)
    private_pem, public_pem = signatures.new_key()
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private_pem)
    public.write_bytes(public_pem)
    terminal.show(say("keygen_done", private=private, public=public, id=PublicKey.read(public_pem).id))
    return 0


def sign(wheel: Path, key: Path) -> int:
    """Write the signature of a package beside it."""
    body = _bytes(wheel)
    manifest = packages.unsigned(body).manifest
    try:
        signature = signatures.sign(body, manifest.text(), _bytes(key))
    except KeyUnreadable as error:
        raise Mistake("key_unreadable", file=key) from error
    path = wheel.with_name(wheel.name + SUFFIX)
    path.write_bytes(signature)
    terminal.show(say("sign_done", file=path, stem=manifest.stem))
    return 0


def verify(wheel: Path, key: Path) -> int:
    """Show whose package it is when the key signed it and nobody altered it."""
    path = wheel.with_name(wheel.name + SUFFIX)
    try:
        public = PublicKey.read(_bytes(key))
    except KeyUnreadable as error:
        raise Mistake("key_unreadable", file=key) from error
    package = packages.opened(_bytes(wheel), path.read_bytes() if path.is_file() else b"", [public])
    manifest = package.manifest
    plugins = ", ".join(manifest.plugins)
    terminal.show(say("verify_done", stem=manifest.stem, plugins=plugins, kit=manifest.kit, key=package.key), "green")
    for file, digest in manifest.files.items():
        terminal.show(f"  {digest[:16]}  {file}")
    return 0


def _bytes(path: Path) -> bytes:
    """Return what is in a file."""
    if not path.is_file():
        raise Mistake("file_missing", file=path)
    return path.read_bytes()
