"""What cannot be taken in is refused with its own reason, field and remedy, in the language asked for, and leaves no trace."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import grpc
import pytest
from diwan.intake.v1 import complaint_pb2, intake_service_pb2
from diwan.routing.v1 import routing_service_pb2

from services.chassis import keys
from services.chassis.call import Actor, ActorKind, Appointment, clock
from services.chassis.client import Refused, refused
from services.chassis.incoming import acting
from services.chassis.tokens import sign_actor
from services.premises import Premises
from tests.demo.cast import Cast, new_id
from tests.demo.filing import file_all
from tests.house_run import RunningHouse
from tests.journeys.builders import a_filing
from tests.journeys.people import a_sample, people

METHOD = "/diwan.intake.v1.IntakeService/RegisterComplaint"
TOLD_TABLES = ("complaint", "entry", "outbox", "request", "record_key")


@pytest.fixture
async def cast(house: RunningHouse) -> AsyncIterator[Cast]:
    async with people(house) as everybody:
        yield everybody


def at_the_portal(text: str = "انقطاع الماء", **fields: Any) -> intake_service_pb2.RegisterComplaintRequest:
    """A filing as the portal sends it."""
    return a_filing(text, channel=complaint_pb2.CHANNEL_PORTAL, **fields)


async def refusal(asked: Any) -> Refused:
    """Return why a call was refused."""
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await asked
    return refused(error.value)


async def counted(house: RunningHouse) -> dict[str, int]:
    """Count what intake holds."""
    connection = await asyncpg.connect(Premises.find(house.environment).server.dsn("intake", "intake"))
    found = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TOLD_TABLES}
    await connection.close()
    return found


@dataclass(frozen=True)
class Bad:
    """A filing that cannot be entered, and what must be said of it."""

    filing: Callable[[], intake_service_pb2.RegisterComplaintRequest]
    reason: str
    kind: str
    field: str


WRONG = {
    "no text": Bad(lambda: at_the_portal(" \n "), "TEXT_EMPTY", "INVALID_ARGUMENT", "filing.text"),
    "a megabyte": Bad(lambda: at_the_portal("ا" * 524_288), "TEXT_TOO_LONG", "INVALID_ARGUMENT", "filing.text"),
    "a null": Bad(lambda: at_the_portal("ماء\0ماء"), "TEXT_HAS_NUL", "INVALID_ARGUMENT", "filing.text"),
    "an unknown commune": Bad(
        lambda: at_the_portal(commune_id="commune-9999"), "COMMUNE_UNKNOWN", "INVALID_ARGUMENT", "filing.commune_id"
    ),
    "an unknown body": Bad(
        lambda: at_the_portal(addressed_body_id="dsp-atlantide"),
        "BODY_UNKNOWN",
        "INVALID_ARGUMENT",
        "filing.addressed_body_id",
    ),
    "an unknown topic": Bad(
        lambda: at_the_portal(topic_code="housing.castle"), "TOPIC_UNKNOWN", "INVALID_ARGUMENT", "filing.topic_code"
    ),
    "an unknown kind": Bad(lambda: at_the_portal(kind=99), "ENUM_UNKNOWN", "INVALID_ARGUMENT", "filing.kind"),
    "another's channel": Bad(
        lambda: a_filing(channel=complaint_pb2.CHANNEL_PAPER_REGISTER),
        "CHANNEL_FORBIDDEN",
        "PERMISSION_DENIED",
        "filing.channel",
    ),
    "no name": Bad(
        lambda: at_the_portal(identity=complaint_pb2.IDENTITY_NAMED),
        "COMPLAINANT_MISSING",
        "INVALID_ARGUMENT",
        "filing.complainant.name",
    ),
    "another language": Bad(
        lambda: at_the_portal(language="de"), "LANGUAGE_UNKNOWN", "INVALID_ARGUMENT", "filing.language"
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_filing_that_cannot_be_entered_says_why_and_leaves_no_trace(
    cast: Cast, house: RunningHouse, name: str
) -> None:
    bad, before = WRONG[name], await counted(house)
    request = bad.filing()
    said = {}
    for language in ("ar", "fr", "en"):
        with acting(language=language):
            found = await refusal(cast.portal.intake.RegisterComplaint(request))
        assert (found.reason, found.kind, found.field) == (bad.reason, bad.kind, bad.field)
        said[language] = found.message
    assert len({*said.values()} - {""}) == 3
    assert await counted(house) == before


async def test_half_a_character_is_refused_before_it_is_read(cast: Cast, house: RunningHouse) -> None:
    before = await counted(house)
    raw = at_the_portal("قبل XYZ بعد").SerializeToString().replace(b"XYZ", b"\xed\xa0\xbd")
    send = cast.portal.channels["intake"].unary_unary(METHOD, request_serializer=bytes, response_deserializer=bytes)
    found = await refusal(send(raw))
    # On the wire such a message is no message; the portal, which has text in hand, names the sign (TEXT_NOT_UNICODE).
    assert (found.reason, found.kind, found.field) == ("FIELD_INVALID", "INVALID_ARGUMENT", "request")
    assert await counted(house) == before


async def test_emoji_and_direction_marks_are_kept_verbatim(cast: Cast) -> None:
    text = "الماء 💧 مقطوع \u202eمقلوب\u202c \u200fمنذ\u200e أسبوع 👨‍👩‍👧"
    (filed,) = await file_all(cast, [a_sample(text)], lambda more: None)
    delegate = await cast.delegate("wilaya-alger")
    request = intake_service_pb2.GetComplaintRequest(
        complaint_id=filed.complaint_id, view=intake_service_pb2.COMPLAINT_VIEW_TEXT
    )
    assert (await delegate.does(delegate.intake.GetComplaint, request)).complaint.text == text


async def test_a_sealed_register_takes_no_more_paper_entries(cast: Cast) -> None:
    body = "commune-1602"
    year = clock().year
    register = (
        await cast.operator.intake.GetRegister(intake_service_pb2.GetRegisterRequest(body_id=body, year=year))
    ).register
    seal = intake_service_pb2.SealRegisterRequest(
        request_id=new_id(), register_id=register.register_id, etag=register.etag
    )
    await cast.operator.intake.SealRegister(seal)
    keeper = await cast.keeper(body)
    request = a_filing(channel=complaint_pb2.CHANNEL_PAPER_REGISTER, commune_id=body, addressed_body_id=body)
    request.filing.paper.page, request.filing.paper.line = 1, 1
    request.filing.paper.written_on = f"{year}-01-05"
    found = await refusal(keeper.does(keeper.intake.RegisterComplaint, request))
    assert (found.reason, found.kind) == ("REGISTER_SEALED", "FAILED_PRECONDITION")


async def test_wrong_secret_and_unknown_number_get_the_same_answer(cast: Cast) -> None:
    (filed,) = await file_all(cast, [a_sample()], lambda more: None)
    wrong = "".join("0" if sign == "1" else "1" if sign.isdigit() else sign for sign in filed.secret)
    unknown = f"{filed.number.rpartition('/')[0]}/999999"
    track, ask = cast.portal.intake.TrackComplaint, intake_service_pb2.TrackComplaintRequest
    answers = [
        await refusal(track(ask(number=filed.number, secret=wrong))),
        await refusal(track(ask(number=unknown, secret=filed.secret))),
    ]
    assert answers[0] == answers[1]
    assert answers[0].reason == "TRACKING_REFUSED"


async def test_number_and_secret_are_read_however_they_are_typed(cast: Cast) -> None:
    (filed,) = await file_all(cast, [a_sample()], lambda more: None)
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    typed = intake_service_pb2.TrackComplaintRequest(
        number=filed.number.replace("/", " - ").translate(arabic),
        secret=filed.secret.replace(".", " ").translate(arabic),
    )
    assert (await cast.portal.intake.TrackComplaint(typed)).number == filed.number


async def test_a_stale_etag_is_refused(cast: Cast) -> None:
    (filed,) = await file_all(cast, [a_sample()], lambda more: None)
    delegate = await cast.delegate("wilaya-alger")
    request = intake_service_pb2.ExamineComplaintRequest(
        request_id=new_id(), complaint_id=filed.complaint_id, etag="999"
    )
    found = await refusal(delegate.does(delegate.intake.ExamineComplaint, request))
    assert (found.reason, found.kind) == ("ETAG_STALE", "ABORTED")


async def test_a_request_id_belongs_to_one_content(cast: Cast) -> None:
    request = at_the_portal()
    first = (await cast.portal.intake.RegisterComplaint(request)).receipt
    again = (await cast.portal.intake.RegisterComplaint(request)).receipt
    assert (again.number, again.secret) == (first.number, first.secret)
    request.filing.text += " منذ شهر"
    found = await refusal(cast.portal.intake.RegisterComplaint(request))
    assert (found.reason, found.field) == ("REQUEST_ID_REUSED", "request_id")


async def test_a_page_has_its_bounds(cast: Cast) -> None:
    mediator = await cast.mediator()
    for request in (
        intake_service_pb2.ListComplaintsRequest(page_size=100_000),
        intake_service_pb2.ListComplaintsRequest(page_token="nonsense"),
    ):
        assert (await refusal(mediator.does(mediator.intake.ListComplaints, request))).reason == "PAGE_INVALID"


def a_token(house: RunningHouse, *, role: str, scope: str, age: timedelta = timedelta()) -> str:
    """Sign an officer in with the directory's own key, so long ago."""
    actor = Actor(kind=ActorKind.OFFICER, id=str(uuid.uuid4()), appointments=(Appointment(role=role, scope=scope),))
    key = keys.private_key(house.settings("operator").keys, "directory")
    return sign_actor(key, actor, now=clock() - age, lifetime=timedelta(hours=1))


async def as_(token: str, method: Callable[..., Any], request: Any) -> Refused:
    with acting(actor_token=token):
        return await refusal(method(request))


async def test_an_expired_token_a_forged_one_and_a_role_without_scope_are_refused_each_in_its_way(
    cast: Cast, house: RunningHouse
) -> None:
    (filed,) = await file_all(cast, [a_sample()], lambda more: None)
    get, request = cast.portal.intake.GetComplaint, intake_service_pb2.GetComplaintRequest(number=filed.number)
    expired = a_token(house, role="delegate", scope="wilaya:wilaya-alger", age=timedelta(days=1))
    assert (await as_(expired, get, request)).reason == "TOKEN_EXPIRED"
    forged = a_token(house, role="delegate", scope="wilaya:wilaya-alger")[:-8] + "AAAAAAAA"
    assert (await as_(forged, get, request)).reason == "TOKEN_INVALID"
    elsewhere = a_token(house, role="delegate", scope="wilaya:wilaya-oran")
    assert (await as_(elsewhere, get, request)).kind in {"PERMISSION_DENIED", "NOT_FOUND"}
    nothing = a_token(house, role="statistics_client", scope="national")
    assert (await as_(nothing, get, request)).reason == "ROLE_MISSING"
    recount = routing_service_pb2.EscalateOverdueRequest()
    assert (await refusal(cast.portal.routing.EscalateOverdue(recount))).reason == "CALLER_FORBIDDEN"


async def test_an_officer_acts_within_the_own_scope_only(cast: Cast) -> None:
    (filed,) = await file_all(cast, [a_sample()], lambda more: None)
    oran = await cast.delegate("wilaya-oran")
    request = intake_service_pb2.ExamineComplaintRequest(request_id=new_id(), complaint_id=filed.complaint_id, etag="1")
    assert (await refusal(oran.does(oran.intake.ExamineComplaint, request))).reason == "SCOPE_MISSING"


def test_no_log_tells_of_an_accident(house: RunningHouse) -> None:
    """Whatever the tests of this session sent, no service met an exception that it did not foresee."""
    met = [
        f"{log.name}: {line['message'][:200]}"
        for log in sorted((house.settings("operator").home / "logs").glob("*.log"))
        for line in map(read, log.read_text(encoding="utf-8").splitlines())
        if line.get("level") in {"ERROR", "CRITICAL"}
    ]
    assert met == []


def read(line: str) -> dict[str, Any]:
    """Read a line of a journal."""
    try:
        return dict(json.loads(line))
    except ValueError:
        return {"level": "", "message": line}
