"""Lets a complainant follow, answer and withdraw, proven by number and secret."""

import hmac

from services.chassis import attributes, tracing
from services.chassis.call import Call
from services.chassis.database import Connection
from services.intake.actions.handling import NOTE_LIMIT, keep_steps
from services.intake.actions.office import Office
from services.intake.domain import complaint as life
from services.intake.domain import referral
from services.intake.domain import secret as secrets
from services.intake.domain.complaint import Complaint, State
from services.intake.domain.file import File
from services.intake.domain.number import RegisterNumber
from services.intake.domain.tracking import QuestionMissing, TrackingRefused
from services.intake.domain.words import admit
from services.intake.store.complaints import Complaints
from services.intake.store.files import Files
from services.intake.store.referrals import Referrals

NO_COMPLAINT = "00000000-0000-0000-0000-000000000000"


async def track_complaint(call: Call, office: Office, *, number: str, secret: str) -> File:
    """Tell a complainant where the matter stands."""
    async with office.database.reading() as connection:
        complaint = await _proven(call, office, connection, number=number, secret=secret)
        return await Files(connection, office.vault).whole(complaint)


async def answer_question(
    call: Call, office: Office, connection: "Connection", *, number: str, secret: str, text: str
) -> Complaint:
    """Take in the complainant's answer; the clock goes on."""
    admit("text", text)
    complaint = await _held(call, office, connection, number=number, secret=secret)
    if complaint.state is not State.AWAITING_COMPLAINANT:
        raise QuestionMissing
    await Files(connection, office.vault).answer(complaint.complaint_id, text, at=call.now)
    steps = life.walk(complaint, State.UNDER_EXAMINATION)
    steps += referral.follow(steps[-1], await Referrals(connection).of(complaint.complaint_id))
    await keep_steps(call, connection, complaint, steps)
    return steps[-1]


async def withdraw_complaint(
    call: Call, office: Office, connection: "Connection", *, number: str, secret: str, reason: str
) -> Complaint:
    """Withdraw a complaint by its complainant."""
    admit("reason", reason, limit=NOTE_LIMIT, required=False)
    complaint = await _held(call, office, connection, number=number, secret=secret)
    steps = life.withdrawn(complaint)
    record = await Files(connection, office.vault).record(complaint.complaint_id)
    await keep_steps(call, connection, complaint, steps, note_sealed=record.seal("note", reason) if reason else None)
    return steps[-1]


async def _held(call: Call, office: Office, connection: "Connection", *, number: str, secret: str) -> Complaint:
    complaint = await _proven(call, office, connection, number=number, secret=secret)
    return await Complaints(connection).hold(complaint.complaint_id)


async def _proven(call: Call, office: Office, connection: "Connection", *, number: str, secret: str) -> Complaint:
    """Return the complaint if the secret is its own; an unknown number gets the same answer in the same time."""
    parsed = RegisterNumber.parse(number)
    office.tries.admit(str(parsed), call.now)
    if (digits := secrets.read(secret)) is None:
        raise TrackingRefused
    complaint = await Complaints(connection).numbered(parsed)
    claimed = office.vault.mac(complaint.complaint_id if complaint else NO_COMPLAINT, digits)
    kept = await Files(connection, office.vault).secret_mac(complaint.complaint_id if complaint else NO_COMPLAINT)
    if complaint is None or not hmac.compare_digest(claimed, kept):
        office.tries.wrong(str(parsed), call.now)
        raise TrackingRefused
    tracing.annotate(**{attributes.COMPLAINT_NUMBER: complaint.number, attributes.COMPLAINT_ID: complaint.complaint_id})
    return complaint
