"""A private PostgreSQL on a disk whose fsync is counted and can be made slower while it runs."""

import mmap
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.postgres import Postgres

SOURCE = Path(__file__).with_name("intake_fsync.c")
BOARD = struct.Struct("ll")


class Disk:
    """The board that PostgreSQL's processes look at when they sync."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "board"
        self._path.write_bytes(bytes(BOARD.size))
        self._path.chmod(0o666)
        self._library = folder / "fsync.so"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", self._library, SOURCE, "-ldl"], check=True)
        self._library.chmod(0o755)
        with self._path.open("r+b") as file:
            self._board = mmap.mmap(file.fileno(), BOARD.size)

    @property
    def syncs(self) -> int:
        """How many syncs there were so far."""
        return int(BOARD.unpack(self._board)[1])

    @contextmanager
    def slower(self, milliseconds: float) -> Iterator[None]:
        """Let every sync take longer within the block."""
        struct.pack_into("l", self._board, 0, int(milliseconds * 1000))
        try:
            yield
        finally:
            struct.pack_into("l", self._board, 0, 0)

    def server(self, folder: Path) -> Postgres:
        """Return a server that syncs to this disk."""
        programs = folder / "programs"
        programs.mkdir(parents=True)
        folder.chmod(0o711)
        programs.chmod(0o755)
        plain = Postgres(folder / "postgres")
        plain._own(plain.folder)
        real = plain._program()
        for name, preload in (("initdb", ""), ("postgres", f"FSYNC_BOARD={self._path} LD_PRELOAD={self._library} ")):
            (programs / name).write_text(f'#!/bin/sh\n{preload}exec {real / name} "$@"\n', encoding="ascii")
            (programs / name).chmod(0o755)
        self.pgbench = real / "pgbench"
        return Postgres(folder / "postgres", binaries=programs)
