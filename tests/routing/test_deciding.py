"""A registered complaint is decided end to end: real database, real rule host, real ports."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.intake.v1 import register_pb2
from diwan.routing.v1 import decision_pb2, triage_pb2
from diwan.routing.v1 import routing_service_pb2 as pb

from services.chassis.client import Refused, refused
from tests.routing.builders import COMPLAINT_ID, a_registration

pytestmark = pytest.mark.anyio
DELEGATE = ("delegate", "wilaya:wilaya-alger")
BOTH = "شكوى بين المستشفى و المحكمة"


@contextmanager
def a_refusal(said: list[Refused]) -> Iterator[None]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        yield
    said.append(refused(caught.value))


async def decided(house: Any, text: str, **only: object) -> decision_pb2.Decision:
    registration = a_registration(**only)
    house.texts.of[registration.complaint_id] = text
    await house.deliver(registration, registration.complaint_id)
    with house.officer("mediator", "national"):
        return (
            await house.routing.ListDecisions(pb.ListDecisionsRequest(complaint_id=registration.complaint_id))
        ).decisions[0]


async def only_item(house: Any) -> triage_pb2.TriageItem:
    (item,) = (await house.routing.ListTriage(pb.ListTriageRequest())).items
    return item


async def test_a_petition_is_referred_to_the_unit_that_the_rules_name(house: Any) -> None:
    made = await decided(house, "تأخر العلاج في مستشفى باب الواد")

    assert made.outcome == decision_pb2.OUTCOME_ASSIGNED
    assert made.disposition == decision_pb2.DISPOSITION_REFER
    assert (made.ministry_id, made.unit_body_id, made.deadline_days) == ("msan", "dsp-alger", 10)
    assert made.because == LocalizedText(ar="يذكر النص MSAN", fr="Le texte parle de MSAN")
    assert made.term_hits == ["msan.hospital:مستشفى*"]
    assert made.referral_id
    assert len(made.facts_digest) == 64
    verdicts = {v.ministry_id: v for v in made.verdicts}
    assert verdicts["msan"].effective_score == 800
    assert verdicts["msan"].plugin_version == "1.2.0"
    assert len(verdicts["msan"].plugin_digest) == 64
    assert verdicts["mj"].answer == decision_pb2.ANSWER_KIND_ABSTAIN
    assert [(a.hook, a.answer, a.taken) for a in made.owner_answers] == [
        ("assign_unit", "dsp-alger", True), ("deadline", "10", True),
    ]  # fmt: skip


async def test_the_others_are_told_of_decision_and_deadline(house: Any) -> None:
    await decided(house, "مستشفى")
    (_, said), (_, dated) = await house.told()
    assert (said.ministry_id, said.from_body_id, said.topic_code) == ("msan", "delegation-alger", "health")
    assert said.triage_kind == triage_pb2.TRIAGE_KIND_UNSPECIFIED
    assert (dated.due_on, dated.working_days, dated.policy) == ("2026-12-06", 10, "national-21:msan")


async def test_no_word_of_the_complaint_is_kept(house: Any) -> None:
    await decided(house, "مستشفى وسر لا يُقال")
    async with house.database.reading() as connection:
        for table in ("decision", "complaint_case", "outbox", "triage_item"):
            assert "لا يُقال" not in str(await connection.fetch(f"SELECT * FROM {table}"))


async def test_an_event_that_comes_twice_has_one_effect(house: Any) -> None:
    house.texts.of[COMPLAINT_ID] = "مستشفى"
    event = await house.deliver(a_registration(), COMPLAINT_ID)
    await house.deliver(a_registration(), event=event)
    assert len(await house.told()) == 2


async def test_an_administration_keeps_what_is_in_its_own_register(house: Any) -> None:
    kept = await decided(
        house, "مستشفى", keeping_body_id="dl-alger", register_kind=register_pb2.REGISTER_KIND_COMPLAINTS
    )
    assert kept.disposition == decision_pb2.DISPOSITION_KEPT
    assert (kept.ministry_id, kept.unit_body_id, kept.referral_id) == ("msan", "dl-alger", "")
    with house.officer(*DELEGATE):
        assert not (await house.routing.ListTriage(pb.ListTriageRequest())).items


async def test_a_close_call_goes_to_the_delegate_who_decides(house: Any) -> None:
    await decided(house, BOTH)
    with house.officer(*DELEGATE):
        item = await only_item(house)
        assert item.kind == triage_pb2.TRIAGE_KIND_AMBIGUOUS
        assert item.candidate_ministry_ids == ["msan", "mj"]
        request = pb.DecideByHandRequest(
            request_id="01930000-0000-7000-8000-00000000beef", triage_id=item.triage_id, etag=item.etag,
            ministry_id="msan", because="الموضوع صحي",
        )  # fmt: skip
        first = (await house.routing.DecideByHand(request)).decision
        again = (await house.routing.DecideByHand(request)).decision
        said: list[Refused] = []
        request.request_id = "01930000-0000-7000-8000-00000000bee0"
        with a_refusal(said):
            await house.routing.DecideByHand(request)
        assert not (await house.routing.ListTriage(pb.ListTriageRequest())).items
    assert first == again
    assert first.outcome == decision_pb2.OUTCOME_BY_HAND
    assert first.decided_by == "officer:delegate-wilaya:wilaya-alger"
    assert (first.unit_body_id, first.deadline_days) == ("dsp-alger", 10)
    assert said[0].reason == "TRIAGE_DECIDED"
    assert [name for name, _ in await house.told()] == [
        "ComplaintDecided",
        "DeadlineSet",
        "ComplaintDecided",
        "DeadlineSet",
    ]


async def test_a_choice_by_hand_is_checked(house: Any) -> None:
    await decided(house, "نص لا يدّعيه أحد")
    said: list[Refused] = []
    with house.officer(*DELEGATE, "fr"):
        item = await only_item(house)
        assert item.kind == triage_pb2.TRIAGE_KIND_UNCLAIMED
        plain = {"request_id": "01930000-0000-7000-8000-00000000beef", "triage_id": item.triage_id, "because": "x"}
        for wrong in (
            {"ministry_id": "mhuv", "etag": item.etag},
            {"ministry_id": "msan", "unit_body_id": "dl-alger", "etag": item.etag},
            {"ministry_id": "msan", "etag": "7"},
            {"ministry_id": "msan", "because": " "},
        ):
            with a_refusal(said):
                await house.routing.DecideByHand(pb.DecideByHandRequest(**(plain | wrong)))
        assert len((await house.routing.ListTriage(pb.ListTriageRequest())).items) == 1
    assert [(each.reason, each.field) for each in said] == [
        ("COMPETENT_BODY_UNKNOWN", "ministry_id"), ("UNIT_OF_ANOTHER_MINISTRY", "unit_body_id"),
        ("ETAG_STALE", "etag"), ("FIELD_INVALID", "because"),
    ]  # fmt: skip
    assert said[0].message == "L'annuaire ne connaît aucun organisme valide mhuv ; choisissez-en un dans la liste."


async def test_a_delegate_of_elsewhere_sees_nothing(house: Any) -> None:
    made = await decided(house, BOTH)
    with house.officer(*DELEGATE):
        item = await only_item(house)
    said: list[Refused] = []
    with house.officer("delegate", "wilaya:wilaya-oran"):
        assert not (await house.routing.ListTriage(pb.ListTriageRequest())).items
        with a_refusal(said):
            await house.routing.GetDecision(pb.GetDecisionRequest(decision_id=made.decision_id))
        with a_refusal(said):
            await house.routing.DecideByHand(
                pb.DecideByHandRequest(
                    request_id=COMPLAINT_ID, triage_id=item.triage_id, etag="1", ministry_id="msan", because="x"
                )
            )
    assert [each.reason for each in said] == ["DECISION_UNKNOWN", "TRIAGE_UNKNOWN"]


async def test_the_queue_comes_in_pages(house: Any) -> None:
    for n in range(5):
        complaint_id = f"01930000-0000-7000-8000-00000000000{n}"
        await decided(house, "لا أحد", complaint_id=complaint_id, number=f"16/0001/2026/00000{n}")
    with house.officer(*DELEGATE):
        seen, token = [], ""
        for _ in range(3):
            page = await house.routing.ListTriage(pb.ListTriageRequest(page_size=2, page_token=token))
            seen += [item.number for item in page.items]
            token = page.next_page_token
            assert page.total_size == 5
    assert seen == sorted(set(seen))
    assert (len(seen), token) == (5, "")


async def test_rules_that_failed_hold_the_decision_until_they_are_back(house: Any) -> None:
    made = await decided(house, "مستشفى عطب")
    assert made.outcome == decision_pb2.OUTCOME_PROVISIONAL
    assert {v.ministry_id: v.error for v in made.verdicts}["mj"].startswith("raised")
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE triage_item SET heard_at = heard_at - interval '2 minutes'")
    assert (await house.ticked.ReconsiderHeld(pb.ReconsiderHeldRequest())).decided == 0
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE triage_item SET heard_at = heard_at - interval '2 minutes'")
    house.texts.of[COMPLAINT_ID] = "مستشفى"
    assert (await house.ticked.ReconsiderHeld(pb.ReconsiderHeldRequest())).decided == 1
    with house.officer(*DELEGATE):
        decisions = (await house.routing.ListDecisions(pb.ListDecisionsRequest(complaint_id=COMPLAINT_ID))).decisions
        assert not (await house.routing.ListTriage(pb.ListTriageRequest())).items
    assert [d.outcome for d in decisions] == [decision_pb2.OUTCOME_ASSIGNED, decision_pb2.OUTCOME_PROVISIONAL]


async def test_a_complaint_waits_for_the_body_that_keeps_it(house: Any) -> None:
    said: list[Refused] = []
    with a_refusal(said):
        await house.deliver(a_registration(keeping_body_id="delegation-nowhere"), COMPLAINT_ID)
    assert (said[0].kind, said[0].reason) == ("ABORTED", "TOO_EARLY")
    assert await house.told() == []


async def test_while_no_rule_host_answers_the_event_is_delivered_again(house: Any) -> None:
    await decided(house, "مستشفى")
    await house.rulehost.server.stop()
    other = "01930000-0000-7000-8000-000000000002"
    house.texts.of[other] = "مستشفى"
    said: list[Refused] = []
    with a_refusal(said):
        await house.deliver(a_registration(complaint_id=other), other)
    assert (said[0].kind, said[0].reason) == ("UNAVAILABLE", "TRY_AGAIN")
    assert len(await house.told()) == 2


async def test_a_text_with_control_characters_is_decided(house: Any) -> None:
    made = await decided(house, "\x07مستشفى\x0b\u200f")
    assert made.ministry_id == "msan"


async def test_rule_sets_are_listed_with_what_is_wrong(house: Any) -> None:
    with house.officer("operator", "national", "fr"):
        found = (await house.routing.ListRuleSets(pb.ListRuleSetsRequest())).rule_sets
    assert [(each.ministry_id, each.healthy, each.version) for each in found] == [
        ("mj", True, "1.2.0"), ("msan", True, "1.2.0"),
    ]  # fmt: skip


async def test_holidays_of_a_period(house: Any) -> None:
    with house.officer(*DELEGATE):
        request = pb.ListHolidaysRequest(from_day="2025-03-30", to_day="2025-04-05")
        found = await house.routing.ListHolidays(request)
        said: list[Refused] = []
        with a_refusal(said):
            await house.routing.ListHolidays(pb.ListHolidaysRequest(from_day="2025-04-05", to_day="2025-04-01"))
    assert [(each.on, each.estimated) for each in found.holidays] == [
        ("2025-03-31", False), ("2025-04-01", False), ("2025-04-02", False),
    ]  # fmt: skip
    assert found.working_days == 2
    assert said[0].reason == "PERIOD_INVALID"
