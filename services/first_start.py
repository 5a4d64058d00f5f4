"""What a new house needs before its first complaint: reference data, open registers, an account for each role."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

from diwan.common.v1 import access_pb2
from diwan.directory.v1 import directory_service_pb2, directory_service_pb2_grpc, officer_pb2
from diwan.intake.v1 import intake_service_pb2, intake_service_pb2_grpc

from services.chassis.call import Actor, ActorKind, Call, clock
from services.chassis.client import connect
from services.chassis.settings import Settings

REFERENCE = Path(__file__).parent / "directory" / "reference"
COPY_SECONDS = 120.0
DEMO_APPOINTMENTS = (
    ("keeper", "body:commune-1601"),
    ("supervisor", "body:commune-1601"),
    ("delegate", "wilaya:wilaya-alger"),
    ("wilaya_cell", "wilaya:wilaya-alger"),
    ("unit_officer", "body:dsp-alger"),
    ("unit_officer", "body:msan"),
    ("mediator", "national"),
    ("operator", "national"),
)

Say = Callable[[str], None]


async def load_reference(settings: Settings, say: Say) -> None:
    """Load who and where, and open the year's registers; does nothing where this version's data are in already."""
    year = clock().year
    mark = settings.home / "reference-loaded"
    version = f"{year} {_digest(REFERENCE)}"
    if mark.exists() and mark.read_text(encoding="ascii") == version:
        return
    async with connect(settings, "directory") as channel:
        directory = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        loaded = await directory.LoadReference(directory_service_pb2.LoadReferenceRequest(), timeout=COPY_SECONDS)
    say(f"  {loaded.territories} territories, {loaded.bodies} bodies, {loaded.topics} topics are new or changed")
    async with connect(settings, "intake") as channel:
        opened = await _open_registers(intake_service_pb2_grpc.IntakeServiceStub(channel), year, loaded.bodies_total)
    say(f"  {opened.total} registers of {year} are open")
    mark.write_text(version, encoding="ascii")


async def make_accounts(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Create an account for each role where there is none at all; return who signs in, for what, with which password."""
    made = []
    async with connect(settings, "directory") as channel:
        directory = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        if (await directory.ListOfficers(directory_service_pb2.ListOfficersRequest())).officers:
            return []
        for role, scope in DEMO_APPOINTMENTS:
            appointment = officer_pb2.Appointment(role=access_pb2.Role.Value(f"ROLE_{role.upper()}"), scope=scope)
            request = directory_service_pb2.SetAccountRequest(appointments=[appointment])
            account = await directory.SetAccount(request)
            made.append((account.officer.username, role, scope, account.password))
    return made


async def _open_registers(
    intake: "intake_service_pb2_grpc.IntakeServiceAsyncStub", year: int, bodies: int
) -> intake_service_pb2.OpenRegistersResponse:
    """Open registers until intake's copy of the directory, which events bring, is complete and nothing is left to open."""
    operator = Actor(kind=ActorKind.PROCESS, id="operator")
    async with asyncio.timeout(COPY_SECONDS):
        while True:
            request_id = Call(now=clock(), actor=operator, process="operator").new_id()
            request = intake_service_pb2.OpenRegistersRequest(request_id=request_id, year=year)
            opened = await intake.OpenRegisters(request, timeout=COPY_SECONDS)
            if opened.known_bodies >= bodies and not opened.opened:
                return opened
            await asyncio.sleep(0.2)


def _digest(folder: Path) -> str:
    contents = b"".join(path.read_bytes() for path in sorted(folder.glob("*.csv")))
    return hashlib.sha256(contents).hexdigest()
