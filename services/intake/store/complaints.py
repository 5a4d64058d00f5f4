"""Remembers complaints: their codes and dates, and one act for every step."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.chassis.call import Call
from services.chassis.database import Connection, Row
from services.intake.domain.complaint import ClosureReason, Complaint, ComplaintUnknown, State
from services.intake.domain.filing import Channel, ComplaintKind, Identity
from services.intake.domain.number import RegisterNumber

COLUMNS = (
    "complaint_id, register_id, line, keeping_body_id, kind, channel, identity, consent, addressed_body_id, commune_id,"
    " wilaya_id, topic_code, language, paper_page, paper_line, received_on, registered_at, registered_by, sample, state,"
    " version, due_on, holder_body_id, closure_reason, duplicate_of"
)
FOUND = f"SELECT {COLUMNS} FROM complaint WHERE complaint_id = $1"
NUMBERED = f"SELECT {COLUMNS} FROM complaint WHERE (register_id, line) = ($1, $2)"
MATCHING = (
    "(cardinality($1::text[]) = 0 OR state = ANY ($1)) AND ($2 = '' OR register_id = $2) AND ($3 = '' OR keeping_body_id = $3)"
    " AND ($4 = '' OR holder_body_id = $4) AND ($5 = '' OR wilaya_id = $5) AND ($6 = '' OR kind = $6)"
    " AND ($7::date IS NULL OR due_on < $7)"
)


class Complaints:
    """The matters themselves, without words."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def find(self, complaint_id: str) -> Complaint | None:
        """Return a complaint by its id."""
        row = await self._connection.fetchrow(FOUND, complaint_id)
        return _complaint(row) if row else None

    async def numbered(self, number: RegisterNumber) -> Complaint | None:
        """Return a complaint by its register number."""
        row = await self._connection.fetchrow(NUMBERED, number.register_id, number.line)
        return _complaint(row) if row else None

    async def hold(self, complaint_id: str) -> Complaint:
        """Lock a complaint until the transaction ends and return it."""
        row = await self._connection.fetchrow(f"{FOUND} FOR UPDATE", complaint_id)
        if row is None:
            raise ComplaintUnknown(complaint=complaint_id)
        return _complaint(row)

    async def save(self, call: Call, steps: Sequence[Complaint], *, body_id: str, note_sealed: bytes | None) -> None:
        """Keep the last step as the present state, and an act for each; the note belongs to the last."""
        last = steps[-1]
        await self._connection.execute(
            "UPDATE complaint SET state = $2, version = $3, holder_body_id = $4, closure_reason = $5, duplicate_of = $6"
            " WHERE complaint_id = $1",
            last.complaint_id, last.state, last.version, last.holder_body_id, last.closure_reason, last.duplicate_of,
        )  # fmt: skip
        await self._connection.executemany(
            "INSERT INTO act (complaint_id, version, state, acted_at, actor, body_id, note_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                (
                    each.complaint_id,
                    each.version,
                    each.state,
                    call.now,
                    str(call.actor),
                    body_id,
                    note_sealed if each is last else None,
                )
                for each in steps
            ],
        )

    async def due(self, complaint_id: str, due_on: date, *, version: int) -> None:
        """Keep the day that routing set, unless a later version of its case is here."""
        await self._connection.execute(
            "UPDATE complaint SET due_on = $2, due_version = $3 WHERE complaint_id = $1 AND due_version < $3",
            complaint_id, due_on, version,
        )  # fmt: skip

    async def hand_over(self, complaint_id: str, holder_body_id: str) -> None:
        """Note which body holds the complaint."""
        await self._connection.execute(
            "UPDATE complaint SET holder_body_id = $2 WHERE complaint_id = $1", complaint_id, holder_body_id
        )

    async def page(self, match: "Match", *, before: str | None, size: int) -> list[Complaint]:
        """Return complaints that match, newest first."""
        sql, arguments = match.sql()
        if before:
            arguments.append(before)
            sql += f" AND complaint_id < ${len(arguments)}::uuid"
        rows = await self._connection.fetch(
            f"SELECT {COLUMNS} FROM complaint WHERE {sql} ORDER BY complaint_id DESC LIMIT {size}", *arguments
        )
        return [_complaint(row) for row in rows]

    async def count(self, match: "Match") -> Mapping[State, int]:
        """Count complaints that match, by state."""
        sql, arguments = match.sql()
        rows = await self._connection.fetch(
            f"SELECT state, count(*) AS count FROM complaint WHERE {sql} GROUP BY state", *arguments
        )
        return {State(row["state"]): row["count"] for row in rows}


class Match:
    """Which complaints are meant: a filter, words, and what the reader may see."""

    def __init__(
        self,
        *,
        states: Sequence[State] = (),
        register_id: str = "",
        keeping_body_id: str = "",
        holder_body_id: str = "",
        wilaya_id: str = "",
        kind: ComplaintKind | None = None,
        due_before: date | None = None,
        tokens: Sequence[int] = (),
    ) -> None:
        self._arguments: list[object] = [
            list(states), register_id, keeping_body_id, holder_body_id, wilaya_id, kind or "", due_before,
        ]  # fmt: skip
        self._parts = [MATCHING]
        if tokens:
            self._arguments.append(list(tokens))
            self._parts.append("complaint_id IN (SELECT complaint_id FROM record_key WHERE tokens @> $8::bigint[])")

    @property
    def next_argument(self) -> int:
        """The number of the next parameter."""
        return len(self._arguments) + 1

    def within(self, predicate: str, arguments: Sequence[object]) -> "Match":
        """Narrow down to what a reader may see."""
        self._parts.append(predicate)
        self._arguments.extend(arguments)
        return self

    def sql(self) -> tuple[str, list[object]]:
        """Return condition and parameters."""
        return " AND ".join(self._parts), list(self._arguments)


def _complaint(row: "Row") -> Complaint:
    reason = row["closure_reason"]
    return Complaint(
        **{
            **row,
            "kind": ComplaintKind(row["kind"]),
            "channel": Channel(row["channel"]),
            "identity": Identity(row["identity"]),
            "state": State(row["state"]),
            "closure_reason": ClosureReason(reason) if reason else None,
        }
    )
