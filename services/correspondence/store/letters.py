"""Remembers letters, their words sealed with a key of their own."""

import json
from collections.abc import Sequence
from typing import Any

from services.chassis.database import Connection, Row
from services.chassis.sealing import KeyRing, RecordKey
from services.correspondence.domain.letter import Grade, Kind, Letter, State
from services.correspondence.domain.sheet import Sheet

WORDS, SHEET, ADVICE = "letter words", "letter sheet", "letter advice"
PLAIN = (
    "letter_id",
    "kind",
    "state",
    "version",
    "told",
    "sender_id",
    "recipient_id",
    "copy_ids",
    "complaint_id",
    "complaint_number",
    "referral_id",
    "decision_id",
    "refers_to",
    "language",
    "deadline_days",
    "due_on",
    "number",
    "signed_by",
    "signatory_name",
    "signed_at",
    "drafted_at",
    "dispatched_at",
    "acknowledged_at",
    "grade",
    "pdf_sha256",
    "sample",
)
COLUMNS = ", ".join(PLAIN)
CHANGING = (
    "state",
    "version",
    "told",
    "language",
    "due_on",
    "number",
    "signed_by",
    "signatory_name",
    "signed_at",
    "dispatched_at",
    "acknowledged_at",
    "grade",
    "pdf_sha256",
)
READ = f"SELECT {COLUMNS}, words, wrapped FROM letter LEFT JOIN letter_key USING (letter_id)"


class Letters:
    """Official letters, drafts included."""

    def __init__(self, connection: "Connection", keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    async def add(self, letter: Letter) -> None:
        """Remember a new letter under a new key."""
        key, wrapped = self._keys.new(letter.letter_id)
        places = ", ".join(f"${place}" for place in range(1, len(PLAIN) + 2))
        await self._connection.execute(
            f"INSERT INTO letter ({COLUMNS}, words) VALUES ({places})",
            *(_column(letter, name) for name in PLAIN),
            _sealed(letter, key),
        )
        await self._connection.execute("INSERT INTO letter_key VALUES ($1, $2)", letter.letter_id, wrapped)

    async def get(self, letter_id: str) -> Letter | None:
        """Give a letter."""
        row = await self._connection.fetchrow(f"{READ} WHERE letter_id = $1", letter_id)
        return self._letter(row) if row else None

    async def hold(self, letter_id: str) -> Letter | None:
        """Give a letter and hold it until the transaction ends."""
        row = await self._connection.fetchrow(f"{READ} WHERE letter_id = $1 FOR UPDATE OF letter", letter_id)
        return self._letter(row) if row else None

    async def hold_matter(self, letter_id: str) -> list[Letter]:
        """Give a letter and all of the same referral, held in one order."""
        return await self._held(
            """letter_id = $1 OR referral_id =
               (SELECT referral_id FROM letter WHERE letter_id = $1 AND referral_id <> '')""",
            letter_id,
        )

    async def hold_drafts(self, complaint_id: str) -> list[Letter]:
        """Give the drafts about a complaint, held in one order."""
        return await self._held("complaint_id = $1 AND state = 'DRAFT'", complaint_id)

    async def of_referral(self, referral_id: str, kind: Kind) -> list[Letter]:
        """Give the letters of a kind that belong to a referral, the latest first."""
        rows = await self._connection.fetch(
            f"{READ} WHERE referral_id = $1 AND kind = $2 ORDER BY letter_id DESC", referral_id, kind
        )
        return [self._letter(row) for row in rows]

    async def language_between(self, sender_id: str, recipient_id: str) -> str | None:
        """Give the language of the latest letter that one signed for the other."""
        language: str | None = await self._connection.fetchval(
            "SELECT language FROM letter WHERE sender_id = $1 AND recipient_id = $2 AND number <> '' ORDER BY letter_id DESC LIMIT 1",
            sender_id,
            recipient_id,
        )
        return language

    async def save(self, letter: Letter) -> None:
        """Remember what changed about a letter, but for its words."""
        sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(CHANGING, start=2))
        await self._connection.execute(
            f"UPDATE letter SET {sets} WHERE letter_id = $1",
            letter.letter_id,
            *(_column(letter, name) for name in CHANGING),
        )

    async def rewrite(self, letter: Letter) -> None:
        """Remember a letter with its new words."""
        await self.save(letter)
        await self._connection.execute(
            "UPDATE letter SET words = $2 WHERE letter_id = $1",
            letter.letter_id,
            _sealed(letter, await self.key(letter.letter_id)),
        )

    async def key(self, letter_id: str) -> RecordKey:
        """Give a letter's key."""
        wrapped = await self._connection.fetchval("SELECT wrapped FROM letter_key WHERE letter_id = $1", letter_id)
        return self._keys.unwrap(wrapped, letter_id)

    async def keep_sheet(self, letter_id: str, sheet: Sheet) -> None:
        """Remember what is printed."""
        sealed = (await self.key(letter_id)).seal(json.dumps(sheet, ensure_ascii=False).encode(), purpose=SHEET)
        await self._connection.execute("INSERT INTO letter_sheet VALUES ($1, $2)", letter_id, sealed)

    async def sheet(self, letter_id: str) -> Sheet:
        """Give what is printed."""
        sealed = await self._connection.fetchval("SELECT sealed FROM letter_sheet WHERE letter_id = $1", letter_id)
        sheet: Sheet = json.loads((await self.key(letter_id)).open(sealed, purpose=SHEET))
        return sheet

    async def keep_advice(self, letter_id: str, written: bytes) -> None:
        """Remember what the rules say of a letter, as it was written."""
        sealed = (await self.key(letter_id)).seal(written, purpose=ADVICE)
        await self._connection.execute(
            "INSERT INTO letter_advice VALUES ($1, $2) ON CONFLICT DO NOTHING", letter_id, sealed
        )

    async def advice(self, letter_id: str) -> bytes:
        """Give what the rules say of a letter; nothing where they said nothing or the letter's key is destroyed."""
        row = await self._connection.fetchrow(
            "SELECT sealed, wrapped FROM letter_advice JOIN letter_key USING (letter_id) WHERE letter_id = $1",
            letter_id,
        )
        return self._keys.unwrap(row["wrapped"], letter_id).open(row["sealed"], purpose=ADVICE) if row else b""

    async def page(self, where: str, arguments: Sequence[object], *, after: str, size: int) -> list[Letter]:
        """Give letters that fulfil the condition, newest first."""
        limit = f"ORDER BY letter_id DESC LIMIT {size}"
        before = f"letter_id < ${len(arguments) + 1}" if after else "TRUE"
        rows = await self._connection.fetch(
            f"{READ} WHERE {where} AND {before} {limit}", *arguments, *([after] if after else [])
        )
        return [self._letter(row) for row in rows]

    async def count(self, where: str, arguments: Sequence[object]) -> dict[State, int]:
        """Count letters that fulfil the condition, by state."""
        rows = await self._connection.fetch(
            f"SELECT state, count(*) AS count FROM letter WHERE {where} GROUP BY state", *arguments
        )
        return {State(row["state"]): row["count"] for row in rows}

    async def _held(self, where: str, argument: str) -> list[Letter]:
        rows = await self._connection.fetch(f"{READ} WHERE {where} ORDER BY letter_id FOR UPDATE OF letter", argument)
        return [self._letter(row) for row in rows]

    def _letter(self, row: "Row") -> Letter:
        words = {"subject": "", "body": "", "note": ""}  # once its key is destroyed
        if row["wrapped"] is not None:
            key = self._keys.unwrap(row["wrapped"], row["letter_id"])
            words = json.loads(key.open(row["words"], purpose=WORDS))
        found: dict[str, Any] = {name: row[name] for name in PLAIN} | words
        found["kind"], found["state"] = Kind(row["kind"]), State(row["state"])
        found["grade"] = Grade(row["grade"]) if row["grade"] else None
        found["copy_ids"] = tuple(row["copy_ids"])
        return Letter(**found)


def _sealed(letter: Letter, key: RecordKey) -> bytes:
    words = {"subject": letter.subject, "body": letter.body, "note": letter.note}
    return key.seal(json.dumps(words, ensure_ascii=False).encode(), purpose=WORDS)


def _column(letter: Letter, name: str) -> object:
    value: object = getattr(letter, name)
    if name == "copy_ids":
        return list(letter.copy_ids)
    return value or "" if name == "grade" else value
