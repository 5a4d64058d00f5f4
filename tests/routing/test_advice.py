"""Ministries' rules advise on a complaint, a letter and a reply: real rule host, real database, real ports."""

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import grpc
import pytest
from diwan.correspondence.v1 import letter_pb2
from diwan.correspondence.v1.events_pb2 import LetterDispatched
from diwan.intake.v1 import register_pb2
from diwan.routing.v1 import advice_pb2, advice_service_pb2_grpc, decision_pb2, routing_service_pb2
from diwan.routing.v1 import advice_service_pb2 as pb
from diwan.routing.v1.events_pb2 import ComplaintDecided

from tests.routing.builders import COMPLAINT_ID, a_registration
from tests.routing.talkative import talkative_rules

pytestmark = pytest.mark.anyio


@pytest.fixture
def rules() -> Mapping[str, str]:
    """Rules of health and justice that have more to say than a claim."""
    return talkative_rules()


async def decided(house: Any, text: str, **only: object) -> ComplaintDecided:
    """Register a complaint, have it decided, and hand the decision back to routing as the bus does."""
    registration = a_registration(**only)
    house.texts.of[registration.complaint_id] = text
    await house.deliver(registration, registration.complaint_id)
    said = next(payload for name, payload in await house.told() if name == "ComplaintDecided")
    assert isinstance(said, ComplaintDecided)
    await house.deliver(said, registration.complaint_id)
    return said


async def review_of(house: Any) -> advice_pb2.Review:
    with house.officer("delegate", "wilaya:wilaya-alger"):
        answer = await house.advice.GetReview(pb.GetReviewRequest(complaint_id=COMPLAINT_ID))
    review: advice_pb2.Review = answer.review
    return review


def correspondence(house: Any) -> Any:
    return advice_service_pb2_grpc.AdviceServiceStub(house.channel("correspondence"))


async def letter(house: Any, said: ComplaintDecided, kind: int = letter_pb2.LETTER_KIND_REFERRAL) -> Any:
    asked = pb.ConsultLetterRequest(decision_id=said.decision_id, kind=kind)  # type: ignore[arg-type]
    return await correspondence(house).ConsultLetter(asked)


@contextmanager
def refused(code: grpc.StatusCode) -> Any:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        yield
    assert caught.value.code() is code


async def test_what_all_ministries_say_of_a_complaint_is_kept_with_its_case(house: Any) -> None:
    said = await decided(house, "تأخر العلاج في مستشفى")

    review = await review_of(house)
    assert (review.decision_id, review.ministry_id) == (said.decision_id, "msan")
    assert [(each.ministry_id, each.code) for each in review.findings] == [("msan", "no_date"), ("mj", "seen")]
    assert review.suggests_question
    assert [(each.name, each.value_json) for each in review.facts] == [("MSAN.bed", '"سرير 7"')]
    assert [(each.code, each.name.fr, each.mandatory) for each in review.documents] == [("MSAN.card", "Carte", True)]
    assert [(each.code, each.score) for each in review.categories] == [("MSAN.waiting", 640)]
    assert [(each.topic_code, each.category) for each in review.topics] == [("health", "MSAN.waiting")]


async def test_the_competent_ministry_says_how_it_wants_the_complaint_handled(house: Any) -> None:
    await decided(house, "تأخر العلاج في مستشفى")

    review = await review_of(house)
    assert review.priority == advice_pb2.CASE_PRIORITY_URGENT
    assert list(review.ladder) == [1, 3, 11]
    assert (review.document_days, review.retention_years) == (5, 30)
    assert {each.hook for each in review.taken} == {"priority", "reminders", "deadline", "retention"}


async def test_every_answer_is_kept_verbatim_with_the_version_that_gave_it(house: Any) -> None:
    await decided(house, "تأخر العلاج في مستشفى")

    records = {(each.ministry_id, each.hook): each for each in (await review_of(house)).records}
    assert '"no_date"' in records["msan", "validate"].answer_json
    assert records["msan", "validate"].plugin_version == "1.2.0"
    assert len(records["msan", "validate"].plugin_digest) == 64
    assert ("mj", "required_documents") not in records


async def test_rules_that_fail_at_intake_are_recorded_and_the_others_are_heard(house: Any) -> None:
    await decided(house, "نزاع في مستشفى")

    review = await review_of(house)
    assert [(each.ministry_id, each.code) for each in review.findings] == [("msan", "no_date")]
    assert [each.error.partition(":")[0] for each in review.records if each.error] == ["raised"]


async def test_an_owner_that_fails_leaves_the_core_priority_and_a_note(house: Any) -> None:
    await decided(house, "خلل في مستشفى")

    review = await review_of(house)
    assert review.priority == advice_pb2.CASE_PRIORITY_NORMAL
    assert ("rules_failed", "priority") in [(each.code, each.field) for each in review.findings]


async def test_before_routing_only_the_addressed_ministry_asks_for_documents(house: Any) -> None:
    said = await decided(house, "لا شيء معروف", addressed_body_id="mj")

    assert said.disposition == decision_pb2.DISPOSITION_TRIAGE
    review = await review_of(house)
    assert [each.code for each in review.documents] == ["MJ.judgment"]
    assert review.priority == advice_pb2.CASE_PRIORITY_NORMAL
    assert not review.taken


async def test_what_was_read_out_of_the_words_is_not_kept_in_the_clear(house: Any) -> None:
    await decided(house, "تأخر العلاج في مستشفى")

    async with house.database.reading() as connection:
        (row,) = await connection.fetch("SELECT * FROM review")
    assert "سرير".encode() not in row["sealed"]
    assert "سرير" not in str(row)


async def test_a_decision_that_is_told_twice_is_reviewed_once(house: Any) -> None:
    said = await decided(house, "مستشفى")
    await house.deliver(said, COMPLAINT_ID)
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM review") == 1


async def test_who_may_not_see_the_complaint_does_not_see_its_review(house: Any) -> None:
    await decided(house, "مستشفى")
    with house.officer("delegate", "wilaya:wilaya-oran"), refused(grpc.StatusCode.NOT_FOUND):
        await house.advice.GetReview(pb.GetReviewRequest(complaint_id=COMPLAINT_ID))


async def test_a_referral_follows_the_ladder_and_the_priority_of_its_review(house: Any) -> None:
    said = await decided(house, "مستشفى")
    await house.deliver(
        LetterDispatched(
            referral_id=said.referral_id,
            letter_id=COMPLAINT_ID,
            kind=letter_pb2.LETTER_KIND_REFERRAL,
            dispatched_on="2026-11-22",
        )
    )
    async with house.database.reading() as connection:
        row = await connection.fetchrow("SELECT steps, priority, due_on, notice_on FROM referral")
    assert (list(row["steps"]), row["priority"]) == ([1, 3, 11], advice_pb2.CASE_PRIORITY_URGENT)
    assert (row["due_on"], row["notice_on"]) == (date(2026, 12, 6), date(2026, 12, 2))


async def test_the_ministry_adds_a_paragraph_to_a_letter_and_an_unknown_signatory_is_left_out(house: Any) -> None:
    made = await letter(house, await decided(house, "مستشفى"))
    assert (made.template, made.text.fr) == ("MSAN.file", "Prière de joindre le dossier de CHU.")
    assert made.signatory_role == ""
    assert [(each.code, each.field) for each in made.findings] == [("answer_refused", "signatory")]


async def test_a_template_without_its_variables_leaves_the_core_letter(house: Any) -> None:
    made = await letter(house, await decided(house, "ملف ناقص في مستشفى"))
    assert made.template == made.text.ar == ""
    assert [(each.code, each.field) for each in made.findings] == [
        ("rules_failed", "letter_context"), ("answer_refused", "signatory"),
    ]  # fmt: skip


async def test_the_unit_is_told_who_signs_its_reply(house: Any) -> None:
    said = await decided(house, "مستشفى")
    asked = pb.ConsultLetterRequest(decision_id=said.decision_id, kind=letter_pb2.LETTER_KIND_FINAL_REPLY)
    with house.officer("delegate", "wilaya:wilaya-alger"):
        made = await house.advice.ConsultLetter(asked)
    assert (made.signatory_role, made.signatory_title.fr) == ("director", "Le directeur")


async def test_the_ministry_judges_a_reply_before_a_person_does(house: Any) -> None:
    said = await decided(house, "مستشفى")
    made = await correspondence(house).ReviewReply(a_reply(said))
    assert made.grade == letter_pb2.REPLY_GRADE_SUPERFICIAL
    assert [each.fr for each in made.missing] == ["La date"]


async def test_a_reply_is_graded_without_rules_that_fail(house: Any) -> None:
    said = await decided(house, "خلل في مستشفى")
    made = await correspondence(house).ReviewReply(a_reply(said))
    assert made.grade == letter_pb2.REPLY_GRADE_UNSPECIFIED
    assert [(each.code, each.field) for each in made.findings] == [("rules_failed", "review_reply")]


async def test_a_keeping_body_that_answers_itself_is_advised_too(house: Any) -> None:
    await decided(house, "مستشفى", register_kind=register_pb2.REGISTER_KIND_COMPLAINTS)
    assert [each.code for each in (await review_of(house)).documents] == ["MSAN.card"]


def a_reply(said: ComplaintDecided) -> pb.ReviewReplyRequest:
    return pb.ReviewReplyRequest(
        referral_id=said.referral_id, text="تمت المعالجة", language="ar", body_id="dsp-alger", received_on="2026-11-25"
    )


async def test_the_most_pressing_referrals_are_listed_first(house: Any) -> None:
    urgent, usual = COMPLAINT_ID, f"{COMPLAINT_ID[:-1]}2"
    for complaint_id, text in ((usual, "خلل في مستشفى"), (urgent, "مستشفى")):
        registration = a_registration(complaint_id=complaint_id)
        house.texts.of[complaint_id] = text
        await house.deliver(registration, complaint_id)
    said = [payload for name, payload in await house.told() if name == "ComplaintDecided"]
    for number, each in enumerate(said, start=22):
        await house.deliver(each, each.complaint_id)
        kind, day = letter_pb2.LETTER_KIND_REFERRAL, f"2026-11-{number}"
        sent = LetterDispatched(referral_id=each.referral_id, letter_id=COMPLAINT_ID, kind=kind, dispatched_on=day)
        await house.deliver(sent)

    seen, page_token = [], ""
    for _ in range(2):
        with house.officer("unit_officer", "body:dsp-alger"):
            asked = routing_service_pb2.ListReferralsRequest(page_size=1, page_token=page_token)
            page = await house.routing.ListReferrals(asked)
        page_token = page.next_page_token
        seen += [(each.complaint_id, each.priority) for each in page.referrals]
    assert seen == [(urgent, advice_pb2.CASE_PRIORITY_URGENT), (usual, advice_pb2.CASE_PRIORITY_NORMAL)]
    assert not page_token
