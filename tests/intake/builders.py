"""A small country, its officers and a filing, for tests of intake."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from services.chassis.call import Actor, ActorKind, Appointment
from services.intake.domain.complaint import Complaint, State
from services.intake.domain.filing import Channel, Complainant, ComplaintKind, Filing, Identity
from services.intake.domain.places import Atlas, Body, BodyKind, Territory

TEXT = "لم أستلم سكني الاجتماعي منذ سنتين 😀"
TODAY = date(2026, 11, 23)


def a_body(
    body_id: str, *, kind: BodyKind = BodyKind.OTHER, wilaya: str = "wilaya-alger", label: str = "16", **facts
) -> Body:
    """A body of Algiers that keeps a register, unless said otherwise."""
    known = {"ministry_id": "", "keeps_register": True, "valid_to": None, "successor_ids": (), "revision": 1}
    return Body(body_id=body_id, kind=kind, wilaya_id=wilaya, wilaya_label=label, **(known | facts))


def a_territory(territory_id: str, *, wilaya: str = "wilaya-alger", is_commune: bool = True) -> Territory:
    """A commune of Algiers, unless said otherwise."""
    return Territory(territory_id=territory_id, is_commune=is_commune, wilaya_id=wilaya, revision=1)


BODIES = (
    a_body("mediator", wilaya="", label="00", keeps_register=False),
    a_body("delegation-alger", kind=BodyKind.DELEGATION),
    a_body("delegation-oran", kind=BodyKind.DELEGATION, wilaya="wilaya-oran", label="31"),
    a_body("commune-1601"),
    a_body("commune-3101", wilaya="wilaya-oran", label="31"),
    a_body("msan", kind=BodyKind.MINISTRY, wilaya="", label="00", keeps_register=False, ministry_id="msan"),
    a_body("dsp-alger", ministry_id="msan", keeps_register=False),
)
TERRITORIES = (
    a_territory("wilaya-alger", is_commune=False),
    a_territory("commune-1601"),
    a_territory("commune-3101", wilaya="wilaya-oran"),
)
TOPICS = (("health.hospital", 1), ("housing.social", 1))


def an_atlas() -> Atlas:
    """The small country as one snapshot."""
    return Atlas(
        bodies={each.body_id: each for each in BODIES},
        territories={each.territory_id: each for each in TERRITORIES},
        topics=frozenset(code for code, _ in TOPICS),
    )


def an_officer(role: str, scope: str) -> Actor:
    """An officer with one appointment."""
    return Actor(kind=ActorKind.OFFICER, id=f"{role}-1", appointments=(Appointment(role=role, scope=scope),))


KEEPER = an_officer("keeper", "body:commune-1601")
DELEGATE = an_officer("delegate", "wilaya:wilaya-alger")
DELEGATE_OF_ORAN = an_officer("delegate", "wilaya:wilaya-oran")
UNIT = an_officer("unit_officer", "body:dsp-alger")
MINISTRY = an_officer("unit_officer", "body:msan")
MEDIATOR = an_officer("mediator", "national")
CLIENT = Actor(kind=ActorKind.CLIENT, id="hotline", appointments=(Appointment(role="filing_client", scope="national"),))


def a_filing(**facts: Any) -> Filing:
    """A named complaint over the portal to the commune of Algiers, as the domain reads it."""
    known = {
        "channel": Channel.PORTAL,
        "kind": ComplaintKind.ENTRY,
        "text": TEXT,
        "language": "ar",
        "addressed_body_id": "commune-1601",
        "commune_id": "commune-1601",
        "topic_code": "housing.social",
        "identity": Identity.NAMED,
        "complainant": Complainant(name="ليلى", phone="0550"),
        "consent": True,
        "paper": None,
        "sample": False,
    }
    return Filing(**(known | facts))


def a_request(request_id: str = "", **facts: Any) -> intake_service_pb2.RegisterComplaintRequest:
    """The same filing as callers send it."""
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
    filing = intake_service_pb2.Filing(**(known | facts))
    return intake_service_pb2.RegisterComplaintRequest(request_id=request_id or str(uuid4()), filing=filing)


def a_complaint(state: State = State.REGISTERED, **facts: Any) -> Complaint:
    """Line 123 of the commune's register."""
    complaint = Complaint(
        complaint_id=str(uuid4()),
        register_id="16/0412/2026",
        line=123,
        keeping_body_id="commune-1601",
        kind=ComplaintKind.ENTRY,
        channel=Channel.PORTAL,
        identity=Identity.NAMED,
        consent=True,
        addressed_body_id="commune-1601",
        commune_id="commune-1601",
        wilaya_id="wilaya-alger",
        topic_code="",
        language="ar",
        paper_page=None,
        paper_line=None,
        received_on=TODAY,
        registered_at=datetime(2026, 11, 23, 18, 5, tzinfo=UTC),
        registered_by="citizen",
        sample=False,
        state=state,
    )
    return replace(complaint, **facts)
