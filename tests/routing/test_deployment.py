"""Several rule hosts run what is ordered: rules live where their folder is, others on the first host, and nowhere twice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from diwan.rules.v1 import rule_host_service_pb2_grpc
from diwan_rules.host.supervisor import Host

from services.chassis.call import Actor, ActorKind, Call, begin
from services.chassis.database import Database
from services.routing.actions import administering
from services.routing.actions.administering import About
from services.routing.deployment import Deployment
from services.routing.domain.release import ActKind, Slot, Slots
from services.routing.neighbours import RuleHosts, release_of
from services.routing.packages import Doorkeeper
from services.routing.store.memory import Store
from services.rulehost.__main__ import SERVICE as RULEHOST
from services.rulehost.server import RuleHost
from tests.routing.builders import PLUGINS, RULES_HEAD, a_reference
from tests.routing.packed import EAGER, a_wheel

pytestmark = pytest.mark.anyio
BODIES = a_reference().bodies


@pytest.fixture
def call() -> Call:
    return begin(Actor(kind=ActorKind.OFFICER, id="mediator"), process="routing")


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_for("routing")


@pytest.fixture
async def hosts(tmp_path: Path, running: Callable[..., Awaitable[Any]]) -> AsyncIterator[RuleHosts]:
    """Two hosts: the first has the rules of health in its folder, the second those of justice."""
    add, channels = rule_host_service_pb2_grpc.add_RuleHostServiceServicer_to_server, {}
    async with AsyncExitStack() as held:
        for ministry, body in PLUGINS.items():
            folder = tmp_path / ministry / ministry.lower()
            folder.mkdir(parents=True)
            (folder / "rules.py").write_text(RULES_HEAD.replace("MINISTRY", ministry) + body, encoding="utf-8")
            host = await held.enter_async_context(Host(folder.parent))
            served = await running("rulehost", [(RULEHOST, add, RuleHost(host))])
            channels[served.address] = served.channel("routing")
        yield RuleHosts(channels)


async def ordered(call: Call, database: Database, ministry: str, *kinds: ActKind) -> str:
    """Install a release of a ministry and move it."""
    opened = Doorkeeper(folder=Path(), lets_unsigned_in=True).open(a_wheel(EAGER, ministry), b"")
    async with database.transaction() as connection:
        store = Store(connection)
        release = await administering.install(call, store, BODIES, opened=opened, because="x")
        for etag, kind in enumerate(kinds):
            about = About(ministry_id=ministry.lower(), etag=str(etag), because="x")
            await administering.move(call, store, BODIES, kind, about=about, release_id=release.release_id)
    return release.release_id


async def slots(database: Database) -> dict[str, Slots]:
    async with database.reading() as connection:
        return await Store(connection).releases.slots()


def runs(hosts: RuleHosts, slot: Slot) -> list[dict[str, str]]:
    return [{m: release_of(each)[:6] for m, each in host.in_slot(slot).items()} for host in hosts.hosts]


async def test_a_release_lives_where_the_folder_of_its_ministry_is(
    call: Call, database: Database, hosts: RuleHosts
) -> None:
    release_id = await ordered(call, database, "MJ", ActKind.SHADOWED)
    deployment = Deployment(database, hosts)
    assert await deployment.reconcile(call.now, await slots(database)) == 1
    assert runs(hosts, Slot.STABLE) == [{"msan": "folder"}, {"mj": "folder"}]
    assert runs(hosts, Slot.CANDIDATE) == [{}, {"mj": release_id[:6]}]
    assert await deployment.reconcile(call.now, await slots(database)) == 0


async def test_a_ministry_without_a_folder_lives_on_the_first_host(
    call: Call, database: Database, hosts: RuleHosts
) -> None:
    release_id = await ordered(call, database, "MHUVAT", ActKind.SHADOWED, ActKind.ACTIVATED)
    deployment = Deployment(database, hosts)
    assert await deployment.reconcile(call.now, await slots(database)) == 1
    assert runs(hosts, Slot.STABLE) == [{"msan": "folder", "mhuvat": release_id[:6]}, {"mj": "folder"}]
    async with database.transaction() as connection:
        about = About(ministry_id="mhuvat", etag="2", because="x")
        await administering.roll_back(call, Store(connection), BODIES, about=about)
    assert await deployment.reconcile(call.now, await slots(database)) == 1
    assert runs(hosts, Slot.STABLE) == [{"msan": "folder"}, {"mj": "folder"}]


async def test_an_old_copy_of_what_is_ordered_orders_nothing_back(
    call: Call, database: Database, hosts: RuleHosts
) -> None:
    old = {"mj": Slots(ministry_id="mj")}
    release_id = await ordered(call, database, "MJ", ActKind.SHADOWED, ActKind.ACTIVATED)
    deployment = Deployment(database, hosts)
    await deployment.reconcile(call.now, await slots(database))
    assert await deployment.reconcile(call.now, old) == 0
    assert runs(hosts, Slot.STABLE)[1] == {"mj": release_id[:6]}
