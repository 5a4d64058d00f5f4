"""What the neighbours' events tell, in routing's own words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from diwan.directory.v1 import body_pb2, territory_pb2, topic_pb2
from diwan.intake.v1 import complaint_pb2, events_pb2, register_pb2

from services.routing.domain.facts import Facts, Narrative

Row = tuple[str | int | date | None, ...]


def facts(event: events_pb2.ComplaintRegistered) -> Facts:
    """Read the facts of a registered complaint."""
    return Facts(
        complaint_id=event.complaint_id,
        number=event.number,
        keeping_body_id=event.keeping_body_id,
        wilaya_id=event.wilaya_id,
        received_on=date.fromisoformat(event.received_on),
        petitions=event.register_kind == register_pb2.REGISTER_KIND_PETITIONS,
        kind=complaint_pb2.ComplaintKind.Name(event.kind).removeprefix("COMPLAINT_KIND_").lower(),
        channel=complaint_pb2.Channel.Name(event.channel).removeprefix("CHANNEL_").lower(),
        addressed_body_id=event.addressed_body_id,
        commune_id=event.commune_id,
        topic_code=event.topic_code,
        sample=event.sample,
    )


def facts_now(complaint: complaint_pb2.Complaint, then: Facts) -> Facts:
    """Read the facts of a complaint as intake knows them now; who declined it is routing's to know."""
    return replace(
        then,
        number=complaint.number,
        keeping_body_id=complaint.keeping_body_id,
        wilaya_id=complaint.wilaya_id,
        received_on=date.fromisoformat(complaint.received_on),
        kind=complaint_pb2.ComplaintKind.Name(complaint.kind).removeprefix("COMPLAINT_KIND_").lower(),
        channel=complaint_pb2.Channel.Name(complaint.channel).removeprefix("CHANNEL_").lower(),
        addressed_body_id=complaint.addressed_body_id,
        commune_id=complaint.commune_id,
        topic_code=complaint.topic_code,
        sample=complaint.sample,
    )


def narrative(complaint: complaint_pb2.Complaint) -> Narrative:
    """Read a complaint's words."""
    return Narrative(text=complaint.text, language=complaint.language, commitment=complaint.text_commitment.hex())


def body_rows(bodies: Sequence[body_pb2.Body]) -> list[Row]:
    """Write bodies as rows of the read copy."""
    return [
        (
            body.body_id,
            body_pb2.BodyKind.Name(body.kind).removeprefix("BODY_KIND_").lower(),
            body.ministry_id,
            body.territory_id,
            body.wilaya_id,
            body.service_code,
            body.name.ar,
            body.name.fr,
            _day(body.valid_from),
            _day(body.valid_to),
            body.revision,
        )
        for body in bodies
    ]


def territory_rows(territories: Sequence[territory_pb2.Territory]) -> list[Row]:
    """Write territories as rows of the read copy."""
    return [
        (
            each.territory_id,
            territory_pb2.TerritoryKind.Name(each.kind).removeprefix("TERRITORY_KIND_").lower(),
            each.label,
            each.wilaya_id,
            each.revision,
        )
        for each in territories
    ]


def topic_rows(topics: Sequence[topic_pb2.Topic]) -> list[Row]:
    """Write topics as rows of the read copy."""
    return [(topic.topic_code, topic.revision) for topic in topics]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
