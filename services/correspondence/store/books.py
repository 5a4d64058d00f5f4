"""Remembers letter registers and the last line of each year's book."""

from services.chassis.database import Connection
from services.correspondence.domain.body import Body
from services.correspondence.domain.book import LetterRegister, open_register


class Books:
    """The senders' letter registers."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def register(self, sender: Body) -> LetterRegister:
        """Give the sender's letter register; open it for the first letter."""
        return await self._known(sender.body_id) or await self._open(sender)

    async def next_line(self, register: LetterRegister, year: int) -> int:
        """Take the next line of the year's book; its head stays locked until the transaction ends."""
        line = await self._connection.fetchval(
            """
            INSERT INTO letter_book (body_id, year, last_line) VALUES ($1, $2, 1)
            ON CONFLICT (body_id, year) DO UPDATE SET last_line = letter_book.last_line + 1
            RETURNING last_line
            """,
            register.body_id,
            year,
        )
        return int(line)

    async def _open(self, sender: Body) -> LetterRegister:
        """Open a letter register; those of one label are opened one after the other."""
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"letters {sender.label}"
        )
        if (known := await self._known(sender.body_id)) is not None:
            return known
        last = await self._connection.fetchval(
            "SELECT coalesce(max(code), 0) FROM letter_register WHERE label = $1", sender.label
        )
        register = open_register(sender.body_id, label=sender.label, last_code=last)
        await self._connection.execute(
            "INSERT INTO letter_register (body_id, label, code) VALUES ($1, $2, $3)",
            register.body_id,
            register.label,
            register.code,
        )
        return register

    async def _known(self, body_id: str) -> LetterRegister | None:
        row = await self._connection.fetchrow(
            "SELECT body_id, label, code FROM letter_register WHERE body_id = $1", body_id
        )
        return LetterRegister(**row) if row else None
