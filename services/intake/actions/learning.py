"""Takes in what other services told: the directory, deadlines, referrals and replies."""

from datetime import date, datetime
from typing import Protocol

from services.chassis.call import Call
from services.chassis.database import Connection
from services.chassis.refusals import TooEarly
from services.intake.actions.handling import keep_steps
from services.intake.actions.office import Office
from services.intake.domain import referral as referring
from services.intake.domain.complaint import ENDED, Complaint, ReplyGrade
from services.intake.domain.file import Reply
from services.intake.domain.referral import Referral
from services.intake.store.complaints import Complaints
from services.intake.store.files import Files
from services.intake.store.referrals import Referrals


class Letters(Protocol):
    """Where the words of a reply come from."""

    async def words_of(self, letter_id: str) -> str:
        """Return the text of a letter."""


async def keep_deadline(connection: "Connection", complaint_id: str, due_on: date, *, version: int) -> None:
    """Keep the day by which a complaint must be answered."""
    await Complaints(connection).due(complaint_id, due_on, version=version)


async def keep_referral(call: Call, connection: "Connection", referral: Referral) -> None:
    """Keep a referral and take the complaint as far as its referrals are."""
    complaint = await Complaints(connection).hold(referral.complaint_id)
    if await Referrals(connection).keep(referral):
        await _follow(call, connection, complaint)


async def keep_reply(
    call: Call, office: Office, connection: "Connection", *, complaint_id: str, referral_id: str, reply: Reply
) -> None:
    """Keep a reply and take the complaint on."""
    complaint = await Complaints(connection).hold(complaint_id)
    if not await Files(connection, office.vault).reply(call.new_id(), complaint_id, reply):
        return
    if not reply.interim:
        await Referrals(connection).answered(referral_id, complaint_id, reply.body_id)
        await _follow(call, connection, complaint)
    elif steps := referring.begun(complaint):
        await keep_steps(call, connection, complaint, steps, body_id=reply.body_id)


async def keep_grade(
    call: Call,
    office: Office,
    connection: "Connection",
    *,
    complaint_id: str,
    letter_id: str,
    unit_body_id: str,
    grade: ReplyGrade,
    version: int,
) -> None:
    """Keep how a reply was judged; a superficial one goes back to the authority."""
    complaint = await Complaints(connection).hold(complaint_id)
    files = Files(connection, office.vault)
    if not await files.has_reply(letter_id):
        raise TooEarly
    if not await files.grade(letter_id, grade, version=version) or grade is not ReplyGrade.SUPERFICIAL:
        return
    referrals = Referrals(connection)
    await referrals.unanswered(complaint_id, unit_body_id=unit_body_id)
    await _keep(call, connection, complaint, referring.returned(complaint))


async def _follow(call: Call, connection: "Connection", complaint: Complaint) -> None:
    referrals = await Referrals(connection).of(complaint.complaint_id)
    await _keep(call, connection, complaint, referring.follow(complaint, referrals))


async def _keep(call: Call, connection: "Connection", complaint: Complaint, steps: list[Complaint]) -> None:
    await keep_steps(call, connection, complaint, steps)
    if (steps[-1] if steps else complaint).state not in ENDED:
        referrals = await Referrals(connection).of(complaint.complaint_id)
        await Complaints(connection).hand_over(complaint.complaint_id, referring.holder(complaint, referrals))


def reply_of(*, body_id: str, letter_id: str, text: str, interim: bool, at: datetime) -> Reply:
    """Make a reply that came by letter, not judged yet."""
    return Reply(body_id=body_id, letter_id=letter_id, text=text, grade=None, interim=interim, replied_at=at)
