"""Answers in pieces pass the same door."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import grpc
import pytest
from diwan.reporting.v1 import reporting_service_pb2 as contract
from diwan.reporting.v1 import reporting_service_pb2_grpc as doors

from services.chassis.client import refused
from services.chassis.incoming import acting
from services.chassis.refusals import FieldInvalid
from services.chassis.server import Served

Serve = Callable[[str, Sequence[Served]], Awaitable[Any]]


class Exporter(doors.ReportingServiceServicer):
    """Gives as many pieces as the quarter says, then fails as the year says."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def ExportReport(self, request: Any, context: Any) -> AsyncIterator[contract.ExportReportResponse]:
        try:
            for number in range(request.quarter):
                yield contract.ExportReportResponse(piece=bytes([number]))
            if request.year:
                raise FieldInvalid(field="year")
        finally:
            self.ended.set()

    GetWilayaState = GetNationalTable = FoldFacts = RecountFacts = None


@pytest.fixture
async def exporter(running: Serve) -> Any:
    servicer = Exporter()
    service = await running(
        "reporting", [("diwan.reporting.v1.ReportingService", doors.add_ReportingServiceServicer_to_server, servicer)]
    )
    service.servicer = servicer
    return service


async def test_an_answer_comes_in_pieces(exporter: Any) -> None:
    stub = doors.ReportingServiceStub(exporter.channel("operator"))
    pieces = [each.piece async for each in stub.ExportReport(contract.ExportReportRequest(quarter=3))]
    assert pieces == [b"\0", b"\1", b"\2"]


async def test_a_refusal_comes_after_the_pieces(exporter: Any) -> None:
    stub = doors.ReportingServiceStub(exporter.channel("operator"))
    pieces = []
    with acting(language="en"), pytest.raises(grpc.aio.AioRpcError) as caught:  # noqa: PT012
        async for each in stub.ExportReport(contract.ExportReportRequest(quarter=1, year=1)):
            pieces.append(each.piece)
    assert pieces == [b"\0"]
    assert refused(caught.value).message.startswith("The field year")


async def test_who_may_not_call_gets_no_piece(exporter: Any) -> None:
    stub = doors.ReportingServiceStub(exporter.channel("portal"))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await anext(aiter(stub.ExportReport(contract.ExportReportRequest(quarter=3))))
    assert refused(caught.value).reason == "TOKEN_MISSING"
    assert not exporter.servicer.ended.is_set()


async def test_a_reader_who_leaves_ends_the_writer(exporter: Any) -> None:
    stub = doors.ReportingServiceStub(exporter.channel("operator"))
    call = stub.ExportReport(contract.ExportReportRequest(quarter=2_000_000))
    await anext(aiter(call))
    call.cancel()
    await asyncio.wait_for(exporter.servicer.ended.wait(), 5)
