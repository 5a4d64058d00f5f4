"""Puts what the directory knows into protobuf and takes requests out of it."""

from collections.abc import Iterable
from datetime import date

from diwan.common.v1 import access_pb2, event_pb2, localized_text_pb2
from diwan.directory.v1 import body_pb2, directory_service_pb2, events_pb2, officer_pb2, territory_pb2, topic_pb2

from services.chassis.call import Call
from services.chassis.outbox import envelope
from services.directory.domain.administration import Administration, Refused
from services.directory.domain.appointment import Appointment, Role
from services.directory.domain.body import Body
from services.directory.domain.officer import Officer, Session
from services.directory.domain.territory import Territory
from services.directory.domain.topic import Topic

AGGREGATE = "directory"


def territories_changed(call: Call, territories: Iterable[Territory], revision: int) -> event_pb2.Event:
    """Tell of territories that are new or changed."""
    payload = events_pb2.TerritoriesChanged(territories=[territory(each, revision) for each in territories])
    return envelope(call, payload=payload, aggregate_id=AGGREGATE, aggregate_version=revision)


def bodies_changed(call: Call, bodies: Iterable[Body], revision: int) -> event_pb2.Event:
    """Tell of bodies that are new or changed."""
    payload = events_pb2.BodiesChanged(bodies=[body(each, revision) for each in bodies])
    return envelope(call, payload=payload, aggregate_id=AGGREGATE, aggregate_version=revision)


def topics_changed(call: Call, topics: Iterable[Topic], revision: int) -> event_pb2.Event:
    """Tell of topics that are new or changed."""
    payload = events_pb2.TopicsChanged(topics=[topic(each, revision) for each in topics])
    return envelope(call, payload=payload, aggregate_id=AGGREGATE, aggregate_version=revision)


def territory(each: Territory, revision: int) -> territory_pb2.Territory:
    """Write a period of a territory."""
    return territory_pb2.Territory(
        territory_id=each.territory_id,
        kind=territory_pb2.TerritoryKind.Value(f"TERRITORY_KIND_{each.kind.name}"),
        label=each.label,
        name=localized_text_pb2.LocalizedText(ar=each.name_ar, fr=each.name_fr),
        parent_id=each.parent_id,
        wilaya_id=each.wilaya_id,
        valid_from=day(each.period.first),
        valid_to=day(each.period.end),
        revision=revision,
    )


def body(each: Body, revision: int) -> body_pb2.Body:
    """Write a body."""
    return body_pb2.Body(
        body_id=each.body_id,
        kind=body_pb2.BodyKind.Value(f"BODY_KIND_{each.kind.name}"),
        ministry_id=each.ministry_id,
        parent_id=each.parent_id,
        territory_id=each.territory_id,
        wilaya_id=each.wilaya_id,
        wilaya_label=each.wilaya_label,
        service_code=each.service_code,
        name=localized_text_pb2.LocalizedText(ar=each.name_ar, fr=each.name_fr),
        keeps_register=each.keeps_register,
        valid_from=day(each.period.first),
        valid_to=day(each.period.end),
        successor_ids=each.successor_ids,
        revision=revision,
    )


def topic(each: Topic, revision: int) -> topic_pb2.Topic:
    """Write a topic."""
    return topic_pb2.Topic(
        topic_code=each.topic_code,
        name=localized_text_pb2.LocalizedText(ar=each.name_ar, fr=each.name_fr),
        default_ministry_ids=each.ministry_ids,
        revision=revision,
    )


def officer(each: Officer) -> officer_pb2.Officer:
    """Write an officer."""
    return officer_pb2.Officer(
        officer_id=each.officer_id,
        username=each.username,
        display_name=each.display_name,
        appointments=[
            officer_pb2.Appointment(role=access_pb2.Role.Value(f"ROLE_{one.role.name}"), scope=one.scope)
            for one in each.appointments
        ],
        active=each.active,
    )


def actor_token(token: str, session: Session) -> officer_pb2.ActorToken:
    """Write a token with its end."""
    written = officer_pb2.ActorToken(token=token)
    written.expire_time.FromDatetime(session.ends_at)
    return written


def refused_row(refused: Refused, language: str) -> directory_service_pb2.RefusedRow:
    """Write why a row was not taken."""
    return directory_service_pb2.RefusedRow(
        key=refused.key, field=refused.refusal.where, message=refused.refusal.message(language)
    )


def day(value: date | None) -> str:
    """Write a day as yyyy-mm-dd; empty for none."""
    return value.isoformat() if value else ""


def administrations(rows: Iterable[directory_service_pb2.AdministrationRow]) -> list[Administration]:
    """Read the rows of an operator's list."""
    return [
        Administration(
            key=row.key,
            name_ar=row.name_ar,
            name_fr=row.name_fr,
            wilaya_label=row.wilaya_label,
            commune_code=row.commune_code,
            ministry_id=row.ministry_id,
            service_code=row.service_code,
        )
        for row in rows
    ]
