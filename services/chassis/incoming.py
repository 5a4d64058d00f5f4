"""What stands behind the current request: its call, and what is passed on to neighbours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from services.chassis.call import Call


def _no_end() -> float | None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """On whose behalf, in which language and until when this task works."""

    call: Call | None = None
    actor_token: str = ""
    language: str = ""
    causation_id: str = ""
    remaining: Callable[[], float | None] = _no_end


NOBODY = Standing()
STANDING: ContextVar[Standing] = ContextVar("standing", default=NOBODY)


@contextmanager
def acting(*, actor_token: str = "", language: str = "ar", causation_id: str = "") -> Iterator[None]:
    """Call neighbours within the block for the one whom the token names, in a language."""
    token = STANDING.set(Standing(actor_token=actor_token, language=language, causation_id=causation_id))
    try:
        yield
    finally:
        STANDING.reset(token)
