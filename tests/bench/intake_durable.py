"""Measures durable intake beside raw PostgreSQL and bare gRPC, in the same run: python -m tests.bench.intake_durable."""

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg

from services.chassis import keys
from services.chassis.call import Actor, ActorKind, Appointment, clock
from services.chassis.database import OWN_MIGRATIONS, migrate
from services.chassis.settings import PROCESSES
from services.chassis.tokens import sign_actor
from tests.bench import intake_raw
from tests.bench.intake_disk import Disk

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "services" / "intake" / "migrations"
CLIENTS = (1, 16, 64)
SLOW = 5.0
LIMITS = {"plain": 0.20, "slow": 0.70, "cpu": 1.2}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class House:
    """What is running for the bench."""

    folder: Path
    disk: Disk
    pgbench: Path
    dsn: str
    postgres: int
    intake: int
    addresses: dict[str, str]
    token: str
    seconds: float
    seen: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, **values: float) -> None:
        """Keep what one measurement gave."""
        for name, value in values.items():
            self.seen[name].append(value)

    def median(self, name: str) -> float:
        """Return the median over the rounds."""
        return statistics.median(self.seen[name])


def measure(house: House, disk: str) -> None:
    """Measure raw, one by one and in batches, in turn, on the disk as it is now."""
    for clients in CLIENTS:
        rate = intake_raw.measure(house.pgbench, house.dsn, house.folder, clients=clients, seconds=house.seconds)
        house.note(**{f"{disk} raw {clients}": rate})
    for kind, clients in (("one", 64), ("batch", 4)):
        before, syncs = cpu(house), house.disk.syncs
        said = load(house, kind, clients)
        served = said["rate"] * house.seconds * (house.seconds + 1) / house.seconds
        used = (cpu(house) - before) * 1000 / served
        house.note(**{f"{disk} {kind} {name}": said[name] for name in ("rate", "p50", "p99", "failed")})
        house.note(**{f"{disk} {kind} cpu": used, f"{disk} {kind} per sync": served / max(1, house.disk.syncs - syncs)})
        house.note(**{f"{disk} {kind} busy": said["busy"], f"{disk} {kind} caller": said["cpu"] / (house.seconds + 1)})


def load(house: House, kind: str, clients: int) -> dict[str, float]:
    """Let clients file for a while, from a process of their own."""
    intake = process_cpu(house.intake)
    arguments = [
        "--address",
        house.addresses[kind],
        "--kind",
        kind,
        "--clients",
        str(clients),
        "--seconds",
        str(house.seconds),
    ]
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.intake_load", *arguments, *(["--token", house.token] if kind != "echo" else [])],
        check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout  # fmt: skip
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    found["busy"] = (process_cpu(house.intake) - intake) / (house.seconds + 1)
    if found["failed"]:
        print(said)
    return found


def cpu(house: House) -> float:
    """Return the CPU seconds that intake and PostgreSQL have used, ended backends included."""
    return process_cpu(house.intake) + family_cpu(house.postgres)


def process_cpu(pid: int) -> float:
    """Return the CPU seconds of one process."""
    return sum(_times(pid)[:2]) / TICKS


def family_cpu(pid: int) -> float:
    """Return the CPU seconds of a process, its children, and those that it has seen end."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return sum(_times(pid)) / TICKS + sum(map(process_cpu, map(int, children)))


def _times(pid: int) -> tuple[int, ...]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0, 0, 0
    return tuple(map(int, fields[11:15]))


def free_address() -> str:
    """Find a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


@contextmanager
def child(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of the bench."""
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


async def furnish(dsn: str) -> None:
    """Make the schema and a small country of sixteen communes."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(intake_raw.SCHEMA)
    await migrate(connection, OWN_MIGRATIONS)
    await migrate(connection, MIGRATIONS)
    communes = [f"commune-16{number:02}" for number in range(1, 17)]
    await connection.executemany(
        "INSERT INTO body VALUES ($1, $2, '', 'wilaya-alger', '16', true, NULL, '{}', 1)",
        [("delegation-alger", "delegation"), *((each, "other") for each in communes)],
    )
    await connection.executemany(
        "INSERT INTO territory VALUES ($1, true, 'wilaya-alger', 1)", [(each,) for each in communes]
    )
    await connection.execute("INSERT INTO topic VALUES ('housing.social', 1)")
    await connection.close()


async def bench(folder: Path, *, seconds: float, rounds: int) -> House:
    """Start everything, measure in turn, and return what was seen."""
    disk = Disk(folder)
    server = disk.server(folder / "server")
    await server.start()
    try:
        await furnish(server.dsn())
        keys.make(folder / "keys", [name for name in PROCESSES if name != "client"])
        actor = Actor(
            kind=ActorKind.CLIENT, id="bench", appointments=(Appointment(role="filing_client", scope="national"),)
        )
        token = sign_actor(
            keys.private_key(folder / "keys", "directory"), actor, now=clock(), lifetime=timedelta(hours=2)
        )
        addresses = {"one": free_address(), "echo": free_address()}
        environment = {
            "DIWAN_HOME": str(folder), "DIWAN_KEYS": str(folder / "keys"), "DIWAN_TRACE_SAMPLE": "0.01",
            "DIWAN_INTAKE_LISTEN": addresses["one"], "DIWAN_INTAKE_DATABASE": server.dsn(),
        }  # fmt: skip
        with child("services.intake", **environment) as intake, child("tests.bench.intake_echo", addresses["echo"]):
            await asyncio.to_thread(_until_answering, addresses.values(), intake)
            assert server.process is not None
            house = House(
                folder=folder, disk=disk, pgbench=disk.pgbench, dsn=server.dsn(), postgres=server.process.pid, intake=intake.pid,
                addresses={**addresses, "batch": addresses["one"]}, token=token, seconds=seconds,
            )  # fmt: skip
            await asyncio.to_thread(_rounds, house, rounds)
        return house
    finally:
        await server.stop()


def _until_answering(addresses: Sequence[str], intake: subprocess.Popen[bytes]) -> None:
    for address in addresses:
        host, _, port = address.rpartition(":")
        while not _answers(host, int(port)):
            if intake.poll() is not None:
                raise RuntimeError("intake did not start; its last line says why")
            time.sleep(0.1)


def _answers(host: str, port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((host, port)) == 0


def _rounds(house: House, rounds: int) -> None:
    for number in range(rounds):
        print(f"▸ round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        measure(house, "plain")
        with house.disk.slower(SLOW):
            measure(house, "slow")
        house.note(**{f"echo {name}": value for name, value in load(house, "echo", 64).items()})


def report(house: House) -> bool:
    """Print what was measured; return whether it keeps within the limits."""
    kept = []
    for disk, title in (("plain", "disk as it is"), ("slow", f"{SLOW:g} ms added to each fsync")):
        best = max(CLIENTS, key=lambda clients: house.median(f"{disk} raw {clients}"))
        raw = house.median(f"{disk} raw {best}")
        rates = ", ".join(f"{house.median(f'{disk} raw {clients}'):,.0f} with {clients}" for clients in CLIENTS)
        print(f"\nDurable intake, {title}\n  raw three-insert transactions/s: {rates}")
        for kind, name in (("one", "one by one, 64 clients"), ("batch", "batches of 100, 4 clients")):
            values = {
                each: house.median(f"{disk} {kind} {each}")
                for each in ("rate", "p50", "p99", "cpu", "per sync", "busy", "caller")
            }
            print(
                f"  {name}: {values['rate']:,.0f}/s, ratio {values['rate'] / raw:.2f}, p50 {values['p50']:.1f} ms, p99 {values['p99']:.1f} ms,"
                f" {values['per sync']:.0f} complaints per fsync, {values['cpu']:.2f} CPU-ms (intake + PostgreSQL)"
            )
            print(f"    intake {values['busy']:.0%} of a core, load {values['caller']:.0%}: {_bound(values)}")
        ratio, used = house.median(f"{disk} one rate") / raw, house.median(f"{disk} one cpu")
        kept += [ratio >= LIMITS[disk], used <= LIMITS["cpu"]]
        print(f"  ratio {ratio:.2f} (limit {LIMITS[disk]:.2f}), CPU {used:.2f} ms (limit {LIMITS['cpu']})")
    echo = house.median("echo rate")
    print(
        f"\nBare grpc.aio echo of the same request: {echo:,.0f}/s, p50 {house.median('echo p50'):.1f} ms;"
        f" durable intake reaches {house.median('plain one rate') / echo:.2f} of it, {house.median('slow one rate') / echo:.2f} with the slow disk"
    )
    return all(kept)


def _bound(values: dict[str, float]) -> str:
    if values["busy"] > 0.9:
        return "bound by intake's one core"
    if values["caller"] > 0.9:
        return "bound by the load generator's one core"
    if values["busy"] + values["caller"] > 0.75 * (os.cpu_count() or 1):
        return "bound by the machine's cores, shared by load, intake and PostgreSQL"
    return "bound by the wait for fsync and PostgreSQL"


def main(seconds: float = 5, rounds: int = 3) -> bool:
    """Run the bench in a folder of its own; return whether the limits are kept."""
    folder = Path(tempfile.mkdtemp(prefix="diwan-bench-"))
    folder.chmod(0o711)
    try:
        return report(asyncio.run(bench(folder, seconds=seconds, rounds=rounds)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    sys.exit(0 if main(chosen.seconds, chosen.rounds) else 1)
