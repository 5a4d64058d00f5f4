"""Letters and what happened to them, as messages of the contract."""

from datetime import datetime
from typing import TypedDict

from diwan.common.v1 import event_pb2
from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.correspondence.v1 import correspondence_service_pb2 as service_pb2
from diwan.correspondence.v1 import events_pb2, letter_pb2
from diwan.directory.v1 import body_pb2
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis import outbox
from services.chassis.call import Call
from services.chassis.checks import require_enum
from services.correspondence.domain.advice import Advice
from services.correspondence.domain.body import Body, Name
from services.correspondence.domain.desk import BOTH, INBOX, OUTBOX, Question
from services.correspondence.domain.letter import REPLIES, Grade, Kind, Letter, State, day

BOXES = {
    service_pb2.LETTER_BOX_UNSPECIFIED: BOTH,
    service_pb2.LETTER_BOX_INBOX: INBOX,
    service_pb2.LETTER_BOX_OUTBOX: OUTBOX,
}


def letter(known: Letter, advice: bytes = b"") -> letter_pb2.Letter:
    """Show a letter, and what the rules say of it."""
    return letter_pb2.Letter(
        letter_id=known.letter_id,
        kind=kind(known.kind),
        state=state(known.state),
        letter_number=known.number,
        sender_body_id=known.sender_id,
        recipient_body_id=known.recipient_id,
        copy_body_ids=known.copy_ids,
        complaint_id=known.complaint_id,
        complaint_number=known.complaint_number,
        referral_id=known.referral_id,
        decision_id=known.decision_id,
        in_reply_to=known.refers_to if known.kind in REPLIES else "",
        language=known.language,
        subject=known.subject,
        body=known.body,
        due_on=known.due_on.isoformat() if known.due_on else "",
        signed_by=known.signed_by,
        signatory_name=known.signatory_name,
        signed_on=known.signed_on.isoformat() if known.signed_on else "",
        create_time=_moment(known.drafted_at),
        dispatch_time=_moment(known.dispatched_at),
        acknowledge_time=_moment(known.acknowledged_at),
        grade=letter_pb2.ReplyGrade.Value(f"REPLY_GRADE_{known.grade or 'UNSPECIFIED'}"),
        pdf_sha256=known.pdf_sha256,
        etag=known.etag,
        sample=known.sample,
        note=known.note,
        advice=letter_pb2.LetterAdvice.FromString(advice) if advice else None,
    )


def advice(known: Advice) -> letter_pb2.LetterAdvice:
    """Write what the rules say of a letter."""
    return letter_pb2.LetterAdvice(
        template=known.template,
        signatory_title=text(known.signatory),
        grade=letter_pb2.ReplyGrade.Value(f"REPLY_GRADE_{known.grade or 'UNSPECIFIED'}"),
        because=text(known.because),
        missing=map(text, known.missing),
        notes=[
            letter_pb2.AdviceNote(ministry_id=each.ministry_id, hook=each.hook, because=text(each.because))
            for each in known.notes
        ],
    )


def text(known: Name) -> LocalizedText:
    """Write a name or a reason in both languages."""
    return LocalizedText(ar=known.ar, fr=known.fr)


def name(written: LocalizedText) -> Name:
    """Read a name or a reason in both languages."""
    return Name(ar=written.ar, fr=written.fr)


def counts(by_state: dict[State, int]) -> service_pb2.CountLettersResponse:
    """Show how many letters are in which state."""
    rows = [service_pb2.LetterCount(state=state(each), count=count) for each, count in sorted(by_state.items())]
    return service_pb2.CountLettersResponse(counts=rows)


def kind(known: Kind) -> "letter_pb2.LetterKind.ValueType":
    """Name a kind in the contract."""
    return letter_pb2.LetterKind.Value(f"LETTER_KIND_{known}")


def state(known: State) -> "letter_pb2.LetterState.ValueType":
    """Name a state in the contract."""
    return letter_pb2.LetterState.Value(f"LETTER_STATE_{known}")


def kind_of(field: str, value: "letter_pb2.LetterKind.ValueType") -> Kind:
    """Read a kind."""
    require_enum(field, letter_pb2.LetterKind, value)
    return Kind(letter_pb2.LetterKind.Name(value).removeprefix("LETTER_KIND_"))


def state_of(field: str, value: "letter_pb2.LetterState.ValueType") -> State:
    """Read a state."""
    require_enum(field, letter_pb2.LetterState, value)
    return State(letter_pb2.LetterState.Name(value).removeprefix("LETTER_STATE_"))


def grade_of(field: str, value: "letter_pb2.ReplyGrade.ValueType") -> Grade:
    """Read a grade."""
    require_enum(field, letter_pb2.ReplyGrade, value)
    return Grade(letter_pb2.ReplyGrade.Name(value).removeprefix("REPLY_GRADE_"))


def question(request: service_pb2.ListLettersRequest | service_pb2.CountLettersRequest) -> Question:
    """Read which letters are asked for."""
    if request.box:
        require_enum("box", service_pb2.LetterBox, request.box)
    box = BOXES[request.box]
    if isinstance(request, service_pb2.CountLettersRequest):
        return Question(body_id=request.body_id, box=box)
    return Question(
        body_id=request.body_id,
        box=box,
        complaint_id=request.complaint_id,
        states=[state_of("states", value) for value in request.states],
        kinds=[kind_of("kinds", value) for value in request.kinds],
    )


def body(known: body_pb2.Body) -> Body:
    """Read a body of the directory."""
    return Body(
        body_id=known.body_id,
        kind=body_pb2.BodyKind.Name(known.kind).removeprefix("BODY_KIND_"),
        name=Name(ar=known.name.ar, fr=known.name.fr),
        ministry_id=known.ministry_id,
        wilaya_id=known.wilaya_id,
        label=known.wilaya_label or "00",
    )


def drafted(call: Call, known: Letter) -> event_pb2.Event:
    """Tell that a letter was drafted."""
    return _event(call, known, events_pb2.LetterDrafted(**_about(known)))


def signed(call: Call, known: Letter) -> event_pb2.Event:
    """Tell that a letter was signed and numbered."""
    return _event(call, known, events_pb2.LetterSigned(**_about(known), letter_number=known.number))


def dispatched(call: Call, known: Letter) -> event_pb2.Event:
    """Tell that a letter was sent."""
    payload = events_pb2.LetterDispatched(
        **_about(known),
        dispatched_on=_day(known.dispatched_at),
        decision_id=known.decision_id,
        copy_body_ids=known.copy_ids,
    )
    return _event(call, known, payload)


def reply_received(call: Call, known: Letter) -> event_pb2.Event:
    """Tell that a reply reached the one who asked."""
    payload = events_pb2.ReplyReceived(
        **_about(known),
        in_reply_to=known.refers_to,
        replied_on=_day(known.dispatched_at),
        interim=known.kind is Kind.INTERIM_REPLY,
    )
    return _event(call, known, payload)


def reply_assessed(call: Call, known: Letter) -> event_pb2.Event:
    """Tell how a reply was judged."""
    grade = letter_pb2.ReplyGrade.Value(f"REPLY_GRADE_{known.grade}")
    return _event(call, known, events_pb2.ReplyAssessed(**_about(known), grade=grade, in_reply_to=known.refers_to))


class _About(TypedDict):
    letter_id: str
    kind: "letter_pb2.LetterKind.ValueType"
    complaint_id: str
    complaint_number: str
    referral_id: str
    sender_body_id: str
    recipient_body_id: str


def _about(known: Letter) -> _About:
    return {
        "letter_id": known.letter_id,
        "kind": kind(known.kind),
        "complaint_id": known.complaint_id,
        "complaint_number": known.complaint_number,
        "referral_id": known.referral_id,
        "sender_body_id": known.sender_id,
        "recipient_body_id": known.recipient_id,
    }


def _event(call: Call, known: Letter, payload: Message) -> event_pb2.Event:
    return outbox.envelope(call, payload=payload, aggregate_id=known.letter_id, aggregate_version=known.told)


def _day(at: datetime | None) -> str:
    return day(at).isoformat() if at else ""


def _moment(at: datetime | None) -> Timestamp | None:
    if at is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp
