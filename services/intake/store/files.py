"""Remembers the words of complaints, sealed: text, answers, questions, notes, and who complains."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.chassis.call import Call
from services.chassis.database import Connection
from services.intake.domain.complaint import Complaint, ReplyGrade, State
from services.intake.domain.file import Act, File, Question, Reply
from services.intake.domain.filing import Complainant
from services.intake.store.vault import Record, Vault


class Files:
    """What belongs to a complaint and is personal."""

    def __init__(self, connection: "Connection", vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def record(self, complaint_id: str) -> Record:
        """Open the record of a complaint."""
        wrapped = await self._connection.fetchval(
            "SELECT wrapped FROM record_key WHERE complaint_id = $1", complaint_id
        )
        return self._vault.record(complaint_id, wrapped)

    async def text(self, complaint: Complaint) -> File:
        """Return a complaint with its text and what commits to it."""
        row = await self._connection.fetchrow(
            "SELECT text_sealed, proof_sealed, wrapped FROM entry LEFT JOIN record_key USING (complaint_id)"
            " WHERE complaint_id = $1",
            complaint.complaint_id,
        )
        assert row is not None, "a complaint and its entry are written together"
        record = self._vault.record(complaint.complaint_id, row["wrapped"])
        text = record.open("text", row["text_sealed"])
        return File(complaint=complaint, text=text, text_commitment=record.commit(text, row["proof_sealed"]))

    async def texts(self, complaint_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the texts of complaints."""
        rows = await self._connection.fetch(
            "SELECT complaint_id, text_sealed, wrapped FROM entry LEFT JOIN record_key USING (complaint_id)"
            " WHERE complaint_id = ANY ($1::uuid[])",
            complaint_ids,
        )
        return {
            row["complaint_id"]: self._vault.record(row["complaint_id"], row["wrapped"]).open(
                "text", row["text_sealed"]
            )
            for row in rows
        }

    async def whole(self, complaint: Complaint) -> File:
        """Return a complaint with everything but who complains."""
        record = await self.record(complaint.complaint_id)
        return File(
            complaint=complaint,
            text=(await self.texts([complaint.complaint_id]))[complaint.complaint_id],
            acts=await self._acts(complaint, record),
            replies=await self._replies(complaint.complaint_id, record),
            questions=await self._questions(complaint.complaint_id, record),
        )

    async def _acts(self, complaint: Complaint, record: Record) -> tuple[Act, ...]:
        rows = await self._connection.fetch(
            "SELECT state, acted_at, actor, body_id, note_sealed FROM act WHERE complaint_id = $1 ORDER BY version",
            complaint.complaint_id,
        )
        entered = Act(state=State.REGISTERED, acted_at=complaint.registered_at, actor=complaint.registered_by)
        return (
            entered,
            *(
                Act(
                    state=State(row["state"]),
                    acted_at=row["acted_at"],
                    actor=row["actor"],
                    body_id=row["body_id"],
                    note=record.open("note", row["note_sealed"]) if row["note_sealed"] else "",
                )
                for row in rows
            ),
        )

    async def _replies(self, complaint_id: str, record: Record) -> tuple[Reply, ...]:
        rows = await self._connection.fetch(
            "SELECT * FROM reply WHERE complaint_id = $1 ORDER BY replied_at, reply_id", complaint_id
        )
        return tuple(
            Reply(
                body_id=row["body_id"],
                letter_id=row["letter_id"],
                text=record.open("reply", row["text_sealed"]),
                grade=ReplyGrade(row["grade"]) if row["grade"] else None,
                interim=row["interim"],
                replied_at=row["replied_at"],
            )
            for row in rows
        )

    async def _questions(self, complaint_id: str, record: Record) -> tuple[Question, ...]:
        rows = await self._connection.fetch(
            "SELECT * FROM question WHERE complaint_id = $1 ORDER BY asked_at", complaint_id
        )
        return tuple(
            Question(
                question=record.open("question", row["question_sealed"]),
                asked_at=row["asked_at"],
                answer=record.open("answer", row["answer_sealed"]) if row["answer_sealed"] else "",
                answered_at=row["answered_at"],
            )
            for row in rows
        )

    async def reply(self, reply_id: str, complaint_id: str, reply: Reply) -> bool:
        """Add an answer; say whether that letter's answer was new here."""
        sealed = (await self.record(complaint_id)).seal("reply", reply.text)
        added = await self._connection.fetchval(
            "INSERT INTO reply (reply_id, complaint_id, body_id, letter_id, text_sealed, grade, interim, replied_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING true",
            reply_id, complaint_id, reply.body_id, reply.letter_id, sealed, reply.grade, reply.interim, reply.replied_at,
        )  # fmt: skip
        return added is True

    async def has_reply(self, letter_id: str) -> bool:
        """Tell whether the answer of a letter is here."""
        return await self._connection.fetchval("SELECT true FROM reply WHERE letter_id = $1", letter_id) is True

    async def grade(self, letter_id: str, grade: ReplyGrade, *, version: int) -> bool:
        """Keep how a letter's answer was judged; say whether that was news."""
        changed = await self._connection.fetchval(
            "UPDATE reply SET grade = $2, grade_version = $3 WHERE letter_id = $1 AND grade_version < $3 RETURNING true",
            letter_id, grade, version,
        )  # fmt: skip
        return changed is True

    async def ask(self, call: Call, complaint_id: str, question: str) -> None:
        """Add a question to the complainant."""
        sealed = (await self.record(complaint_id)).seal("question", question)
        await self._connection.execute(
            "INSERT INTO question (question_id, complaint_id, question_sealed, asked_at) VALUES ($1, $2, $3, $4)",
            call.new_id(), complaint_id, sealed, call.now,
        )  # fmt: skip

    async def answer(self, complaint_id: str, answer: str, *, at: datetime) -> None:
        """Add the complainant's answer to the open question."""
        sealed = (await self.record(complaint_id)).seal("answer", answer)
        await self._connection.execute(
            "UPDATE question SET answer_sealed = $2, answered_at = $3 WHERE complaint_id = $1 AND answered_at IS NULL",
            complaint_id, sealed, at,
        )  # fmt: skip

    async def secret_mac(self, complaint_id: str) -> bytes:
        """Return what proves the complainant's secret; nothing for a complaint that does not exist."""
        return (
            await self._connection.fetchval("SELECT secret_mac FROM entry WHERE complaint_id = $1", complaint_id) or b""
        )

    async def disclose(self, call: Call, complaint_id: str, *, body_ids: Sequence[str], purpose: str) -> Complainant:
        """Log the disclosure and return who complains."""
        record = await self.record(complaint_id)
        await self._connection.execute(
            "INSERT INTO disclosure (disclosure_id, complaint_id, actor, body_ids, purpose, disclosed_at) VALUES ($1, $2, $3, $4, $5, $6)",
            call.new_id(), complaint_id, str(call.actor), body_ids, purpose, call.now,
        )  # fmt: skip
        return record.complainant(
            await self._connection.fetchval("SELECT person_sealed FROM entry WHERE complaint_id = $1", complaint_id)
        )
