"""Lets questions to one ministry go one after the other, and one that is stuck step out of the way."""

import asyncio
from typing import Self


class Turn:
    """The right to ask a ministry's worker about a question that came at a time; it can be given up before the end."""

    def __init__(self, turns: asyncio.Lock, begun: float) -> None:
        self.begun = begun
        self._turns = turns
        self._held = False

    def give_up(self) -> None:
        """Let the next question go."""
        if self._held:
            self._held = False
            self._turns.release()

    async def __aenter__(self) -> Self:
        await self._turns.acquire()
        self._held = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self.give_up()
