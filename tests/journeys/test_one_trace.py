"""One complaint is one trace, from the client's call through every process that it concerned."""

import time

import grpc
import pytest
from diwan.intake.v1 import intake_service_pb2_grpc

from services.chassis.traces import Kept, find
from tests.house_run import RunningHouse
from tests.journeys.builders import a_filing, bearer

CONCERNED = {"intake", "bus", "routing", "rulehost", "correspondence", "reporting"}
# Who calls whom for one complaint; the other way round of a rule of access.
EDGES = {
    ("intake", "bus"),
    ("bus", "routing"),
    ("routing", "intake"),
    ("routing", "rulehost"),
    ("routing", "bus"),
    ("bus", "correspondence"),
    ("bus", "reporting"),
}
FORBIDDEN = {("reporting", "intake"), ("rulehost", "intake"), ("rulehost", "routing"), ("bus", "rulehost")}


@pytest.fixture(scope="module")
def spans(house: RunningHouse, filing_token: str) -> list[Kept]:
    with grpc.insecure_channel(house.settings("intake").listen) as channel:
        intake = intake_service_pb2_grpc.IntakeServiceStub(channel)
        number = intake.RegisterComplaint(a_filing(), metadata=bearer(filing_token), timeout=10).receipt.number
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = find(house.settings("operator").home, number)
        if {span.process for span in found} >= CONCERNED:
            time.sleep(2)
            break
        time.sleep(0.5)
    return find(house.settings("operator").home, number)


def edges(spans: list[Kept]) -> set[tuple[str, str]]:
    by_id = {span.span_id: span for span in spans}
    pairs = ((by_id[span.parent_id].process, span.process) for span in spans if span.parent_id in by_id)
    return {(caller, called) for caller, called in pairs if caller != called}


def test_one_complaint_is_one_trace_over_all_processes(spans: list[Kept]) -> None:
    assert len({span.trace_id for span in spans}) == 1
    assert {span.process for span in spans} >= CONCERNED
    assert len(spans) >= 12


def test_no_span_is_an_orphan(spans: list[Kept]) -> None:
    known = {span.span_id for span in spans}
    roots = [span for span in spans if span.parent_id not in known]
    assert [root.process for root in roots] == ["intake"]


def test_the_call_graph_is_the_designed_one(spans: list[Kept]) -> None:
    assert edges(spans) >= EDGES
    assert not edges(spans) & FORBIDDEN


def test_make_trace_draws_it_by_any_spelling_of_the_number(house: RunningHouse, spans: list[Kept]) -> None:
    number = next(
        span.attributes["diwan.complaint.number"] for span in spans if "diwan.complaint.number" in span.attributes
    )
    drawn = house.run("chassis.traces", number.translate(str.maketrans("0123456789/", "٠١٢٣٤٥٦٧٨٩ ")))
    assert not CONCERNED - set(drawn.split())
