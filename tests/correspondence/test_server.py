"""Letters over a real port and a real database: drafted from a decision, signed, sent, answered, judged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2, subscriber_service_pb2_grpc
from diwan.correspondence.v1 import correspondence_service_pb2 as pb2
from diwan.correspondence.v1 import correspondence_service_pb2_grpc as pb2_grpc
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import directory_service_pb2_grpc
from diwan.intake.v1 import complaint_pb2, intake_service_pb2_grpc
from diwan.routing.v1 import decision_pb2, routing_service_pb2_grpc

from services.chassis.call import Actor
from services.chassis.client import refused
from services.chassis.database import Database
from services.chassis.incoming import acting
from services.chassis.server import Served
from services.correspondence.__main__ import build
from tests.correspondence.builders import (
    AT_MINISTRY,
    CENTRAL,
    COMPLAINT,
    DELEGATE,
    DELEGATE_OF_ORAN,
    REGISTER_NUMBER,
    UNIT,
    Directory,
    Intake,
    Routing,
    a_change,
    a_decision,
    a_delay,
    the_directory,
)

REPLY = "عاينت مصالحنا الوضعية، وسُلّم الدواء للمعني بتاريخ 20/11/2026."
NEIGHBOURS = {
    "intake": ("diwan.intake.v1.IntakeService", intake_service_pb2_grpc.add_IntakeServiceServicer_to_server),
    "routing": ("diwan.routing.v1.RoutingService", routing_service_pb2_grpc.add_RoutingServiceServicer_to_server),
    "directory": (
        "diwan.directory.v1.DirectoryService",
        directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server,
    ),
}


class Office:
    """Correspondence as the bus and the portal meet it."""

    def __init__(self, service: Any, database: Database, intake: Intake, token: Callable[[Actor], str]) -> None:
        self._subscriber = subscriber_service_pb2_grpc.SubscriberServiceStub(service.channel("bus"))
        self._portal = pb2_grpc.CorrespondenceServiceStub(service.channel("portal"))
        self._token = token
        self.database = database
        self.intake = intake

    async def deliver(self, *requests: subscriber_service_pb2.DeliverRequest) -> None:
        for request in requests:
            await self._subscriber.Deliver(request)

    async def ask(self, actor: Actor, method: str, **asked: object) -> Any:
        request = getattr(pb2, f"{method}Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            asked.setdefault("request_id", str(uuid4()))
        with acting(actor_token=self._token(actor)):
            return await getattr(self._portal, method)(request(**asked))

    async def refusal(self, actor: Actor, method: str, **asked: object) -> tuple[str, str]:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.ask(actor, method, **asked)
        said = refused(caught.value)
        assert said.message
        return said.reason, said.field

    async def do(self, actor: Actor, method: str, letter: letter_pb2.Letter, **asked: object) -> letter_pb2.Letter:
        response = await self.ask(actor, method, letter_id=letter.letter_id, etag=letter.etag, **asked)
        known: letter_pb2.Letter = response.reply if method == "ReplyToLetter" else response.letter
        return known

    async def letters(self, actor: Actor, **asked: object) -> list[letter_pb2.Letter]:
        return list((await self.ask(actor, "ListLetters", **asked)).letters)

    async def get(self, letter: letter_pb2.Letter, actor: Actor = CENTRAL) -> letter_pb2.Letter:
        known: letter_pb2.Letter = (await self.ask(actor, "GetLetter", letter_id=letter.letter_id)).letter
        return known

    async def pdf(self, actor: Actor, letter: letter_pb2.Letter) -> bytes:
        with acting(actor_token=self._token(actor)):
            pieces = self._portal.DownloadLetter(pb2.DownloadLetterRequest(letter_id=letter.letter_id))
            return b"".join([answer.piece async for answer in pieces])

    async def draft(self) -> letter_pb2.Letter:
        """Have the referral letter drafted."""
        await self.deliver(a_decision())
        (letter,) = await self.letters(DELEGATE)
        return letter

    async def sent(self) -> letter_pb2.Letter:
        """Have the referral letter signed and dispatched."""
        signed = await self.do(DELEGATE, "SignLetter", await self.draft())
        return await self.do(DELEGATE, "DispatchLetter", signed)

    async def told(self) -> list[tuple[str, int]]:
        async with self.database.reading() as connection:
            rows = await connection.fetch("SELECT type, aggregate_version FROM outbox ORDER BY position")
        return [(row["type"].rsplit(".")[-1], row["aggregate_version"]) for row in rows]


@pytest.fixture
async def office(
    database_for: Callable[[str], Awaitable[Database]],
    running: Callable[[str, Sequence[Served]], Awaitable[Any]],
    settings_of: Callable[[str], Any],
    token_for: Callable[[Actor], str],
) -> Office:
    """Run correspondence beside small neighbours."""
    intake = Intake()
    answering = {"intake": intake, "routing": Routing(), "directory": Directory()}
    addresses = {}
    for name, servicer in answering.items():
        addresses[name] = (await running(name, [(*NEIGHBOURS[name], servicer)])).address
    settings, database = settings_of("correspondence"), await database_for("correspondence")
    service = await running("correspondence", build(replace(settings, addresses=addresses), database))
    found = Office(service, database, intake, token_for)
    await found.deliver(*the_directory())
    return found


async def test_a_decision_to_refer_drafts_a_letter_that_names_no_person_and_quotes_no_text(office: Office) -> None:
    letter = await office.draft()
    assert letter.kind == letter_pb2.LETTER_KIND_REFERRAL
    assert letter.state == letter_pb2.LETTER_STATE_DRAFT
    assert (letter.sender_body_id, letter.recipient_body_id) == ("delegation-alger", "dsp-alger")
    assert list(letter.copy_body_ids) == ["msan"]
    assert letter.sample
    for said in (REGISTER_NUMBER, "02/11/2026", "الصحة", "الجزائر الوسطى", "تختص المديرية", "15 يوم عمل"):
        assert said in letter.body


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


async def test_a_delivered_event_has_its_effect_once_and_an_older_decision_none(office: Office) -> None:
    latest = a_decision(version=4)
    await office.deliver(latest, latest, a_decision(version=2, referral_id=str(uuid4())))
    assert len(await office.letters(DELEGATE)) == 1


async def test_a_later_decision_discards_the_unsigned_draft(office: Office) -> None:
    first = await office.draft()
    await office.deliver(a_decision(version=2, disposition=decision_pb2.DISPOSITION_TRIAGE))
    assert (await office.get(first)).state == letter_pb2.LETTER_STATE_DISCARDED
    await office.deliver(a_decision(version=3, referral_id=str(uuid4())))
    states = [each.state for each in await office.letters(DELEGATE)]
    assert states == [letter_pb2.LETTER_STATE_DRAFT, letter_pb2.LETTER_STATE_DISCARDED]


async def test_a_complaint_that_ended_leaves_no_draft_in_whatever_order_the_events_come(office: Office) -> None:
    first = await office.draft()
    await office.deliver(a_change("CLOSED", version=5), a_change("UNDER_EXAMINATION", version=2))
    assert (await office.get(first)).state == letter_pb2.LETTER_STATE_DISCARDED
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await office.deliver(a_decision(version=2))
    assert (caught.value.code(), refused(caught.value).reason) == (grpc.StatusCode.ABORTED, "TOO_EARLY")
    office.intake.state = complaint_pb2.COMPLAINT_STATE_CLOSED
    await office.deliver(a_decision(version=2))
    assert len(await office.letters(DELEGATE)) == 1


async def test_an_unanswered_referral_climbs_the_ladder_until_the_answer(office: Office) -> None:
    with pytest.raises(grpc.aio.AioRpcError):
        await office.deliver(a_delay(1))
    sent = await office.sent()
    await office.deliver(a_delay(1), a_delay(1), a_delay(2), a_delay(3))
    notice, second, first, _ = await office.letters(DELEGATE)
    assert sent.letter_number in first.body
    assert "14/12/2026" in first.body
    assert [each.kind for each in (first, second, notice)] == [
        letter_pb2.LETTER_KIND_REMINDER_1,
        letter_pb2.LETTER_KIND_REMINDER_2,
        letter_pb2.LETTER_KIND_FORMAL_NOTICE,
    ]
    assert list(notice.copy_body_ids) == ["msan", "mediator"]
    reminder = await office.do(DELEGATE, "DispatchLetter", await office.do(DELEGATE, "SignLetter", first))
    await office.do(UNIT, "ReplyToLetter", reminder, body=REPLY)
    states = [(await office.get(each)).state for each in (sent, reminder, second, notice)]
    answered, discarded = letter_pb2.LETTER_STATE_ANSWERED, letter_pb2.LETTER_STATE_DISCARDED
    assert states == [answered, answered, discarded, discarded]
    await office.deliver(a_delay(1, due_on="2027-01-10"))
    assert len(await office.letters(DELEGATE, box=pb2.LETTER_BOX_OUTBOX)) == 4


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


async def test_the_next_letter_to_a_body_speaks_the_language_of_the_last(office: Office) -> None:
    french = await office.do(DELEGATE, "ReviseDraft", await office.draft(), subject="S", body="B", language="fr")
    await office.do(DELEGATE, "SignLetter", french)
    await office.deliver(a_decision(version=2, referral_id=str(uuid4())))
    letter = (await office.letters(DELEGATE))[0]
    assert letter.language == "fr"
    assert "j’ai l’honneur" in letter.body.lower()


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
        tables = ["letter", "letter_sheet", "outbox"]
        stored = [str(row) for table in tables for row in await connection.fetch(f"SELECT {table}::text FROM {table}")]
        words = "الدواء".encode()
        octets = [
            bytes(row[0])
            for row in await connection.fetch("SELECT words FROM letter UNION ALL SELECT event FROM outbox")
        ]
    assert not any("الدواء" in row or words.hex() in row for row in stored)
    assert not any(words in each for each in octets)


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
