"""From confirmed decisions to a proposal in triage, end to end: real database, real child process, real ports."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from diwan.routing.v1 import classifier_pb2, decision_pb2, referral_pb2
from diwan.routing.v1 import routing_service_pb2 as pb
from diwan.routing.v1.history_service_pb2 import ReplayDecisionRequest

from tests.routing.builders import a_registration
from tests.routing.lessons import complaints, varieties
from tests.routing.test_referring import dispatched

pytestmark = pytest.mark.anyio
MEDIATOR = ("mediator", "national")
SILENT = {"least_of_class": 5, "least_at_gate": 10_000}
BOLD = {"least_of_class": 5, "least_at_gate": 3, "precision": 500}
LEARNED = [(text, ministry) for text, ministry in complaints("mj", "mhuvat") if "محكمة" not in text]
ROOF = "العمارة التي نسكنها متشققة والسكن الاجتماعي لم يوزع بعد"
ENDED = (classifier_pb2.TRAINING_STAGE_ENDED, classifier_pb2.TRAINING_STAGE_FAILED)


def complaint_id(number: int) -> str:
    return f"01930000-0000-7000-8000-{number:012}"


async def heard(house: Any, number: int, text: str) -> None:
    registration = a_registration(complaint_id=complaint_id(number), number=f"16/0001/2026/{number:06}")
    house.texts.of[registration.complaint_id] = text
    await house.deliver(registration, registration.complaint_id)


async def confirmed_by_hand(house: Any, lessons: Sequence[tuple[str, str]] = LEARNED) -> None:
    """Let complaints that nobody claims come in, and a person decide each."""
    ministries = {}
    for number, (text, ministry) in enumerate(lessons, start=100):
        await heard(house, number, text)
        ministries[complaint_id(number)] = ministry
    with house.officer(*MEDIATOR):
        for item in (await house.routing.ListTriage(pb.ListTriageRequest(page_size=200))).items:
            request = pb.DecideByHandRequest(
                request_id=item.triage_id,
                triage_id=item.triage_id,
                etag=item.etag,
                ministry_id=ministries[item.complaint_id],
                because="فُرز",
            )
            await house.routing.DecideByHand(request)


async def trained(house: Any, policy: dict[str, int] = SILENT) -> classifier_pb2.Model:
    """Train, wait until it has ended, and return the youngest model."""
    house.chamber.workshop.policy = policy
    assert (await house.ticked.TrainClassifier(pb.TrainClassifierRequest(always=True))).begun
    await house.chamber.workshop.finished()
    await asyncio.sleep(1.1)
    return (await shown(house)).models[0]


async def shown(house: Any) -> pb.GetClassifierResponse:
    with house.officer("operator", "national"):
        found: pb.GetClassifierResponse = await house.routing.GetClassifier(pb.GetClassifierRequest())
    return found


async def decision_on(house: Any, number: int, text: str) -> decision_pb2.Decision:
    await heard(house, number, text)
    with house.officer(*MEDIATOR):
        request = pb.ListDecisionsRequest(complaint_id=complaint_id(number))
        made: decision_pb2.Decision = (await house.routing.ListDecisions(request)).decisions[0]
    return made


async def test_what_people_confirmed_is_learned_measured_and_suggested(house: Any) -> None:
    await confirmed_by_hand(house)
    model = await trained(house)
    assert (model.in_use, model.version, model.examples) == (True, 1, len(LEARNED))
    assert {each.class_id for each in model.classes} == {"mj", "mhuvat"}
    assert model.tested == len(LEARNED) // 5
    assert sum(each.count for each in model.confusions) == model.tested
    assert (len(model.digest), len(model.data_digest)) == (64, 64)

    made = await decision_on(house, 1, ROOF)
    assert made.outcome == decision_pb2.OUTCOME_UNCLAIMED
    assert made.proposal.suggestions[0].ministry_id == "mhuvat"
    assert (made.proposal.model_digest, made.proposal.claimed) == (model.digest, False)
    with house.officer("delegate", "wilaya:wilaya-alger"):
        (item,) = (await house.routing.ListTriage(pb.ListTriageRequest())).items
    assert item.decision.proposal == made.proposal


async def test_from_its_gate_on_it_claims_what_nobody_else_claims(house: Any) -> None:
    await confirmed_by_hand(house)
    await trained(house, BOLD)
    made = await decision_on(house, 1, ROOF)
    assert (made.outcome, made.ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "mhuvat")
    assert made.disposition == decision_pb2.DISPOSITION_REFER
    assert made.proposal.claimed
    assert f"{made.proposal.suggestions[0].confidence // 10} %" in made.because.fr
    with house.officer(*MEDIATOR):
        replay = (await house.history.ReplayDecision(ReplayDecisionRequest(decision_id=made.decision_id))).replay
        explained = await house.routing.GetDecision(pb.GetDecisionRequest(decision_id=made.decision_id))
    assert (replay.exact, replay.same_result) == (True, True)
    assert sum("classificateur" in each.said.fr for each in explained.explanation) == 2


async def test_it_never_overrules_a_ministry(house: Any) -> None:
    await confirmed_by_hand(house)
    await trained(house, BOLD)
    made = await decision_on(house, 1, ROOF + " قرب المستشفى")
    assert made.proposal.suggestions[0].ministry_id == "mhuvat"
    assert (made.outcome, made.ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "msan")


async def test_the_same_decisions_make_the_same_model(house: Any) -> None:
    await confirmed_by_hand(house)
    first, second = await trained(house), await trained(house)
    assert (second.version, second.in_use) == (2, True)
    assert (second.digest, second.data_digest) == (first.digest, first.data_digest)
    assert [model.in_use for model in (await shown(house)).models] == [True, False]


async def test_no_word_is_kept_in_routing(house: Any) -> None:
    await confirmed_by_hand(house)
    await trained(house)
    words = {word for text, _ in LEARNED for word in text.split() if len(word) > 6}
    async with house.database.reading() as connection:
        rows = await connection.fetch("SELECT * FROM classifier_model")
        kept = str([tuple(row)[:-1] for row in rows]) + str(await connection.fetch("SELECT * FROM classifier_training"))
    assert not [word for word in words if word in kept or any(word.encode() in row["file"] for row in rows)]


async def test_what_a_ministry_took_on_counts_and_what_it_declined_does_not(house: Any) -> None:
    house.texts.of[complaint_id(1)] = "مستشفى"
    await house.deliver(a_registration(), complaint_id(1))
    referral_id = await dispatched(house)
    assert (await shown(house)).confirmed == 0
    with house.officer("unit_officer", "body:dsp-alger"):
        held = (await house.routing.GetReferral(pb.GetReferralRequest(referral_id=referral_id))).referral
        accept = pb.AcceptReferralRequest(request_id=held.letter_id, referral_id=referral_id, etag=held.etag)
        after = (await house.routing.AcceptReferral(accept)).referral
    assert after.state == referral_pb2.REFERRAL_STATE_ACCEPTED
    assert (await shown(house)).confirmed == 1


async def test_a_model_of_too_few_examples_is_kept_and_not_used(house: Any) -> None:
    await confirmed_by_hand(house, LEARNED[:8])
    model = await trained(house, {})
    assert (model.in_use, model.digest, model.examples) == (False, "", 8)
    assert "peu d'exemples" in model.because.fr
    assert not (await decision_on(house, 1, ROOF)).HasField("proposal")


async def test_a_tick_learns_only_where_enough_was_added(house: Any) -> None:
    await confirmed_by_hand(house, LEARNED[:8])
    answered = await house.ticked.TrainClassifier(pb.TrainClassifierRequest())
    assert not answered.begun
    assert not (await shown(house)).models


async def test_the_service_answers_while_it_learns_and_learns_once_at_a_time(house: Any) -> None:
    await confirmed_by_hand(house)
    house.chamber.workshop.policy = SILENT
    request = pb.TrainClassifierRequest(always=True)
    assert (await house.ticked.TrainClassifier(request)).begun
    assert not (await house.ticked.TrainClassifier(request)).begun
    decided = 0
    while (await shown(house)).trainings[0].stage not in ENDED:
        decided += (await decision_on(house, decided + 1, ROOF)).outcome == decision_pb2.OUTCOME_UNCLAIMED
    assert decided > 0


async def test_a_training_that_fails_says_so_and_the_next_begins_anew(house: Any) -> None:
    await confirmed_by_hand(house, LEARNED[:20])
    house.chamber.workshop.policy = {"no_such_limit": 1}
    assert (await house.ticked.TrainClassifier(pb.TrainClassifierRequest(always=True))).begun
    await house.chamber.workshop.finished()
    (training,) = (await shown(house)).trainings
    assert training.stage == classifier_pb2.TRAINING_STAGE_FAILED
    assert "TypeError" in training.error
    await trained(house)
    assert (await shown(house)).trainings[0].stage == classifier_pb2.TRAINING_STAGE_ENDED


async def test_what_was_erased_is_not_learned_from(house: Any) -> None:
    await confirmed_by_hand(house)
    for number in range(100, 110):
        del house.texts.of[complaint_id(number)]
    model = await trained(house)
    assert (model.examples, model.tested) == (len(LEARNED), (len(LEARNED) - 10) // 5)


async def test_varieties_are_learned_from_given_examples_and_told_of_each_case(house: Any) -> None:
    examples = [
        pb.VarietyExample(text=text, variety=classifier_pb2.Variety.Value(f"VARIETY_{variety.upper()}"))
        for text, variety in varieties()
    ]
    house.chamber.workshop.policy = {"least_of_class": 5}
    operator: Any = type(house.routing)(house.channel("operator"))
    await operator.TrainVarieties(pb.TrainVarietiesRequest(examples=examples))
    await house.chamber.workshop.finished()
    await asyncio.sleep(1.1)
    made = await decision_on(house, 1, "ma kanch l ma hadi chhar w hta wahed ma jawebna, rani n3ani")
    assert made.variety == classifier_pb2.VARIETY_ARABIZI
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT variety FROM complaint_case") == "arabizi"
