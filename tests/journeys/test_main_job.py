"""The main job through real processes: filed, decided, referred by letter, answered, graded, closed; and its turnings."""

import asyncio
from collections.abc import AsyncIterator

import grpc
import pytest
from diwan.correspondence.v1 import letter_pb2
from diwan.intake.v1 import complaint_pb2, intake_service_pb2
from diwan.routing.v1 import decision_pb2, routing_service_pb2, triage_pb2

from services.chassis.client import refused
from services.chassis.traces import Kept, find
from tests.demo import letters
from tests.demo.cast import Cast, new_id, patiently
from tests.demo.deciding import queue
from tests.demo.filing import Filed
from tests.demo.front_office import FrontOffice
from tests.demo.letters import Script, present
from tests.house_run import RunningHouse
from tests.journeys.people import a_referred, a_sample, filed_and_decided, letters_of, people

C = complaint_pb2
# Who speaks to whom while a complaint lives; an edge that is missing or new is a change of the design.
ENTRANCE = {("portal", "intake"), ("portal", "routing"), ("portal", "correspondence"), ("portal", "directory")}
EDGES = {
    ("intake", "bus"),
    ("routing", "bus"),
    ("correspondence", "bus"),
    ("bus", "intake"),
    ("bus", "routing"),
    ("bus", "correspondence"),
    ("bus", "reporting"),
    ("routing", "intake"),
    ("routing", "rulehost"),
    ("correspondence", "intake"),
    ("correspondence", "routing"),
    ("correspondence", "directory"),
    ("intake", "correspondence"),
}


@pytest.fixture
async def cast(house: RunningHouse) -> AsyncIterator[Cast]:
    async with people(house) as everybody:
        yield everybody


async def tracked(cast: Cast, filed: Filed, *states: int) -> intake_service_pb2.TrackComplaintResponse:
    """Let the complainant look until the complaint is in one of the states."""
    for _ in range(200):
        seen = await FrontOffice(cast, lambda more: None).track(filed)
        if seen.state in states:
            return seen
        await asyncio.sleep(0.2)
    raise AssertionError(f"{filed.number} is {C.ComplaintState.Name(seen.state)}")


def edges(spans: list[Kept]) -> set[tuple[str, str]]:
    """Return which process called which, over all traces of a complaint."""
    by_id = {span.span_id: span for span in spans}
    pairs = ((by_id[span.parent_id].process, span.process) for span in spans if span.parent_id in by_id)
    return {(caller, called) for caller, called in pairs if caller != called}


async def test_a_complaint_goes_from_filing_to_closure_and_its_traces_show_the_way(
    cast: Cast, house: RunningHouse
) -> None:
    filed, matter, mail = await a_referred(cast, Script.FAVOURABLE)
    await mail.carry(matter)
    seen = await tracked(cast, filed, C.COMPLAINT_STATE_CLOSED)
    assert [reply.text for reply in seen.replies] == [letters.FAVOURABLE]
    assert seen.replies[0].grade == C.REPLY_GRADE_FAVOURABLE
    assert [entry.state for entry in seen.timeline] == [
        C.COMPLAINT_STATE_REGISTERED,
        C.COMPLAINT_STATE_UNDER_EXAMINATION,
        C.COMPLAINT_STATE_REFERRED,
        C.COMPLAINT_STATE_IN_PROCESSING,
        C.COMPLAINT_STATE_REPLIED,
        C.COMPLAINT_STATE_CLOSED,
    ]
    referral, reply = await letters_of(await cast.mediator(), filed)
    assert (referral.kind, reply.kind) == (letter_pb2.LETTER_KIND_REFERRAL, letter_pb2.LETTER_KIND_FINAL_REPLY)
    assert referral.copy_body_ids == ["msan"]
    home = house.settings("operator").home
    for _ in range(30):
        await asyncio.sleep(1)
        if edges(find(home, filed.number)) >= EDGES:
            break
    found = edges(find(home, filed.number))
    assert EDGES - found == set()
    assert found - EDGES - ENTRANCE == set()


async def test_each_complaint_of_a_batch_has_a_trace_of_its_own(cast: Cast, house: RunningHouse) -> None:
    filed, _ = await filed_and_decided(cast, *(a_sample(channel="mobile") for _ in range(3)))
    home = house.settings("operator").home
    await asyncio.sleep(2)
    for each in filed:
        spans = find(home, each.number)
        named = {span.attributes.get("diwan.complaint.number", each.number) for span in spans}
        assert named == {each.number}
        assert {"intake", "bus", "routing", "rulehost"} <= {span.process for span in spans}


async def test_an_entry_of_an_own_register_is_answered_by_its_keeper_without_a_referral(cast: Cast) -> None:
    (filed,), decisions = await filed_and_decided(cast, a_sample(addressed="dsp-alger"))
    assert decisions[filed.complaint_id].disposition == decision_pb2.DISPOSITION_KEPT
    office = FrontOffice(cast, lambda more: None)
    await office.answer_registers([filed])
    seen = await tracked(cast, filed, C.COMPLAINT_STATE_CLOSED)
    assert seen.replies[0].body_id == "dsp-alger"
    assert seen.replies[0].letter_id == ""
    assert await letters_of(await cast.mediator(), filed) == []


async def test_a_superficial_reply_returns_and_the_better_one_closes(cast: Cast) -> None:
    filed, matter, mail = await a_referred(cast, Script.SUPERFICIAL_FIRST)
    await mail.carry(matter)
    seen = await tracked(cast, filed, C.COMPLAINT_STATE_CLOSED)
    assert [reply.grade for reply in seen.replies] == [C.REPLY_GRADE_SUPERFICIAL, C.REPLY_GRADE_FAVOURABLE]
    replies = await letters_of(await cast.mediator(), filed, letter_pb2.LETTER_KIND_FINAL_REPLY)
    assert [bool(each.note) for each in replies] == [True, False]


async def test_after_two_refusals_only_the_arbiter_decides(cast: Cast) -> None:
    filed, matter, mail = await a_referred(cast, Script.DECLINED_TWICE)
    delegate = await cast.delegate(filed.wilaya_id)
    _, referral = await mail._send(delegate, matter)
    matter = await mail._decline(delegate, matter, referral)
    _, referral = await mail._send(delegate, matter)
    unit = await cast.unit(referral.unit_body_id)
    decline = routing_service_pb2.DeclineReferralRequest(
        request_id=new_id(),
        referral_id=referral.referral_id,
        etag=referral.etag,
        competent_body_id="mj",
        because=letters.NOT_OURS,
    )
    await unit.does(unit.doors.routing.DeclineReferral, decline)
    (item,) = await queue(delegate, complaint_id=filed.complaint_id)
    assert item.kind == triage_pb2.TRIAGE_KIND_ARBITRATION
    assert item.suggested_body_id == "mj"
    by_hand = routing_service_pb2.DecideByHandRequest(
        request_id=new_id(), triage_id=item.triage_id, etag=item.etag, ministry_id="msan", because="لا"
    )
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await delegate.does(delegate.doors.routing.DecideByHand, by_hand)
    assert refused(error.value).reason == "ARBITER_REQUIRED"
    mediator = await cast.mediator()
    decided = (await mediator.does(mediator.doors.routing.DecideByHand, by_hand)).decision
    assert decided.unit_body_id == "dsp-alger"


async def test_who_withdraws_ends_triage_and_drafts(cast: Cast) -> None:
    waiting, referred = a_sample(letters.SUPERFICIAL), a_sample()
    filed, decisions = await filed_and_decided(cast, waiting, referred)
    assert [decisions[each.complaint_id].disposition for each in filed] == [
        decision_pb2.DISPOSITION_TRIAGE,
        decision_pb2.DISPOSITION_REFER,
    ]
    office, mediator = FrontOffice(cast, lambda more: None), await cast.mediator()
    for each in filed:
        await office.withdraw(each)
    for _ in range(100):
        items = await queue(mediator, complaint_id=filed[0].complaint_id)
        drafts = [letter.state for letter in await letters_of(mediator, filed[1])]
        if not items and drafts == [letter_pb2.LETTER_STATE_DISCARDED]:
            break
        await asyncio.sleep(0.2)
    assert (items, drafts) == ([], [letter_pb2.LETTER_STATE_DISCARDED])
    assert (await tracked(cast, filed[0], C.COMPLAINT_STATE_CLOSED)).closure_reason == C.CLOSURE_REASON_WITHDRAWN


async def test_a_question_waits_for_the_complainant_and_the_matter_goes_on(cast: Cast) -> None:
    (filed,), _ = await filed_and_decided(cast, a_sample(letters.SUPERFICIAL))
    office, delegate = FrontOffice(cast, lambda more: None), await cast.delegate(filed.wilaya_id)
    await office.ask(filed)
    full = intake_service_pb2.GetComplaintRequest(
        complaint_id=filed.complaint_id, view=intake_service_pb2.COMPLAINT_VIEW_FULL
    )
    complaint = (await patiently(lambda: delegate.does(delegate.intake.GetComplaint, full))).complaint
    assert complaint.state == C.COMPLAINT_STATE_UNDER_EXAMINATION
    assert [(each.question, each.answer) for each in complaint.exchanges] == [
        (
            "يُرجى تحديد العنوان الكامل وتاريخ أول طلب أودعتموه.",
            "العنوان هو حي 200 مسكن، العمارة 4، وأودعت الطلب الأول في شهر مارس.",
        )
    ]


async def test_the_same_letter_cannot_be_closed_before_its_reply_is_judged(cast: Cast) -> None:
    filed, matter, mail = await a_referred(cast, Script.IN_WORK)
    await mail.carry(matter)
    delegate = await cast.delegate(filed.wilaya_id)

    async def close_as_it_stands() -> None:
        request = intake_service_pb2.CloseComplaintRequest(
            request_id=new_id(),
            complaint_id=filed.complaint_id,
            etag=(await present(delegate, filed)).etag,
            reason=C.CLOSURE_REASON_FAVOURABLE,
        )
        await delegate.does(delegate.intake.CloseComplaint, request)

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await patiently(close_as_it_stands, passing=["ETAG_STALE"])
    assert refused(error.value).reason == "REFERRAL_OPEN"
