"""Streams recorded questions from a file, each with its place; a line that is no record is told, not skipped in silence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from diwan_rules.author.cases import ASKED
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.reading import needed, read_besides, read_case, read_units
from diwan_rules.author.trial import Trial
from diwan_rules.configuration import Configuration
from diwan_rules.facts import Case
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.questions import Outcome
from diwan_rules.records import Record

_BATCH = 100


@dataclass(frozen=True)
class Line:
    """One line of a file: a record with what it says of the question, or what is wrong with it."""

    place: str
    record: Record | None = None
    case: Case | None = None
    mistake: str = ""
    around: Mapping[str, Any] = field(default_factory=dict)


def read(text: str | bytes, place: str) -> Line:
    """Read one record."""
    try:
        record = Record.model_validate_json(text)
        return Line(place, record, read_case(record.facts), around=_around(record))
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, wrong["loc"])) or "JSON"
        return Line(place, mistake=say("record_wrong", place=place, field=where, error=wrong["msg"]))
    except Mistake as mistake:
        return Line(place, mistake=f"{place}: {mistake}")


def count(path: Path) -> int:
    """Count the lines of a file that say something."""
    if not path.is_file():
        raise Mistake("file_missing", file=path)
    with path.open("rb") as file:
        return sum(1 for text in file if text.strip())


def lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file one by one, however long it is; empty lines say nothing."""
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            if text.strip():
                yield read(text, f"{path.name}:{number}")


def batches(each: Iterator[Line]) -> Iterator[list[Line]]:
    """Yield lines in groups that can be asked at once: the same moment and calendar, every case once."""
    group: list[Line] = []
    seen: set[str] = set()
    for line in each:
        if line.record and line.case:
            if group and (len(group) == _BATCH or line.case.complaint_id in seen or not _alike(group[0], line)):
                yield group
                group, seen = [], set()
            group.append(line)
            seen.add(line.case.complaint_id)
        else:
            yield [line]
    if group:
        yield group


def asked(trial: Trial, ministry: Ministry, group: list[Line]) -> list[Outcome]:
    """Ask a ministry the recorded question of a group again."""
    first = group[0]
    assert first.record
    return trial.ask(ministry, first.record.hook, [line.case for line in group if line.case], **first.around)


def _around(record: Record) -> dict[str, Any]:
    """Return what a recorded question says besides its case; a hook must be one, and be asked with all that it needs."""
    if record.hook not in ASKED:
        raise Mistake("key_unknown", found=record.hook, hint=", ".join(ASKED))
    for name in needed(record.hook):
        if name not in record.besides:
            raise Mistake("besides_missing", hook=record.hook, missing=name)
    return {
        **read_besides(record.besides),
        "now": record.asked_at,
        "calendar": record.calendar,
        "units": {code: read_units(units) for code, units in record.units.items()},
        "configurations": {
            code: Configuration(each.revision, each.values_json) for code, each in record.configurations.items()
        },
    }


def _alike(one: Line, other: Line) -> bool:
    """Tell whether two records differ in their cases and answers only."""
    without = {"facts": {}, "outcomes": {}, "assigned": ""}
    assert one.record
    assert other.record
    return one.record.model_copy(update=without) == other.record.model_copy(update=without)
