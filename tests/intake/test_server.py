"""Intake as callers meet it: a real port, a real database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from diwan.common.v1 import event_pb2, subscriber_service_pb2
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import body_pb2, territory_pb2, topic_pb2
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2, events_pb2, register_pb2
from diwan.intake.v1 import intake_service_pb2 as contract
from diwan.routing.v1 import events_pb2 as routing
from diwan.routing.v1 import referral_pb2

from services.intake.domain.secret import shown, with_check
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

STATE = complaint_pb2.ComplaintState
WRONG = shown(with_check("0000111122223333"))


async def filed(door, **facts) -> contract.Receipt:
    """File a complaint as a citizen."""
    return (await door.ask("RegisterComplaint", a_request(**facts))).receipt


async def seen(door, receipt, actor=MEDIATOR, view=contract.COMPLAINT_VIEW_FULL):
    """Look at a complaint."""
    answer = await door.ask(
        "GetComplaint", contract.GetComplaintRequest(complaint_id=receipt.complaint_id, view=view), actor=actor
    )
    return getattr(answer, "complaint", answer)


async def act(door, name, receipt, actor, **facts):
    """Do something with a complaint as it is now."""
    etag = facts.pop("etag", "") or (await seen(door, receipt)).etag
    request = getattr(contract, f"{name}Request")(
        request_id=str(uuid4()), complaint_id=receipt.complaint_id, etag=etag, **facts
    )
    answer = await door.ask(name, request, actor=actor)
    return getattr(answer, "complaint", answer)


async def told(door, payload, *, aggregate_id="x", version=1, event_id=""):
    """Hand in an event."""
    event = event_pb2.Event(
        event_id=event_id or str(uuid4()),
        type=payload.DESCRIPTOR.full_name,
        aggregate_id=aggregate_id,
        aggregate_version=version,
    )
    event.payload.Pack(payload)
    event.event_time.GetCurrentTime()
    await door.deliver(subscriber_service_pb2.DeliverRequest(event=event))


async def events(office) -> list[tuple[str, int]]:
    """Return the events that went out, with their versions."""
    async with office.database.reading() as connection:
        rows = await connection.fetch("SELECT type, aggregate_version FROM outbox ORDER BY position")
    return [(row["type"].rpartition(".")[2], row["aggregate_version"]) for row in rows]


async def counts(office) -> list[int]:
    """Count what is in the tables that a filing writes."""
    async with office.database.reading() as connection:
        return [
            await connection.fetchval(f"SELECT count(*) FROM {table}")
            for table in ("complaint", "entry", "record_key", "outbox", "act")
        ]


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


async def test_the_keeper_answers_and_the_delegate_closes(door, office):
    receipt = await filed(door)
    answer = {"text": "سيتم الإسكان في مارس", "grade": complaint_pb2.REPLY_GRADE_FAVOURABLE}
    replied = await act(door, "ReplyToEntry", receipt, KEEPER, **answer)
    assert (replied.state, replied.etag, replied.text) == (STATE.COMPLAINT_STATE_REPLIED, "3", "")
    closed = await act(
        door, "CloseComplaint", receipt, DELEGATE, reason=complaint_pb2.CLOSURE_REASON_FAVOURABLE, note="تم"
    )
    assert closed.state == STATE.COMPLAINT_STATE_CLOSED
    followed = await door.ask(
        "TrackComplaint", contract.TrackComplaintRequest(number=receipt.number, secret=receipt.secret)
    )
    assert (followed.replies[0].text, followed.closure_note, followed.can_withdraw) == (answer["text"], "تم", False)
    assert all(not each.actor and not each.note for each in followed.timeline)
    assert (await events(office))[1:] == [
        ("ComplaintRegistered", 1), ("ComplaintStateChanged", 2), ("ComplaintStateChanged", 3), ("EntryReplied", 3), ("ComplaintStateChanged", 4),
    ]  # fmt: skip
    reopened = await act(door, "ReopenComplaint", receipt, DELEGATE, note="طلب جديد")
    assert (reopened.state, reopened.closure_reason) == (STATE.COMPLAINT_STATE_REOPENED, 0)


async def test_acts_out_of_place_are_refused(door, office):
    receipt = await filed(door)
    before = await counts(office)
    reply = {"text": "رد", "grade": complaint_pb2.REPLY_GRADE_FAVOURABLE}
    closing = {"reason": complaint_pb2.CLOSURE_REASON_UNFOUNDED}
    refusals = [
        (await act(door, "ReplyToEntry", receipt, DELEGATE, **reply), "NOT_KEEPER"),
        (
            await act(
                door, "ReplyToEntry", receipt, KEEPER, **(reply | {"grade": complaint_pb2.REPLY_GRADE_SUPERFICIAL})
            ),
            "GRADE_FORBIDDEN",
        ),
        (await act(door, "ReplyToEntry", receipt, KEEPER, **(reply | {"text": " "})), "TEXT_EMPTY"),
        (await act(door, "CloseComplaint", receipt, DELEGATE_OF_ORAN, **closing), "SCOPE_MISSING"),
        (await act(door, "CloseComplaint", receipt, DELEGATE, etag="9", **closing), "ETAG_STALE"),
        (
            await act(door, "CloseComplaint", receipt, DELEGATE, reason=complaint_pb2.CLOSURE_REASON_WITHDRAWN),
            "CLOSURE_REASON_FORBIDDEN",
        ),
        (
            await act(door, "CloseComplaint", receipt, DELEGATE, reason=complaint_pb2.CLOSURE_REASON_DUPLICATE),
            "DUPLICATE_UNNAMED",
        ),
        (await act(door, "CloseComplaint", receipt, DELEGATE, reason=88), "ENUM_UNKNOWN"),
        (await act(door, "ReopenComplaint", receipt, DELEGATE), "TRANSITION_FORBIDDEN"),
        (await act(door, "DeclareInadmissible", receipt, DELEGATE, **closing), "CLOSURE_REASON_FORBIDDEN"),
        (await act(door, "ExamineComplaint", receipt, UNIT), "ROLE_MISSING"),
    ]
    assert [refusal.reason for refusal, _ in refusals] == [reason for _, reason in refusals]
    assert await counts(office) == before


async def test_a_duplicate_names_the_other_complaint(door):
    other, receipt = await filed(door), await filed(door)
    duplicate = {"reason": complaint_pb2.CLOSURE_REASON_DUPLICATE}
    missing = await act(door, "CloseComplaint", receipt, DELEGATE, duplicate_of="16/0001/2020/000001", **duplicate)
    assert missing.reason == "DUPLICATE_UNNAMED"
    closed = await act(
        door, "CloseComplaint", receipt, DELEGATE, duplicate_of=other.number.replace("/", "-"), **duplicate
    )
    assert closed.duplicate_of == other.number


async def test_a_question_pauses_and_its_answer_goes_on(door):
    receipt = await filed(door)
    asked = await act(door, "AskComplainant", receipt, DELEGATE, question="ما رقم الملف؟")
    assert asked.state == STATE.COMPLAINT_STATE_AWAITING_COMPLAINANT
    proof = {"number": receipt.number, "secret": receipt.secret}
    assert (await door.ask("TrackComplaint", contract.TrackComplaintRequest(**proof))).question == "ما رقم الملف؟"
    answer = contract.AnswerQuestionRequest(request_id=str(uuid4()), text="الملف 77", **proof)
    assert (await door.ask("AnswerQuestion", answer)).state == STATE.COMPLAINT_STATE_UNDER_EXAMINATION
    assert (await door.ask("AnswerQuestion", answer)).state == STATE.COMPLAINT_STATE_UNDER_EXAMINATION
    again = contract.AnswerQuestionRequest(request_id=str(uuid4()), text="الملف 78", **proof)
    assert (await door.ask("AnswerQuestion", again)).reason == "QUESTION_MISSING"
    exchange = (await seen(door, receipt, DELEGATE)).exchanges[0]
    assert (exchange.question, exchange.answer) == ("ما رقم الملف؟", "الملف 77")


async def test_a_complainant_withdraws_with_the_secret_only(door):
    receipt = await filed(door)
    request = contract.WithdrawComplaintRequest(request_id=str(uuid4()), number=receipt.number, secret=WRONG)
    assert (await door.ask("WithdrawComplaint", request)).reason == "TRACKING_REFUSED"
    request.secret = receipt.secret
    assert (await door.ask("WithdrawComplaint", request)).state == STATE.COMPLAINT_STATE_CLOSED
    assert (await seen(door, receipt)).closure_reason == complaint_pb2.CLOSURE_REASON_WITHDRAWN


def disclosure(receipt, purpose="تحديد موعد مع المعني"):
    return contract.DiscloseComplainantRequest(
        request_id=str(uuid4()), complaint_id=receipt.complaint_id, purpose=purpose
    )


async def test_a_complainant_is_disclosed_by_a_logged_act_only(door, office):
    named = await filed(door)
    hidden = await filed(door, identity=complaint_pb2.IDENTITY_CONFIDENTIAL, consent_to_disclose=False)
    nobody = await filed(door, identity=complaint_pb2.IDENTITY_ANONYMOUS, complainant=None, consent_to_disclose=False)
    assert (await door.ask("DiscloseComplainant", disclosure(named), actor=KEEPER)).complainant.name == "ليلى"
    assert (await door.ask("DiscloseComplainant", disclosure(hidden), actor=DELEGATE)).complainant.name == "ليلى"
    refused = [
        await door.ask("DiscloseComplainant", disclosure(hidden), actor=KEEPER),
        await door.ask("DiscloseComplainant", disclosure(named), actor=UNIT),
        await door.ask("DiscloseComplainant", disclosure(nobody), actor=DELEGATE),
        await door.ask("DiscloseComplainant", disclosure(named, purpose="x"), actor=DELEGATE),
    ]
    assert [each.reason for each in refused] == [
        "IDENTITY_WITHHELD",
        "IDENTITY_WITHHELD",
        "COMPLAINANT_ANONYMOUS",
        "PURPOSE_MISSING",
    ]
    async with office.database.reading() as connection:
        rows = await connection.fetch("SELECT actor, purpose FROM disclosure ORDER BY disclosed_at")
        assert [row["actor"] for row in rows] == ["officer:keeper-1", "officer:delegate-1"]
        assert await connection.fetchval("SELECT count(*) FROM request") == 0


def referral_changed(receipt, state, *, referral_id):
    return routing.ReferralChanged(
        referral_id=referral_id, complaint_id=receipt.complaint_id, unit_body_id="dsp-alger", ministry_id="msan",
        to_state=referral_pb2.ReferralState.Value(f"REFERRAL_STATE_{state}"),
    )  # fmt: skip


async def test_a_referral_is_followed_to_its_reply_and_back(door, letters):
    receipt, referral_id, letter_id = await filed(door), str(uuid4()), str(uuid4())
    await told(door, referral_changed(receipt, "SENT", referral_id=referral_id))
    referred = await seen(door, receipt, UNIT)
    assert (referred.state, referred.holder_body_id) == (STATE.COMPLAINT_STATE_REFERRED, "dsp-alger")
    assert (await door.ask("DiscloseComplainant", disclosure(receipt), actor=UNIT)).complainant.phone == "0550"
    assert len((await door.ask("ListComplaints", contract.ListComplaintsRequest(), actor=MINISTRY)).complaints) == 1
    await told(door, referral_changed(receipt, "ACCEPTED", referral_id=referral_id), version=3)
    await told(door, referral_changed(receipt, "ACKNOWLEDGED", referral_id=referral_id), version=2)
    assert (await seen(door, receipt, UNIT)).state == STATE.COMPLAINT_STATE_IN_PROCESSING
    closing = await act(door, "CloseComplaint", receipt, DELEGATE, reason=complaint_pb2.CLOSURE_REASON_SETTLED)
    assert closing.reason == "REFERRAL_OPEN"

    letters.words[letter_id] = "نعلمكم بالقبول"
    received = correspondence.ReplyReceived(
        letter_id=letter_id, complaint_id=receipt.complaint_id, referral_id=referral_id, sender_body_id="dsp-alger"
    )
    for event_id in (str(uuid4()), str(uuid4())):
        await told(door, received, event_id=event_id)
    answered = await seen(door, receipt)
    assert (answered.state, answered.holder_body_id) == (STATE.COMPLAINT_STATE_REPLIED, "commune-1601")
    assert [each.text for each in answered.replies] == ["نعلمكم بالقبول"]

    assessed = correspondence.ReplyAssessed(
        letter_id=letter_id,
        complaint_id=receipt.complaint_id,
        referral_id=referral_id,
        sender_body_id="dsp-alger",
        grade=letter_pb2.REPLY_GRADE_SUPERFICIAL,
    )
    await told(door, assessed, version=5)
    returned = await seen(door, receipt)
    assert (returned.state, returned.holder_body_id) == (STATE.COMPLAINT_STATE_IN_PROCESSING, "dsp-alger")
    assert returned.replies[0].grade == complaint_pb2.REPLY_GRADE_SUPERFICIAL


async def test_a_reply_that_comes_before_its_referral_still_counts(door, letters):
    receipt, referral_id, letter_id = await filed(door), str(uuid4()), str(uuid4())
    letters.words[letter_id] = "رد"
    early = correspondence.ReplyAssessed(
        letter_id=letter_id,
        complaint_id=receipt.complaint_id,
        referral_id=referral_id,
        grade=letter_pb2.REPLY_GRADE_FAVOURABLE,
    )
    with pytest.raises(Exception, match="deliver it again"):
        await told(door, early)
    await told(door, correspondence.ReplyReceived(
        letter_id=letter_id, complaint_id=receipt.complaint_id, referral_id=referral_id, sender_body_id="dsp-alger"))  # fmt: skip
    await told(door, referral_changed(receipt, "SENT", referral_id=referral_id))
    assert (await seen(door, receipt, UNIT)).state == STATE.COMPLAINT_STATE_REPLIED


async def test_an_answer_between_bodies_outside_a_referral_is_none_to_the_complainant(door, letters):
    receipt = await filed(door)
    about = {"letter_id": str(uuid4()), "complaint_id": receipt.complaint_id, "sender_body_id": "dsp-alger"}
    letters.words[about["letter_id"]] = "بيننا"
    await told(door, correspondence.ReplyReceived(**about))
    await told(door, correspondence.ReplyAssessed(**about, grade=letter_pb2.REPLY_GRADE_FAVOURABLE))
    kept = await seen(door, receipt)
    assert (kept.state, list(kept.replies)) == (STATE.COMPLAINT_STATE_REGISTERED, [])


async def test_an_interim_reply_keeps_the_matter_in_processing(door, letters):
    receipt, referral_id = await filed(door), str(uuid4())
    letters.words["interim"] = "الملف قيد الدراسة"
    await told(door, referral_changed(receipt, "SENT", referral_id=referral_id))
    await told(door, correspondence.ReplyReceived(
        letter_id="interim", complaint_id=receipt.complaint_id, referral_id=referral_id, sender_body_id="dsp-alger", interim=True))  # fmt: skip
    kept = await seen(door, receipt)
    assert (kept.state, kept.replies[0].interim) == (STATE.COMPLAINT_STATE_IN_PROCESSING, True)


async def test_the_latest_deadline_stays(door):
    receipt = await filed(door)
    for version, due_on in ((2, "2026-12-20"), (1, "2026-12-01")):
        await told(door, routing.DeadlineSet(complaint_id=receipt.complaint_id, due_on=due_on), version=version)
    assert (await seen(door, receipt)).due_on == "2026-12-20"


async def test_the_directory_is_learnt_from_its_events(door):
    refused = await door.ask(
        "RegisterComplaint", a_request(commune_id="commune-0901", addressed_body_id="commune-0901", topic_code="water")
    )
    assert refused.reason == "COMMUNE_UNKNOWN"
    await told(door, directory.TerritoriesChanged(territories=[territory_pb2.Territory(
        territory_id="commune-0901", kind=territory_pb2.TERRITORY_KIND_COMMUNE, wilaya_id="wilaya-blida", revision=2)]))  # fmt: skip
    await told(door, directory.BodiesChanged(bodies=[body_pb2.Body(
        body_id="commune-0901", kind=body_pb2.BODY_KIND_COMMUNE, wilaya_id="wilaya-blida", wilaya_label="09", keeps_register=True, revision=2)]))  # fmt: skip
    await told(door, directory.TopicsChanged(topics=[topic_pb2.Topic(topic_code="water", revision=2)]))
    receipt = await filed(door, commune_id="commune-0901", addressed_body_id="commune-0901", topic_code="water")
    assert receipt.number.startswith("09/0001/")


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
