"""The rule host on a real port: it tells what it hosts, asks ministries side by side, and refuses what is wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from diwan.rules.v1 import case_pb2, ministry_pb2, outcome_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan.rules.v1 import rule_host_service_pb2_grpc as pb2_grpc
from diwan_rules.host.supervisor import Host
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis import attributes, traces, tracing
from services.chassis.client import refused
from services.chassis.settings import Settings
from services.rulehost.__main__ import EXAMPLES, SERVICE
from services.rulehost.server import RuleHost
from tests.rules.builders import FAST, a_misbehaving_plugin, a_plugin

pytestmark = pytest.mark.anyio
NOW = Timestamp()
NOW.FromDatetime(datetime(2026, 11, 1, 9, tzinfo=UTC))
WELL = """
@hookimpl
def claim(case, ctx):
    return Claim(score=400, because=WHY, category=case.topic_code, rule=f"{case.channel}/{case.kind}/{ctx.now:%Y}")

@hookimpl
def assign_unit(case, ctx):
    return UnitProposal(unit=ctx.directory.nearest(case).body_id, because=WHY)

@hookimpl
def deadline(case, stage, ctx):
    return WorkingDays(days=5 if ctx.calendar.is_working(case.received_on) else 1, because=WHY)
"""


@pytest.fixture(scope="module")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Host]:
    """A ministry that is well, one that misbehaves and one that does not load."""
    folder = a_plugin(a_misbehaving_plugin(tmp_path_factory.mktemp("plugins")), WELL, ministry="MEN")
    a_plugin(folder, "@hookimpl\ndef clam(case): ...", ministry="MJ")
    async with Host(folder, limits=FAST) as host:
        yield host


@pytest.fixture
async def rules(host: Host, running: Callable[..., Awaitable[Any]]) -> Any:
    """The rule host's server."""
    return await running("rulehost", [(SERVICE, pb2_grpc.add_RuleHostServiceServicer_to_server, RuleHost(host))])


@pytest.fixture
def stub(rules: Any) -> "pb2_grpc.RuleHostServiceAsyncStub":
    stub: pb2_grpc.RuleHostServiceAsyncStub = pb2_grpc.RuleHostServiceStub(rules.channel("routing"))
    return stub


def a_case(text: str = "شكوى", **facts: Any) -> case_pb2.Case:
    given: dict[str, Any] = {
        "complaint_id": f"c-{text}",
        "text": text,
        "kind": case_pb2.CASE_KIND_PETITION,
        "channel": case_pb2.CASE_CHANNEL_CALL_CENTRE,
        "topic_code": "education",
        "received_on": "2026-10-29",
    }
    return case_pb2.Case(**(given | facts))


def a_request(*ministries: str, cases: tuple[case_pb2.Case, ...] = (), **asked: Any) -> pb2.ConsultRequest:
    given: dict[str, Any] = {"hook": pb2.HOOK_CLAIM, "now_time": NOW, "cases": cases or (a_case(),)}
    return pb2.ConsultRequest(ministries=ministries, **(given | asked))


async def test_ministries_are_asked_side_by_side(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    cases = (a_case("first"), a_case("loop"))
    response = await stub.Consult(a_request("MSAN", "MEN", "MJ", cases=cases))

    msan, men, mj = response.answers
    assert [outcome.WhichOneof("result") for outcome in msan.outcomes] == ["claim", "failure"]
    assert msan.outcomes[1].failure.kind == outcome_pb2.FAILURE_KIND_TIMED_OUT
    assert [outcome.complaint_id for outcome in men.outcomes] == ["c-first", "c-loop"]
    assert men.outcomes[0].claim.rule == "call_centre/petition/2026"
    assert men.outcomes[0].claim.category == "education"
    assert men.outcomes[0].claim.because.ar == "لأنه كذلك"
    assert (men.version, len(men.digest)) == ("1.2.0", 64)
    assert [outcome.failure.kind for outcome in mj.outcomes] == [outcome_pb2.FAILURE_KIND_NOT_LOADED] * 2


async def test_a_text_is_shown_as_it_was_typed(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    texts = ("", "\x0b\x07 \u202bنعم\u202c 😀 \ufeff", "ش" * 100_000)
    cases = tuple(a_case(text, complaint_id=f"c{number}") for number, text in enumerate(texts))
    (answer,) = (await stub.Consult(a_request("MEN", cases=cases))).answers
    assert [outcome.WhichOneof("result") for outcome in answer.outcomes] == ["claim"] * 3


async def test_hits_reach_the_ministry_that_declared_them(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    hit = case_pb2.TermHit(ministry="MSAN", group="hospital", terms=["مستشفى"], positions=[8])
    (answer,) = (await stub.Consult(a_request("MSAN", cases=(a_case("hits: المستشفى", hits=[hit]),)))).answers
    assert answer.outcomes[0].claim.rule == "مستشفى"


async def test_the_owner_proposes_unit_and_days(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    unit = pb2.Unit(ministry="MEN", body_id="de-oran", kind="directorate", name_ar="مديرية", name_fr="Direction")
    (answer,) = (await stub.Consult(a_request("MEN", hook=pb2.HOOK_ASSIGN_UNIT, units=[unit]))).answers
    assert answer.outcomes[0].unit_proposal.unit_body_id == "de-oran"

    calendar = pb2.Calendar(holidays=["2026-10-29"])
    request = a_request("MEN", hook=pb2.HOOK_DEADLINE, stage=pb2.STAGE_FINAL_ANSWER, calendar=calendar)
    (answer,) = (await stub.Consult(request)).answers
    assert answer.outcomes[0].working_days.days == 1


async def test_a_hook_that_a_ministry_does_not_answer_is_an_abstention(
    stub: "pb2_grpc.RuleHostServiceAsyncStub",
) -> None:
    (answer,) = (await stub.Consult(a_request("MSAN", hook=pb2.HOOK_ASSIGN_UNIT))).answers
    assert answer.outcomes[0].WhichOneof("result") == "abstention"


async def test_it_tells_what_it_hosts_and_what_does_not_load(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    response = await stub.Describe(pb2.DescribeRequest())

    men, mj, msan = response.ministries
    assert response.kit_version == "1.1.0"
    assert (men.ministry, men.state) == ("MEN", ministry_pb2.WORKER_STATE_READY)
    assert list(men.hooks) == ["assign_unit", "claim", "deadline", "plugin_info"]
    assert (men.name.ar, men.owner, men.worker.started) == ("وزارة", "dsi", 1)
    assert men.worker.memory_kib > 0
    assert [(group.group, list(group.terms)) for group in msan.terms] == [("hospital", ["مستشفى", "hôpit*"])]
    assert mj.state == ministry_pb2.WORKER_STATE_NOT_LOADED
    assert mj.load_errors[0].code == "hook_unknown"
    assert (mj.load_errors[0].file, mj.load_errors[0].line) == ("rules.py", 12)
    assert "clam" in mj.load_errors[0].message_fr


@pytest.mark.parametrize(
    ("asked", "reason", "field"),
    [
        ({"ministries": ["MXYZ"]}, "MINISTRY_NOT_HOSTED", "ministries"),
        ({"hook": pb2.HOOK_UNSPECIFIED}, "FIELD_INVALID", "hook"),
        ({"hook": 99}, "ENUM_UNKNOWN", "hook"),
        ({"hook": pb2.HOOK_DEADLINE}, "FIELD_INVALID", "stage"),
        ({"cases": []}, "FIELD_INVALID", "cases"),
        ({"cases": [a_case(), a_case()]}, "FIELD_INVALID", "cases"),
        ({"cases": [a_case(str(n)) for n in range(201)]}, "FIELD_INVALID", "cases"),
        ({"cases": [a_case(kind=0)]}, "FIELD_INVALID", "cases.kind"),
        ({"cases": [a_case(channel=0)]}, "FIELD_INVALID", "cases.channel"),
        ({"cases": [a_case(received_on="yesterday")]}, "FIELD_INVALID", "cases.received_on"),
        ({"cases": [a_case("x" * 1_000_001)]}, "FIELD_INVALID", "cases.text"),
        ({"now_time": None}, "FIELD_INVALID", "now_time"),
        ({"calendar": pb2.Calendar(holidays=["2026-02-30"])}, "FIELD_INVALID", "calendar.holidays"),
    ],
)
async def test_a_wrong_question_is_refused(
    stub: "pb2_grpc.RuleHostServiceAsyncStub", asked: dict[str, Any], reason: str, field: str
) -> None:
    given: dict[str, Any] = {"ministries": ["MEN"], "hook": pb2.HOOK_CLAIM, "now_time": NOW, "cases": [a_case()]}
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stub.Consult(pb2.ConsultRequest(**(given | asked)))
    assert (refused(raised.value).reason, refused(raised.value).field) == (reason, field)


async def test_only_routing_may_ask(rules: Any) -> None:
    for process in ("portal", "intake", "bus"):
        stub = pb2_grpc.RuleHostServiceStub(rules.channel(process))
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await stub.Describe(pb2.DescribeRequest())
        assert refused(raised.value).reason == "CALLER_FORBIDDEN"


async def test_every_worked_example_loads() -> None:
    async with Host(EXAMPLES) as host:
        assert len(host.ministries) >= 8
        assert [error for ministry in host.ministries.values() for error in ministry.load_errors] == []


async def test_every_ministry_asked_is_a_span_without_a_word_of_the_case(
    stub: "pb2_grpc.RuleHostServiceAsyncStub", settings_of: Callable[[str], Settings]
) -> None:
    settings = settings_of("rulehost")
    tracing.start("rulehost", settings)
    await stub.Consult(a_request("MSAN", "MEN", cases=(a_case("raise", complaint_id="0190c0de"),)))
    tracing.stop()

    spans = {span.name: span for span in traces.find(settings.home, "0190c0de")}
    assert {"rules.msan.claim", "rules.men.claim"} <= set(spans)
    assert spans["rules.msan.claim"].attributes[attributes.REASON] == "raised"
    assert spans["rules.men.claim"].attributes[attributes.MINISTRY] == "MEN"
