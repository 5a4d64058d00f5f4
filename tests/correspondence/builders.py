"""Letters, bodies and events as correspondence meets them, and the neighbours that it asks."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import grpc
from diwan.common.v1 import event_pb2, localized_text_pb2, subscriber_service_pb2
from diwan.directory.v1 import (
    body_pb2,
    directory_service_pb2,
    directory_service_pb2_grpc,
    officer_pb2,
    territory_pb2,
    topic_pb2,
)
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2, intake_service_pb2, intake_service_pb2_grpc
from diwan.intake.v1 import events_pb2 as intake
from diwan.routing.v1 import (
    advice_service_pb2,
    advice_service_pb2_grpc,
    decision_pb2,
    routing_service_pb2,
    routing_service_pb2_grpc,
)
from diwan.routing.v1 import events_pb2 as routing
from google.protobuf.message import Message

from services.chassis.call import Actor, ActorKind, Appointment
from services.correspondence.domain.body import Body, Name
from services.correspondence.domain.letter import Kind, Letter
from services.correspondence.domain.wording import Matter

NUMBERS = count(1)
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
COMPLAINT, REFERRAL, DECISION = (f"01900000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
REGISTER_NUMBER = "16/0412/2026/000123"
ALGIERS = Name(ar="الجزائر", fr="Alger")
DELEGATION = Body(
    body_id="delegation-alger",
    kind="DELEGATION",
    wilaya_id="wilaya-alger",
    label="16",
    name=Name(
        ar="المندوبية المحلية لوسيط الجمهورية لولاية الجزائر",
        fr="Délégation locale du Médiateur de la République de la wilaya d’Alger",
    ),
)
ORAN = Body(
    body_id="delegation-oran", kind="DELEGATION", wilaya_id="wilaya-oran", label="31", name=Name(ar="وهران", fr="Oran")
)
HEALTH = Body(
    body_id="dsp-alger",
    kind="DIRECTORATE",
    ministry_id="msan",
    wilaya_id="wilaya-alger",
    label="16",
    name=Name(
        ar="مديرية الصحة والسكان لولاية الجزائر", fr="Direction de la santé et de la population de la wilaya d’Alger"
    ),
)
MINISTRY = Body(
    body_id="msan", kind="MINISTRY", ministry_id="msan", name=Name(ar="وزارة الصحة", fr="Ministère de la Santé")
)
MEDIATOR = Body(body_id="mediator", kind="MEDIATOR", name=Name(ar="وسيط الجمهورية", fr="Médiateur de la République"))
BODIES = (DELEGATION, ORAN, HEALTH, MINISTRY, MEDIATOR)


def an_officer(role: str, scope: str) -> Actor:
    """Appoint somebody to a role in a scope."""
    return Actor(kind=ActorKind.OFFICER, id=f"{role}-{scope}", appointments=(Appointment(role=role, scope=scope),))


DELEGATE = an_officer("delegate", "wilaya:wilaya-alger")
DELEGATE_OF_ORAN = an_officer("delegate", "wilaya:wilaya-oran")
UNIT = an_officer("unit_officer", "body:dsp-alger")
AT_MINISTRY = an_officer("unit_officer", "body:msan")
CENTRAL = an_officer("mediator", "national")


def a_letter(**what_matters: object) -> Letter:
    """Write a referral letter in draft."""
    usual: dict[str, object] = {
        "letter_id": f"01900000-0000-7000-9100-{next(NUMBERS):012d}",
        "kind": Kind.REFERRAL,
        "sender_id": "delegation-alger",
        "recipient_id": "dsp-alger",
        "copy_ids": ("msan",),
        "language": "ar",
        "subject": "إحالة الشكوى رقم 16/0412/2026/000123 إليكم للاختصاص",
        "body": "تحية طيبة وبعد،\n\nنحيل إليكم الشكوى المذكورة.",
        "drafted_at": NOON,
        "complaint_id": COMPLAINT,
        "complaint_number": REGISTER_NUMBER,
        "referral_id": REFERRAL,
    }
    return Letter(**{**usual, **what_matters})  # type: ignore[arg-type]


def a_matter(**what_matters: object) -> Matter:
    """Describe a complaint about health in Algiers."""
    usual: dict[str, object] = {
        "number": REGISTER_NUMBER,
        "kind": "ENTRY",
        "received_on": date(2026, 11, 2),
        "topic": Name(ar="الصحة", fr="Santé"),
        "commune": Name(ar="سيدي امحمد", fr="Sidi M’Hamed"),
        "wilaya": ALGIERS,
        "because": Name(ar="تختص المديرية بمستشفيات الولاية (المرسوم 97-261)", fr="la direction suit les hôpitaux"),
        "working_days": 15,
    }
    return Matter(**{**usual, **what_matters})  # type: ignore[arg-type]


def an_event(payload: Message, *, aggregate_id: str, version: int = 1) -> subscriber_service_pb2.DeliverRequest:
    """Put a payload into an envelope of its own."""
    event = event_pb2.Event(
        event_id=f"01900000-0000-7000-9000-{next(NUMBERS):012d}",
        type=payload.DESCRIPTOR.full_name,
        aggregate_id=aggregate_id,
        aggregate_version=version,
    )
    event.event_time.FromDatetime(NOON)
    event.payload.Pack(payload)
    return subscriber_service_pb2.DeliverRequest(event=event)


def the_directory() -> list[subscriber_service_pb2.DeliverRequest]:
    """Tell of the bodies, territories and topics that the tests name."""
    bodies = [
        body_pb2.Body(
            body_id=each.body_id,
            kind=body_pb2.BodyKind.Value(f"BODY_KIND_{each.kind}"),
            ministry_id=each.ministry_id,
            wilaya_id=each.wilaya_id,
            wilaya_label=each.label,
            name=localized_text_pb2.LocalizedText(ar=each.name.ar, fr=each.name.fr),
            revision=1,
        )
        for each in BODIES
    ]
    places = {"wilaya-alger": ("الجزائر", "Alger"), "commune-1601": ("الجزائر الوسطى", "Alger-Centre")}
    territories = [
        territory_pb2.Territory(
            territory_id=each, name=localized_text_pb2.LocalizedText(ar=names[0], fr=names[1]), revision=1
        )
        for each, names in places.items()
    ]
    topic = topic_pb2.Topic(
        topic_code="health", name=localized_text_pb2.LocalizedText(ar="الصحة", fr="Santé"), revision=1
    )
    return [
        an_event(directory.BodiesChanged(bodies=bodies), aggregate_id="directory"),
        an_event(directory.TerritoriesChanged(territories=territories), aggregate_id="directory", version=2),
        an_event(directory.TopicsChanged(topics=[topic]), aggregate_id="directory", version=3),
    ]


def a_decision(
    *,
    version: int = 1,
    decision_id: str = DECISION,
    referral_id: str = REFERRAL,
    disposition: "decision_pb2.Disposition.ValueType" = decision_pb2.DISPOSITION_REFER,
) -> subscriber_service_pb2.DeliverRequest:
    """Tell that the complaint goes to the health directorate."""
    payload = routing.ComplaintDecided(
        complaint_id=COMPLAINT,
        number=REGISTER_NUMBER,
        decision_id=decision_id,
        disposition=disposition,
        ministry_id="msan",
        unit_body_id="dsp-alger",
        referral_id=referral_id,
        from_body_id="delegation-alger",
        wilaya_id="wilaya-alger",
    )
    return an_event(payload, aggregate_id=COMPLAINT, version=version)


def a_delay(step: int, *, due_on: str = "2026-12-14") -> subscriber_service_pb2.DeliverRequest:
    """Tell that the referral reached a step of the ladder."""
    payload = routing.ReferralOverdue(
        referral_id=REFERRAL,
        complaint_id=COMPLAINT,
        number=REGISTER_NUMBER,
        ministry_id="msan",
        unit_body_id="dsp-alger",
        from_body_id="delegation-alger",
        step=step,
        due_on=due_on,
    )
    return an_event(payload, aggregate_id=REFERRAL, version=step + 1)


def a_change(state: str, *, version: int) -> subscriber_service_pb2.DeliverRequest:
    """Tell that the complaint became something else."""
    payload = intake.ComplaintStateChanged(
        complaint_id=COMPLAINT, to_state=complaint_pb2.ComplaintState.Value(f"COMPLAINT_STATE_{state}")
    )
    return an_event(payload, aggregate_id=COMPLAINT, version=version)


class Intake(intake_service_pb2_grpc.IntakeServiceServicer):
    """Knows one complaint."""

    def __init__(self) -> None:
        self.state = complaint_pb2.COMPLAINT_STATE_REGISTERED

    async def GetComplaint(
        self, request: intake_service_pb2.GetComplaintRequest, context: object
    ) -> intake_service_pb2.GetComplaintResponse:
        assert request.view == intake_service_pb2.COMPLAINT_VIEW_BASIC
        complaint = complaint_pb2.Complaint(
            complaint_id=request.complaint_id,
            number=REGISTER_NUMBER,
            kind=complaint_pb2.COMPLAINT_KIND_ENTRY,
            state=self.state,
            commune_id="commune-1601",
            wilaya_id="wilaya-alger",
            topic_code="health",
            received_on="2026-11-02",
            sample=True,
        )
        return intake_service_pb2.GetComplaintResponse(complaint=complaint)


class Routing(routing_service_pb2_grpc.RoutingServiceServicer):
    """Knows why the health directorate is competent, and one holiday."""

    async def GetDecision(
        self, request: routing_service_pb2.GetDecisionRequest, context: object
    ) -> routing_service_pb2.GetDecisionResponse:
        because = localized_text_pb2.LocalizedText(ar="تختص المديرية بمستشفيات الولاية", fr="elle suit les hôpitaux")
        decision = decision_pb2.Decision(decision_id=request.decision_id, because=because, deadline_days=15)
        return routing_service_pb2.GetDecisionResponse(decision=decision)

    async def ListHolidays(
        self, request: routing_service_pb2.ListHolidaysRequest, context: object
    ) -> routing_service_pb2.ListHolidaysResponse:
        return routing_service_pb2.ListHolidaysResponse(holidays=[routing_service_pb2.Holiday(on=request.from_day)])


class Advice(advice_service_pb2_grpc.AdviceServiceServicer):
    """Says of letters and replies what a test has it say; nothing at first."""

    def __init__(self) -> None:
        self.on_letter = advice_service_pb2.ConsultLetterResponse()
        self.on_reply = advice_service_pb2.ReviewReplyResponse()
        self.asked: list[Message] = []
        self.away = False

    async def ConsultLetter(
        self, request: advice_service_pb2.ConsultLetterRequest, context: Any
    ) -> advice_service_pb2.ConsultLetterResponse:
        self.asked.append(request)
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return self.on_letter

    async def ReviewReply(
        self, request: advice_service_pb2.ReviewReplyRequest, context: Any
    ) -> advice_service_pb2.ReviewReplyResponse:
        self.asked.append(request)
        return self.on_reply


class Directory(directory_service_pb2_grpc.DirectoryServiceServicer):
    """Knows every officer under one name."""

    async def ListOfficers(
        self, request: directory_service_pb2.ListOfficersRequest, context: object
    ) -> directory_service_pb2.ListOfficersResponse:
        officers = [officer_pb2.Officer(officer_id=each, display_name="أمينة بن يوسف") for each in request.officer_ids]
        return directory_service_pb2.ListOfficersResponse(officers=officers)
