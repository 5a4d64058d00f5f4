"""Who goes first: a complaint that waits to be decided, before anything that only looks back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Turns:
    """Knows whether a complaint is being decided in this process."""

    def __init__(self) -> None:
        self._deciding = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Go first."""
        self._deciding += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._deciding -= 1
            if not self._deciding:
                self._quiet.set()

    async def quiet(self, patience: float) -> None:
        """Wait until nothing is being decided, but not for ever, so that a busy day slows looking back and does not stop it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), patience)
