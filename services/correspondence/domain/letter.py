"""A letter and its life, from the draft to the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from services.chassis.refusals import Conflict, EtagStale, Invalid

ALGERIA = timezone(timedelta(hours=1), "CET")  # no summer time since 1981
SUBJECT_MOST = 300
BODY_MOST = 20_000
NOTE_MOST = 2_000
LANGUAGES = ("ar", "fr")


class Kind(StrEnum):
    """What a letter is for."""

    REFERRAL = "REFERRAL"
    TRANSMISSION = "TRANSMISSION"
    INFORMATION_REQUEST = "INFORMATION_REQUEST"
    REMINDER_1 = "REMINDER_1"
    REMINDER_2 = "REMINDER_2"
    FORMAL_NOTICE = "FORMAL_NOTICE"
    INTERIM_REPLY = "INTERIM_REPLY"
    FINAL_REPLY = "FINAL_REPLY"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"


class State(StrEnum):
    """Where a letter stands."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    DISPATCHED = "DISPATCHED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ANSWERED = "ANSWERED"
    DISCARDED = "DISCARDED"


class Grade(StrEnum):
    """How a reply is judged."""

    FAVOURABLE = "FAVOURABLE"
    UNFAVOURABLE = "UNFAVOURABLE"
    SUPERFICIAL = "SUPERFICIAL"


MAY_BECOME: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SIGNED, State.DISCARDED}),
    State.SIGNED: frozenset({State.DISPATCHED}),
    State.DISPATCHED: frozenset({State.ACKNOWLEDGED, State.ANSWERED}),
    State.ACKNOWLEDGED: frozenset({State.ANSWERED}),
    State.ANSWERED: frozenset({State.ACKNOWLEDGED}),  # a superficial answer goes back
    State.DISCARDED: frozenset(),
}
REPLIES = frozenset({Kind.INTERIM_REPLY, Kind.FINAL_REPLY})
LADDER = (Kind.REMINDER_1, Kind.REMINDER_2, Kind.FORMAL_NOTICE)
ANSWERABLE = frozenset({Kind.REFERRAL, Kind.TRANSMISSION, Kind.INFORMATION_REQUEST, *LADDER})
SENT = frozenset({State.DISPATCHED, State.ACKNOWLEDGED, State.ANSWERED})
AWAITING = frozenset({State.DISPATCHED, State.ACKNOWLEDGED})


class LetterStateForbids(Conflict):
    """The letter is {state}; it cannot become {wanted}."""

    ar = "حالة المراسلة {state}؛ لا يمكن أن تصير {wanted}."
    fr = "La lettre est à l'état {state} ; elle ne peut passer à l'état {wanted}."


class LetterNoDraft(Conflict):
    """The letter is {state}; only the words of a draft can change."""

    ar = "حالة المراسلة {state}؛ لا يتغير إلا نص المسودة."
    fr = "La lettre est à l'état {state} ; seul le texte d'un projet peut changer."


class LetterUnprintable(Invalid):
    """The field {field} holds signs that cannot be printed in a letter: {signs}; remove them."""

    ar = "في الحقل {field} رموز لا تُطبع في مراسلة: {signs}؛ احذفها."
    fr = "Le champ {field} contient des signes qui ne s'impriment pas dans une lettre : {signs} ; retirez-les."


class LetterNotSigned(Conflict):
    """A draft has no PDF; sign the letter first."""

    ar = "لا توجد نسخة PDF من المسودة؛ وقّع المراسلة أولا."
    fr = "Un projet n'a pas de PDF ; signez d'abord la lettre."


class LetterNotAnswerable(Conflict):
    """A letter of the kind {kind} asks for no reply; write a letter of your own."""

    ar = "لا تستدعي المراسلة من نوع {kind} ردا؛ حرّر مراسلة مستقلة."
    fr = "Une lettre de nature {kind} n'appelle pas de réponse ; rédigez une lettre distincte."


class ReplyNotByDraft(Invalid):
    """A letter of the kind {kind} is not drafted by hand; answer the letter in question with ReplyToLetter."""

    ar = "لا تُحرّر المراسلة من نوع {kind} يدويا؛ أجب عن المراسلة المعنية مباشرة."
    fr = "Une lettre de nature {kind} ne se rédige pas à la main ; répondez à la lettre concernée."
    field = "kind"


class LetterNotReply(Conflict):
    """Only a final reply is judged; this letter is of the kind {kind}."""

    ar = "لا يُقيَّم إلا الرد النهائي؛ هذه مراسلة من نوع {kind}."
    fr = "Seule une réponse définitive est appréciée ; cette lettre est de nature {kind}."


class ReplyAlreadyAssessed(Conflict):
    """This reply was already judged {grade}; a judgement is given once."""

    ar = "سبق تقييم هذا الرد ({grade})؛ يُعطى التقييم مرة واحدة."
    fr = "Cette réponse est déjà appréciée ({grade}) ; l'appréciation n'est donnée qu'une fois."


class AssessmentNoteMissing(Invalid):
    """A superficial reply goes back to the authority; say in the note what is missing from it."""

    ar = "يُعاد الرد السطحي إلى الجهة المعنية؛ بيّن في الملاحظة ما ينقصه."
    fr = "Une réponse superficielle est renvoyée à l'autorité ; indiquez dans la note ce qui y manque."
    field = "note"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One official letter; `version` counts its changes, `told` the events about it."""

    letter_id: str
    kind: Kind
    sender_id: str
    recipient_id: str
    language: str
    subject: str
    body: str
    drafted_at: datetime
    copy_ids: tuple[str, ...] = ()
    state: State = State.DRAFT
    version: int = 1
    told: int = 0
    number: str = ""
    complaint_id: str = ""
    complaint_number: str = ""
    referral_id: str = ""
    decision_id: str = ""
    refers_to: str = ""
    deadline_days: int = 0
    due_on: date | None = None
    signed_by: str = ""
    signatory_name: str = ""
    signed_at: datetime | None = None
    dispatched_at: datetime | None = None
    acknowledged_at: datetime | None = None
    grade: Grade | None = None
    note: str = ""
    pdf_sha256: str = ""
    sample: bool = False

    @property
    def etag(self) -> str:
        """Name the version that was read."""
        return str(self.version)

    @property
    def signed_on(self) -> date | None:
        """The date of the letter."""
        return day(self.signed_at) if self.signed_at else None


def day(moment: datetime) -> date:
    """Return the day that people in Algeria write."""
    return moment.astimezone(ALGERIA).date()


def become(letter: Letter, state: State) -> Letter:
    """Move a letter along its life."""
    if state not in MAY_BECOME[letter.state]:
        raise LetterStateForbids(state=letter.state, wanted=state)
    return replace(letter, state=state, version=letter.version + 1)


def unchanged(letter: Letter, etag: str) -> None:
    """Refuse when the letter is not the one that was read."""
    if etag != letter.etag:
        raise EtagStale


def by_hand(kind: Kind) -> None:
    """Refuse kinds that only come about by answering."""
    if kind in REPLIES:
        raise ReplyNotByDraft(kind=kind)


def revise(letter: Letter, *, language: str, subject: str, body: str) -> Letter:
    """Change the words of a draft."""
    if letter.state is not State.DRAFT:
        raise LetterNoDraft(state=letter.state)
    return replace(letter, language=language, subject=subject.strip(), body=body.strip(), version=letter.version + 1)


def sign(letter: Letter, *, number: str, signed_by: str, signatory_name: str, at: datetime) -> Letter:
    """Sign a draft under its number."""
    signed = become(letter, State.SIGNED)
    return replace(signed, number=number, signed_by=signed_by, signatory_name=signatory_name, signed_at=at)


def dispatch(letter: Letter, *, at: datetime) -> Letter:
    """Send a signed letter."""
    return replace(become(letter, State.DISPATCHED), dispatched_at=at)


def acknowledge(letter: Letter, *, at: datetime) -> Letter:
    """Confirm that a letter was received."""
    return replace(become(letter, State.ACKNOWLEDGED), acknowledged_at=at)


def answerable(letter: Letter) -> None:
    """Refuse to answer what asks for no answer or is no longer open."""
    if letter.kind not in ANSWERABLE:
        raise LetterNotAnswerable(kind=letter.kind)
    if letter.state not in AWAITING:
        raise LetterStateForbids(state=letter.state, wanted=State.ANSWERED)


def reply(
    letter: Letter, *, letter_id: str, interim: bool, language: str, subject: str, body: str, at: datetime
) -> Letter:
    """Draft the reply to a letter: back to its sender, with the same copies but the one who answers."""
    answerable(letter)
    return Letter(
        letter_id=letter_id,
        kind=Kind.INTERIM_REPLY if interim else Kind.FINAL_REPLY,
        sender_id=letter.recipient_id,
        recipient_id=letter.sender_id,
        copy_ids=tuple(body_id for body_id in letter.copy_ids if body_id != letter.recipient_id),
        language=language or letter.language,
        subject=subject,
        body=body.strip(),
        drafted_at=at,
        complaint_id=letter.complaint_id,
        complaint_number=letter.complaint_number,
        referral_id=letter.referral_id,
        refers_to=letter.letter_id,
        sample=letter.sample,
    )


def settle(reply: Letter, same_matter: Sequence[Letter]) -> list[Letter]:
    """Say what a final reply does to the letters of its matter: sent ones are answered, reminders not yet sent fall."""
    if reply.kind is not Kind.FINAL_REPLY:
        return []
    settled = []
    for letter in same_matter:
        if letter.kind in ANSWERABLE and letter.recipient_id == reply.sender_id:
            if letter.state in AWAITING:
                settled.append(become(letter, State.ANSWERED))
            elif letter.state is State.DRAFT:
                settled.append(become(letter, State.DISCARDED))
    return settled


def returned(reply: Letter, same_matter: Sequence[Letter]) -> list[Letter]:
    """Say which answered letters are open again after a superficial reply: the answered one and the referral's own."""
    if reply.grade is not Grade.SUPERFICIAL:
        return []
    return [
        become(letter, State.ACKNOWLEDGED)
        for letter in same_matter
        if letter.state is State.ANSWERED
        and letter.recipient_id == reply.sender_id
        and (letter.kind is Kind.REFERRAL or letter.letter_id == reply.refers_to)
    ]


def assess(reply: Letter, *, grade: Grade, note: str, at: datetime) -> Letter:
    """Judge a reply; that also confirms its receipt."""
    if reply.kind is not Kind.FINAL_REPLY:
        raise LetterNotReply(kind=reply.kind)
    if reply.grade is not None:
        raise ReplyAlreadyAssessed(grade=reply.grade)
    if grade is Grade.SUPERFICIAL and not note.strip():
        raise AssessmentNoteMissing
    received = (
        acknowledge(reply, at=at)
        if reply.state is not State.ACKNOWLEDGED
        else replace(reply, version=reply.version + 1)
    )
    return replace(received, grade=grade, note=note.strip())
