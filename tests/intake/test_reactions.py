"""What intake makes of the events of others, in whatever order they come."""

from uuid import uuid4

import pytest
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import body_pb2, territory_pb2, topic_pb2
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1 import intake_service_pb2 as contract
from diwan.routing.v1 import events_pb2 as routing
from diwan.routing.v1 import referral_pb2

from tests.intake.builders import (
    DELEGATE,
    MINISTRY,
    UNIT,
    a_request,
)
from tests.intake.steps import STATE, act, disclosure, filed, seen, told


def referral_changed(receipt, state, *, referral_id):
    return routing.ReferralChanged(
        referral_id=referral_id, complaint_id=receipt.complaint_id, unit_body_id="dsp-alger", ministry_id="msan",
        to_state=referral_pb2.ReferralState.Value(f"REFERRAL_STATE_{state}"),
    )  # fmt: skip


async def test_a_referral_is_followed_to_its_reply_and_back(door, letters):
    receipt, referral_id, letter_id = await filed(door), str(uuid4()), str(uuid4())
    await told(door, referral_changed(receipt, "SENT", referral_id=referral_id))
    referred = await seen(door, receipt, UNIT)
    assert (referred.state, referred.holder_body_id) == (STATE.COMPLAINT_STATE_REFERRED, "dsp-alger")
    assert (await door.ask("DiscloseComplainant", disclosure(receipt), actor=UNIT)).complainant.phone == "0550"
    assert len((await door.ask("ListComplaints", contract.ListComplaintsRequest(), actor=MINISTRY)).complaints) == 1
    await told(door, referral_changed(receipt, "ACCEPTED", referral_id=referral_id), version=3)
    await told(door, referral_changed(receipt, "ACKNOWLEDGED", referral_id=referral_id), version=2)
    assert (await seen(door, receipt, UNIT)).state == STATE.COMPLAINT_STATE_IN_PROCESSING
    closing = await act(door, "CloseComplaint", receipt, DELEGATE, reason=complaint_pb2.CLOSURE_REASON_SETTLED)
    assert closing.reason == "REFERRAL_OPEN"

    letters.words[letter_id] = "نعلمكم بالقبول"
    received = correspondence.ReplyReceived(
        letter_id=letter_id, complaint_id=receipt.complaint_id, referral_id=referral_id, sender_body_id="dsp-alger"
    )
    for event_id in (str(uuid4()), str(uuid4())):
        await told(door, received, event_id=event_id)
    answered = await seen(door, receipt)
    assert (answered.state, answered.holder_body_id) == (STATE.COMPLAINT_STATE_REPLIED, "commune-1601")
    assert [each.text for each in answered.replies] == ["نعلمكم بالقبول"]

    assessed = correspondence.ReplyAssessed(
        letter_id=letter_id,
        complaint_id=receipt.complaint_id,
        referral_id=referral_id,
        sender_body_id="dsp-alger",
        grade=letter_pb2.REPLY_GRADE_SUPERFICIAL,
    )
    await told(door, assessed, version=5)
    returned = await seen(door, receipt)
    assert (returned.state, returned.holder_body_id) == (STATE.COMPLAINT_STATE_IN_PROCESSING, "dsp-alger")
    assert returned.replies[0].grade == complaint_pb2.REPLY_GRADE_SUPERFICIAL


async def test_a_reply_that_comes_before_its_referral_still_counts(door, letters):
    receipt, referral_id, letter_id = await filed(door), str(uuid4()), str(uuid4())
    letters.words[letter_id] = "رد"
    early = correspondence.ReplyAssessed(
        letter_id=letter_id,
        complaint_id=receipt.complaint_id,
        referral_id=referral_id,
        grade=letter_pb2.REPLY_GRADE_FAVOURABLE,
    )
    with pytest.raises(Exception, match="deliver it again"):
        await told(door, early)
    await told(door, correspondence.ReplyReceived(
        letter_id=letter_id, complaint_id=receipt.complaint_id, referral_id=referral_id, sender_body_id="dsp-alger"))  # fmt: skip
    await told(door, referral_changed(receipt, "SENT", referral_id=referral_id))
    assert (await seen(door, receipt, UNIT)).state == STATE.COMPLAINT_STATE_REPLIED


async def test_an_interim_reply_keeps_the_matter_in_processing(door, letters):
    receipt, referral_id = await filed(door), str(uuid4())
    letters.words["interim"] = "الملف قيد الدراسة"
    await told(door, referral_changed(receipt, "SENT", referral_id=referral_id))
    await told(door, correspondence.ReplyReceived(
        letter_id="interim", complaint_id=receipt.complaint_id, referral_id=referral_id, sender_body_id="dsp-alger", interim=True))  # fmt: skip
    kept = await seen(door, receipt)
    assert (kept.state, kept.replies[0].interim) == (STATE.COMPLAINT_STATE_IN_PROCESSING, True)


async def test_the_latest_deadline_stays(door):
    receipt = await filed(door)
    for version, due_on in ((2, "2026-12-20"), (1, "2026-12-01")):
        await told(door, routing.DeadlineSet(complaint_id=receipt.complaint_id, due_on=due_on), version=version)
    assert (await seen(door, receipt)).due_on == "2026-12-20"


async def test_the_directory_is_learnt_from_its_events(door):
    refused = await door.ask(
        "RegisterComplaint", a_request(commune_id="commune-0901", addressed_body_id="commune-0901", topic_code="water")
    )
    assert refused.reason == "COMMUNE_UNKNOWN"
    await told(door, directory.TerritoriesChanged(territories=[territory_pb2.Territory(
        territory_id="commune-0901", kind=territory_pb2.TERRITORY_KIND_COMMUNE, wilaya_id="wilaya-blida", revision=2)]))  # fmt: skip
    await told(door, directory.BodiesChanged(bodies=[body_pb2.Body(
        body_id="commune-0901", kind=body_pb2.BODY_KIND_COMMUNE, wilaya_id="wilaya-blida", wilaya_label="09", keeps_register=True, revision=2)]))  # fmt: skip
    await told(door, directory.TopicsChanged(topics=[topic_pb2.Topic(topic_code="water", revision=2)]))
    receipt = await filed(door, commune_id="commune-0901", addressed_body_id="commune-0901", topic_code="water")
    assert receipt.number.startswith("09/0001/")
