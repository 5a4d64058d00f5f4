"""Rules in the shadow are heard beside every decision, compared, and have no part in it; values apply once rules accept them."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from diwan.routing.v1 import decision_pb2
from diwan.routing.v1 import routing_service_pb2 as routing_pb

from services.routing.actions.hearing import hear
from services.routing.domain.decision import Verdict
from services.routing.domain.facts import Narrative, TermHit
from services.routing.domain.learned import Insight, Proposal, Suggestion
from services.routing.domain.question import Question
from services.routing.domain.release import Slots
from services.routing.domain.resolver import AnswerKind
from tests.routing.builders import NOW, a_reference, some_facts
from tests.routing.office import BOTH, acted, decided, install, numbered, refusal_of, rules_of
from tests.routing.packed import CONFIGURABLE, EAGER, LOST, STUCK, Author, a_wheel

pytestmark = pytest.mark.anyio


@pytest.fixture
def author(house: Any) -> Author:
    return Author().trusted_for("MJ", house.keys)


async def test_a_failing_candidate_has_no_part_in_a_decision(house: Any, author: Author) -> None:
    wheel = a_wheel(LOST)
    await acted(house, "ShadowRelease", (await install(house, wheel, author.sign(wheel))).release_id)
    made = await decided(house, "مستشفى")
    assert (made.outcome, made.ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "msan")
    (shadow,) = made.shadow_verdicts
    assert shadow.verdict.answer == decision_pb2.ANSWER_KIND_ERROR
    assert shadow.outcome == decision_pb2.OUTCOME_PROVISIONAL


async def test_a_candidate_that_takes_its_time_does_not_delay_a_decision(house: Any, author: Author) -> None:
    wheel = a_wheel(STUCK)
    await acted(house, "ShadowRelease", (await install(house, wheel, author.sign(wheel))).release_id)
    made = await decided(house, "مستشفى")
    assert (made.outcome, made.ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "msan")
    assert made.shadow_verdicts[0].verdict.error == "shadow: not heard in time"


async def test_agreement_is_counted_with_the_active_release_and_with_officers(house: Any, author: Author) -> None:
    wheel = a_wheel(EAGER)
    await acted(house, "ShadowRelease", (await install(house, wheel, author.sign(wheel))).release_id)
    for n, text in enumerate((BOTH, BOTH, "محكمة", "مستشفى", "محكمة عطب"), start=1):
        await decided(house, text, numbered(n))
    for number, ministry_id in (("16/0001/2026/000001", "mj"), ("16/0001/2026/000002", "msan")):
        with house.officer("delegate", "wilaya:wilaya-alger"):
            items = (await house.routing.ListTriage(routing_pb.ListTriageRequest())).items
            item = next(each for each in items if each.number == number)
            request = routing_pb.DecideByHandRequest(
                request_id=str(uuid4()), triage_id=item.triage_id, etag=item.etag, ministry_id=ministry_id, because="x"
            )
            await house.routing.DecideByHand(request)
    found = (await rules_of(house)).shadow
    assert (found.heard, found.failed, found.same_decision) == (5, 0, 2)
    assert (found.confirmed, found.right, found.active_right) == (2, 1, 1)


async def test_values_apply_once_the_rules_accept_them_and_each_verdict_names_their_revision(
    house: Any, author: Author
) -> None:
    wheel = a_wheel(CONFIGURABLE)
    release_id = (await install(house, wheel, author.sign(wheel))).release_id
    await acted(house, "ShadowRelease", release_id)
    await acted(house, "ActivateRelease", release_id)
    assert '"score"' in (await rules_of(house)).config_schema
    plain = await decided(house, "محكمة", numbered(1))
    said = [
        await refusal_of(acted(house, "ConfigureRules", values_json='{"score": "high"}', etag="0")),
        await refusal_of(acted(house, "ConfigureRules", values_json='{"colour": 1}', etag="0")),
        await refusal_of(acted(house, "ConfigureRules", values_json='{"score": 400}', etag="3")),
    ]
    assert [(each.reason, each.field) for each in said] == [
        ("CONFIGURATION_INVALID", "values_json"),
        ("CONFIGURATION_INVALID", "values_json"),
        ("ETAG_STALE", "etag"),
    ]
    assert said[0].message == "القيمة score غير مقبولة: اكتب عددا صحيحا."
    assert (await acted(house, "ConfigureRules", values_json='{"score": 400}', etag="0")).config_revision == 1
    configured = await decided(house, "محكمة", numbered(2))
    found = [{v.ministry_id: (v.score, v.config_revision) for v in d.verdicts}["mj"] for d in (plain, configured)]
    assert found == [(700, 0), (400, 1)]
    rules = await rules_of(house)
    assert (rules.config_values_json, rules.config_revision) == ('{"score": 400}', 1)


async def test_acts_in_the_midst_of_decisions_hold_none_up(house: Any, author: Author) -> None:
    wheel = a_wheel(EAGER)
    release_id = (await install(house, wheel, author.sign(wheel))).release_id

    async def acts() -> None:
        for _ in range(3):
            await acted(house, "ShadowRelease", release_id)
            await acted(house, "ActivateRelease", release_id)
            await acted(house, "RollBackRelease")

    acting = asyncio.create_task(acts())
    made = []
    while not acting.done():
        made.append(await decided(house, "مستشفى", numbered(len(made) + 1)))
    await acting
    assert {(each.outcome, each.ministry_id) for each in made} == {(decision_pb2.OUTCOME_ASSIGNED, "msan")}


class Abstaining:
    """A council of one ministry, health, that has nothing to say, neither active nor in the shadow."""

    def scan(self, text: str) -> tuple[TermHit, ...]:
        return ()

    async def claims(self, question: Question) -> tuple[Verdict, ...]:
        return (Verdict(ministry_id="msan", answer=AnswerKind.ABSTAIN),)

    shadow_claims = claims

    async def unit(self, question: Question, ministry_id: str) -> None:
        return None

    days = unit


async def test_what_was_learned_stands_below_the_shadow_as_below_all_rules() -> None:
    suggestions = (Suggestion(ministry_id="mj", confidence=900),)
    proposal = Proposal(model_version=1, model_digest="d", gate=700, suggestions=suggestions)
    slots = {"msan": Slots(ministry_id="msan", candidate="tried")}
    heard = await hear(
        Abstaining(),
        Question(
            facts=some_facts(),
            narrative=Narrative(text="نص"),
            hits=(),
            reference=replace(a_reference(), slots=slots),
            now=NOW,
            insight=Insight(proposal=proposal),
        ),
    )
    (shadow,) = heard.shadow
    assert (heard.hearing.resolution.lead, shadow.lead, shadow.same_decision) == ("mj", "mj", True)
