"""Releases are loaded into a running rule host and leave it again; the other ministries do not notice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from diwan.rules.v1 import ministry_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan.rules.v1 import rule_host_service_pb2_grpc as pb2_grpc
from diwan_rules.host.supervisor import Host

from services.chassis.client import refused
from services.rulehost.__main__ import SERVICE
from services.rulehost.server import RuleHost
from tests.routing.packed import EAGER, a_wheel
from tests.rulehost.test_server import WELL, a_case, a_request
from tests.rules.builders import FAST, a_plugin

pytestmark = pytest.mark.anyio
RELEASE = "a" * 64
CANDIDATE = ministry_pb2.SLOT_CANDIDATE
HIGH = """
@hookimpl
def claim(case, ctx):
    return Claim(score=999, because=WHY)
"""


@pytest.fixture
async def stub(tmp_path: Path, running: Callable[..., Awaitable[Any]]) -> AsyncIterator[Any]:
    """A host with the rules of education in its folder, and nothing of justice."""
    a_plugin(tmp_path, WELL, ministry="MEN")
    async with Host(tmp_path, limits=FAST) as host:
        rules = await running("rulehost", [(SERVICE, pb2_grpc.add_RuleHostServiceServicer_to_server, RuleHost(host))])
        yield pb2_grpc.RuleHostServiceStub(rules.channel("routing"))


def a_load(ministry: str = "MJ", **only: Any) -> pb2.LoadReleaseRequest:
    return pb2.LoadReleaseRequest(**({"ministry": ministry, "release_id": RELEASE, "wheel": a_wheel(EAGER)} | only))


async def described(stub: Any) -> tuple[dict[str, ministry_pb2.Ministry], dict[str, ministry_pb2.Ministry]]:
    said = await stub.Describe(pb2.DescribeRequest())
    return {each.ministry: each for each in said.ministries}, {each.ministry: each for each in said.candidates}


async def test_a_release_is_loaded_answers_and_is_unloaded(stub: Any) -> None:
    before, _ = await described(stub)
    loaded = (await stub.LoadRelease(a_load())).ministry
    assert (loaded.version, loaded.release_id, loaded.state) == ("2.0.0", RELEASE, ministry_pb2.WORKER_STATE_READY)
    (answer,) = (await stub.Consult(a_request("MJ"))).answers
    assert answer.version == "2.0.0"
    after, _ = await described(stub)
    assert after["MEN"].worker.pid == before["MEN"].worker.pid
    await stub.UnloadRelease(pb2.UnloadReleaseRequest(ministry="MJ"))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Consult(a_request("MJ"))
    assert refused(caught.value).reason == "MINISTRY_NOT_HOSTED"


async def test_loading_what_runs_already_starts_no_other_worker(stub: Any) -> None:
    first = (await stub.LoadRelease(a_load())).ministry
    again = (await stub.LoadRelease(a_load())).ministry
    assert (first.worker.pid, first.worker.started) == (again.worker.pid, again.worker.started)


async def test_stable_and_candidate_run_side_by_side_in_workers_of_their_own(stub: Any) -> None:
    await stub.LoadRelease(a_load("MEN", slot=CANDIDATE, wheel=a_wheel(HIGH, "MEN")))
    stable, candidates = await described(stub)
    assert stable["MEN"].worker.pid != candidates["MEN"].worker.pid
    (usual,) = (await stub.Consult(a_request("MEN"))).answers
    (tried,) = (await stub.Consult(a_request("MEN", slot=CANDIDATE))).answers
    assert [each.outcomes[0].claim.score for each in (usual, tried)] == [400, 999]
    await stub.UnloadRelease(pb2.UnloadReleaseRequest(ministry="MEN", slot=CANDIDATE))
    stable, candidates = await described(stub)
    assert (list(stable), list(candidates)) == (["MEN"], [])


async def test_the_rules_of_the_folder_come_back(stub: Any) -> None:
    own, _ = await described(stub)
    await stub.LoadRelease(a_load("MEN", wheel=a_wheel(HIGH, "MEN")))
    back = (await stub.LoadRelease(pb2.LoadReleaseRequest(ministry="MEN", release_id="folder"))).ministry
    assert (back.release_id, back.digest) == ("", own["MEN"].digest)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"wheel": b"no wheel"}, "wheel"),
        ({"ministry": "MSAN"}, "ministry"),
        ({"release_id": "folder"}, "ministry"),
        ({"release_id": ""}, "release_id"),
    ],
)
async def test_what_cannot_be_loaded_is_refused(stub: Any, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.LoadRelease(a_load(**wrong))
    assert (refused(caught.value).reason, refused(caught.value).field) == ("FIELD_INVALID", field)


async def test_what_was_asked_of_the_former_rules_is_still_answered(stub: Any) -> None:
    cases = tuple(a_case(f"case {n}") for n in range(100))
    asking = stub.Consult(a_request("MEN", cases=cases))
    await stub.LoadRelease(a_load("MEN", wheel=a_wheel(HIGH, "MEN")))
    (answer,) = (await asking).answers
    assert {outcome.WhichOneof("result") for outcome in answer.outcomes} == {"claim"}
