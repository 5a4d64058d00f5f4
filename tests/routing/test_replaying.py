"""A decision is taken again bit for bit, or it is said what stands in the way."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from diwan.routing.v1 import (
    decision_pb2,
    explanation_pb2,
)
from diwan.routing.v1 import routing_service_pb2 as routing_pb

from tests.routing.builders import COMPLAINT_ID
from tests.routing.looking_back import (
    BOTH,
    FAILED_THEN,
    GONE,
    IDENTICAL,
    decided,
    installed,
    put,
    refusal_to_replay,
    replayed,
    weigh_anew,
)
from tests.routing.packed import EAGER

pytestmark = pytest.mark.anyio


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
