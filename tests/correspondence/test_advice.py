"""What the competent ministry's rules say of letters and replies stands beside them, and no letter waits for it."""

import pytest
from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.correspondence.v1 import events_pb2, letter_pb2
from diwan.routing.v1 import advice_pb2, advice_service_pb2

from services.correspondence.domain.advice import Advice, with_paragraph
from services.correspondence.domain.body import Name
from services.correspondence.domain.letter import BODY_MOST
from tests.correspondence.builders import DECISION, DELEGATE, REFERRAL, UNIT, an_event
from tests.correspondence.conftest import Office

anyio = pytest.mark.anyio
PARAGRAPH = "يرجى إرفاق ملف المريض."
CLOSING = "وتقبّلوا منّا فائق التقدير والاحترام."
A_NOTE = advice_pb2.Finding(
    ministry_id="msan", code="rules_failed", field="letter_context", because=LocalizedText(ar="لم تُجب", fr="Muettes")
)


def a_template(**only: object) -> advice_service_pb2.ConsultLetterResponse:
    text = LocalizedText(ar=PARAGRAPH, fr="Prière de joindre le dossier.")
    plain: dict[str, object] = {"template": "MSAN.file", "text": text}
    return advice_service_pb2.ConsultLetterResponse(**(plain | only))  # type: ignore[arg-type]


async def answered(office: Office, *, interim: bool = False) -> letter_pb2.Letter:
    """Have the unit reply, and let the bus tell of it."""
    sent = await office.sent()
    reply = await office.do(UNIT, "ReplyToLetter", sent, body="تمت معالجة الأمر.", interim=interim)
    told = events_pb2.ReplyReceived(letter_id=reply.letter_id, referral_id=REFERRAL, interim=interim)
    await office.deliver(an_event(told, aggregate_id=reply.letter_id, version=4))
    return await office.get(reply)


@anyio
async def test_the_ministrys_paragraph_stands_before_the_closing_words(office: Office) -> None:
    office.advice.on_letter = a_template(signatory_title=LocalizedText(ar="المدير", fr="Le directeur"))
    draft = await office.get(await office.draft())

    assert draft.body.split("\n\n")[-2:] == [PARAGRAPH, CLOSING]
    assert (draft.advice.template, draft.advice.signatory_title.fr) == ("MSAN.file", "Le directeur")
    (asked,) = office.advice.asked
    assert asked == advice_service_pb2.ConsultLetterRequest(
        decision_id=DECISION, kind=letter_pb2.LETTER_KIND_REFERRAL
    )  # fmt: skip


@anyio
async def test_the_paragraph_is_printed(office: Office) -> None:
    office.advice.on_letter = a_template()
    signed = await office.do(DELEGATE, "SignLetter", await office.draft())
    assert signed.body.split("\n\n")[-2] == PARAGRAPH
    assert (await office.pdf(DELEGATE, signed)).startswith(b"%PDF")


@anyio
async def test_what_is_not_valid_leaves_the_letter_and_a_word_to_the_officer(office: Office) -> None:
    office.advice.on_letter = advice_service_pb2.ConsultLetterResponse(findings=[A_NOTE])
    draft = await office.get(await office.draft())
    assert PARAGRAPH not in draft.body
    assert [(each.ministry_id, each.hook, each.because.fr) for each in draft.advice.notes] == [
        ("msan", "letter_context", "Muettes")
    ]


@anyio
async def test_a_letter_does_not_wait_for_rules_that_cannot_be_asked(office: Office) -> None:
    office.advice.away = True
    draft = await office.get(await office.draft())
    assert draft.body.endswith(CLOSING)
    assert [each.hook for each in draft.advice.notes] == ["letter_context"]


@anyio
async def test_a_letter_of_which_the_rules_say_nothing_has_no_advice(office: Office) -> None:
    assert not (await office.get(await office.draft())).HasField("advice")


@anyio
async def test_the_view_of_the_ministrys_rules_stands_beside_a_reply(office: Office) -> None:
    office.advice.on_reply = advice_service_pb2.ReviewReplyResponse(
        grade=letter_pb2.REPLY_GRADE_SUPERFICIAL,
        because=LocalizedText(ar="لا تاريخ فيه", fr="Sans date"),
        missing=[LocalizedText(ar="التاريخ", fr="La date")],
    )
    reply = await answered(office)

    assert reply.advice.grade == letter_pb2.REPLY_GRADE_SUPERFICIAL
    assert [each.fr for each in reply.advice.missing] == ["La date"]
    assert reply.grade == letter_pb2.REPLY_GRADE_UNSPECIFIED
    asked = office.advice.asked[-1]
    assert isinstance(asked, advice_service_pb2.ReviewReplyRequest)
    assert (asked.text, asked.body_id, asked.referral_id) == ("تمت معالجة الأمر.", "dsp-alger", REFERRAL)


@anyio
async def test_an_interim_reply_is_not_looked_at(office: Office) -> None:
    await answered(office, interim=True)
    assert [type(each).__name__ for each in office.advice.asked] == ["ConsultLetterRequest"]


@anyio
async def test_advice_is_not_kept_in_the_clear(office: Office) -> None:
    office.advice.on_letter = a_template()
    await office.draft()
    async with office.database.reading() as connection:
        (row,) = await connection.fetch("SELECT sealed FROM letter_advice")
    assert b"MSAN" not in row["sealed"]


def test_a_paragraph_that_does_not_fit_is_left_out_and_noted() -> None:
    advice = Advice(template="MSAN.file", paragraph=Name(ar="x" * BODY_MOST))
    body, noted = with_paragraph("أ\n\nب", advice, "ar")
    assert body == "أ\n\nب"
    assert [(each.ministry_id, each.hook) for each in noted.notes] == [("msan", "letter_context")]


def test_a_letter_without_a_paragraph_stays_as_it_is() -> None:
    assert with_paragraph("أ\n\nب", Advice(), "ar") == ("أ\n\nب", Advice())
