"""Registers and complaints as their readers see them."""

from datetime import date, datetime

from diwan.intake.v1 import complaint_pb2, intake_service_pb2, register_pb2
from google.protobuf.timestamp_pb2 import Timestamp

from services.intake.domain.complaint import Complaint, may_withdraw
from services.intake.domain.file import File
from services.intake.domain.register import Register
from services.intake.wire import vocabulary
from services.intake.wire.vocabulary import timestamp


def register(book: Register) -> register_pb2.Register:
    """Write a register."""
    return register_pb2.Register(
        register_id=book.register_id,
        body_id=book.body_id,
        kind=vocabulary.REGISTER_KINDS.write(book.kind),
        year=book.year,
        state=vocabulary.REGISTER_STATES.write(book.state),
        entries=book.last_line,
        head_hash=book.head_hash.hex(),
        open_time=timestamp(book.opened_at),
        etag=str(book.version),
    )


def complaint(it: Complaint) -> complaint_pb2.Complaint:
    """Write a complaint's codes and dates."""
    message = complaint_pb2.Complaint(
        complaint_id=it.complaint_id,
        number=it.number,
        register_id=it.register_id,
        keeping_body_id=it.keeping_body_id,
        kind=vocabulary.KINDS.write(it.kind),
        channel=vocabulary.CHANNELS.write(it.channel),
        state=vocabulary.STATES.write(it.state),
        identity=vocabulary.IDENTITIES.write(it.identity),
        consent_to_disclose=it.consent,
        addressed_body_id=it.addressed_body_id,
        commune_id=it.commune_id,
        wilaya_id=it.wilaya_id,
        topic_code=it.topic_code,
        language=it.language,
        received_on=it.received_on.isoformat(),
        register_time=timestamp(it.registered_at),
        due_on=_day(it.due_on),
        holder_body_id=it.holder_body_id,
        closure_reason=vocabulary.CLOSURES.write(it.closure_reason),
        duplicate_of=it.duplicate_of,
        sample=it.sample,
        etag=str(it.version),
    )
    if it.paper_page and it.paper_line:
        message.paper.CopyFrom(
            complaint_pb2.PaperPlace(page=it.paper_page, line=it.paper_line, written_on=it.received_on.isoformat())
        )
    return message


def file(it: File) -> complaint_pb2.Complaint:
    """Write a complaint with its words, answers and acts, as far as the file holds them."""
    message = complaint(it.complaint)
    message.text = it.text
    message.text_commitment = it.text_commitment
    message.question = it.open_question
    message.closure_note = it.closure_note
    message.replies.extend(_replies(it))
    message.timeline.extend(_timeline(it))
    message.exchanges.extend(
        complaint_pb2.Exchange(
            question=each.question,
            ask_time=timestamp(each.asked_at),
            answer=each.answer,
            answer_time=_maybe(each.answered_at),
        )
        for each in it.questions
    )
    return message


def tracked(it: File) -> intake_service_pb2.TrackComplaintResponse:
    """Write what a complainant sees: acts without names and notes, but every answer and the reason of the closure."""
    message = intake_service_pb2.TrackComplaintResponse(
        number=it.complaint.number,
        state=vocabulary.STATES.write(it.complaint.state),
        holder_body_id=it.complaint.holder_body_id,
        due_on=_day(it.complaint.due_on),
        register_time=timestamp(it.complaint.registered_at),
        replies=_replies(it),
        question=it.open_question,
        closure_reason=vocabulary.CLOSURES.write(it.complaint.closure_reason),
        closure_note=it.closure_note,
        keeping_body_id=it.complaint.keeping_body_id,
        language=it.complaint.language,
        can_withdraw=may_withdraw(it.complaint),
    )
    for each in _timeline(it):
        message.timeline.add(time=each.time, state=each.state, body_id=each.body_id)
    return message


def _replies(it: File) -> list[complaint_pb2.Reply]:
    return [
        complaint_pb2.Reply(
            body_id=each.body_id,
            text=each.text,
            grade=vocabulary.GRADES.write(each.grade),
            reply_time=timestamp(each.replied_at),
            letter_id=each.letter_id,
            interim=each.interim,
        )
        for each in it.replies
    ]


def _timeline(it: File) -> list[complaint_pb2.TimelineEntry]:
    return [
        complaint_pb2.TimelineEntry(
            time=timestamp(each.acted_at),
            state=vocabulary.STATES.write(each.state),
            actor=each.actor,
            body_id=each.body_id,
            note=each.note,
        )
        for each in it.acts
    ]


def _maybe(at: datetime | None) -> Timestamp | None:
    return timestamp(at) if at else None


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
