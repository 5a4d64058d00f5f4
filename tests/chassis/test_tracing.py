"""Traces: one across processes and hops, found by a number however typed, kept within bounds."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from diwan.common.v1 import localized_text_pb2, subscriber_service_pb2_grpc
from diwan.common.v1 import subscriber_service_pb2 as contract
from opentelemetry.trace import SpanKind, TraceFlags
from rich.console import Console

from services.chassis import attributes, outbox, traces, tracing
from services.chassis.database import Database
from services.chassis.server import Served, current_call
from services.chassis.settings import Settings

NUMBER = "16/0412/2026/000123"
FACT = localized_text_pb2.LocalizedText(ar="أ", fr="a")
SERVICE = "diwan.common.v1.SubscriberService"
Serve = Callable[[str, Sequence[Served]], Awaitable[Any]]


@pytest.fixture
def home(settings_of: Callable[[str], Settings]) -> Iterator[Path]:
    settings = settings_of("intake")
    tracing.start("intake", settings)
    yield settings.home
    tracing.stop()


class Keeper(subscriber_service_pb2_grpc.SubscriberServiceServicer):
    """Saves an event for each that it gets."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def Deliver(self, request: contract.DeliverRequest, context: Any) -> contract.DeliverResponse:
        async with self.database.transaction() as connection:
            event = outbox.envelope(current_call(), payload=FACT, aggregate_id="c1", aggregate_version=1)
            await outbox.save(connection, event)
        tracing.annotate(**{attributes.COMPLAINT_NUMBER: NUMBER})
        return contract.DeliverResponse()


async def test_one_trace_goes_from_the_click_to_the_outbox(
    home: Path, running: Serve, database_for: Callable[[str], Awaitable[Database]]
) -> None:
    database = await database_for("chassis")
    add = subscriber_service_pb2_grpc.add_SubscriberServiceServicer_to_server
    service = await running("intake", [(SERVICE, add, Keeper(database))])
    with tracing.span("portal.click"):
        stub = subscriber_service_pb2_grpc.SubscriberServiceStub(service.channel("bus"))
        await stub.Deliver(contract.DeliverRequest())
    async with database.reading() as connection:
        headers = await connection.fetchval("SELECT headers FROM outbox")
    with tracing.span("bus.deliver", kind=SpanKind.PRODUCER, parent=tracing.extract(headers)):
        pass
    tracing.flush()
    (tree,) = traces.by_trace(traces.find(home, NUMBER))
    assert [(depth, span.name) for depth, span in tree] == [
        (0, "portal.click"),
        (1, "call common.Deliver"),
        (2, "common.Deliver"),
        (3, "chassis.transaction"),
        (4, "bus.deliver"),
    ]


@pytest.mark.parametrize("typed", [NUMBER, "16-0412-2026-000123", "١٦/٠٤١٢/٢٠٢٦/٠٠٠١٢٣", " 16 0412 2026 000123 "])
def test_a_complaint_is_found_however_its_number_is_typed(home: Path, typed: str) -> None:
    with tracing.span("intake.register", **{attributes.COMPLAINT_NUMBER: NUMBER}):
        pass
    tracing.flush()
    assert [span.name for span in traces.find(home, typed)] == ["intake.register"]


@pytest.mark.parametrize("typed", ["", "16/0412/2026/000124", "%", "' OR 1=1"])
def test_nothing_else_is_found(home: Path, typed: str) -> None:
    with tracing.span("intake.register", **{attributes.COMPLAINT_NUMBER: NUMBER}):
        pass
    tracing.flush()
    assert traces.find(home, typed) == []


def test_an_exception_leaves_its_type_in_the_span_and_nothing_of_its_words(home: Path) -> None:
    with pytest.raises(ValueError, match="words"), tracing.span("x", **{attributes.COMPLAINT_ID: "c1"}):
        raise ValueError("a citizen's words")
    tracing.flush()
    (span,) = traces.find(home, "c1")
    assert span.status == "ValueError"
    assert b"citizen" not in (home / "traces.sqlite").read_bytes()


def test_the_store_keeps_the_newest(settings_of: Callable[[str], Settings]) -> None:
    settings = replace(settings_of("intake"), trace_spans=10)
    tracing.start("intake", settings)
    for number in range(25):
        with tracing.span(f"span {number}", **{attributes.COMPLAINT_ID: "c1"}):
            pass
    tracing.stop()
    assert [span.name for span in traces.find(settings.home, "c1")] == [f"span {n}" for n in range(15, 25)]


def test_no_trace_is_kept_where_none_is_sampled(settings_of: Callable[[str], Settings]) -> None:
    settings = replace(settings_of("intake"), trace_sample=0.0)
    tracing.start("intake", settings)
    with tracing.span("x", **{attributes.COMPLAINT_ID: "c1"}):
        assert int(tracing.inject()["traceparent"][-2:], 16) & TraceFlags.SAMPLED == 0
    tracing.stop()
    assert traces.find(settings.home, "c1") == []


@pytest.mark.parametrize("header", ["", "00-zz-zz-01", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "a-b-c-d-e"])
def test_a_malformed_header_starts_a_new_trace(home: Path, header: str) -> None:
    assert tracing.remote({"traceparent": header}) is None
    with tracing.span("x", parent=tracing.extract({"traceparent": header})):
        assert tracing.trace_id() != "0" * 32


def test_a_waterfall_is_drawn(home: Path) -> None:
    with tracing.span("outer", **{attributes.COMPLAINT_ID: "c1"}), tracing.span("inner"):
        pass
    tracing.flush()
    paper = StringIO()
    console = Console(width=120, file=paper)
    console.print(traces.draw(traces.by_trace(traces.find(home, "c1"))[0]))
    drawn = paper.getvalue()
    assert "2 spans, 1 processes" in drawn
    assert drawn.index("outer") < drawn.index("  inner")
