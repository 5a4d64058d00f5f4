"""Intake as callers meet it: a real port, a real database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from diwan.common.v1 import event_pb2
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.correspondence.v1 import letter_pb2
from diwan.intake.v1 import complaint_pb2, events_pb2, register_pb2
from diwan.intake.v1 import intake_service_pb2 as contract

from services.intake.domain.tracking import TRIES
from tests.intake.builders import (
    CLIENT,
    DELEGATE,
    DELEGATE_OF_ORAN,
    KEEPER,
    MEDIATOR,
    MINISTRY,
    TEXT,
    UNIT,
    a_request,
    an_officer,
)
from tests.intake.steps import STATE, WRONG, act, counts, events, filed, seen, told


async def test_a_citizen_files_and_follows(door, office):
    receipt = await filed(door)
    assert receipt.number == f"16/0001/{receipt.received_on[:4]}/000001"
    request = contract.TrackComplaintRequest(number=receipt.number, secret=receipt.secret)
    first = await door.ask("TrackComplaint", request)
    assert (first.state, first.can_withdraw, len(first.timeline)) == (STATE.COMPLAINT_STATE_REGISTERED, True, 1)
    typed = contract.TrackComplaintRequest(
        number=receipt.number.replace("/", " - ").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        secret=receipt.secret.replace(".", ""),
    )
    assert await door.ask("TrackComplaint", typed, actor=CLIENT) == first
    assert (await seen(door, receipt)).text == TEXT
    assert await events(office) == [("RegisterOpened", 1), ("ComplaintRegistered", 1)]


async def test_who_reads_the_words_gets_the_commitment_that_the_leaf_shows(door, office):
    receipt = await filed(door)
    request = contract.GetComplaintRequest(number=receipt.number, view=contract.COMPLAINT_VIEW_TEXT)
    complaint = (await door.ask("GetComplaint", request, actor=MEDIATOR)).complaint
    async with office.database.reading() as connection:
        leaf = await connection.fetchval("SELECT leaf FROM entry WHERE complaint_id = $1", complaint.complaint_id)
    assert bytes(leaf).split(b"\n")[5].decode() == complaint.text_commitment.hex()


async def test_events_carry_ids_codes_and_dates_only(door, office):
    await filed(door)
    async with office.database.reading() as connection:
        sent = await connection.fetchval("SELECT event FROM outbox WHERE type LIKE '%ComplaintRegistered'")
    event = event_pb2.Event.FromString(sent)
    payload = events_pb2.ComplaintRegistered()
    assert event.payload.Unpack(payload)
    assert (payload.keeping_body_id, payload.register_kind) == ("commune-1601", register_pb2.REGISTER_KIND_COMPLAINTS)
    assert "سكني".encode() not in sent
    assert event.actor == "citizen"


async def test_the_same_request_gets_the_same_receipt(door):
    request = a_request()
    first = await door.ask("RegisterComplaint", request)
    assert first == await door.ask("RegisterComplaint", request)
    request.filing.text = "شيء آخر"
    assert (await door.ask("RegisterComplaint", request)).reason == "REQUEST_ID_REUSED"


@pytest.mark.parametrize(
    ("facts", "reason", "field"),
    [
        ({"text": ""}, "TEXT_EMPTY", "filing.text"),
        ({"text": "ا" * 1_000_000}, "TEXT_TOO_LONG", "filing.text"),
        ({"text": "a\0b"}, "TEXT_HAS_NUL", "filing.text"),
        ({"commune_id": "commune-9999"}, "COMMUNE_UNKNOWN", "filing.commune_id"),
        ({"addressed_body_id": "nobody"}, "BODY_UNKNOWN", "filing.addressed_body_id"),
        ({"topic_code": "housing.castle"}, "TOPIC_UNKNOWN", "filing.topic_code"),
        ({"channel": 99}, "ENUM_UNKNOWN", "filing.channel"),
        ({"kind": 0}, "FIELD_INVALID", "filing.kind"),
        ({"language": "de"}, "LANGUAGE_UNKNOWN", "filing.language"),
        ({"channel": complaint_pb2.CHANNEL_PAPER_REGISTER}, "CHANNEL_FORBIDDEN", "filing.channel"),
        ({"complainant": None}, "COMPLAINANT_MISSING", "filing.complainant.name"),
        ({"identity": complaint_pb2.IDENTITY_ANONYMOUS}, "COMPLAINANT_UNWANTED", "filing.complainant"),
        ({"request_id": "x"}, "FIELD_INVALID", "request_id"),
    ],
)
async def test_bad_input_is_refused_by_name_and_leaves_no_trace(door, office, facts, reason, field):
    for language in ("ar", "fr"):
        refusal = await door.ask("RegisterComplaint", a_request(**facts), language=language)
        assert (refusal.reason, refusal.field) == (reason, field)
        assert refusal.message
    assert await counts(office) == [0, 0, 0, 0, 0]


async def test_half_a_character_is_no_text_on_the_wire_either(door, office):
    message = (
        a_request(text="x" * 40)
        .SerializeToString()
        .replace(b"x" * 40, b"x" * 37 + "\ud83d".encode(errors="surrogatepass"))
    )
    assert (await door.send("RegisterComplaint", message)).reason == "FIELD_INVALID"
    assert await counts(office) == [0, 0, 0, 0, 0]


async def test_a_batch_has_an_outcome_for_each(door):
    requests = [
        a_request(),
        a_request(text=""),
        a_request(channel=77),
        a_request(commune_id="commune-3101", addressed_body_id=""),
    ]
    channel = {"channel": complaint_pb2.CHANNEL_CALL_CENTRE}
    for each in (requests[0], requests[3]):
        each.filing.channel = channel["channel"]
    answer = await door.ask(
        "RegisterComplaints", contract.RegisterComplaintsRequest(requests=requests), actor=CLIENT, process="portal"
    )
    assert [each.WhichOneof("outcome") for each in answer.outcomes] == ["receipt", "refusal", "refusal", "receipt"]
    assert [each.refusal.reason for each in answer.outcomes[1:3]] == ["TEXT_EMPTY", "ENUM_UNKNOWN"]
    assert answer.outcomes[3].receipt.keeping_body_id == "delegation-oran"
    for size in (0, 201):
        batch = contract.RegisterComplaintsRequest(requests=[a_request()] * size)
        assert (await door.ask("RegisterComplaints", batch, actor=CLIENT)).reason == "BATCH_SIZE_INVALID"


def a_paper_entry(**facts):
    written_on = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    paper = complaint_pb2.PaperPlace(page=3, line=7, written_on=written_on)
    return a_request(channel=complaint_pb2.CHANNEL_PAPER_REGISTER, paper=paper, **facts)


async def test_a_keeper_enters_paper_in_the_own_register_only(door):
    entered = await door.ask("RegisterComplaint", a_paper_entry(), actor=KEEPER)
    kept = await seen(door, entered.receipt, KEEPER)
    assert (kept.paper.page, kept.received_on) == (3, kept.paper.written_on)
    elsewhere = a_paper_entry(addressed_body_id="commune-3101", commune_id="commune-3101")
    assert (await door.ask("RegisterComplaint", elsewhere, actor=KEEPER)).reason == "SCOPE_MISSING"
    by_register = an_officer("keeper", "register:16/0001")
    assert (await door.ask("RegisterComplaint", a_paper_entry(), actor=by_register)).receipt.number.endswith("000002")


async def test_unknown_number_and_wrong_secret_get_the_same_answer_and_few_tries(door):
    receipt = await filed(door)
    answers = []
    for number in (receipt.number, receipt.number.replace("000001", "000099")):
        request = contract.TrackComplaintRequest(number=number, secret=WRONG)
        answers.append([await door.ask("TrackComplaint", request) for _ in range(TRIES + 1)])
    assert answers[0] == answers[1]
    assert [each.reason for each in answers[0]] == ["TRACKING_REFUSED"] * TRIES + ["TRACKING_LIMITED"]
    malformed = contract.TrackComplaintRequest(number="16/04", secret=WRONG)
    assert (await door.ask("TrackComplaint", malformed)).reason == "NUMBER_MALFORMED"


async def test_everybody_sees_what_is_theirs(door):
    receipt = await filed(door)
    client_own = (
        await door.ask("RegisterComplaint", a_request(channel=complaint_pb2.CHANNEL_MOBILE), actor=CLIENT)
    ).receipt
    assert (await seen(door, client_own, CLIENT)).number == client_own.number
    for actor in (KEEPER, DELEGATE, MEDIATOR):
        assert (await seen(door, receipt, actor)).number == receipt.number
    for actor in (CLIENT, DELEGATE_OF_ORAN, UNIT, MINISTRY, an_officer("keeper", "register:31/0001")):
        assert (await seen(door, receipt, actor)).reason == "SCOPE_MISSING"
    listed = await door.ask("ListComplaints", contract.ListComplaintsRequest(), actor=DELEGATE_OF_ORAN)
    assert not listed.complaints
    nowhere = an_officer("unit_officer", "")
    assert (await door.ask("ListComplaints", contract.ListComplaintsRequest(), actor=nowhere)).reason == "SCOPE_MISSING"
    unknown = contract.GetComplaintRequest(complaint_id=str(uuid4()))
    assert (await door.ask("GetComplaint", unknown, actor=MEDIATOR)).reason == "COMPLAINT_UNKNOWN"


async def test_a_null_character_in_any_field_is_the_caller_s_fault(door):
    await filed(door)
    for wanted in ({"register_id": "16\0"}, {"holder_body_id": "\0"}, {"wilaya_id": "wilaya-alger\0"}):
        request = contract.ListComplaintsRequest(filter=contract.ComplaintFilter(**wanted))
        assert (await door.ask("ListComplaints", request, actor=KEEPER)).reason == "FIELD_INVALID"


async def test_pages_follow_each_other_without_gap_or_overlap(door):
    for number in range(7):
        await filed(door, text=f"ماء منقطع {number}")
    request, numbers = contract.ListComplaintsRequest(page_size=3, view=contract.COMPLAINT_VIEW_TEXT), []
    request.filter.query = "الماء"
    while True:
        page = await door.ask("ListComplaints", request, actor=KEEPER)
        numbers += [each.number[-6:] for each in page.complaints]
        assert all(each.text.startswith("ماء") for each in page.complaints)
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert numbers == [f"{number:06}" for number in range(7, 0, -1)]
    for wrong in (contract.ListComplaintsRequest(page_size=201), contract.ListComplaintsRequest(page_token="x")):
        assert (await door.ask("ListComplaints", wrong, actor=KEEPER)).reason == "PAGE_INVALID"


async def test_counts_are_by_state_within_reach(door):
    await filed(door)
    await act(door, "ExamineComplaint", await filed(door), KEEPER)
    for actor, expected in ((KEEPER, {1: 1, 2: 1}), (DELEGATE_OF_ORAN, {})):
        answer = await door.ask("CountComplaints", contract.CountComplaintsRequest(), actor=actor)
        assert {each.state: each.count for each in answer.counts} == expected


async def test_an_answer_between_bodies_outside_a_referral_is_none_to_the_complainant(door, letters):
    receipt = await filed(door)
    about = {"letter_id": str(uuid4()), "complaint_id": receipt.complaint_id, "sender_body_id": "dsp-alger"}
    letters.words[about["letter_id"]] = "بيننا"
    await told(door, correspondence.ReplyReceived(**about))
    await told(door, correspondence.ReplyAssessed(**about, grade=letter_pb2.REPLY_GRADE_FAVOURABLE))
    kept = await seen(door, receipt)
    assert (kept.state, list(kept.replies)) == (STATE.COMPLAINT_STATE_REGISTERED, [])


async def test_registers_are_opened_once_listed_and_sealed(door):
    year = datetime.now(UTC).year
    opening = contract.OpenRegistersRequest(request_id=str(uuid4()), year=year)
    opened = await door.ask("OpenRegisters", opening, process="operator")
    assert (opened.opened, opened.total, opened.known_bodies) == (4, 4, 7)
    again = await door.ask(
        "OpenRegisters", contract.OpenRegistersRequest(request_id=str(uuid4()), year=year), process="operator"
    )
    assert (again.opened, again.total) == (0, 4)
    listed = await door.ask("ListRegisters", contract.ListRegistersRequest(year=year, page_size=1), actor=DELEGATE)
    assert [each.body_id for each in listed.registers] == ["commune-1601"]
    rest = contract.ListRegistersRequest(year=year, page_size=1, page_token=listed.next_page_token)
    assert [each.body_id for each in (await door.ask("ListRegisters", rest, actor=DELEGATE)).registers] == [
        "delegation-alger"
    ]
    book = listed.registers[0]
    sealing = {"request_id": str(uuid4()), "register_id": book.register_id}
    assert (
        await door.ask("SealRegister", contract.SealRegisterRequest(etag="7", **sealing), actor=DELEGATE)
    ).reason == "ETAG_STALE"
    foreign = await door.ask(
        "SealRegister", contract.SealRegisterRequest(etag=book.etag, **sealing), actor=DELEGATE_OF_ORAN
    )
    assert foreign.reason == "SCOPE_MISSING"
    closed = await door.ask("SealRegister", contract.SealRegisterRequest(etag=book.etag, **sealing), actor=DELEGATE)
    assert closed.register.state == register_pb2.REGISTER_STATE_SEALED
    assert (await door.ask("RegisterComplaint", a_request())).reason == "REGISTER_SEALED"
    by_body = contract.GetRegisterRequest(body_id="commune-1601", year=year)
    assert (await door.ask("GetRegister", by_body, actor=KEEPER)).register == closed.register
    assert (await door.ask("GetRegister", by_body, actor=DELEGATE_OF_ORAN)).reason == "SCOPE_MISSING"
