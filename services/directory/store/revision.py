"""Counts the events in which the directory tells of changes."""

from services.chassis.database import Connection


class Revisions:
    """The one counter; whoever holds it changes the facts alone."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def hold(self) -> None:
        """Wait until nobody else changes the facts, and keep others waiting until the end of the transaction."""
        await self._connection.execute("SELECT value FROM revision FOR UPDATE")

    async def next(self) -> int:
        """Count one event more."""
        value = await self._connection.fetchval("UPDATE revision SET value = value + 1 RETURNING value")
        assert isinstance(value, int)
        return value
