"""What officers and complainants do with a complaint, and what is refused."""

from uuid import uuid4

from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1 import intake_service_pb2 as contract

from tests.intake.builders import (
    DELEGATE,
    DELEGATE_OF_ORAN,
    KEEPER,
    UNIT,
)
from tests.intake.steps import STATE, WRONG, act, counts, disclosure, events, filed, seen


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
