"""Events that intake tells, and what it reads in the directory's."""

from collections.abc import Iterable, Sequence
from datetime import date

from diwan.common.v1 import event_pb2
from diwan.directory.v1 import body_pb2, territory_pb2
from diwan.intake.v1 import events_pb2

from services.chassis import outbox
from services.chassis.call import Call
from services.intake.domain.complaint import Complaint, ReplyGrade
from services.intake.domain.places import Body, BodyKind, Territory
from services.intake.domain.register import Register, RegisterKind
from services.intake.wire import vocabulary

BODY_KINDS = {body_pb2.BODY_KIND_DELEGATION: BodyKind.DELEGATION, body_pb2.BODY_KIND_MINISTRY: BodyKind.MINISTRY}


def register_opened(call: Call, book: Register) -> event_pb2.Event:
    """Tell that a register was opened."""
    payload = events_pb2.RegisterOpened(
        register_id=book.register_id, body_id=book.body_id, kind=vocabulary.REGISTER_KINDS.write(book.kind)
    )
    return outbox.envelope(call, payload=payload, aggregate_id=book.register_id, aggregate_version=book.version)


def registered(call: Call, it: Complaint, keeper: Body) -> event_pb2.Event:
    """Tell that a complaint was entered."""
    petitions = keeper.kind is BodyKind.DELEGATION
    payload = events_pb2.ComplaintRegistered(
        complaint_id=it.complaint_id,
        number=it.number,
        keeping_body_id=it.keeping_body_id,
        kind=vocabulary.KINDS.write(it.kind),
        channel=vocabulary.CHANNELS.write(it.channel),
        identity=vocabulary.IDENTITIES.write(it.identity),
        addressed_body_id=it.addressed_body_id,
        commune_id=it.commune_id,
        wilaya_id=it.wilaya_id,
        topic_code=it.topic_code,
        received_on=it.received_on.isoformat(),
        sample=it.sample,
        register_kind=vocabulary.REGISTER_KINDS.write(RegisterKind.PETITIONS if petitions else RegisterKind.COMPLAINTS),
    )
    return outbox.envelope(call, payload=payload, aggregate_id=it.complaint_id, aggregate_version=it.version)


def state_changed(call: Call, before: Complaint, after: Complaint) -> event_pb2.Event:
    """Tell that a complaint went one step on."""
    payload = events_pb2.ComplaintStateChanged(
        complaint_id=after.complaint_id,
        number=after.number,
        from_state=vocabulary.STATES.write(before.state),
        to_state=vocabulary.STATES.write(after.state),
        closure_reason=vocabulary.CLOSURES.write(after.closure_reason),
        keeping_body_id=after.keeping_body_id,
        wilaya_id=after.wilaya_id,
    )
    return outbox.envelope(call, payload=payload, aggregate_id=after.complaint_id, aggregate_version=after.version)


def entry_replied(call: Call, after: Complaint, body_id: str, grade: ReplyGrade) -> event_pb2.Event:
    """Tell that the keeping body answered itself; same version as the change of state."""
    payload = events_pb2.EntryReplied(
        complaint_id=after.complaint_id, number=after.number, body_id=body_id, grade=vocabulary.GRADES.write(grade)
    )
    return outbox.envelope(call, payload=payload, aggregate_id=after.complaint_id, aggregate_version=after.version)


def bodies(messages: Iterable[body_pb2.Body]) -> Sequence[Body]:
    """Read bodies as the directory tells them."""
    return [
        Body(
            body_id=each.body_id,
            kind=BODY_KINDS.get(each.kind, BodyKind.OTHER),
            ministry_id=each.ministry_id,
            wilaya_id=each.wilaya_id,
            wilaya_label=each.wilaya_label or "00",
            keeps_register=each.keeps_register,
            valid_to=date.fromisoformat(each.valid_to) if each.valid_to else None,
            successor_ids=tuple(each.successor_ids),
            revision=each.revision,
        )
        for each in messages
    ]


def territories(messages: Iterable[territory_pb2.Territory]) -> Sequence[Territory]:
    """Read territories as the directory tells them."""
    return [
        Territory(
            territory_id=each.territory_id,
            is_commune=each.kind == territory_pb2.TERRITORY_KIND_COMMUNE,
            wilaya_id=each.wilaya_id,
            revision=each.revision,
        )
        for each in messages
    ]
