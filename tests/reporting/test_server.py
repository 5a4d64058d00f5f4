"""Events in, tables out, over a real port and a real database."""

import csv
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2, subscriber_service_pb2_grpc
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.correspondence.v1 import letter_pb2
from diwan.intake.v1 import complaint_pb2, register_pb2
from diwan.intake.v1 import events_pb2 as intake
from diwan.reporting.v1 import reporting_service_pb2 as pb2
from diwan.reporting.v1 import reporting_service_pb2_grpc as pb2_grpc
from diwan.routing.v1 import decision_pb2
from diwan.routing.v1 import events_pb2 as routing
from google.protobuf.message import Message
from pypdf import PdfReader

from services.chassis.call import Actor, ActorKind, Appointment
from services.chassis.client import refused
from services.chassis.database import Database
from services.chassis.incoming import acting
from services.chassis.server import Served
from services.reporting.__main__ import build
from tests.reporting.builders import a_registration, an_event, complaint_of, the_directory

MEDIATOR = Actor(kind=ActorKind.OFFICER, id="m", appointments=(Appointment(role="mediator", scope="national"),))
OF_ORAN = Actor(
    kind=ActorKind.OFFICER, id="d", appointments=(Appointment(role="delegate", scope="wilaya:wilaya-oran"),)
)
YEAR = {"from_day": "2026-01-01", "to_day": "2026-12-31"}


class Reporting:
    """Reporting as the bus and the portal meet it."""

    def __init__(self, bus: grpc.aio.Channel, portal: grpc.aio.Channel, token: Callable[[Actor], str]) -> None:
        self._subscriber = subscriber_service_pb2_grpc.SubscriberServiceStub(bus)
        self._portal = pb2_grpc.ReportingServiceStub(portal)
        self._token = token

    async def deliver(self, *requests: subscriber_service_pb2.DeliverRequest) -> None:
        for request in requests:
            await self._subscriber.Deliver(request)

    async def tell(self, number: int, version: int, payload: Message) -> None:
        await self.deliver(an_event(payload, aggregate_id=complaint_of(number), version=version))

    async def ask(self, method: str, request: Message, *, actor: Actor = MEDIATOR, language: str = "ar") -> object:
        with acting(actor_token=self._token(actor), language=language):
            return await getattr(self._portal, method)(request)

    async def table(self, **asked: object) -> pb2.GetNationalTableResponse:
        answer = await self.ask("GetNationalTable", pb2.GetNationalTableRequest(**YEAR, **asked))
        assert isinstance(answer, pb2.GetNationalTableResponse)
        return answer

    async def state(self, *, actor: Actor = MEDIATOR) -> pb2.GetWilayaStateResponse:
        request = pb2.GetWilayaStateRequest(wilaya_id="wilaya-alger", year=2026, quarter=4)
        answer = await self.ask("GetWilayaState", request, actor=actor)
        assert isinstance(answer, pb2.GetWilayaStateResponse)
        return answer

    async def file(self, form: "pb2.ReportFormat.ValueType", *, wilaya_id: str = "") -> bytes:
        request = pb2.ExportReportRequest(format=form, year=2026, quarter=4, wilaya_id=wilaya_id)
        with acting(actor_token=self._token(MEDIATOR)):
            return b"".join([answer.piece async for answer in self._portal.ExportReport(request)])


@pytest.fixture
async def reporting(
    database_for: Callable[[str], Awaitable[Database]],
    running: Callable[[str, Sequence[Served]], Awaitable[object]],
    settings_of: Callable[[str], object],
    token_for: Callable[[Actor], str],
) -> Reporting:
    """Run reporting."""
    service = await running("reporting", build(settings_of("reporting"), await database_for("reporting")))
    found = Reporting(service.channel("bus"), service.channel("portal"), token_for)
    await found.deliver(*the_directory())
    return found


async def test_a_complaint_is_counted_once_however_often_it_is_delivered(reporting: Reporting) -> None:
    event = a_registration(1)
    await reporting.deliver(event, event)
    table = (await reporting.table()).table
    assert table.total.complaints.received == 1
    assert table.total.complaints.open == 1
    assert [row.key for row in table.by_sector] == ["UNDECIDED"]
    assert table.by_wilaya[0].name.fr == "Alger"


async def test_petitions_are_counted_apart(reporting: Reporting) -> None:
    await reporting.deliver(a_registration(1), a_registration(2, kind=complaint_pb2.COMPLAINT_KIND_PETITION))
    total = (await reporting.table()).table.total
    assert (total.complaints.received, total.petitions.received) == (1, 1)


async def test_samples_are_left_out_unless_asked_for(reporting: Reporting) -> None:
    await reporting.deliver(a_registration(1), a_registration(2, sample=True))
    assert (await reporting.table()).table.total.complaints.received == 1
    assert (await reporting.table(with_samples=True)).table.total.complaints.received == 2


async def test_a_complaint_moves_to_its_sector_and_shows_how_it_was_answered(reporting: Reporting) -> None:
    await reporting.deliver(*(a_registration(number) for number in (1, 2, 3)))
    for number, days in ((1, 4), (2, 9)):
        decided = routing.ComplaintDecided(
            complaint_id=complaint_of(number), ministry_id="msan", disposition=decision_pb2.DISPOSITION_REFER
        )
        await reporting.tell(number, 1, decided)
        stopped = routing.ClockStopped(
            complaint_id=complaint_of(number), working_days=days, overdue=days > 5, answered_on="2026-11-16"
        )
        await reporting.tell(number, 2, stopped)
    graded = correspondence.ReplyAssessed(complaint_id=complaint_of(1), grade=letter_pb2.REPLY_GRADE_FAVOURABLE)
    await reporting.tell(1, 3, graded)
    health = next(row for row in (await reporting.state()).state.by_sector if row.key == "msan").complaints
    assert (health.received, health.answered, health.favourable, health.not_graded) == (2, 2, 1, 1)
    assert (health.overdue, health.median_days, health.p95_days) == (1, 4, 9)


async def test_an_open_complaint_past_its_day_is_overdue(reporting: Reporting) -> None:
    await reporting.deliver(a_registration(1))
    await reporting.tell(1, 1, routing.DeadlineSet(complaint_id=complaint_of(1), due_on="2026-11-05"))
    assert (await reporting.state()).state.total.complaints.overdue == 1


async def test_an_event_before_its_complaint_is_tried_again_later(reporting: Reporting) -> None:
    closed = intake.ComplaintStateChanged(
        complaint_id=complaint_of(1),
        to_state=complaint_pb2.COMPLAINT_STATE_CLOSED,
        closure_reason=complaint_pb2.CLOSURE_REASON_SETTLED,
    )
    early = an_event(closed, aggregate_id=complaint_of(1), version=2)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await reporting.deliver(early)
    assert refused(caught.value).reason == "TOO_EARLY"
    await reporting.deliver(a_registration(1), early)
    assert (await reporting.table()).table.total.complaints.closed == 1


async def test_the_rollups_agree_with_the_facts(reporting: Reporting) -> None:
    await reporting.deliver(*(a_registration(number, sample=number % 3 == 0) for number in range(1, 31)))
    answer = await reporting.ask("RecountFacts", pb2.RecountFactsRequest(**YEAR))
    assert isinstance(answer, pb2.RecountFactsResponse)
    assert (answer.facts, answer.rollups, list(answer.differences)) == (30, 30, [])


async def test_a_state_counts_the_registers_of_the_wilaya(reporting: Reporting) -> None:
    opened = intake.RegisterOpened(
        register_id="16/0001/2026", body_id="delegation-alger", kind=register_pb2.REGISTER_KIND_PETITIONS
    )
    await reporting.deliver(an_event(opened, aggregate_id="16/0001/2026", version=1))
    assert (await reporting.state()).state.registers == 1


async def test_a_delegate_reads_the_state_of_the_own_wilaya_only(reporting: Reporting) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await reporting.state(actor=OF_ORAN)
    assert refused(caught.value).reason == "SCOPE_MISSING"


async def test_a_statistics_client_of_one_wilaya_does_not_read_the_nation(reporting: Reporting) -> None:
    for scope, refusal in (("wilaya:wilaya-oran", "SCOPE_MISSING"), ("national", "")):
        role = Appointment(role="statistics_client", scope=scope)
        client = Actor(kind=ActorKind.CLIENT, id="figures", appointments=(role,))
        for method, request in (
            ("GetNationalTable", pb2.GetNationalTableRequest(**YEAR)),
            ("GetWilayaState", pb2.GetWilayaStateRequest(wilaya_id="wilaya-alger", year=2026, quarter=4)),
        ):
            try:
                await reporting.ask(method, request, actor=client)
                said = ""
            except grpc.aio.AioRpcError as error:
                said = refused(error).reason
            assert (method, said) == (method, refusal)


async def test_an_unknown_quarter_is_refused_in_the_language_asked_for(reporting: Reporting) -> None:
    request = pb2.GetWilayaStateRequest(wilaya_id="wilaya-alger", year=2026, quarter=7)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await reporting.ask("GetWilayaState", request, language="fr")
    said = refused(caught.value)
    assert (said.reason, said.field) == ("QUARTER_UNKNOWN", "quarter")
    assert "trimestre 7" in said.message


async def test_a_report_is_given_as_json_csv_and_arabic_pdf(reporting: Reporting, tmp_path: Path) -> None:
    await reporting.deliver(a_registration(1), a_registration(2, kind=complaint_pb2.COMPLAINT_KIND_PETITION))
    state = json.loads(await reporting.file(pb2.REPORT_FORMAT_JSON, wilaya_id="wilaya-alger"))
    assert state["total"]["complaints"]["received"] == "1"
    text = (await reporting.file(pb2.REPORT_FORMAT_CSV)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["table"], row["kind"], row["received"]) for row in rows[:2]] == [
        ("المجموع", "complaints", "1"),
        ("المجموع", "petitions", "1"),
    ]
    document = PdfReader(io.BytesIO(await reporting.file(pb2.REPORT_FORMAT_PDF, wilaya_id="wilaya-alger")))
    assert len(document.pages) == 1
    assert document.metadata is not None
    assert document.metadata.title == "حالة الشكاوى والعرائض لولاية الجزائر"
