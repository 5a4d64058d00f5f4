"""Looking back: a decision is taken again bit for bit, and rules are tried on the decisions of a period."""

from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest
from diwan.routing.v1 import (
    backtest_pb2,
    decision_pb2,
    explanation_pb2,
    history_service_pb2_grpc,
    precedence_pb2,
    replay_pb2,
)
from diwan.routing.v1 import history_service_pb2 as pb
from diwan.routing.v1 import routing_service_pb2 as routing_pb
from diwan.routing.v1 import rules_admin_service_pb2 as admin_pb
from diwan.rules.v1 import ministry_pb2

from services.chassis.client import Refused, refused
from tests.routing.builders import COMPLAINT_ID, a_registration
from tests.routing.packed import EAGER, Author, a_wheel

pytestmark = pytest.mark.anyio
MEDIATOR = ("mediator", "national")
BOTH = "شكوى بين المستشفى و المحكمة"
IDENTICAL, GONE = replay_pb2.REPLAYED_ANSWER_IDENTICAL, replay_pb2.REPLAYED_ANSWER_RULES_GONE
FAILED_THEN = replay_pb2.REPLAYED_ANSWER_FAILED_THEN


def numbered(n: int) -> str:
    return f"01930000-0000-7000-8000-{n:012x}"


async def decided(house: Any, text: str, n: int = 1, **only: object) -> decision_pb2.Decision:
    complaint_id = numbered(n)
    house.texts.of[complaint_id] = text
    told = a_registration(complaint_id=complaint_id, number=f"16/0001/2026/{n:06}", **only)
    await house.deliver(told, complaint_id)
    with house.officer(*MEDIATOR):
        request = routing_pb.ListDecisionsRequest(complaint_id=complaint_id)
        return (await house.routing.ListDecisions(request)).decisions[0]


async def replayed(house: Any, made: decision_pb2.Decision) -> replay_pb2.Replay:
    with house.officer("operator", "national"):
        request = pb.ReplayDecisionRequest(decision_id=made.decision_id)
        return (await house.history.ReplayDecision(request)).replay


async def refusal_of(call: Any) -> Refused:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return refused(caught.value)


async def refusal_to_replay(house: Any, made: decision_pb2.Decision) -> Refused:
    with house.officer(*MEDIATOR, "fr"):
        return await refusal_of(house.history.ReplayDecision(pb.ReplayDecisionRequest(decision_id=made.decision_id)))


async def weigh_anew(house: Any, **wanted: Any) -> None:
    with house.officer(*MEDIATOR):
        applies = (await house.admin.GetPrecedence(admin_pb.GetPrecedenceRequest())).precedence
        await house.admin.SetPrecedence(
            admin_pb.SetPrecedenceRequest(
                request_id=str(uuid4()),
                etag=str(applies.revision),
                because="تجربة",
                precedence=precedence_pb2.Precedence(margin=50, minimum=300, **wanted),
            )
        )


async def put(house: Any, rpc: str, release_id: str) -> None:
    """Move a release of justice."""
    with house.officer(*MEDIATOR):
        rules = await house.admin.ListMinistryRules(admin_pb.ListMinistryRulesRequest(ministry_id="mj"))
        request = getattr(admin_pb, f"{rpc}Request")(
            request_id=str(uuid4()), ministry_id="mj", etag=rules.ministries[0].etag, release_id=release_id,
            because="تجربة",
        )  # fmt: skip
        await getattr(house.admin, rpc)(request)


async def installed(house: Any, body: str, version: str = "2.0.0") -> str:
    """Install rules of justice; return the release."""
    wheel = a_wheel(body, version=version)
    signature = Author().trusted_for("MJ", house.keys).sign(wheel)
    with house.officer(*MEDIATOR):
        request = admin_pb.InstallReleaseRequest(
            request_id=str(uuid4()), wheel=wheel, signature=signature, because="تجربة"
        )
        return str((await house.admin.InstallRelease(request)).release.release_id)


@pytest.mark.parametrize("text", ["تأخر العلاج في مستشفى باب الواد", BOTH, "نص لا يدّعيه أحد"])
async def test_a_decision_is_taken_again_bit_for_bit(house: Any, text: str) -> None:
    made = await decided(house, text, addressed_body_id="dl-alger", commune_id="commune-1601")
    again = await replayed(house, made)
    assert again.exact
    assert again.same_result
    assert again.stored_digest == again.replayed_digest
    assert [(v.ministry_id, v.answer) for v in again.verdicts] == [("mj", IDENTICAL), ("msan", IDENTICAL)]
    assert all(v.stored_digest == v.replayed_digest and not v.differences for v in again.verdicts)
    assert again.facts_digest == made.facts_digest


async def test_a_decision_explains_itself(house: Any) -> None:
    made = await decided(house, "تأخر العلاج في مستشفى باب الواد")
    with house.officer("delegate", "wilaya:wilaya-alger"):
        told = await house.routing.GetDecision(routing_pb.GetDecisionRequest(decision_id=made.decision_id))
    assert [explanation_pb2.ExplanationPart.Name(each.part).removeprefix("EXPLANATION_PART_") for each in told.explanation] == [
        "DECISION", "CLAIM", "MARGIN", "ABSTENTION", "UNIT", "DEADLINE",
    ]  # fmt: skip
    deadline = told.explanation[-1].said
    assert "politique national-21" in deadline.fr
    assert "سياسة الآجال national-21" in deadline.ar


async def test_it_stays_exact_when_precedence_bodies_and_holidays_have_changed(house: Any) -> None:
    made = await decided(house, BOTH)
    await weigh_anew(house, caps={"msan": 100})
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE body SET kind = 'agency', revision = 9 WHERE body_id = 'msan'")
        await connection.execute("DELETE FROM holiday")
        await connection.execute("UPDATE reference_revision SET revision = revision + 1")
    again = await replayed(house, made)
    assert (again.exact, again.precedence_revision) == (True, 1)


async def test_rules_that_are_gone_are_named_and_their_stored_answer_is_taken(house: Any) -> None:
    made = await decided(house, BOTH)
    release_id = await installed(house, EAGER)
    await put(house, "ShadowRelease", release_id)
    in_the_shadow = await replayed(house, made)
    assert in_the_shadow.exact
    await put(house, "ActivateRelease", release_id)
    again = await replayed(house, made)
    assert (again.exact, again.same_result) == (False, True)
    assert [(v.answer, v.plugin_version, v.running_version) for v in again.verdicts] == [
        (GONE, "1.2.0", "2.0.0"), (IDENTICAL, "1.2.0", "1.2.0"),
    ]  # fmt: skip


async def test_rules_that_failed_then_are_not_asked_again(house: Any) -> None:
    again = await replayed(house, await decided(house, "مستشفى عطب"))
    assert (again.exact, again.same_result) == (False, True)
    assert [v.answer for v in again.verdicts] == [FAILED_THEN, IDENTICAL]


async def test_what_was_erased_or_changed_since_is_not_taken_again(house: Any) -> None:
    made = await decided(house, BOTH)
    house.texts.codes[COMPLAINT_ID].topic_code = "health"
    house.texts.of[COMPLAINT_ID] = "نص آخر"
    changed = await refusal_to_replay(house, made)
    assert changed.reason == "FACTS_CHANGED"
    assert "(topic_code, text)" in changed.message
    del house.texts.of[COMPLAINT_ID]
    assert (await refusal_to_replay(house, made)).reason == "FACTS_ERASED"


async def test_a_person_is_not_replayed(house: Any) -> None:
    await decided(house, BOTH)
    with house.officer("delegate", "wilaya:wilaya-alger"):
        item = (await house.routing.ListTriage(routing_pb.ListTriageRequest())).items[0]
        request = routing_pb.DecideByHandRequest(
            request_id=str(uuid4()), triage_id=item.triage_id, etag=item.etag, ministry_id="msan", because="صحة"
        )
        by_hand = (await house.routing.DecideByHand(request)).decision
    assert (await refusal_to_replay(house, by_hand)).reason == "DECISION_BY_PERSON"
    unknown = decision_pb2.Decision(decision_id=str(uuid4()))
    assert (await refusal_to_replay(house, unknown)).reason == "DECISION_UNKNOWN"


async def test_what_is_looked_back_at_never_changes(house: Any) -> None:
    await decided(house, BOTH)
    for table, column in (("decision", "number"), ("decision_basis", "policy"), ("precedence", "edited_by")):
        with pytest.raises(asyncpg.RaiseError):
            async with house.database.transaction() as connection:
                await connection.execute(f"UPDATE {table} SET {column} = 'x'")


async def started(house: Any, **only: Any) -> backtest_pb2.Backtest:
    plain = {"request_id": str(uuid4()), "ministry_id": "mj", "from_day": "2020-01-01", "to_day": "2029-12-31"}
    with house.officer(*MEDIATOR):
        return (await house.history.StartBacktest(pb.StartBacktestRequest(**(plain | only)))).backtest


async def advanced(house: Any, limit: int = 2) -> int:
    stub: Any = history_service_pb2_grpc.HistoryServiceStub(house.channel("bus"))
    return int((await stub.AdvanceBacktests(pb.AdvanceBacktestsRequest(limit=limit))).done)


async def seen(house: Any, backtest: backtest_pb2.Backtest) -> backtest_pb2.Backtest:
    with house.officer(*MEDIATOR):
        request = pb.GetBacktestRequest(backtest_id=backtest.backtest_id)
        return (await house.history.GetBacktest(request)).backtest


async def test_the_active_rules_change_nothing_on_their_own_decisions(house: Any) -> None:
    for n, text in enumerate((BOTH, "مستشفى", "محكمة", "لا أحد"), start=1):
        await decided(house, text, n)
    begun = await started(house)
    assert (begun.total, begun.plugin_version, begun.state) == (4, "1.2.0", backtest_pb2.BACKTEST_STATE_RUNNING)
    assert [await advanced(house) for _ in range(4)] == [2, 2, 0, 0]
    ended = await seen(house, begun)
    assert ended.state == backtest_pb2.BACKTEST_STATE_COMPLETED
    assert (ended.done, ended.answered_otherwise, ended.changed, ended.failed, ended.left_out) == (4, 0, 0, 0, 0)


async def test_a_candidate_is_tried_on_history_and_shows_where_complaints_would_go(house: Any) -> None:
    for n, text in enumerate(("محكمة", "محكمة ثانية", "مستشفى", "محكمة ثالثة"), start=1):
        await decided(house, text, n)
    del house.texts.of[numbered(4)]
    await put(house, "ShadowRelease", await installed(house, "\n@hookimpl\ndef claim(case, ctx):\n    return None\n"))
    begun = await started(house, slot=ministry_pb2.SLOT_CANDIDATE)
    while await advanced(house):
        pass
    ended = await seen(house, begun)
    assert (ended.done, ended.answered_otherwise, ended.changed, ended.left_out) == (4, 2, 2, 1)
    (shift,) = ended.shifts
    assert (shift.from_ministry_id, shift.to_ministry_id, shift.count) == ("mj", "", 2)
    assert shift.to_outcome == decision_pb2.OUTCOME_UNCLAIMED
    assert sorted(shift.sample_numbers) == ["16/0001/2026/000001", "16/0001/2026/000002"]


async def test_only_the_rules_make_a_difference_whichever_precedence_weighs(house: Any) -> None:
    await decided(house, BOTH)
    await weigh_anew(house, caps={"msan": 400})
    begun = await started(house, precedence=backtest_pb2.BACKTEST_PRECEDENCE_OF_NOW)
    while await advanced(house):
        pass
    assert (await seen(house, begun)).changed == 0


async def test_a_step_that_was_cut_short_is_done_again_and_counted_once(house: Any) -> None:
    for n in range(1, 4):
        await decided(house, "محكمة", n)
    begun = await started(house)
    lost = house.texts.of.copy()
    house.texts.codes.clear()  # intake answers what cannot be read: the step ends in the middle
    stub: Any = history_service_pb2_grpc.HistoryServiceStub(house.channel("bus"))
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.AdvanceBacktests(pb.AdvanceBacktestsRequest(limit=2))
    assert await advanced(house) == 0, "it is held by the one that was cut short"
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE backtest SET held_until = now() - interval '1 second'")
    for n, text in enumerate(lost.values(), start=1):
        house.texts.enter(a_registration(complaint_id=numbered(n), number=f"16/0001/2026/{n:06}"))
        assert text
    while await advanced(house):
        pass
    assert (await seen(house, begun)).done == 3


async def test_a_back_test_stops_when_the_rules_that_it_tries_are_replaced(house: Any) -> None:
    for n in range(1, 4):
        await decided(house, "محكمة", n)
    begun = await started(house)
    await advanced(house)
    release_id = await installed(house, EAGER)
    await put(house, "ShadowRelease", release_id)
    await put(house, "ActivateRelease", release_id)
    assert await advanced(house) == 0
    stopped = await seen(house, begun)
    assert (stopped.state, stopped.done) == (backtest_pb2.BACKTEST_STATE_STOPPED, 2)


async def test_a_back_test_is_cancelled_once_and_listed(house: Any) -> None:
    await decided(house, "محكمة")
    first, second = await started(house), await started(house)
    with house.officer(*MEDIATOR):
        request = pb.CancelBacktestRequest(request_id=str(uuid4()), backtest_id=first.backtest_id)
        cancelled = (await house.history.CancelBacktest(request)).backtest
        request.request_id = str(uuid4())
        assert (await refusal_of(house.history.CancelBacktest(request))).reason == "BACKTEST_ENDED"
        listed = await house.history.ListBacktests(pb.ListBacktestsRequest(page_size=1))
        rest = await house.history.ListBacktests(
            pb.ListBacktestsRequest(page_size=1, page_token=listed.next_page_token)
        )
    assert cancelled.state == backtest_pb2.BACKTEST_STATE_CANCELLED
    assert [each.backtest_id for each in (*listed.backtests, *rest.backtests)] == [
        second.backtest_id, first.backtest_id,
    ]  # fmt: skip
    assert not rest.next_page_token


async def test_what_cannot_be_tried_is_refused_by_name(house: Any) -> None:
    for wrong, reason, field in (
        ({"ministry_id": "mhuv"}, "COMPETENT_BODY_UNKNOWN", "ministry_id"),
        ({"ministry_id": "mhuvat"}, "RULES_NOT_RUNNING", "slot"),
        ({"slot": ministry_pb2.SLOT_CANDIDATE}, "RULES_NOT_RUNNING", "slot"),
        ({"slot": 7}, "ENUM_UNKNOWN", "slot"),
        ({"precedence": 7}, "ENUM_UNKNOWN", "precedence"),
        ({"to_day": "2019-12-31"}, "PERIOD_INVALID", "to_day"),
        ({"request_id": ""}, "FIELD_INVALID", "request_id"),
    ):
        refusal = await refusal_of(started(house, **wrong))
        assert (refusal.reason, refusal.field) == (reason, field)
    with house.officer("delegate", "wilaya:wilaya-alger"):
        assert (await refusal_of(house.history.ListBacktests(pb.ListBacktestsRequest()))).reason == "ROLE_MISSING"
