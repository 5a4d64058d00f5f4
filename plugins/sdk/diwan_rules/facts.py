"""What a rule is shown: facts of one complaint and of the moment, unchangeable, and never who complains."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel

from diwan_rules.terms import NO_HITS, Hits
from diwan_rules.text import normalise


class Kind(StrEnum):
    """What was filed: an entry of an administration's register, or a petition to the Mediator."""

    ENTRY = "entry"
    PETITION = "petition"


class Channel(StrEnum):
    """How it came in."""

    REGISTER = "register"
    PORTAL = "portal"
    CALL_CENTRE = "call_centre"
    MOBILE = "mobile"
    SERVICE_PLATFORM = "service_platform"


class Stage(StrEnum):
    """What a deadline is for."""

    FIRST_ANSWER = "first_answer"
    FINAL_ANSWER = "final_answer"
    DOCUMENT_REQUEST = "document_request"


class LetterKind(StrEnum):
    """What a letter is for."""

    REFERRAL = "referral"
    TRANSMISSION = "transmission"
    INFORMATION_REQUEST = "information_request"
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"
    FORMAL_NOTICE = "formal_notice"
    INTERIM_REPLY = "interim_reply"
    FINAL_REPLY = "final_reply"
    ACKNOWLEDGEMENT = "acknowledgement"


class Purpose(StrEnum):
    """For whom a case is about to be shown."""

    TRANSFER = "transfer"
    LETTER = "letter"
    REPORT = "report"
    OPEN_DATA = "open_data"


class EventKind(StrEnum):
    """What happened to a case."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    REFERRED = "referred"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a case: what, on which day, and the body that it concerns."""

    kind: EventKind
    happened_on: date
    body_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A body's answer to a complaint, before a person judges it."""

    text: str
    language: str = "ar"
    body_id: str = ""
    received_on: date = date(2026, 1, 1)
    attachments: int = 0

    @cached_property
    def words(self) -> str:
        """Return the text normalised: one spelling, lower case, one space between words."""
        return normalise(self.text)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One complaint as a ministry's rules may see it."""

    complaint_id: str
    text: str
    language: str = "ar"
    kind: Kind = Kind.ENTRY
    channel: Channel = Channel.PORTAL
    topic_code: str = ""
    wilaya_id: str = ""
    wilaya_label: str = ""
    commune_id: str = ""
    addressed_ministry: str = ""
    addressed_body_id: str = ""
    keeping_body_id: str = ""
    received_on: date = date(2026, 1, 1)
    declined_by: tuple[str, ...] = ()
    hits: Mapping[str, Hits] = field(default_factory=dict)

    @cached_property
    def words(self) -> str:
        """Return the text normalised: one spelling, lower case, one space between words."""
        return normalise(self.text)

    def has(self, *groups: str) -> bool:
        """Tell whether a term of any of these groups stands in the text."""
        return any(self.hits.get(group, NO_HITS) for group in groups)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of the ministry: its own seat, a directorate, an agency."""

    body_id: str
    kind: str
    name_ar: str
    name_fr: str
    wilaya_id: str = ""
    commune_id: str = ""


@dataclass(frozen=True)
class Directory:
    """The ministry's own units that cover the place of the case."""

    units: tuple[Unit, ...] = ()

    def get(self, body_id: str) -> Unit | None:
        """Return the unit with this id, if it is one of the ministry's."""
        return next((unit for unit in self.units if unit.body_id == body_id), None)

    def nearest(self, case: Case, *kinds: str) -> Unit | None:
        """Return the unit closest to the complaint: of its commune, else its wilaya, else of the country."""
        wanted = [unit for unit in self.units if not kinds or unit.kind in kinds]
        places = ((case.wilaya_id, case.commune_id), (case.wilaya_id, ""), ("", ""))
        return next((u for p in places for u in wanted if (u.wilaya_id, u.commune_id) == p), None)


@dataclass(frozen=True)
class Calendar:
    """The country's working days."""

    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})  # ISO: Friday, Saturday

    def is_working(self, day: date) -> bool:
        """Tell whether offices are open on a day."""
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def after(self, day: date, working_days: int) -> date:
        """Return the day that lies so many working days after another."""
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working(day)
        return day


def _no_log(event: str, **values: str | int | bool) -> None:
    """Keep nothing: the log of a context that a test made."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """The moment of the question: the only clock, calendar, configuration, directory and log of a rule."""

    now: datetime
    calendar: Calendar = Calendar()
    directory: Directory = Directory()
    config: BaseModel | None = None
    log: Callable[..., None] = _no_log
