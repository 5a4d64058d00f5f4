"""What decisions, delays and ends of complaints do to letters, over a real port and a real database."""

from uuid import uuid4

import grpc
import pytest
from diwan.correspondence.v1 import correspondence_service_pb2 as pb2
from diwan.correspondence.v1 import letter_pb2
from diwan.intake.v1 import complaint_pb2
from diwan.routing.v1 import decision_pb2

from services.chassis.client import refused
from tests.correspondence.builders import (
    DELEGATE,
    REGISTER_NUMBER,
    UNIT,
    a_change,
    a_decision,
    a_delay,
)
from tests.correspondence.conftest import Office

REPLY = "نفيدكم بما يلي."


async def test_a_decision_to_refer_drafts_a_letter_that_names_no_person_and_quotes_no_text(office: Office) -> None:
    letter = await office.draft()
    assert letter.kind == letter_pb2.LETTER_KIND_REFERRAL
    assert letter.state == letter_pb2.LETTER_STATE_DRAFT
    assert (letter.sender_body_id, letter.recipient_body_id) == ("delegation-alger", "dsp-alger")
    assert list(letter.copy_body_ids) == ["msan"]
    assert letter.sample
    for said in (REGISTER_NUMBER, "02/11/2026", "الصحة", "الجزائر الوسطى", "تختص المديرية", "15 يوم عمل"):
        assert said in letter.body


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


async def test_the_next_letter_to_a_body_speaks_the_language_of_the_last(office: Office) -> None:
    french = await office.do(DELEGATE, "ReviseDraft", await office.draft(), subject="S", body="B", language="fr")
    await office.do(DELEGATE, "SignLetter", french)
    await office.deliver(a_decision(version=2, referral_id=str(uuid4())))
    letter = (await office.letters(DELEGATE))[0]
    assert letter.language == "fr"
    assert "j’ai l’honneur" in letter.body.lower()
