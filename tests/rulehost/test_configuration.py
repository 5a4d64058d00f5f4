"""A ministry's configuration on a real port: values come with the question, and can be tried before they apply."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from diwan.rules.v1 import outcome_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan.rules.v1 import rule_host_service_pb2_grpc as pb2_grpc
from diwan_rules.host.supervisor import Host

from services.chassis.client import refused
from services.rulehost.__main__ import SERVICE
from services.rulehost.server import RuleHost
from tests.rulehost.test_server import a_request
from tests.rules.builders import FAST, a_plugin
from tests.rules.test_configuration import CLAIM, FIELDS, INFO

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stub(
    tmp_path: Path, running: Callable[..., Awaitable[Any]]
) -> "AsyncIterator[pb2_grpc.RuleHostServiceAsyncStub]":
    """A ministry with a configuration, one without, and one that does not load."""
    folder = a_plugin(a_plugin(tmp_path, CLAIM, info=INFO % FIELDS), ministry="MEN")
    a_plugin(folder, "@hookimpl\ndef clam(case): ...", ministry="MJ")
    async with Host(folder, limits=FAST) as host:
        rules = await running("rulehost", [(SERVICE, pb2_grpc.add_RuleHostServiceServicer_to_server, RuleHost(host))])
        yield pb2_grpc.RuleHostServiceStub(rules.channel("routing"))


def values(revision: int, values_json: str, ministry: str = "MSAN") -> pb2.Configuration:
    return pb2.Configuration(ministry=ministry, revision=revision, values_json=values_json)


async def test_values_come_with_the_question_and_the_answer_names_their_revision(
    stub: "pb2_grpc.RuleHostServiceAsyncStub",
) -> None:
    request = a_request("MSAN", "MEN", configurations=[values(12, '{"score": 444}')])
    msan, men = (await stub.Consult(request)).answers
    assert (msan.outcomes[0].claim.score, msan.config_revision) == (444, 12)
    assert men.config_revision == 0


async def test_wrong_values_fail_the_ministry_and_no_other(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    msan, men = (await stub.Consult(a_request("MSAN", "MEN", configurations=[values(13, '{"scor": 444}')]))).answers
    assert msan.outcomes[0].failure.kind == outcome_pb2.FAILURE_KIND_MISCONFIGURED
    assert "scor" in msan.outcomes[0].failure.message
    assert msan.config_revision == 13
    assert men.outcomes[0].WhichOneof("result") == "abstention"


async def test_values_can_be_tried_before_they_apply(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    async def tried(ministry: str, values_json: str) -> pb2.ValidateConfigurationResponse:
        asked = pb2.ValidateConfigurationRequest(ministry=ministry, values_json=values_json)
        return await stub.ValidateConfiguration(asked)

    right, wrong = await tried("MSAN", '{"score": 5}'), await tried("MSAN", '{"score": 5000}')
    assert (list(right.problems), right.HasField("failure")) == ([], False)
    (problem,) = wrong.problems
    assert (problem.field, problem.message_fr) == ("score", "Doit être au plus 900.")
    assert problem.message_ar
    assert "less than or equal to 900" in problem.message_en
    assert (await tried("MEN", '{"score": 5}')).problems[0].message_en == "These rules have no configuration."
    assert (await tried("MJ", "{}")).failure.kind == outcome_pb2.FAILURE_KIND_NOT_LOADED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([values(1, "{}"), values(2, "{}")], "configurations"),
        ([values(1, "x" * 65537)], "configurations.values_json"),
    ],
)
async def test_configurations_that_make_no_sense_are_refused(
    stub: "pb2_grpc.RuleHostServiceAsyncStub", given: list[pb2.Configuration], field: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stub.Consult(a_request("MSAN", configurations=given))
    assert refused(raised.value).field == field


async def test_no_values_at_all_are_refused(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stub.ValidateConfiguration(pb2.ValidateConfigurationRequest(ministry="MSAN"))
    assert refused(raised.value).field == "values_json"
