"""Referrals live their life: from the letter's dispatch to the delegate's judgement, with clocks that stop and pause."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from diwan.correspondence.v1 import letter_pb2
from diwan.correspondence.v1.events_pb2 import LetterDispatched, ReplyAssessed, ReplyReceived
from diwan.directory.v1.body_pb2 import BODY_KIND_DIRECTORATE, Body
from diwan.directory.v1.events_pb2 import BodiesChanged
from diwan.intake.v1 import complaint_pb2, register_pb2
from diwan.intake.v1.events_pb2 import ComplaintStateChanged, EntryReplied
from diwan.routing.v1 import referral_pb2, triage_pb2
from diwan.routing.v1 import routing_service_pb2 as pb

from services.chassis.client import Refused, refused
from tests.routing.builders import COMPLAINT_ID, a_registration

pytestmark = pytest.mark.anyio
DELEGATE = ("delegate", "wilaya:wilaya-alger")
UNIT = ("unit_officer", "body:dsp-alger")
LETTER_ID = "01930000-0000-7000-8000-00000000aaaa"
SENT, ACKNOWLEDGED, ACCEPTED = (
    referral_pb2.REFERRAL_STATE_SENT, referral_pb2.REFERRAL_STATE_ACKNOWLEDGED, referral_pb2.REFERRAL_STATE_ACCEPTED,
)  # fmt: skip
DECLINED, ANSWERED = referral_pb2.REFERRAL_STATE_DECLINED, referral_pb2.REFERRAL_STATE_ANSWERED
ASSESSED, CLOSED = referral_pb2.REFERRAL_STATE_ASSESSED, referral_pb2.REFERRAL_STATE_CLOSED
AWAITING = complaint_pb2.COMPLAINT_STATE_AWAITING_COMPLAINANT
EXAMINED = complaint_pb2.COMPLAINT_STATE_UNDER_EXAMINATION
COMPLAINT_CLOSED = complaint_pb2.COMPLAINT_STATE_CLOSED


@contextmanager
def a_refusal(said: list[Refused]) -> Iterator[None]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        yield
    said.append(refused(caught.value))


def new_ids() -> Iterator[str]:
    for n in range(1, 1000):
        yield f"01930000-0000-7000-9000-{n:012}"


IDS = new_ids()


async def a_dispatched_referral(house: Any, on: str = "2026-11-22", text: str = "مستشفى") -> str:
    """Decide a petition and dispatch its letter; return the referral's id."""
    house.texts.of[COMPLAINT_ID] = text
    await house.deliver(a_registration(), COMPLAINT_ID)
    return await dispatched(house, on)


async def dispatched(house: Any, on: str = "2026-11-22") -> str:
    referral_id = str(next(p.referral_id for name, p in reversed(await house.told()) if name == "ComplaintDecided"))
    letter = LetterDispatched(
        letter_id=LETTER_ID, kind=letter_pb2.LETTER_KIND_REFERRAL, complaint_id=COMPLAINT_ID,
        referral_id=referral_id, dispatched_on=on,
    )  # fmt: skip
    await house.deliver(letter, LETTER_ID)
    return referral_id


async def state_of(house: Any, referral_id: str) -> referral_pb2.Referral:
    with house.officer("mediator", "national"):
        return (await house.routing.GetReferral(pb.GetReferralRequest(referral_id=referral_id))).referral


async def state_changed(house: Any, before: int, after: int, version: int) -> None:
    payload = ComplaintStateChanged(complaint_id=COMPLAINT_ID, from_state=before, to_state=after)  # type: ignore[arg-type]
    await house.deliver(payload, COMPLAINT_ID, version)


async def decline(house: Any, referral_id: str, officer: tuple[str, str], competent: str) -> referral_pb2.Referral:
    etag = (await state_of(house, referral_id)).etag
    with house.officer(*officer):
        request = pb.DeclineReferralRequest(
            request_id=next(IDS),
            referral_id=referral_id,
            etag=etag,
            competent_body_id=competent,
            because="ليس من اختصاصنا",
        )
        return (await house.routing.DeclineReferral(request)).referral


async def decide(house: Any, officer: tuple[str, str], ministry_id: str) -> None:
    with house.officer(*officer):
        (item,) = (await house.routing.ListTriage(pb.ListTriageRequest())).items
        await house.routing.DecideByHand(
            pb.DecideByHandRequest(
                request_id=next(IDS), triage_id=item.triage_id, etag=item.etag, ministry_id=ministry_id, because="x"
            )
        )


async def test_a_referral_begins_with_the_dispatch_of_its_letter(house: Any) -> None:
    referral = await state_of(house, await a_dispatched_referral(house))
    assert (referral.state, referral.sent_on, referral.due_on) == (SENT, "2026-11-22", "2026-12-06")
    assert (referral.unit_body_id, referral.ministry_id, referral.letter_id) == ("dsp-alger", "msan", LETTER_ID)
    name, told = (await house.told())[-1]
    assert (name, told.from_state, told.to_state) == ("ReferralChanged", 0, SENT)


async def test_a_dispatch_before_the_decision_waits(house: Any) -> None:
    said: list[Refused] = []
    with a_refusal(said):
        await house.deliver(
            LetterDispatched(letter_id=LETTER_ID, kind=letter_pb2.LETTER_KIND_REFERRAL, referral_id=LETTER_ID,
                             dispatched_on="2026-11-22")
        )  # fmt: skip
    assert said[0].reason == "TOO_EARLY"


async def test_the_unit_acknowledges_accepts_and_answers(house: Any) -> None:
    referral_id = await a_dispatched_referral(house)
    with house.officer(*UNIT):
        request = pb.AcknowledgeReferralRequest(request_id=next(IDS), referral_id=referral_id, etag="1")
        acknowledged = (await house.routing.AcknowledgeReferral(request)).referral
        assert acknowledged == (await house.routing.AcknowledgeReferral(request)).referral
        accept = pb.AcceptReferralRequest(request_id=next(IDS), referral_id=referral_id, etag=acknowledged.etag)
        assert (await house.routing.AcceptReferral(accept)).referral.state == ACCEPTED
        said: list[Refused] = []
        with a_refusal(said):
            await house.routing.AcceptReferral(
                pb.AcceptReferralRequest(request_id=next(IDS), referral_id=referral_id, etag="1")
            )
    await house.deliver(ReplyReceived(referral_id=referral_id, interim=True, replied_on="2026-11-24"))
    await house.deliver(ReplyReceived(referral_id=referral_id, replied_on="2026-11-29"))
    await house.deliver(ReplyAssessed(referral_id=referral_id, grade=letter_pb2.REPLY_GRADE_FAVOURABLE))

    assert said[0].reason == "ETAG_STALE"
    closed = await state_of(house, referral_id)
    assert (closed.state, closed.working_days) == (CLOSED, 5)
    told = await house.told()
    states = [p.to_state for name, p in told if name == "ReferralChanged"]
    assert states == [SENT, ACKNOWLEDGED, ACCEPTED, ANSWERED, ASSESSED, CLOSED]
    (stopped,) = [p for name, p in told if name == "ClockStopped"]
    assert (stopped.body_id, stopped.working_days, stopped.overdue) == ("dsp-alger", 5, False)


async def test_a_superficial_reply_goes_back_with_a_new_clock(house: Any) -> None:
    referral_id = await a_dispatched_referral(house)
    await house.deliver(ReplyReceived(referral_id=referral_id, replied_on="2026-11-23"))
    await house.deliver(ReplyAssessed(referral_id=referral_id, grade=letter_pb2.REPLY_GRADE_SUPERFICIAL))
    back = await state_of(house, referral_id)
    assert (back.state, back.escalation, back.working_days) == (ACCEPTED, 0, 0)
    assert back.due_on > "2026-12-06"


async def test_after_two_declines_only_the_mediator_decides(house: Any) -> None:
    first = await a_dispatched_referral(house)
    declined = await decline(house, first, UNIT, "dl-alger")
    assert (declined.state, declined.decline.competent_body_id) == (DECLINED, "dl-alger")
    with house.officer(*DELEGATE):
        (item,) = (await house.routing.ListTriage(pb.ListTriageRequest())).items
        assert (item.kind, item.suggested_body_id) == (triage_pb2.TRIAGE_KIND_DECLINED, "dl-alger")
    await decide(house, DELEGATE, "mj")
    second = await dispatched(house)
    await decline(house, second, ("unit_officer", "body:mj"), "dsp-alger")

    said: list[Refused] = []
    with a_refusal(said):
        await decide(house, DELEGATE, "msan")
    assert said[0].reason == "ARBITER_REQUIRED"
    await decide(house, ("mediator", "national"), "msan")
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT declined_by FROM complaint_case") == ["mj", "msan"]


async def test_a_decline_names_a_body_that_exists_and_is_another(house: Any) -> None:
    referral_id, said = await a_dispatched_referral(house), list[Refused]()
    for competent in ("nowhere", "dsp-alger", ""):
        with a_refusal(said):
            await decline(house, referral_id, UNIT, competent)
    assert [each.reason for each in said] == [
        "COMPETENT_BODY_UNKNOWN", "DECLINE_NAMES_ITSELF", "COMPETENT_BODY_UNKNOWN",
    ]  # fmt: skip
    assert (await state_of(house, referral_id)).state == SENT


async def test_a_unit_sees_its_own_referrals_and_its_ministry_too(house: Any) -> None:
    referral_id = await a_dispatched_referral(house)
    seen = {}
    roles = {"body": "unit_officer", "wilaya": "delegate", "register": "keeper"}
    for scope in (
        "body:dsp-alger", "body:msan", "body:dsp-oran", "wilaya:wilaya-alger", "wilaya:wilaya-oran",
        "register:16/0001", "register:16/0002",
    ):  # fmt: skip
        with house.officer(roles[scope.partition(":")[0]], scope):
            seen[scope] = [
                r.referral_id for r in (await house.routing.ListReferrals(pb.ListReferralsRequest())).referrals
            ]
    assert seen == {
        "body:dsp-alger": [referral_id], "body:msan": [referral_id], "body:dsp-oran": [],
        "wilaya:wilaya-alger": [referral_id], "wilaya:wilaya-oran": [],
        "register:16/0001": [referral_id], "register:16/0002": [],
    }  # fmt: skip


async def test_overdue_referrals_climb_the_ladder_step_by_step(house: Any) -> None:
    referral_id = await a_dispatched_referral(house, on="2025-06-15")
    steps = [(await house.ticked.EscalateOverdue(pb.EscalateOverdueRequest())).escalated for _ in range(4)]
    assert steps == [1, 1, 1, 0]
    assert [p.step for name, p in await house.told() if name == "ReferralOverdue"] == [1, 2, 3]
    overdue = await state_of(house, referral_id)
    assert (overdue.overdue, overdue.escalation) == (True, 3)
    with house.officer(*DELEGATE):
        listed = (
            await house.routing.ListReferrals(pb.ListReferralsRequest(overdue_only=True, states=[SENT]))
        ).referrals
    assert [r.referral_id for r in listed] == [referral_id]


async def test_a_question_to_the_complainant_pauses_the_clocks(house: Any) -> None:
    referral_id = await a_dispatched_referral(house, on="2025-06-15")
    said: list[Refused] = []
    with a_refusal(said):
        await state_changed(house, AWAITING, EXAMINED, 3)
    await state_changed(house, EXAMINED, AWAITING, 2)
    assert (await house.ticked.EscalateOverdue(pb.EscalateOverdueRequest())).escalated == 0
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE complaint_case SET paused_on = '2026-11-01'")
    due_on = (await state_of(house, referral_id)).due_on
    await state_changed(house, AWAITING, EXAMINED, 3)

    assert said[0].reason == "TOO_EARLY"
    assert (await state_of(house, referral_id)).due_on > due_on
    dated = [p.due_on for name, p in await house.told() if name == "DeadlineSet"]
    assert dated[0] == "2026-12-06"
    assert dated[1] > dated[0]
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM pause WHERE resumed_on IS NOT NULL") == 1


async def test_the_end_of_a_complaint_ends_what_waits_for_it(house: Any) -> None:
    referral_id = await a_dispatched_referral(house)
    await state_changed(house, EXAMINED, COMPLAINT_CLOSED, 5)
    await state_changed(house, EXAMINED, EXAMINED, 4)
    assert (await state_of(house, referral_id)).state == CLOSED
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT ended FROM complaint_case")


async def test_a_withdrawn_complaint_leaves_the_queue(house: Any) -> None:
    house.texts.of[COMPLAINT_ID] = "لا أحد"
    await house.deliver(a_registration(), COMPLAINT_ID)
    await state_changed(house, EXAMINED, COMPLAINT_CLOSED, 2)
    with house.officer(*DELEGATE):
        assert not (await house.routing.ListTriage(pb.ListTriageRequest())).items


async def test_the_keeping_bodys_own_answer_stops_the_clock(house: Any) -> None:
    house.texts.of[COMPLAINT_ID] = "مستشفى"
    kept = a_registration(
        keeping_body_id="dl-alger", received_on="2025-06-15", register_kind=register_pb2.REGISTER_KIND_COMPLAINTS
    )
    await house.deliver(kept, COMPLAINT_ID)
    for _ in range(2):
        await house.deliver(EntryReplied(complaint_id=COMPLAINT_ID, body_id="dl-alger"), COMPLAINT_ID, 2)
    (stopped,) = [p for name, p in await house.told() if name == "ClockStopped"]
    assert (stopped.body_id, stopped.ministry_id, stopped.overdue, stopped.referral_id) == (
        "dl-alger",
        "mhuvat",
        True,
        "",
    )


async def test_a_copy_keeps_the_body_of_the_highest_revision(house: Any) -> None:
    def told(name: str, revision: int) -> BodiesChanged:
        body = Body(body_id="ds-x", kind=BODY_KIND_DIRECTORATE, ministry_id="msan", revision=revision)
        body.name.ar = name
        return BodiesChanged(bodies=[body])

    await house.deliver(told("جديد", 8), "directory", 8)
    await house.deliver(told("قديم", 7), "directory", 7)
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT name_ar FROM body WHERE body_id = 'ds-x'") == "جديد"
