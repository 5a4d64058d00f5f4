"""Signs, numbers and prints letters, sends them, and does what their recipients do with them."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from services.chassis.call import Call
from services.correspondence import press, wire
from services.correspondence.domain import calendar
from services.correspondence.domain import letter as rules
from services.correspondence.domain import sheet as sheets
from services.correspondence.domain.desk import Desk, LetterPartyUnknown, LetterUnknown
from services.correspondence.domain.letter import Grade, Letter, day
from services.correspondence.domain.wording import reply_subject
from services.correspondence.store.memory import Store
from services.correspondence.store.reference import TERRITORY

SALT_BYTES = 16  # sealed with the sheet; without it neither digest nor hash of a print confirms a guess of its words


@dataclass(frozen=True, kw_only=True)
class Pen:
    """What a signature needs from others, fetched before: the name under the letter, and days that are not worked."""

    name: str
    holidays: Collection[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The words of a reply."""

    body: str
    language: str = ""
    interim: bool = False


@dataclass(frozen=True, kw_only=True)
class Which:
    """A letter as it was read."""

    letter_id: str
    etag: str


async def revise(store: Store, desk: Desk, which: Which, *, language: str, subject: str, body: str) -> Letter:
    """Change the words of a draft."""
    letter = await _own(store, desk, which)
    revised = rules.revise(letter, language=language or letter.language, subject=subject, body=body)
    await store.letters.rewrite(revised)
    return revised


async def discard(store: Store, desk: Desk, which: Which) -> Letter:
    """Discard a draft."""
    discarded = rules.become(await _own(store, desk, which), rules.State.DISCARDED)
    await store.letters.save(discarded)
    return discarded


async def sign(call: Call, store: Store, desk: Desk, *, which: Which, pen: Pen) -> Letter:
    """Sign a draft under the next number of its sender's book."""
    letter = await _own(store, desk, which)
    recalled = await store.letters.get(letter.refers_to) if letter.refers_to else None
    return await _sign(call, store, letter, pen=pen, recalled=recalled)


async def dispatch(call: Call, store: Store, desk: Desk, which: Which) -> Letter:
    """Send a signed letter to its recipient."""
    return await _dispatch(call, store, await _own(store, desk, which))


async def acknowledge(call: Call, store: Store, desk: Desk, which: Which) -> Letter:
    """Confirm that a letter was received."""
    letter = await _received(store, desk, which)
    acknowledged = rules.acknowledge(letter, at=call.now)
    await store.letters.save(acknowledged)
    return acknowledged


async def reply(call: Call, store: Store, desk: Desk, *, which: Which, answer: Answer, pen: Pen) -> Letter:
    """Answer a letter: the reply is drafted, signed, numbered and sent in one act."""
    matter = await store.letters.hold_matter(which.letter_id)
    letter = _checked(_find(matter, which.letter_id, desk), which)
    desk.must_write_for(letter.recipient_id)
    language = answer.language or letter.language
    drafted = rules.reply(
        letter,
        letter_id=call.new_id(),
        interim=answer.interim,
        language=language,
        subject=reply_subject(letter.subject, language),
        body=answer.body,
        at=call.now,
    )
    drafted = replace(drafted, told=1)
    await store.letters.add(drafted)
    await store.tell(wire.drafted(call, drafted))
    sent = await _dispatch(call, store, await _sign(call, store, drafted, pen=pen, recalled=letter))
    received = replace(sent, told=sent.told + 1)
    await store.letters.save(received)
    await store.tell(wire.reply_received(call, received))
    for settled in rules.settle(received, matter):
        await store.letters.save(settled)
    return received


async def assess(call: Call, store: Store, desk: Desk, *, which: Which, grade: Grade, note: str) -> Letter:
    """Judge a reply; what a superficial one answered is open again."""
    matter = await store.letters.hold_matter(which.letter_id)
    reply = _checked(_find(matter, which.letter_id, desk), which)
    desk.must_write_for(reply.recipient_id)
    assessed = rules.assess(reply, grade=grade, note=note, at=call.now)
    assessed = replace(assessed, told=assessed.told + 1)
    await store.letters.rewrite(assessed)
    await store.tell(wire.reply_assessed(call, assessed))
    if not reply.referral_id and (answered := await store.letters.hold(reply.refers_to)):
        matter = [*matter, answered]
    for letter in rules.returned(assessed, matter):
        await store.letters.save(letter)
    return assessed


async def _sign(call: Call, store: Store, letter: Letter, *, pen: Pen, recalled: Letter | None) -> Letter:
    parties = await _parties(store, letter)
    register = await store.books.register(parties.sender)
    today = day(call.now)
    line = await store.books.next_line(register, today.year)
    due_on = calendar.after(today, letter.deadline_days, pen.holidays) if letter.deadline_days else letter.due_on
    signed = rules.sign(
        replace(letter, due_on=due_on),
        number=register.number(today.year, line),
        signed_by=str(call.actor),
        signatory_name=pen.name,
        at=call.now,
    )
    sheet = {**sheets.sheet(signed, parties, recalled=recalled), "salt": secrets.token_hex(SALT_BYTES)}
    made = await press.printed(sheet, signed_at=call.now)
    signed = replace(signed, pdf_sha256=made.sha256, told=signed.told + 1)
    await store.letters.save(signed)
    await store.letters.keep_sheet(signed.letter_id, sheet)
    await store.tell(wire.signed(call, signed))
    return signed


async def _dispatch(call: Call, store: Store, letter: Letter) -> Letter:
    sent = rules.dispatch(letter, at=call.now)
    sent = replace(sent, told=sent.told + 1)
    await store.letters.save(sent)
    await store.tell(wire.dispatched(call, sent))
    return sent


async def _parties(store: Store, letter: Letter) -> sheets.Parties:
    known = await store.reference.bodies({letter.sender_id, letter.recipient_id, *letter.copy_ids})
    for body_id in (letter.sender_id, letter.recipient_id):
        if body_id not in known:
            raise LetterPartyUnknown(body_id=body_id)
    sender, recipient = known[letter.sender_id], known[letter.recipient_id]
    ministries = await store.reference.bodies({sender.ministry_id, recipient.ministry_id})
    return sheets.Parties(
        sender=sender,
        recipient=recipient,
        copies=[known[body_id] for body_id in letter.copy_ids if body_id in known],
        sender_ministry=ministries.get(sender.ministry_id),
        recipient_ministry=ministries.get(recipient.ministry_id),
        place=await store.reference.name(TERRITORY, sender.wilaya_id),
    )


async def _own(store: Store, desk: Desk, which: Which) -> Letter:
    """Hold a letter of a body for which the officer writes."""
    held = await store.letters.hold(which.letter_id)
    letter = _find([held] if held else [], which.letter_id, desk)
    desk.must_write_for(letter.sender_id)
    return _checked(letter, which)


async def _received(store: Store, desk: Desk, which: Which) -> Letter:
    """Hold a letter that was sent to a body for which the officer writes."""
    held = await store.letters.hold(which.letter_id)
    letter = _find([held] if held else [], which.letter_id, desk)
    desk.must_write_for(letter.recipient_id)
    return _checked(letter, which)


def _find(letters: Collection[Letter], letter_id: str, desk: Desk) -> Letter:
    letter = next((each for each in letters if each.letter_id == letter_id), None)
    if letter is None or not desk.shows(letter):
        raise LetterUnknown(letter_id=letter_id)
    return letter


def _checked(letter: Letter, which: Which) -> Letter:
    rules.unchanged(letter, which.etag)
    return letter
