"""Drafts letters, by hand or after what others decided, and discards drafts that have lost their ground."""

from dataclasses import dataclass, replace
from datetime import date

from services.chassis.call import Call
from services.chassis.refusals import FieldInvalid, TooEarly
from services.correspondence import wire
from services.correspondence.domain import letter as rules
from services.correspondence.domain import wording
from services.correspondence.domain.advice import Advice, with_paragraph
from services.correspondence.domain.body import Body, copies
from services.correspondence.domain.desk import MEDIATOR, Desk, LetterPartyUnknown
from services.correspondence.domain.letter import LADDER, Kind, Letter, State
from services.correspondence.domain.matter import Entry, Ground
from services.correspondence.store.memory import Store
from services.correspondence.store.reference import TERRITORY, TOPIC


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision of routing; sender and recipient are empty when no referral follows."""

    complaint_id: str
    version: int
    decision_id: str
    referral_id: str = ""
    sender_id: str = ""
    recipient_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A step of the ladder that a referral reached."""

    complaint_id: str
    referral_id: str
    step: int
    due_on: date


async def draft(call: Call, store: Store, desk: Desk, *, letter: Letter) -> Letter:
    """Draft a letter by hand."""
    rules.by_hand(letter.kind)
    desk.must_write_for(letter.sender_id)
    await _bodies(store, letter.sender_id, letter.recipient_id)
    await _bodies(store, *letter.copy_ids, field="copy_body_ids")
    if letter.referral_id:
        await _take_part(store, letter)
    return await _add(call, store, letter)


async def _take_part(store: Store, letter: Letter) -> None:
    """Refuse a letter about a referral between others: its reply would count as theirs."""
    known = await store.letters.of_referral(letter.referral_id, Kind.REFERRAL)
    of_matter = [each for each in known if each.complaint_id == letter.complaint_id]
    if not any(letter.sender_id in (each.sender_id, each.recipient_id) for each in of_matter):
        raise FieldInvalid(field="referral_id")


async def refer(
    call: Call, store: Store, *, decided: Decided, entry: Entry | None, ground: Ground | None, advice: Advice
) -> None:
    """Follow a decision: older drafts fall, and a referral is drafted where one follows."""
    if not await store.matters.decided(decided.complaint_id, version=decided.version, decision_id=decided.decision_id):
        return
    await discard_all(store, decided.complaint_id)
    if entry is None or ground is None or entry.ended:
        return
    if await store.matters.ended(decided.complaint_id):
        raise TooEarly  # closed just now or opened again just now; the next delivery knows
    sender, recipient = await _bodies(store, decided.sender_id, decided.recipient_id)
    language = await store.letters.language_between(sender.body_id, recipient.body_id) or "ar"
    words = wording.referral(await _matter(store, entry, ground), language)
    body, advice = with_paragraph(words.body, advice, language)
    letter = Letter(
        letter_id=call.new_id(),
        kind=Kind.REFERRAL,
        sender_id=sender.body_id,
        recipient_id=recipient.body_id,
        copy_ids=copies(recipient),
        language=language,
        subject=words.subject,
        body=body,
        drafted_at=call.now,
        complaint_id=decided.complaint_id,
        complaint_number=entry.number,
        referral_id=decided.referral_id,
        decision_id=decided.decision_id,
        deadline_days=ground.working_days,
        sample=entry.sample,
    )
    await _add(call, store, letter)
    await advise(store, letter.letter_id, advice)


async def advise(store: Store, letter_id: str, advice: Advice) -> None:
    """Keep what the rules say of a letter beside it."""
    if advice.says_something:
        await store.letters.keep_advice(letter_id, wire.advice(advice).SerializeToString())


async def remind(call: Call, store: Store, *, overdue: Overdue) -> None:
    """Draft the letter of a step of the ladder, unless the matter is answered, ended, or reminded of already."""
    kind = LADDER[overdue.step - 1]
    known = await store.letters.of_referral(overdue.referral_id, Kind.REFERRAL)
    referral = next((letter for letter in known if letter.signed_on), None)
    if referral is None or referral.signed_on is None:
        raise TooEarly
    drafted = {letter.due_on for letter in await store.letters.of_referral(overdue.referral_id, kind)}
    if referral.state is State.ANSWERED or overdue.due_on in drafted or await store.matters.ended(overdue.complaint_id):
        return
    earlier = wording.Earlier(
        number=referral.number,
        signed_on=referral.signed_on,
        complaint_number=referral.complaint_number,
        due_on=overdue.due_on,
    )
    words = wording.reminder(kind, earlier, referral.language)
    above = (MEDIATOR,) if kind is Kind.FORMAL_NOTICE and referral.sender_id != MEDIATOR else ()
    letter = Letter(
        letter_id=call.new_id(),
        kind=kind,
        sender_id=referral.sender_id,
        recipient_id=referral.recipient_id,
        copy_ids=(*referral.copy_ids, *above),
        language=referral.language,
        subject=words.subject,
        body=words.body,
        drafted_at=call.now,
        complaint_id=referral.complaint_id,
        complaint_number=referral.complaint_number,
        referral_id=referral.referral_id,
        refers_to=referral.letter_id,
        due_on=overdue.due_on,
        sample=referral.sample,
    )
    await _add(call, store, letter)


async def end(store: Store, *, complaint_id: str, version: int, ended: bool) -> None:
    """Note that a complaint ended or opened again; drafts of its referrals fall at its end."""
    if await store.matters.moved(complaint_id, version=version, ended=ended) and ended:
        await discard_all(store, complaint_id)


async def discard_all(store: Store, complaint_id: str) -> None:
    """Discard the unsigned drafts that belong to a complaint's referrals."""
    for letter in await store.letters.hold_drafts(complaint_id):
        if letter.referral_id:
            await store.letters.save(rules.become(letter, State.DISCARDED))


async def _add(call: Call, store: Store, letter: Letter) -> Letter:
    told = replace(letter, told=letter.told + 1)
    await store.letters.add(told)
    await store.tell(wire.drafted(call, told))
    return told


async def _bodies(store: Store, *body_ids: str, field: str = "recipient_body_id") -> list[Body]:
    """Give the bodies, or refuse one that is not known."""
    known = await store.reference.bodies(body_ids)
    for body_id in body_ids:
        if body_id not in known:
            raise LetterPartyUnknown(body_id=body_id, field=field)
    return [known[body_id] for body_id in body_ids]


async def _matter(store: Store, entry: Entry, ground: Ground) -> wording.Matter:
    return wording.Matter(
        number=entry.number,
        kind=entry.kind,
        received_on=entry.received_on,
        topic=await store.reference.name(TOPIC, entry.topic_code),
        commune=await store.reference.name(TERRITORY, entry.commune_id),
        wilaya=await store.reference.name(TERRITORY, entry.wilaya_id),
        because=ground.because,
        working_days=ground.working_days,
    )
