"""Prints the sheets of signed letters and keeps the prints, sealed, by the hash of their content."""

import asyncio
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.chassis import press, tracing
from services.chassis.sealing import RecordKey
from services.correspondence.domain import sheet as sheets

TEMPLATE = Path(__file__).parent / "letter.typ"
PURPOSE = "letter pdf"


@dataclass(frozen=True, kw_only=True)
class Print:
    """A printed letter."""

    document: bytes

    @property
    def sha256(self) -> str:
        """Name the content."""
        return hashlib.sha256(self.document).hexdigest()


async def printed(sheet: sheets.Sheet, *, signed_at: datetime) -> Print:
    """Print a sheet; the same sheet gives the same bytes."""
    digest = sheets.digest(sheet)
    facts = {**sheet, "digest": digest, "qr": press.qr(f"{sheet['number']} {digest}")}
    with tracing.span("correspondence.press"):
        return Print(document=await press.press(TEMPLATE, facts, at=signed_at))


class Shelf:
    """The folder of prints; what is lost there is printed again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, document: Print, key: RecordKey) -> None:
        """Keep a print, sealed with the letter's key."""
        await asyncio.to_thread(self._write, document.sha256, key.seal(document.document, purpose=PURPOSE))

    async def get(self, sha256: str, key: RecordKey) -> Print | None:
        """Find a print by its content's hash."""
        path = self._path(sha256)
        if not path.exists():
            return None
        return Print(document=key.open(await asyncio.to_thread(path.read_bytes), purpose=PURPOSE))

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.sealed"

    def _write(self, sha256: str, sealed: bytes) -> None:
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(sealed)
        beside.replace(path)
