"""Intake as callers meet it: a real port, a real database."""

from uuid import uuid4

from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from tests.intake.builders import DELEGATE

TEXT = "لم أستلم سكني الاجتماعي منذ سنتين 😀"


def a_filing(**facts) -> intake_service_pb2.Filing:
    known = {
        "channel": complaint_pb2.CHANNEL_PORTAL,
        "kind": complaint_pb2.COMPLAINT_KIND_ENTRY,
        "text": TEXT,
        "language": "ar",
        "addressed_body_id": "commune-1601",
        "commune_id": "commune-1601",
        "topic_code": "housing.social",
        "identity": complaint_pb2.IDENTITY_NAMED,
        "complainant": complaint_pb2.Complainant(name="ليلى", phone="0550"),
        "consent_to_disclose": True,
    }
    return intake_service_pb2.Filing(**(known | facts))


def a_request(request_id: str = "", **facts) -> intake_service_pb2.RegisterComplaintRequest:
    return intake_service_pb2.RegisterComplaintRequest(request_id=request_id or str(uuid4()), filing=a_filing(**facts))


async def test_a_citizen_files_and_follows(door):
    receipt = (await door.ask("RegisterComplaint", a_request())).receipt
    assert receipt.number == "16/0001/" + receipt.received_on[:4] + "/000001"
    seen = await door.ask(
        "TrackComplaint", intake_service_pb2.TrackComplaintRequest(number=receipt.number, secret=receipt.secret)
    )
    assert seen.state == complaint_pb2.COMPLAINT_STATE_REGISTERED
    kept = await door.ask(
        "GetComplaint",
        intake_service_pb2.GetComplaintRequest(number=receipt.number, view=intake_service_pb2.COMPLAINT_VIEW_FULL),
        actor=DELEGATE,
    )
    assert kept.complaint.text == TEXT


async def test_the_same_request_gets_the_same_receipt(door):
    request = a_request()
    first = await door.ask("RegisterComplaint", request)
    assert first == await door.ask("RegisterComplaint", request)
    request.filing.text = "شيء آخر"
    assert (await door.ask("RegisterComplaint", request)).reason == "REQUEST_ID_REUSED"
