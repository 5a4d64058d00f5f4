"""The way of a letter over a real port and a real database: signed, sent, answered, judged."""

import asyncio
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
from diwan.correspondence.v1 import correspondence_service_pb2 as pb2
from diwan.correspondence.v1 import letter_pb2

from services.chassis.client import refused
from tests.correspondence.builders import (
    AT_MINISTRY,
    CENTRAL,
    COMPLAINT,
    DELEGATE,
    DELEGATE_OF_ORAN,
    UNIT,
    a_decision,
)
from tests.correspondence.conftest import Office

REPLY = "عاينت مصالحنا الوضعية، وسُلّم الدواء للمعني بتاريخ 20/11/2026."


async def test_a_letter_goes_from_draft_to_a_judged_answer(office: Office) -> None:
    sent = await office.sent()
    assert sent.letter_number == f"16/0001/{sent.signed_on[:4]}/L/000001"
    assert sent.signatory_name == "أمينة بن يوسف"
    assert sent.signed_by == f"officer:{DELEGATE.id}"
    assert sent.due_on > sent.signed_on
    received = await office.do(UNIT, "AcknowledgeLetter", sent)
    reply = await office.do(UNIT, "ReplyToLetter", received, body=REPLY)
    assert reply.kind == letter_pb2.LETTER_KIND_FINAL_REPLY
    assert reply.state == letter_pb2.LETTER_STATE_DISPATCHED
    assert (reply.sender_body_id, reply.recipient_body_id) == ("dsp-alger", "delegation-alger")
    assert reply.in_reply_to == sent.letter_id
    assert reply.letter_number.startswith("16/0002/")
    assert (await office.get(sent)).state == letter_pb2.LETTER_STATE_ANSWERED
    judged = await office.do(DELEGATE, "AssessReply", reply, grade=letter_pb2.REPLY_GRADE_FAVOURABLE)
    assert judged.grade == letter_pb2.REPLY_GRADE_FAVOURABLE
    assert await office.told() == [
        ("LetterDrafted", 1),
        ("LetterSigned", 2),
        ("LetterDispatched", 3),
        ("LetterDrafted", 1),
        ("LetterSigned", 2),
        ("LetterDispatched", 3),
        ("ReplyReceived", 4),
        ("ReplyAssessed", 5),
    ]


async def test_a_superficial_reply_needs_a_note_and_opens_the_letter_again(office: Office) -> None:
    sent = await office.sent()
    reply = await office.do(UNIT, "ReplyToLetter", sent, body=REPLY)
    superficial = {"letter_id": reply.letter_id, "etag": reply.etag, "grade": letter_pb2.REPLY_GRADE_SUPERFICIAL}
    assert await office.refusal(DELEGATE, "AssessReply", **superficial) == ("ASSESSMENT_NOTE_MISSING", "note")
    judged = await office.do(
        DELEGATE, "AssessReply", reply, grade=letter_pb2.REPLY_GRADE_SUPERFICIAL, note="لم يُجب عن الموضوع"
    )
    assert judged.note == "لم يُجب عن الموضوع"
    assert (await office.get(sent)).state == letter_pb2.LETTER_STATE_ACKNOWLEDGED
    again = await office.do(UNIT, "ReplyToLetter", await office.get(sent), body=REPLY)
    assert again.letter_number.endswith("/000002")
    grade = {"letter_id": judged.letter_id, "etag": judged.etag, "grade": letter_pb2.REPLY_GRADE_FAVOURABLE}
    assert (await office.refusal(DELEGATE, "AssessReply", **grade))[0] == "REPLY_ALREADY_ASSESSED"


async def test_each_sees_own_letters_and_those_that_arrived(office: Office) -> None:
    draft = await office.draft()
    assert await office.letters(UNIT) == []
    assert (await office.refusal(UNIT, "GetLetter", letter_id=draft.letter_id))[0] == "LETTER_UNKNOWN"
    sent = await office.do(DELEGATE, "DispatchLetter", await office.do(DELEGATE, "SignLetter", draft))
    for actor, inbox, outbox in ((UNIT, 1, 0), (AT_MINISTRY, 1, 0), (DELEGATE, 0, 1), (DELEGATE_OF_ORAN, 0, 0)):
        assert len(await office.letters(actor, box=pb2.LETTER_BOX_INBOX)) == inbox
        assert len(await office.letters(actor, box=pb2.LETTER_BOX_OUTBOX)) == outbox
    assert len(await office.letters(CENTRAL, body_id="dsp-alger", box=pb2.LETTER_BOX_INBOX)) == 1
    assert (await office.refusal(DELEGATE_OF_ORAN, "GetLetter", letter_id=sent.letter_id))[0] == "LETTER_UNKNOWN"
    counted = await office.ask(UNIT, "CountLetters", body_id="dsp-alger", box=pb2.LETTER_BOX_INBOX)
    assert [(each.state, each.count) for each in counted.counts] == [(letter_pb2.LETTER_STATE_DISPATCHED, 1)]


async def test_only_an_officer_of_the_body_acts_for_it(office: Office) -> None:
    draft = await office.draft()
    asked = {"letter_id": draft.letter_id, "etag": draft.etag}
    assert (await office.refusal(DELEGATE_OF_ORAN, "SignLetter", **asked))[0] == "LETTER_UNKNOWN"
    sent = await office.do(DELEGATE, "DispatchLetter", await office.do(DELEGATE, "SignLetter", draft))
    asked = {"letter_id": sent.letter_id, "etag": sent.etag}
    assert (await office.refusal(AT_MINISTRY, "ReplyToLetter", **asked, body=REPLY))[0] == "LETTER_NOT_YOURS"
    assert (await office.refusal(AT_MINISTRY, "AcknowledgeLetter", **asked))[0] == "LETTER_NOT_YOURS"
    assert (await office.refusal(UNIT, "AssessReply", **asked, grade=1))[0] == "ROLE_MISSING"


async def test_numbers_have_no_gap_when_many_sign_at_once(office: Office) -> None:
    words = {"subject": "طلب معلومات", "body": "يرجى موافاتنا بالمعلومات.", "language": "ar"}
    drafts = [
        (
            await office.ask(
                DELEGATE,
                "DraftLetter",
                kind=letter_pb2.LETTER_KIND_INFORMATION_REQUEST,
                sender_body_id="delegation-alger",
                recipient_body_id="dsp-alger",
                **words,
            )
        ).letter
        for _ in range(8)
    ]
    stale = {"letter_id": drafts[0].letter_id, "etag": "7"}
    assert await office.refusal(DELEGATE, "SignLetter", **stale) == ("ETAG_STALE", "etag")
    signed = await asyncio.gather(*(office.do(DELEGATE, "SignLetter", each) for each in drafts))
    assert sorted(each.letter_number[-6:] for each in signed) == [f"{line:06}" for line in range(1, 9)]


async def test_the_same_request_signs_once(office: Office) -> None:
    draft = await office.draft()
    asked = {"letter_id": draft.letter_id, "etag": draft.etag, "request_id": str(uuid4())}
    first, second = [(await office.ask(DELEGATE, "SignLetter", **asked)).letter for _ in range(2)]
    assert first == second
    asked["etag"] = "2"
    assert (await office.refusal(DELEGATE, "SignLetter", **asked))[0] == "REQUEST_ID_REUSED"


async def test_an_interim_reply_leaves_the_letter_open(office: Office) -> None:
    sent = await office.sent()
    interim = await office.do(UNIT, "ReplyToLetter", sent, body="سنوافيكم بالرد النهائي قريبا.", interim=True)
    assert interim.kind == letter_pb2.LETTER_KIND_INTERIM_REPLY
    assert (await office.get(sent)).state == letter_pb2.LETTER_STATE_DISPATCHED
    final = await office.do(UNIT, "ReplyToLetter", sent, body=REPLY, language="fr")
    assert final.subject.startswith("Réponse :")
    assert (await office.get(sent)).state == letter_pb2.LETTER_STATE_ANSWERED


async def test_words_change_only_in_a_draft(office: Office) -> None:
    draft = await office.draft()
    words = {"subject": "Transmission", "body": "Madame, Monsieur,", "language": "fr"}
    revised = await office.do(DELEGATE, "ReviseDraft", draft, **words)
    assert (revised.subject, revised.language) == ("Transmission", "fr")
    assert (await office.get(draft)).body == "Madame, Monsieur,"
    signed = await office.do(DELEGATE, "SignLetter", revised)
    asked = {"letter_id": signed.letter_id, "etag": signed.etag, **words}
    assert (await office.refusal(DELEGATE, "ReviseDraft", **asked))[0] == "LETTER_NO_DRAFT"
    assert await office.refusal(DELEGATE, "ReviseDraft", **{**asked, "subject": "x" * 301}) == (
        "FIELD_INVALID",
        "subject",
    )


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        ({"kind": 99}, "ENUM_UNKNOWN", "kind"),
        ({"kind": letter_pb2.LETTER_KIND_FINAL_REPLY}, "REPLY_NOT_BY_DRAFT", "kind"),
        ({"sender_body_id": "delegation-oran"}, "LETTER_NOT_YOURS", ""),
        ({"recipient_body_id": "nobody"}, "LETTER_PARTY_UNKNOWN", "recipient_body_id"),
        ({"recipient_body_id": "delegation-alger"}, "FIELD_INVALID", "recipient_body_id"),
        ({"copy_body_ids": ["nobody"]}, "LETTER_PARTY_UNKNOWN", "copy_body_ids"),
        ({"language": "de"}, "FIELD_INVALID", "language"),
        ({"body": "a\0b"}, "FIELD_INVALID", "body"),
        ({"body": "x" * 20_001}, "FIELD_INVALID", "body"),
        ({"body": "شكرا 🙏"}, "LETTER_UNPRINTABLE", "body"),
        ({"subject": " "}, "FIELD_INVALID", "subject"),
        ({"complaint_number": "16-0412"}, "FIELD_INVALID", "complaint_number"),
        ({"request_id": "7"}, "FIELD_INVALID", "request_id"),
    ],
)
async def test_a_draft_that_cannot_be_is_refused_and_leaves_no_trace(
    office: Office, wrong: dict[str, object], reason: str, field: str
) -> None:
    right = {
        "kind": letter_pb2.LETTER_KIND_INFORMATION_REQUEST,
        "sender_body_id": "delegation-alger",
        "recipient_body_id": "dsp-alger",
        "complaint_id": COMPLAINT,
        "language": "ar",
        "subject": "طلب",
        "body": "نص",
    }
    assert await office.refusal(DELEGATE, "DraftLetter", **{**right, **wrong}) == (reason, field)
    assert await office.letters(CENTRAL) == []
    assert await office.told() == []


async def test_the_print_is_the_one_that_was_signed_and_lies_sealed_on_the_shelf(
    office: Office, tmp_path: Path
) -> None:
    draft = await office.draft()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await office.pdf(DELEGATE, draft)
    assert refused(caught.value).reason == "LETTER_NOT_SIGNED"
    signed = await office.do(DELEGATE, "SignLetter", draft)
    first, second = await office.pdf(DELEGATE, signed), await office.pdf(DELEGATE, signed)
    assert first == second
    assert first.startswith(b"%PDF-")
    assert sha256(first).hexdigest() == signed.pdf_sha256
    (kept,) = (tmp_path / "letters").rglob("*.sealed")
    assert b"%PDF" not in kept.read_bytes()


async def test_no_word_of_a_letter_lies_open_in_the_database(office: Office) -> None:
    sent = await office.sent()
    await office.do(UNIT, "ReplyToLetter", sent, body=REPLY)
    async with office.database.reading() as connection:
        tables = ["letter", "letter_sheet", "outbox", "request"]
        stored = [str(row) for table in tables for row in await connection.fetch(f"SELECT {table}::text FROM {table}")]
        words = "الدواء".encode()
        octets = [
            bytes(row[0])
            for row in await connection.fetch(
                "SELECT words FROM letter UNION ALL SELECT event FROM outbox UNION ALL SELECT response FROM request"
            )
        ]
    assert not any("الدواء" in row or words.hex() in row for row in stored)
    assert not any(words in each for each in octets)


async def test_a_letter_about_a_referral_is_written_by_those_who_take_part_in_it(office: Office) -> None:
    sent = await office.sent()
    about = {"complaint_id": sent.complaint_id, "referral_id": sent.referral_id, "language": "ar"}
    about |= {"kind": letter_pb2.LETTER_KIND_INFORMATION_REQUEST, "subject": "طلب", "body": "نرجو إفادتنا."}
    other = {"sender_body_id": "delegation-oran", "recipient_body_id": "dsp-alger"}
    assert await office.refusal(DELEGATE_OF_ORAN, "DraftLetter", **about, **other) == ("FIELD_INVALID", "referral_id")
    own = {"sender_body_id": sent.sender_body_id, "recipient_body_id": sent.recipient_body_id}
    elsewhere = about | {"complaint_id": str(uuid4())}
    assert await office.refusal(DELEGATE, "DraftLetter", **elsewhere, **own) == ("FIELD_INVALID", "referral_id")
    assert (await office.ask(DELEGATE, "DraftLetter", **about, **own)).letter.referral_id == sent.referral_id


async def test_letters_come_in_pages(office: Office) -> None:
    for version in range(1, 6):
        await office.deliver(a_decision(version=version, referral_id=str(uuid4())))
    first = await office.ask(DELEGATE, "ListLetters", page_size=3)
    second = await office.ask(DELEGATE, "ListLetters", page_size=3, page_token=first.next_page_token)
    ids = [each.letter_id for each in (*first.letters, *second.letters)]
    assert len(ids) == len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)
    assert not second.next_page_token
    assert await office.refusal(DELEGATE, "ListLetters", page_token="x") == ("PAGE_INVALID", "page_token")
