"""Events and messages of intake, to and from protobuf."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from diwan.common.v1 import event_pb2
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import body_pb2, territory_pb2
from diwan.intake.v1 import complaint_pb2, events_pb2, intake_service_pb2, register_pb2
from diwan.routing.v1 import referral_pb2
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis import outbox, requests
from services.chassis.call import Call
from services.chassis.checks import require_enum, require_uuid
from services.chassis.refusals import EnumUnknown, Refusal
from services.intake.domain import secret as secrets
from services.intake.domain.complaint import ClosureReason, Complaint, ReplyGrade, State, may_withdraw
from services.intake.domain.file import File
from services.intake.domain.filing import (
    NOBODY,
    Asked,
    Channel,
    Complainant,
    ComplaintKind,
    Filing,
    Identity,
    PaperPlace,
)
from services.intake.domain.places import Body, BodyKind, Territory
from services.intake.domain.receipt import Receipt
from services.intake.domain.referral import ReferralState
from services.intake.domain.register import Register, RegisterKind, RegisterState

Word = TypeVar("Word", bound=StrEnum)


class Vocabulary(Generic[Word]):
    """The same list of words in the contract and in the domain."""

    def __init__(self, enum: Any, words: type[Word]) -> None:
        self._enum = enum
        prefix = enum.DESCRIPTOR.values[0].name.removesuffix("UNSPECIFIED")
        names = {prefix + word.name: word for word in words}
        self._words = {number: names[name] for name, number in enum.items() if name in names}
        self._numbers: dict[Word, Any] = {word: number for number, word in self._words.items()}

    def read(self, field: str, number: int) -> Word:
        """Return the domain's word, or refuse an absent or unknown one."""
        if (word := self._words.get(number)) is None:
            require_enum(field, self._enum, number)
            raise EnumUnknown(field=field, value=number)
        return word

    def write(self, word: Word | None) -> Any:
        """Return the contract's number; that of none is unspecified."""
        return self._numbers[word] if word else 0

    def read_all(self, field: str, numbers: Iterable[int]) -> list[Word]:
        """Return the domain's words."""
        return [self.read(field, number) for number in numbers]


CHANNELS = Vocabulary(complaint_pb2.Channel, Channel)
KINDS = Vocabulary(complaint_pb2.ComplaintKind, ComplaintKind)
IDENTITIES = Vocabulary(complaint_pb2.Identity, Identity)
STATES = Vocabulary(complaint_pb2.ComplaintState, State)
CLOSURES = Vocabulary(complaint_pb2.ClosureReason, ClosureReason)
GRADES = Vocabulary(complaint_pb2.ReplyGrade, ReplyGrade)
REFERRALS = Vocabulary(referral_pb2.ReferralState, ReferralState)
LETTER_GRADES = Vocabulary(letter_pb2.ReplyGrade, ReplyGrade)
REGISTER_STATES = Vocabulary(register_pb2.RegisterState, RegisterState)
REGISTER_KINDS = Vocabulary(register_pb2.RegisterKind, RegisterKind)
BODY_KINDS = {body_pb2.BODY_KIND_DELEGATION: BodyKind.DELEGATION, body_pb2.BODY_KIND_MINISTRY: BodyKind.MINISTRY}


def view(number: int) -> int:
    """Read how much of a complaint to give."""
    return (
        require_enum("view", intake_service_pb2.ComplaintView, number)
        if number
        else intake_service_pb2.COMPLAINT_VIEW_BASIC
    )


def asked(call: Call, request: intake_service_pb2.RegisterComplaintRequest) -> Asked:
    """Read a request to register a complaint."""
    return Asked(
        request_id=require_uuid("request_id", request.request_id),
        digest=requests.digest(call, request),
        filing=filing(request.filing),
    )


def filing(message: intake_service_pb2.Filing) -> Filing:
    """Read a filing."""
    return Filing(
        channel=CHANNELS.read("filing.channel", message.channel),
        kind=KINDS.read("filing.kind", message.kind),
        text=message.text,
        language=message.language,
        addressed_body_id=message.addressed_body_id,
        commune_id=message.commune_id,
        topic_code=message.topic_code,
        identity=IDENTITIES.read("filing.identity", message.identity),
        complainant=_complainant(message.complainant) if message.HasField("complainant") else NOBODY,
        consent=message.consent_to_disclose,
        paper=_paper(message.paper) if message.HasField("paper") else None,
        sample=message.sample,
    )


def _complainant(message: complaint_pb2.Complainant) -> Complainant:
    return Complainant(
        name=message.name,
        national_id=message.national_id,
        phone=message.phone,
        email=message.email,
        address=message.address,
    )


def complainant(who: Complainant) -> complaint_pb2.Complainant:
    """Write who complains."""
    return complaint_pb2.Complainant(
        name=who.name, national_id=who.national_id, phone=who.phone, email=who.email, address=who.address
    )


def _paper(message: complaint_pb2.PaperPlace) -> PaperPlace:
    return PaperPlace(page=message.page, line=message.line, written_on=message.written_on)


def receipt(given: Receipt) -> intake_service_pb2.Receipt:
    """Write a receipt, its secret dotted."""
    return intake_service_pb2.Receipt(
        complaint_id=given.complaint_id,
        number=given.number,
        secret=secrets.shown(given.secret),
        register_time=timestamp(given.registered_at),
        keeping_body_id=given.keeping_body_id,
        leaf_hash=given.leaf_hash.hex(),
        received_on=given.received_on.isoformat(),
    )


def outcome(given: Receipt | Refusal, language: str) -> intake_service_pb2.RegisterOutcome:
    """Write what became of one filing of a batch."""
    if isinstance(given, Receipt):
        return intake_service_pb2.RegisterOutcome(receipt=receipt(given))
    refusal = intake_service_pb2.FilingRefusal(reason=given.reason, field=given.where, message=given.message(language))
    return intake_service_pb2.RegisterOutcome(refusal=refusal)


def register(book: Register) -> register_pb2.Register:
    """Write a register."""
    return register_pb2.Register(
        register_id=book.register_id,
        body_id=book.body_id,
        kind=REGISTER_KINDS.write(book.kind),
        year=book.year,
        state=REGISTER_STATES.write(book.state),
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
        kind=KINDS.write(it.kind),
        channel=CHANNELS.write(it.channel),
        state=STATES.write(it.state),
        identity=IDENTITIES.write(it.identity),
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
        closure_reason=CLOSURES.write(it.closure_reason),
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
        state=STATES.write(it.complaint.state),
        holder_body_id=it.complaint.holder_body_id,
        due_on=_day(it.complaint.due_on),
        register_time=timestamp(it.complaint.registered_at),
        replies=_replies(it),
        question=it.open_question,
        closure_reason=CLOSURES.write(it.complaint.closure_reason),
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
            grade=GRADES.write(each.grade),
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
            state=STATES.write(each.state),
            actor=each.actor,
            body_id=each.body_id,
            note=each.note,
        )
        for each in it.acts
    ]


def timestamp(at: datetime) -> Timestamp:
    """Write a moment."""
    seconds = int(at.timestamp())
    return Timestamp(seconds=seconds, nanos=at.microsecond * 1000)


def _maybe(at: datetime | None) -> Timestamp | None:
    return timestamp(at) if at else None


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def register_opened(call: Call, book: Register) -> event_pb2.Event:
    """Tell that a register was opened."""
    payload = events_pb2.RegisterOpened(
        register_id=book.register_id, body_id=book.body_id, kind=REGISTER_KINDS.write(book.kind)
    )
    return outbox.envelope(call, payload=payload, aggregate_id=book.register_id, aggregate_version=book.version)


def registered(call: Call, it: Complaint, keeper: Body) -> event_pb2.Event:
    """Tell that a complaint was entered."""
    petitions = keeper.kind is BodyKind.DELEGATION
    payload = events_pb2.ComplaintRegistered(
        complaint_id=it.complaint_id,
        number=it.number,
        keeping_body_id=it.keeping_body_id,
        kind=KINDS.write(it.kind),
        channel=CHANNELS.write(it.channel),
        identity=IDENTITIES.write(it.identity),
        addressed_body_id=it.addressed_body_id,
        commune_id=it.commune_id,
        wilaya_id=it.wilaya_id,
        topic_code=it.topic_code,
        received_on=it.received_on.isoformat(),
        sample=it.sample,
        register_kind=REGISTER_KINDS.write(RegisterKind.PETITIONS if petitions else RegisterKind.COMPLAINTS),
    )
    return outbox.envelope(call, payload=payload, aggregate_id=it.complaint_id, aggregate_version=it.version)


def state_changed(call: Call, before: Complaint, after: Complaint) -> event_pb2.Event:
    """Tell that a complaint went one step on."""
    payload = events_pb2.ComplaintStateChanged(
        complaint_id=after.complaint_id,
        number=after.number,
        from_state=STATES.write(before.state),
        to_state=STATES.write(after.state),
        closure_reason=CLOSURES.write(after.closure_reason),
        keeping_body_id=after.keeping_body_id,
        wilaya_id=after.wilaya_id,
    )
    return outbox.envelope(call, payload=payload, aggregate_id=after.complaint_id, aggregate_version=after.version)


def entry_replied(call: Call, after: Complaint, body_id: str, grade: ReplyGrade) -> event_pb2.Event:
    """Tell that the keeping body answered itself; same version as the change of state."""
    payload = events_pb2.EntryReplied(
        complaint_id=after.complaint_id, number=after.number, body_id=body_id, grade=GRADES.write(grade)
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
