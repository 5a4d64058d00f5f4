"""Ministries' rules take note of what happens to their cases; they are told again when they fail, and no case waits."""

from collections.abc import Mapping
from typing import Any

import grpc
import pytest
from diwan.correspondence.v1 import letter_pb2
from diwan.correspondence.v1.events_pb2 import LetterDispatched
from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1.events_pb2 import ComplaintStateChanged
from diwan.routing.v1 import events_pb2
from google.protobuf.message import Message

from tests.routing.builders import COMPLAINT_ID, PLUGINS, a_registration

pytestmark = pytest.mark.anyio
# What rules were told is read from the log that comes with their answers.
FOLLOWS = """
@hookimpl
def case_event(event, case, ctx):
    if "افشل" in case.words:
        raise ValueError("broken")
    ctx.log("told", kind=str(event.kind))
"""


@pytest.fixture
def rules() -> Mapping[str, str]:
    """Rules of health that follow their cases; justice does not."""
    return {"MSAN": PLUGINS["MSAN"] + FOLLOWS, "MJ": PLUGINS["MJ"]}


@pytest.fixture
def heard(house: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who was told of an event, and what its rules wrote to their log; the rule host answers as ever."""
    found: list[tuple[str, str]] = []
    (host,) = house.chamber.hosts.hosts
    consult = host.stub.Consult

    async def listening(request: Any, **options: Any) -> Any:
        answer = await consult(request, **options)
        if request.HasField("event"):
            found.extend((each.ministry, " ".join(each.outcomes[0].log_lines)) for each in answer.answers)
        return answer

    monkeypatch.setattr(host.stub, "Consult", listening)
    return found


async def told_again(house: Any, kind: type[Message]) -> None:
    """Hand routing's own latest event of a kind back to it, as the bus does."""
    latest = [payload for name, payload in await house.told() if isinstance(payload, kind)]
    for payload in latest:
        await house.deliver(payload)


async def registered(house: Any, text: str = "مستشفى", **only: object) -> events_pb2.ComplaintDecided:
    registration = a_registration(**only)
    house.texts.of[registration.complaint_id] = text
    await house.deliver(registration, registration.complaint_id)
    said = next(payload for name, payload in await house.told() if name == "ComplaintDecided")
    assert isinstance(said, events_pb2.ComplaintDecided)
    await house.deliver(said, registration.complaint_id)
    return said


async def notes(house: Any) -> list[tuple[str, str]]:
    return [
        (events_pb2.CaseNote.Name(payload.note).removeprefix("CASE_NOTE_"), payload.ministry_id)
        for name, payload in await house.told()
        if name == "CaseNoted"
    ]


async def test_a_decision_lets_rules_take_note_of_registration_and_competence(house: Any) -> None:
    await registered(house)
    assert await notes(house) == [("REGISTERED", ""), ("ASSIGNED", "msan")]


async def test_who_follows_its_cases_is_told_and_nobody_else(house: Any, heard: list[tuple[str, str]]) -> None:
    await registered(house)
    await told_again(house, events_pb2.CaseNoted)
    ((ministry, log),) = heard
    assert ministry == "MSAN"
    assert "assigned" in log


async def test_an_addressed_ministry_is_told_of_the_registration(house: Any, heard: list[tuple[str, str]]) -> None:
    await registered(house, addressed_body_id="msan")
    await told_again(house, events_pb2.CaseNoted)
    first, second = (log for _, log in heard)
    assert "registered" in first
    assert "assigned" in second


async def test_a_referral_and_a_closure_are_told(house: Any, heard: list[tuple[str, str]]) -> None:
    said = await registered(house)
    kind = letter_pb2.LETTER_KIND_REFERRAL
    sent = LetterDispatched(
        referral_id=said.referral_id, letter_id=COMPLAINT_ID, kind=kind, dispatched_on="2026-11-22"
    )  # fmt: skip
    await house.deliver(sent)
    await told_again(house, events_pb2.ReferralChanged)
    assert "referred" in heard[-1][1]

    closed = ComplaintStateChanged(complaint_id=COMPLAINT_ID, to_state=complaint_pb2.COMPLAINT_STATE_CLOSED)
    await house.deliver(closed, COMPLAINT_ID, version=2)
    assert (await notes(house))[-1] == ("CLOSED", "")
    await told_again(house, events_pb2.CaseNoted)
    assert "closed" in heard[-1][1]


async def test_rules_that_fail_are_told_again_and_the_case_went_on(house: Any) -> None:
    await registered(house, text="افشل في مستشفى")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await told_again(house, events_pb2.CaseNoted)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    async with house.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM decision") == 1
