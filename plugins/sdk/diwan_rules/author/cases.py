"""Reads test cases from YAML or CSV: facts of a complaint, and what the rules shall say of it, by the names of hooks.

Each key is `name`, `text`, a fact (`wilaya_id`), what a hook is asked about besides (`stage`), or an expectation:
a hook with the kind of its answer (`claim: decline`, `claim: none`), or a field of it (`claim.score: 700..900`).
"""

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diwan_rules.answers import ANSWERS
from diwan_rules.author.language import Mistake
from diwan_rules.author.reading import BESIDES, FACTS, needed, read_besides, read_case, read_units
from diwan_rules.facts import Case, Unit
from diwan_rules.hooks import Pattern

ASKED = {hook: answers for hook, answers in ANSWERS.items() if answers.pattern is not Pattern.DECLARE}
NOTHING = "none"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a test expects of one hook: of the answer itself when `field` is empty, else of a field of it."""

    hook: str
    field: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One test case; `mistake` says why it cannot be asked."""

    name: str
    place: str
    case: Case = field(default_factory=lambda: Case(complaint_id="", text=""))
    units: tuple[Unit, ...] = ()
    besides: Mapping[str, Any] = field(default_factory=dict)
    expected: tuple[Expected, ...] = ()
    mistake: str = ""


def found_in(folder: Path) -> list[Path]:
    """Return the files of cases that lie in a folder of rules."""
    return [path for name in ("cases.yaml", "cases.csv") if (path := folder / name).is_file()]


def read(path: Path) -> list[Scenario]:
    """Return the scenarios of a file; one that cannot be read stays in the list with its mistake."""
    rows, units = _csv(path) if path.suffix == ".csv" else _yaml(path)
    scenarios = [_scenario(row, f"{path.name}:{number}", units) for number, row in rows]
    if not scenarios:
        raise Mistake("cases_none", file=path.name)
    return scenarios


def kinds(hook: str) -> dict[str, Any]:
    """Return the answers that a hook may give, by the words that tests use for them: `unit_proposal`."""
    return {_snake(kind.__name__): kind for kind in ASKED[hook].kinds}


def _csv(path: Path) -> tuple[list[tuple[int, dict[str, Any]]], tuple[Unit, ...]]:
    """Read rows with `;` or `,` between cells; empty cells say nothing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        heading = text.partition("\n")[0]
        separator = ";" if heading.count(";") > heading.count(",") else ","
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        read = [(_line(rows, row), row) for row in rows]
    except (csv.Error, UnicodeDecodeError) as error:
        raise Mistake("cases_unreadable", file=path.name, error=error) from error
    filled = ((line, {name.strip(): cell.strip() for name, cell in row.items() if _filled(cell)}) for line, row in read)
    return [(line, _nested(row)) for line, row in filled if row], ()


def _line(rows: Any, row: Mapping[Any, Any]) -> int:
    """Return the line of a row; cells beyond the headings mean nothing and are refused."""
    if None in row:
        raise Mistake("cells_beyond", line=rows.line_num)
    return int(rows.line_num)


def _filled(cell: Any) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def _nested(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a row with `reply.text` and its like as a fact with parts."""
    nested: dict[str, Any] = {}
    for name, cell in row.items():
        head, _, rest = name.partition(".")
        if rest and head in BESIDES:
            nested.setdefault(head, {})[rest] = cell
        elif name == "declined_by":
            nested[name] = cell.replace("|", " ").split()
        else:
            nested[name] = cell
    return nested


def _yaml(path: Path) -> tuple[list[tuple[int, dict[str, Any]]], tuple[Unit, ...]]:
    """Read a list of cases, or `units` and `cases`."""
    import yaml  # type: ignore[import-untyped]

    try:
        text = path.read_text(encoding="utf-8")
        _refuse_twice(yaml.compose(text, Loader=yaml.SafeLoader))
        said = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise Mistake("cases_unreadable", file=path.name, error=" ".join(str(error).split())) from error
    whole = said if isinstance(said, dict) else {"cases": said or []}
    rows = whole.get("cases", [])
    if (
        whole.keys() - {"cases", "units"}
        or not isinstance(rows, list)
        or not all(isinstance(row, dict) for row in rows)
    ):
        raise Mistake("cases_unreadable", file=path.name, error="cases: [...], units: [...]")
    return [(number, dict(row)) for number, row in enumerate(rows, 1)], read_units(whole.get("units", ()))


def _refuse_twice(node: Any) -> None:
    """Raise ValueError for a key that stands twice in one place: YAML would silently forget the first."""
    if node is None or isinstance(node.value, str):
        return
    seen = set()
    for each in node.value:
        key, below = each if isinstance(each, tuple) else (None, each)
        if key and str(key.value) in seen:
            raise ValueError(f"{key.value} is there twice, line {key.start_mark.line + 1}")
        seen.add(str(key.value) if key else "")
        _refuse_twice(below)


def _scenario(row: dict[str, Any], place: str, units: tuple[Unit, ...]) -> Scenario:
    """Return the scenario of a row, with its mistake when it cannot be asked."""
    name = str(row.pop("name", "") or str(row.get("text", ""))[:60] or place)
    try:
        facts = {key: row.pop(key) for key in ("text", *FACTS) if key in row}
        besides = read_besides({key: row.pop(key) for key in BESIDES if key in row})
        case = read_case({"text": "", **facts, "complaint_id": place})
        expected = tuple(_expectations(row))
        _complete(expected, besides)
    except Mistake as mistake:
        return Scenario(name=name, place=place, mistake=str(mistake))
    return Scenario(name=name, place=place, case=case, units=units, besides=besides, expected=expected)


def _expectations(row: Mapping[str, Any]) -> Iterator[Expected]:
    """Yield what a row expects; a hook or a field that does not exist is a mistake."""
    for key, value in row.items():
        hook, _, path = str(key).partition(".")
        if hook not in ASKED:
            raise Mistake("key_unknown", found=key, hint=_near(hook, ("name", "text", *FACTS, *BESIDES, *ASKED)))
        for inner, each in _flat(path, value):
            yield _expected(hook, inner, _text(each))


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the paths and values below a key."""
    if not isinstance(value, dict):
        yield path, value
        return
    for inner, each in value.items():
        yield from _flat(f"{path}.{inner}" if path else str(inner), each)


def _expected(hook: str, path: str, value: str) -> Expected:
    """Return one expectation that can be met."""
    fields = sorted({name for kind in ASKED[hook].kinds for name in kind.model_fields})
    if path and path.partition(".")[0] not in fields:
        raise Mistake("field_unknown", hook=hook, found=path, known=", ".join(fields) or "—")
    if not path and value not in (words := (*kinds(hook), NOTHING)):
        raise Mistake("answer_unknown", hook=hook, found=value, known=", ".join(words))
    return Expected(hook=hook, field=path, value=value)


def _complete(expected: tuple[Expected, ...], besides: Mapping[str, Any]) -> None:
    """Raise a mistake when nothing is expected, or a hook needs more than the row says."""
    if not expected:
        raise Mistake("expects_nothing")
    for hook in {each.hook for each in expected}:
        for name in needed(hook):
            if name not in besides:
                raise Mistake("besides_missing", hook=hook, missing=name)


def _text(value: Any) -> str:
    """Return a value as a sheet would hold it."""
    if value is None:
        return NOTHING
    return str(value).lower() if isinstance(value, bool) else str(value)


def _near(word: str, known: Iterable[str]) -> str:
    """Return the nearest known words, or all of them."""
    known = tuple(known)
    return ", ".join(difflib.get_close_matches(word, known, n=3) or known)


def _snake(name: str) -> str:
    """Return a class name as a word: `unit_proposal`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
