"""What travels between parent and worker: a question about some cases, and one outcome per case."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, TypeAdapter, model_validator

from diwan_rules.answers import ANSWERS, Answers, Said, write
from diwan_rules.configuration import Configuration, Problem
from diwan_rules.declarations import CategoryDefinition, DocumentDefinition, IndicatorDefinition, LetterTemplate
from diwan_rules.facts import (
    Calendar,
    Case,
    Channel,
    Directory,
    Event,
    Kind,
    LetterKind,
    Purpose,
    Reply,
    Stage,
    Unit,
)
from diwan_rules.hooks import Pattern
from diwan_rules.host.frames import Frame
from diwan_rules.terms import NO_HITS, Hits
from diwan_rules.verdicts import Bilingual

_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
CONFIGURATION = "configuration"  # no hook: the worker itself says what is wrong with values
_ANSWERED = {**ANSWERS, CONFIGURATION: Answers(Pattern.DECLARE, (Problem,), many=True, or_none=True)}
# What some hooks are asked about besides the case.
_BESIDES: dict[str, TypeAdapter[Any]] = {
    "stage": TypeAdapter(Stage),
    "letter_kind": TypeAdapter(LetterKind),
    "reply": TypeAdapter(Reply),
    "purpose": TypeAdapter(Purpose),
    "event": TypeAdapter(Event),
}


class FailureKind(StrEnum):
    """In what way rules failed."""

    NOT_LOADED = "not_loaded"
    RAISED = "raised"
    WRONG_TYPE = "wrong_type"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    KILLED = "killed"
    QUARANTINED = "quarantined"
    RESTING = "resting"
    NOT_ASKED = "not_asked"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The rules failed on a case."""

    kind: FailureKind
    message: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of asking one ministry about one case; neither verdict nor failure is: nothing to say."""

    complaint_id: str
    plugin: str = ""
    verdict: Said = None
    failure: Failure | None = None
    elapsed_us: int = 0
    log: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One case as it is sent: its facts written once for all ministries, and each ministry's hits."""

    complaint_id: str
    facts: str
    hits: Mapping[str, Mapping[str, Hits]] = field(default_factory=dict)


_DEFAULTS = Configuration()


@dataclass(frozen=True, kw_only=True)
class Question:
    """One hook, asked at one moment about some cases."""

    hook: str
    now: datetime
    cases: tuple[Asked, ...]
    stage: Stage | None = None
    letter_kind: LetterKind | None = None
    reply: Reply | None = None
    purpose: Purpose | None = None
    event: Event | None = None
    calendar: Calendar = field(default_factory=Calendar)
    units: Mapping[str, tuple[Unit, ...]] = field(default_factory=dict)
    configurations: Mapping[str, Configuration] = field(default_factory=dict)

    def configuration(self, ministry: str) -> Configuration:
        """Return the values that a ministry's rules work with."""
        return self.configurations.get(ministry, _DEFAULTS)


def asked(case: Case, hits: Mapping[str, Mapping[str, Hits]]) -> Asked:
    """Write a case down for sending; `hits` are by ministry and group."""
    facts = {f.name: getattr(case, f.name) for f in fields(case) if f.name != "hits"}
    facts["received_on"] = case.received_on.isoformat()
    return Asked(complaint_id=case.complaint_id, facts=_json(facts), hits=hits)


def written(question: Question, ministry: str, cases: Sequence[Asked]) -> bytes:
    """Return the body of the frame that puts a question about these cases to a ministry's worker."""
    head = _json(
        {
            "hook": question.hook,
            "besides": _besides(question),
            "now": question.now.isoformat(),
            "holidays": [day.isoformat() for day in sorted(question.calendar.holidays)],
            "weekend": sorted(question.calendar.weekend),
            "config": question.configuration(ministry).values_json,
            "units": [asdict(unit) for unit in question.units.get(ministry, ())],
        }
    )
    pairs = (f"[{case.facts},{_hits_json(case.hits.get(ministry))}]" for case in cases)
    return f'{head[:-1]},"cases":[{",".join(pairs)}]}}'.encode("utf-8", "replace")


def _besides(question: Question) -> Frame:
    """Write down what the question is about besides the case."""
    given = {name: getattr(question, name) for name in _BESIDES}
    return {name: _BESIDES[name].dump_python(each, mode="json") for name, each in given.items() if each is not None}


def read_besides(frame: Frame) -> dict[str, Any]:
    """Read what the question is about besides the case."""
    given = frame["besides"]
    return {name: read.validate_python(given[name]) if name in given else None for name, read in _BESIDES.items()}


def read_moment(frame: Frame) -> tuple[datetime, Calendar, Directory]:
    """Read the moment, the calendar and the directory of a question."""
    calendar = Calendar(frozenset(map(date.fromisoformat, frame["holidays"])), frozenset(frame["weekend"]))
    return datetime.fromisoformat(frame["now"]), calendar, Directory(tuple(Unit(**unit) for unit in frame["units"]))


def read_case(facts: dict[str, Any], found: Mapping[str, Any], groups: Mapping[str, Hits]) -> Case:
    """Read one case; every declared group has its hits, be they none."""
    hits = {name: Hits(tuple(terms), tuple(places)) for name, (terms, places) in found.items() if name in groups}
    facts["kind"], facts["channel"] = Kind(facts["kind"]), Channel(facts["channel"])
    facts["received_on"] = date.fromisoformat(facts["received_on"])
    facts["declined_by"] = tuple(facts["declined_by"])
    return Case(**facts, hits={**groups, **hits})


def no_hits(groups: Mapping[str, object]) -> dict[str, Hits]:
    """Return every group without a hit."""
    return dict.fromkeys(groups, NO_HITS)


def write_outcome(outcome: Outcome) -> Frame:
    """Write an outcome down for sending; fields that hold nothing are left out."""
    frame: Frame = {"id": outcome.complaint_id, "plugin": outcome.plugin, "us": outcome.elapsed_us}
    if outcome.verdict is not None:
        frame["verdict"] = write(outcome.verdict)
    if outcome.failure is not None:
        frame["failure"] = asdict(outcome.failure)
    if outcome.log:
        frame["log"] = outcome.log
    return frame


class _Sent(BaseModel):
    """An outcome as a worker sends it: checked, for the worker runs what others wrote."""

    id: str
    plugin: str = ""
    us: int = 0
    verdict: list[Any] | None = None
    failure: Failure | None = None
    log: tuple[str, ...] = ()
    threads: int = 0


_SENT = TypeAdapter(_Sent)


def read_outcome(body: bytes, hook: str) -> tuple[Outcome, int]:
    """Read an outcome and the number of threads left behind; raise ValueError when it is no outcome of this hook."""
    sent = _SENT.validate_json(body)
    verdict = _ANSWERED[hook].read(sent.verdict) if sent.verdict else None
    outcome = Outcome(
        complaint_id=sent.id,
        plugin=sent.plugin[:80],
        verdict=verdict,
        failure=_short(sent.failure) if sent.failure else None,
        elapsed_us=max(0, min(sent.us, 10**9)),
        log=tuple(line[:300] for line in sent.log[:20]),
    )
    return outcome, sent.threads


def _short(failure: Failure) -> Failure:
    """Return a failure as long as failures are."""
    return replace(failure, message=failure.message[:1000], file=failure.file[:300])


MOST_DECLARED = 96 * 1024  # bytes of one ministry: all of them together fit into one answer of the host


def size(frame: Frame) -> int:
    """Return how many bytes a frame takes."""
    return len(_json(frame).encode("utf-8", "replace"))


class Described(BaseModel):
    """What a worker says of the plugins that it loaded: checked, like all that it sends."""

    @model_validator(mode="before")
    @classmethod
    def _leaves_room_for_others(cls, said: Frame) -> Frame:
        if size(said) > MOST_DECLARED + 1024:  # what the worker adds besides
            raise ValueError("too much is declared")
        return said

    guard: str = ""
    name: Bilingual | None = None
    version: str = ""
    owner: str = ""
    hooks: tuple[str, ...] = ()
    terms: dict[str, tuple[str, ...]] = {}
    config_schema: str = ""
    categories: tuple[CategoryDefinition, ...] = ()
    letter_templates: tuple[LetterTemplate, ...] = ()
    indicators: tuple[IndicatorDefinition, ...] = ()
    documents: tuple[DocumentDefinition, ...] = ()


def _hits_json(hits: Mapping[str, Hits] | None) -> str:
    """Write one ministry's hits down."""
    return _json({group: (hit.terms, hit.positions) for group, hit in hits.items()}) if hits else "{}"


def _json(value: object) -> str:
    """Write a value as JSON."""
    return _WRITER.encode(value)
