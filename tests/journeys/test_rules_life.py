"""A ministry's rules from an empty folder into the running house: in the shadow, active, rolled back; no process restarts."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from diwan.routing.v1 import decision_pb2, release_pb2
from diwan.routing.v1 import rules_admin_service_pb2 as pb
from diwan.routing.v1.rules_admin_service_pb2_grpc import RulesAdminServiceStub

from services.chassis.client import connect
from tests.demo.cast import Cast
from tests.house_run import RunningHouse
from tests.journeys.people import a_sample, filed_and_decided, people

THEATRE = "المسرح الجهوي مغلق منذ سنة وألغيت عروضه ولا أحد يجيب عن مراسلاتنا."
FIRST_RULES = '''"""What the ministry of culture claims."""

from diwan_rules import Because, Bilingual, Case, Claim, PluginInfo, hookimpl

WHY = Because(ar="المسرح من اختصاص الثقافة.", fr="Le théâtre relève de la culture.")


@hookimpl
def plugin_info() -> PluginInfo:
    """Introduce the rules."""
    name = Bilingual(ar="الثقافة والفنون", fr="Culture et arts")
    return PluginInfo(ministry="MCA", name=name, version="0.1.0", owner="dsi", terms={"stage": ["مسرح*"]})


@hookimpl
def claim(case: Case) -> Claim | None:
    """Claim theatres."""
    return Claim(score=900, because=WHY, rule="stage") if case.has("stage") else None
'''


@pytest.fixture
async def cast(house: RunningHouse) -> AsyncIterator[Cast]:
    async with people(house) as everybody:
        yield everybody


def author(folder: Path, *arguments: str) -> None:
    """Run the author's command in a folder of one's own."""
    done = subprocess.run(
        [sys.executable, "-m", "diwan_rules", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def packed_and_signed(folder: Path) -> tuple[bytes, bytes]:
    """Begin in an empty folder, write one rule, pack and sign it."""
    author(folder, "new", "MCA")
    (folder / "mca" / "diwan_rules_mca.py").write_text(FIRST_RULES, encoding="utf-8")
    author(folder, "pack", "mca")
    author(folder, "keygen", "mca")
    (wheel,) = (folder / "dist").glob("*.whl")
    author(folder, "sign", str(wheel), "--key", "mca.key")
    return wheel.read_bytes(), wheel.with_name(wheel.name + ".sig").read_bytes()


def pids(house: RunningHouse) -> dict[str, str]:
    """Return the process ids of the house by what they run."""
    home, found = house.environment["DIWAN_HOME"], {}
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_text(encoding="utf-8").split("\0")
            ours = f"DIWAN_HOME={home}" in (process / "environ").read_text(encoding="utf-8").split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if ours and (named := [part for part in command if part.startswith("services.")]):
            found[process.name] = named[0]
    return found


class Office:
    """The Mediator's office as it acts on the rules of culture."""

    def __init__(self, cast: Cast, stub: Any) -> None:
        self._cast = cast
        self._stub = stub

    async def does(self, rpc: str, **fields: Any) -> Any:
        """Carry out an act, as its page was read a moment ago."""
        officer = await self._cast.mediator()
        if rpc not in {"InstallRelease", "ListMinistryRules"}:
            fields |= {"ministry_id": "mca", "etag": (await self.rules()).etag}
        if rpc != "ListMinistryRules":
            fields |= {"request_id": str(uuid4()), "because": "طلبت الوزارة ذلك"}
        return await officer.does(getattr(self._stub, rpc), getattr(pb, f"{rpc}Request")(**fields))

    async def rules(self) -> release_pb2.MinistryRules:
        """Read the rules of culture."""
        return (await self.does("ListMinistryRules", ministry_id="mca")).ministries[0]


async def decided(cast: Cast) -> decision_pb2.Decision:
    """File a complaint about a theatre, and wait for its decision."""
    (filed,), first = await filed_and_decided(cast, a_sample(THEATRE, ministry=""))
    return first[filed.complaint_id]


@asynccontextmanager
async def an_office(cast: Cast, house: RunningHouse, folder: Path) -> AsyncIterator[tuple[Office, str]]:
    """Open the Mediator's office with the rules of culture installed."""
    wheel, signature = packed_and_signed(folder)
    settings = house.settings("portal")
    trusted = settings.keys / "rules"
    trusted.mkdir(exist_ok=True)
    (trusted / "MCA.pub").write_bytes((folder / "mca.pub").read_bytes())
    channel = connect(settings, "routing")
    try:
        office = Office(cast, RulesAdminServiceStub(channel))
        yield office, (await office.does("InstallRelease", wheel=wheel, signature=signature)).release.release_id
    finally:
        await channel.close()


@pytest.mark.slow
async def test_rules_come_into_the_running_house_and_leave_it_again(
    cast: Cast, house: RunningHouse, tmp_path: Path
) -> None:
    before = pids(house)
    assert set(before.values()) >= {"services.routing", "services.rulehost"}
    async with an_office(cast, house, tmp_path) as (office, release_id):
        await office.does("ShadowRelease", release_id=release_id)
        tried = await decided(cast)
        assert "mca" not in {verdict.ministry_id for verdict in tried.verdicts}
        (shadow,) = tried.shadow_verdicts
        assert (shadow.release_id, shadow.verdict.rule, shadow.lead_ministry_id) == (release_id, "stage", "mca")

        await office.does("ActivateRelease", release_id=release_id)
        active = await decided(cast)
        assert (active.ministry_id, active.because.ar) == ("mca", "المسرح من اختصاص الثقافة.")

        await office.does("RollBackRelease")
        assert "mca" not in {verdict.ministry_id for verdict in (await decided(cast)).verdicts}
        (left,) = (await office.rules()).releases
        assert (left.state, left.signed_by != "") == (release_pb2.RELEASE_STATE_DISABLED, True)
    assert pids(house) == before


@pytest.mark.slow
async def test_a_rule_host_that_was_killed_is_told_again_what_it_runs(
    cast: Cast, house: RunningHouse, tmp_path: Path
) -> None:
    async with an_office(cast, house, tmp_path) as (office, release_id):
        await office.does("ShadowRelease", release_id=release_id)
        await office.does("ActivateRelease", release_id=release_id)
        (rulehost,) = (pid for pid, module in pids(house).items() if module == "services.rulehost")
        os.kill(int(rulehost), signal.SIGKILL)
        assert (await decided(cast)).ministry_id == "mca"
        assert rulehost not in pids(house)
        await office.does("RollBackRelease")
