"""Rules are tried on the decisions of a period, step by step."""

from typing import Any
from uuid import uuid4

import grpc
import pytest
from diwan.routing.v1 import (
    backtest_pb2,
    decision_pb2,
    history_service_pb2_grpc,
)
from diwan.routing.v1 import history_service_pb2 as pb
from diwan.rules.v1 import ministry_pb2

from tests.routing.builders import a_registration
from tests.routing.looking_back import BOTH, MEDIATOR, decided, installed, numbered, put, refusal_of, weigh_anew
from tests.routing.packed import EAGER

pytestmark = pytest.mark.anyio


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
