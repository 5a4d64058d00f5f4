"""Reads facts that an author or the core wrote down: of a case, of a directory, of what a question is about besides."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from diwan_rules.answers import OFFERS
from diwan_rules.author.language import Mistake
from diwan_rules.facts import Case, Unit
from diwan_rules.host.questions import Question

FACTS = tuple(field.name for field in fields(Case) if field.name not in {"complaint_id", "text", "hits"})
BESIDES = tuple(dict.fromkeys(name for offered in OFFERS.values() for name in offered if name not in {"case", "ctx"}))
_CASE = TypeAdapter(Case)
_UNITS = TypeAdapter(tuple[Unit, ...])
_KINDS = get_type_hints(Question)


def read_case(facts: Mapping[str, Any]) -> Case:
    """Return a case of facts; a mistake names the fact that is wrong."""
    if unknown := sorted(facts.keys() - {"complaint_id", "text", *FACTS}):
        raise Mistake("fact_unknown", found=unknown[0], known=", ".join(FACTS))
    case: Case = _read(_CASE, {name: _plain(value) for name, value in facts.items()})
    return case


def read_units(units: Any) -> tuple[Unit, ...]:
    """Return the units of a directory."""
    read: tuple[Unit, ...] = _read(_UNITS, units)
    return read


def read_besides(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a question is about besides its case: a stage, a kind of letter, a reply."""
    if unknown := sorted(given.keys() - BESIDES):
        raise Mistake("fact_unknown", found=unknown[0], known=", ".join(BESIDES))
    return {name: _read(TypeAdapter(_KINDS[name]), value) for name, value in given.items()}


def needed(hook: str) -> tuple[str, ...]:
    """Return what a hook is asked about besides its case."""
    return tuple(name for name in OFFERS[hook] if name in BESIDES)


def _read(kind: TypeAdapter[Any], value: Any) -> Any:
    """Read a value, or say which part of it is wrong."""
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in wrong["loc"] if not str(part).endswith("]")) or "—"
        raise Mistake("fact_wrong", field=field, error=wrong["msg"]) from error


def _plain(value: Any) -> Any:
    """Return a fact as text, for a sheet or YAML may have taken `16` for a number."""
    if isinstance(value, date):
        return value.isoformat()
    return [str(each) for each in value] if isinstance(value, list) else str(value)
