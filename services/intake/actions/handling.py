"""Takes a complaint from state to state by an officer's act."""

from collections.abc import Sequence

from services.chassis import attributes, outbox, tracing
from services.chassis.access import call_scope
from services.chassis.call import Call
from services.chassis.database import Connection
from services.intake.actions.office import Office
from services.intake.actions.reach import WARDENS, acting_for, parties, reach
from services.intake.domain import complaint as life
from services.intake.domain import disclosure, referral
from services.intake.domain.complaint import ClosureReason, Complaint, ReplyGrade, State
from services.intake.domain.file import Reply
from services.intake.domain.filing import Complainant
from services.intake.domain.number import RegisterNumber
from services.intake.domain.words import admit
from services.intake.store.complaints import Complaints
from services.intake.store.files import Files
from services.intake.store.referrals import Referrals
from services.intake.wire import events

NOTE_LIMIT = 2_000


class Desk:
    """One complaint on an officer's desk, locked until the transaction ends."""

    def __init__(self, call: Call, office: Office, connection: "Connection") -> None:
        self._call = call
        self._connection = connection
        self._atlas = office.atlas
        self._complaints = Complaints(connection)
        self._files = Files(connection, office.vault)
        self._referrals = Referrals(connection)

    async def _take(self, complaint_id: str, etag: str) -> tuple[Complaint, str]:
        """Lock the complaint; return it with the body for which the officer acts."""
        complaint = await self._complaints.hold(complaint_id)
        tracing.annotate(**{attributes.COMPLAINT_NUMBER: complaint.number, attributes.COMPLAINT_ID: complaint_id})
        body_id = acting_for(self._call, complaint, self._atlas)
        life.unchanged(complaint, etag)
        return complaint, body_id

    async def _keep(self, before: Complaint, steps: Sequence[Complaint], body_id: str, *, note: str = "") -> Complaint:
        admit("note", note, limit=NOTE_LIMIT, required=False)
        sealed = (await self._files.record(before.complaint_id)).seal("note", note) if note else None
        await keep_steps(self._call, self._connection, before, steps, body_id=body_id, note_sealed=sealed)
        return steps[-1]

    async def examine(self, complaint_id: str, etag: str) -> Complaint:
        """Take a registered or reopened complaint under examination."""
        complaint, body_id = await self._take(complaint_id, etag)
        return await self._keep(complaint, life.walk(complaint, State.UNDER_EXAMINATION), body_id)

    async def declare_inadmissible(
        self, complaint_id: str, etag: str, *, reason: ClosureReason, note: str
    ) -> Complaint:
        """Confirm that a complaint is inadmissible."""
        complaint, body_id = await self._take(complaint_id, etag)
        return await self._keep(complaint, life.inadmissible(complaint, reason), body_id, note=note)

    async def ask(self, complaint_id: str, etag: str, *, question: str) -> Complaint:
        """Put a question to the complainant."""
        admit("question", question, limit=NOTE_LIMIT)
        complaint, body_id = await self._take(complaint_id, etag)
        steps = life.walk(complaint, State.AWAITING_COMPLAINANT)
        await self._files.ask(self._call, complaint_id, question)
        return await self._keep(complaint, steps, body_id)

    async def reply(self, complaint_id: str, etag: str, *, text: str, grade: ReplyGrade) -> Complaint:
        """Answer an entry by the body that keeps the register."""
        admit("text", text)
        complaint, body_id = await self._take(complaint_id, etag)
        steps = life.replied(complaint, body_id, grade)
        reply = Reply(body_id=body_id, letter_id="", text=text, grade=grade, interim=False, replied_at=self._call.now)
        await self._files.reply(self._call.new_id(), complaint_id, reply)
        after = await self._keep(complaint, steps, body_id)
        await outbox.save(self._connection, events.entry_replied(self._call, after, body_id, grade))
        return after

    async def close(
        self, complaint_id: str, etag: str, *, reason: ClosureReason, duplicate_of: str, note: str
    ) -> Complaint:
        """Close a complaint with a reason of the closed list."""
        complaint, body_id = await self._take(complaint_id, etag)
        other = await self._other(duplicate_of) if duplicate_of else ""
        referral_open = referral.any_open(await self._referrals.of(complaint_id))
        steps = life.closed(complaint, reason, duplicate_of=other, referral_open=referral_open)
        return await self._keep(complaint, steps, body_id, note=note)

    async def _other(self, typed: str) -> str:
        number = RegisterNumber.parse(typed)
        if await self._complaints.numbered(number) is None:
            raise life.DuplicateUnnamed
        return str(number)

    async def reopen(self, complaint_id: str, etag: str, *, note: str) -> Complaint:
        """Open a closed complaint again."""
        complaint, body_id = await self._take(complaint_id, etag)
        await self._referrals.unanswered(complaint_id)
        return await self._keep(complaint, life.reopened(complaint), body_id, note=note)

    async def disclose(self, complaint_id: str, *, purpose: str) -> Complainant:
        """Show who complains to somebody who may know it, and log that."""
        complaint = await self._complaints.hold(complaint_id)
        referrals = await self._referrals.of(complaint_id)
        reads = reach(self._call)
        acting = sorted(reads.answering.body & parties(referrals))
        if call_scope(self._call, {"keeper"}).permits(
            body_ids=[complaint.keeping_body_id], register=complaint.register_id
        ):
            acting.append(complaint.keeping_body_id)
        disclosure.check(
            complaint,
            purpose=purpose,
            mediator=call_scope(self._call, WARDENS).permits(territory_ids=[complaint.wilaya_id]),
            acting_for=acting,
            parties=parties(referrals),
        )
        return await self._files.disclose(self._call, complaint_id, body_ids=acting, purpose=purpose)


async def keep_steps(
    call: Call,
    connection: "Connection",
    before: Complaint,
    steps: Sequence[Complaint],
    *,
    body_id: str = "",
    note_sealed: bytes | None = None,
) -> None:
    """Keep the steps that a complaint took and tell of each."""
    if not steps:
        return
    await Complaints(connection).save(call, steps, body_id=body_id, note_sealed=note_sealed)
    told = [events.state_changed(call, one, other) for one, other in zip([before, *steps], steps, strict=False)]
    await outbox.save(connection, *told)
