"""Events as reporting receives them."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from diwan.common.v1 import event_pb2, subscriber_service_pb2
from diwan.directory.v1 import body_pb2, territory_pb2
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1 import events_pb2 as intake
from google.protobuf.message import Message

NUMBERS = count(1)
BEGINNING = datetime(2026, 11, 3, 8, tzinfo=UTC)


def an_event(payload: Message, *, aggregate_id: str, version: int) -> subscriber_service_pb2.DeliverRequest:
    """Put a payload into an envelope with an id and a time of its own."""
    number = next(NUMBERS)
    event = event_pb2.Event(
        event_id=f"01900000-0000-7000-9000-{number:012d}",
        type=payload.DESCRIPTOR.full_name,
        aggregate_id=aggregate_id,
        aggregate_version=version,
    )
    event.event_time.FromDatetime(BEGINNING + timedelta(minutes=number))
    event.payload.Pack(payload)
    return subscriber_service_pb2.DeliverRequest(event=event)


def a_registration(
    number: int,
    *,
    kind: complaint_pb2.ComplaintKind.ValueType = complaint_pb2.COMPLAINT_KIND_ENTRY,
    on: date = date(2026, 11, 3),
    sample: bool = False,
) -> subscriber_service_pb2.DeliverRequest:
    """Tell of a complaint with this number that was entered."""
    complaint_id = complaint_of(number)
    payload = intake.ComplaintRegistered(
        complaint_id=complaint_id,
        number=f"16/0001/2026/{number:06d}",
        keeping_body_id="delegation-alger",
        kind=kind,
        channel=complaint_pb2.CHANNEL_PORTAL,
        commune_id="commune-1601",
        wilaya_id="wilaya-alger",
        received_on=on.isoformat(),
        sample=sample,
    )
    return an_event(payload, aggregate_id=complaint_id, version=1)


def complaint_of(number: int) -> str:
    """Return the id of the complaint with this number."""
    return f"01900000-0000-7000-8000-{number:012d}"


def the_directory() -> list[subscriber_service_pb2.DeliverRequest]:
    """Tell of a ministry, an administration, a wilaya and a commune."""
    bodies = directory.BodiesChanged()
    for body_id, ar, fr in (
        ("msan", "وزارة الصحة", "Santé"),
        ("delegation-alger", "مندوبية الجزائر", "Délégation d’Alger"),
    ):
        body = body_pb2.Body(body_id=body_id, wilaya_id="wilaya-alger", revision=1)
        body.name.ar, body.name.fr = ar, fr
        bodies.bodies.append(body)
    territories = directory.TerritoriesChanged()
    for territory_id, ar, fr in (
        ("wilaya-alger", "الجزائر", "Alger"),
        ("commune-1601", "الجزائر الوسطى", "Alger-Centre"),
    ):
        territory = territory_pb2.Territory(territory_id=territory_id, revision=1)
        territory.name.ar, territory.name.fr = ar, fr
        territories.territories.append(territory)
    return [
        an_event(bodies, aggregate_id="directory", version=1),
        an_event(territories, aggregate_id="directory", version=2),
    ]
