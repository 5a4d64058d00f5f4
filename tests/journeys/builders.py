"""Complaints as a client service sends them."""

import uuid

from diwan.intake.v1 import complaint_pb2, intake_service_pb2

WATER = "انقطاع الماء الصالح للشرب منذ أسبوعين وتسرب في شبكة المياه ولا أحد يستجيب"


def a_filing(text: str = WATER, **fields: object) -> intake_service_pb2.RegisterComplaintRequest:
    """A complaint addressed to nobody, so that it goes to the delegation of Algiers."""
    filing = intake_service_pb2.Filing(
        channel=complaint_pb2.CHANNEL_MOBILE,
        kind=complaint_pb2.COMPLAINT_KIND_ENTRY,
        text=text,
        language="ar",
        commune_id="commune-1601",
        identity=complaint_pb2.IDENTITY_ANONYMOUS,
    )
    for name, value in fields.items():
        setattr(filing, name, value)
    return intake_service_pb2.RegisterComplaintRequest(request_id=str(uuid.uuid4()), filing=filing)


def bearer(token: str) -> list[tuple[str, str]]:
    """The metadata of a client service."""
    return [("authorization", f"Bearer {token}")]
