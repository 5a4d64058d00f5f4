"""Puts what the directory knows into protobuf and takes requests out of it."""

from collections.abc import Iterable, Sequence
from datetime import date

from diwan.common.v1 import access_pb2, event_pb2, localized_text_pb2
from diwan.directory.v1 import body_pb2, directory_service_pb2, events_pb2, officer_pb2, territory_pb2, topic_pb2
from diwan_rules.text import normalise

from services.chassis.call import Call
from services.chassis.checks import require_date, require_enum, require_text, require_uuid
from services.chassis.outbox import envelope
from services.directory.domain.administration import Administration, Refused
from services.directory.domain.appointment import Appointment, Role
from services.directory.domain.body import Body
from services.directory.domain.officer import Officer, Session
from services.directory.domain.territory import Territory
from services.directory.domain.topic import Topic
from services.directory.store.body import BodyFilter
from services.directory.store.officer import OfficerFilter
from services.directory.store.territory import TerritoryFilter

LONGEST_ID = 200
LONGEST_QUERY = 200
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


def appointments(written: Sequence[officer_pb2.Appointment]) -> tuple[Appointment, ...]:
    """Read appointments; a role that is not known is refused."""
    return tuple(
        Appointment(role=role(each.role, field="appointments.role"), scope=each.scope.strip()) for each in written
    )


def role(value: "access_pb2.Role.ValueType", *, field: str) -> Role:
    """Read a role."""
    require_enum(field, access_pb2.Role, value)
    return Role[access_pb2.Role.Name(value).removeprefix("ROLE_")]


def territory_filter(request: directory_service_pb2.ListTerritoriesRequest, *, today: date) -> TerritoryFilter:
    """Read which territories are asked for."""
    kind = ""
    if request.kind:
        require_enum("kind", territory_pb2.TerritoryKind, request.kind)
        kind = territory_pb2.TerritoryKind.Name(request.kind).removeprefix("TERRITORY_KIND_").lower()
    return TerritoryFilter(
        on=require_date("on", request.on) if request.on else today,
        kind=kind,
        parent_id=require_text("parent_id", request.parent_id, limit=LONGEST_ID, empty=True),
        words=_words(request.query),
    )


def body_filter(request: directory_service_pb2.ListBodiesRequest, *, today: date) -> BodyFilter:
    """Read which bodies are asked for."""
    for each in request.kinds:
        require_enum("kinds", body_pb2.BodyKind, each)
    for each_id in request.body_ids:
        require_text("body_ids", each_id, limit=LONGEST_ID)
    return BodyFilter(
        on=require_date("on", request.on) if request.on else today,
        kinds=[body_pb2.BodyKind.Name(each).removeprefix("BODY_KIND_").lower() for each in request.kinds],
        ministry_id=require_text("ministry_id", request.ministry_id, limit=LONGEST_ID, empty=True),
        wilaya_id=require_text("wilaya_id", request.wilaya_id, limit=LONGEST_ID, empty=True),
        territory_id=require_text("territory_id", request.territory_id, limit=LONGEST_ID, empty=True),
        words=_words(request.query),
        body_ids=request.body_ids,
    )


def officer_filter(request: directory_service_pb2.ListOfficersRequest, *, within: Sequence[str]) -> OfficerFilter:
    """Read which officers are asked for, of those within the asker's scopes."""
    return OfficerFilter(
        role=role(request.role, field="role") if request.role else "",
        scope=require_text("scope", request.scope, limit=LONGEST_ID, empty=True),
        officer_ids=[require_uuid("officer_ids", each) for each in request.officer_ids],
        within=within,
    )


def _words(query: str) -> list[str]:
    return normalise(require_text("query", query, limit=LONGEST_QUERY, empty=True)).split()
