"""The Mediator's precedence: changed for the next decision, tried on history before."""

from typing import Any
from uuid import uuid4

import pytest
from diwan.routing.v1 import decision_pb2, precedence_pb2
from diwan.routing.v1 import rules_admin_service_pb2 as pb

from tests.routing.office import BOTH, MEDIATOR, decided, numbered, refusal_of

pytestmark = pytest.mark.anyio


async def applies(house: Any) -> precedence_pb2.Precedence:
    with house.officer("operator", "national"):
        return (await house.admin.GetPrecedence(pb.GetPrecedenceRequest())).precedence


async def change(house: Any, etag: str = "", **only: Any) -> precedence_pb2.Precedence:
    wanted = precedence_pb2.Precedence(**({"margin": 50, "minimum": 300} | only))
    etag = etag or str((await applies(house)).revision)
    request = pb.SetPrecedenceRequest(request_id=str(uuid4()), etag=etag, precedence=wanted, because="قرار الوسيط")
    with house.officer(*MEDIATOR):
        return (await house.admin.SetPrecedence(request)).precedence


async def test_another_precedence_applies_to_the_next_decision(house: Any) -> None:
    assert (await decided(house, BOTH, numbered(1))).outcome == decision_pb2.OUTCOME_AMBIGUOUS
    new = await change(house, weights={"mj": 500})
    assert (new.revision, new.edited_by) == (2, "officer:mediator-national")
    made = await decided(house, BOTH, numbered(2))
    assert (made.outcome, made.ministry_id, made.precedence_revision) == (decision_pb2.OUTCOME_ASSIGNED, "msan", 2)
    with house.officer("operator", "national"):
        (act,) = (await house.admin.ListRulesActs(pb.ListRulesActsRequest())).acts
    assert (act.revision, act.because, act.ministry_id) == (2, "قرار الوسيط", "")


async def test_a_precedence_is_tried_on_history_and_changes_nothing(house: Any) -> None:
    for n, text in enumerate((BOTH, BOTH, "مستشفى", "محكمة", "لا أحد"), start=1):
        await decided(house, text, numbered(n))
    wanted = precedence_pb2.Precedence(margin=50, minimum=600, weights={"mj": 700})
    asked = pb.PreviewPrecedenceRequest(precedence=wanted, from_day="2020-01-01", to_day="2029-12-31")
    with house.officer(*MEDIATOR):
        found = await house.admin.PreviewPrecedence(asked)
        asked.to_day = "2020-01-02"
        nothing = await house.admin.PreviewPrecedence(asked)
    assert (found.decisions, found.looked_at, found.changed) == (5, 5, 3)
    first, second = found.shifts
    assert (first.from_outcome, first.to_outcome, first.to_ministry_id, first.count) == (
        decision_pb2.OUTCOME_AMBIGUOUS,
        decision_pb2.OUTCOME_ASSIGNED,
        "msan",
        2,
    )
    assert sorted(first.sample_numbers) == ["16/0001/2026/000001", "16/0001/2026/000002"]
    assert (second.from_ministry_id, second.to_outcome) == ("mj", decision_pb2.OUTCOME_UNCLAIMED)
    assert (nothing.decisions, nothing.changed) == (0, 0)
    assert (await applies(house)).revision == 1


async def test_a_preview_with_the_present_precedence_changes_no_decision(house: Any) -> None:
    for n, text in enumerate((BOTH, "مستشفى", "محكمة", "لا أحد"), start=1):
        await decided(house, text, numbered(n))
    asked = pb.PreviewPrecedenceRequest(precedence=await applies(house), from_day="2020-01-01", to_day="2029-12-31")
    with house.officer(*MEDIATOR):
        found = await house.admin.PreviewPrecedence(asked)
    assert (found.looked_at, found.changed) == (4, 0)


async def test_a_precedence_that_cannot_be_is_refused(house: Any) -> None:
    said = [
        await refusal_of(change(house, weights={"mj": 5000})),
        await refusal_of(change(house, caps={"mj": -1})),
        await refusal_of(change(house, margin=2000)),
        await refusal_of(change(house, statutory=["mhuv"])),
        await refusal_of(change(house, etag="9")),
    ]
    assert [(each.reason, each.field) for each in said] == [
        ("PRECEDENCE_OUT_OF_RANGE", "weights"),
        ("PRECEDENCE_OUT_OF_RANGE", "caps"),
        ("PRECEDENCE_OUT_OF_RANGE", "margin"),
        ("COMPETENT_BODY_UNKNOWN", "statutory"),
        ("ETAG_STALE", "etag"),
    ]
    assert (await applies(house)).revision == 1
