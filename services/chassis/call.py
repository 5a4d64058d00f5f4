"""One request as the domain sees it: who acts, when, in which language, and because of what."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

ALGIERS = timezone(timedelta(hours=1), "Africa/Algiers")  # all year since 1981


class ActorKind(StrEnum):
    """What kind of someone acts."""

    OFFICER = "officer"
    CLIENT = "client"
    PROCESS = "process"
    CITIZEN = "citizen"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """A role held for a scope; the role is the contract's name in lower case, for example ``unit_officer``."""

    role: str
    scope: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts: an officer, a client service, a process for itself, or a citizen whom nobody knows."""

    kind: ActorKind
    id: str = ""
    appointments: tuple[Appointment, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What came in with one request; made once at the door and handed inwards."""

    now: datetime
    actor: Actor
    process: str
    language: str = "ar"
    causation_id: str = ""

    @property
    def today(self) -> date:
        """The day of the call, in Algiers."""
        return day_of(self.now)

    def new_id(self) -> str:
        """Return a new UUIDv7, ordered by the time of the call."""
        milliseconds = int(self.now.timestamp() * 1000)
        number = (milliseconds << 80) | int.from_bytes(os.urandom(10))
        number = (number & ~(0xF << 76)) | (0x7 << 76)
        number = (number & ~(0x3 << 62)) | (0x2 << 62)
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Algiers."""
    return moment.astimezone(ALGIERS).date()


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Algiers."""
    return datetime(day.year, day.month, day.day, tzinfo=ALGIERS).astimezone(UTC)


def clock() -> datetime:
    """Read the clock; nothing else in the house does."""
    return datetime.now(UTC)


def epoch() -> float:
    """Read the clock as seconds since 1970, for the ends of tokens."""
    return time.time()


def begin(actor: Actor, *, process: str, language: str = "ar", causation_id: str = "") -> Call:
    """Open a call now."""
    return Call(now=clock(), actor=actor, process=process, language=language, causation_id=causation_id)
