"""Verdicts and declarations of the kit in the contract diwan.rules.v1, where a ministry's own codes are full: MJ.slow_judgment."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

import diwan_rules as kit
from diwan.common.v1 import localized_text_pb2
from diwan.rules.v1 import declaration_pb2, outcome_pb2, verdict_pb2
from diwan_rules.answers import Said
from diwan_rules.declarations import Definition
from diwan_rules.verdicts import Bilingual, Frozen, Verdict
from google.protobuf.message import Message

# The field of Outcome that holds a verdict of this kind; several of one kind stand in one message under the second name.
_FIELDS: dict[type[Frozen], tuple[str, str]] = {
    kit.Claim: ("claim", ""),
    kit.Decline: ("decline", ""),
    kit.UnitProposal: ("unit_proposal", ""),
    kit.WorkingDays: ("working_days", ""),
    kit.Finding: ("findings", "findings"),
    kit.Fact: ("facts", "facts"),
    kit.RequiredDocument: ("required_documents", "documents"),
    kit.CategoryScore: ("category_scores", "categories"),
    kit.PriorityProposal: ("priority", ""),
    kit.ReminderStep: ("reminders", "steps"),
    kit.LetterContext: ("letter_context", ""),
    kit.Signatory: ("signatory", ""),
    kit.ReplyReview: ("reply_review", ""),
    kit.RetentionRule: ("retention", ""),
    kit.Redaction: ("redactions", "redactions"),
}
_MESSAGES: dict[type[Frozen], type[Message]] = {
    kit.BilingualBody: localized_text_pb2.LocalizedText,
    **{kind: getattr(outcome_pb2, kind.__name__, None) or getattr(verdict_pb2, kind.__name__) for kind in _FIELDS},
    kit.CategoryDefinition: declaration_pb2.CategoryDefinition,
    kit.LetterTemplate: declaration_pb2.LetterTemplate,
    kit.IndicatorDefinition: declaration_pb2.IndicatorDefinition,
    kit.DocumentDefinition: declaration_pb2.DocumentDefinition,
    kit.Condition: declaration_pb2.Condition,
}
_RENAMED: dict[type[Frozen], tuple[tuple[str, str], ...]] = {kit.UnitProposal: (("unit", "unit_body_id"),)}
_PLAIN = frozenset({str, int, bool})


def write_said(ministry: str, said: Said) -> dict[str, Any]:
    """Return the one field of Outcome that holds what a ministry said."""
    if said is None:
        return {"abstention": outcome_pb2.Abstention()}
    if not isinstance(said, tuple):
        return {_FIELDS[type(said)][0]: write(ministry, said)}
    field, several = _FIELDS[type(said[0])]
    return {field: {several: [write(ministry, each) for each in said]}}


def write(ministry: str, said: Frozen) -> Message:
    """Write one verdict or definition, its own code in full."""
    kind = type(said)
    own = said.own if isinstance(said, Verdict) else "code" if isinstance(said, Definition) else ""
    given = {name: value if type(value) in _PLAIN else _value(ministry, value) for name, value in said}
    for inside, outside in _RENAMED.get(kind, ()):
        given[outside] = given.pop(inside)
    if own:
        given[own] = f"{ministry}.{given[own]}"
    if isinstance(said, kit.Fact):
        given |= _fact(given.pop("value"))
    return _MESSAGES[kind](**given)


def _fact(value: bool | int | str | list[str]) -> dict[str, Any]:
    """Return the field of Fact that holds a value."""
    match value:
        case bool():
            return {"flag": value}
        case int():
            return {"number": value}
        case str():
            return {"text": value}
        case texts:
            return {"list": verdict_pb2.TextList(texts=texts)}


def _value(ministry: str, value: object) -> Any:
    """Return what a field of a message takes."""
    match value:
        case Bilingual():
            return localized_text_pb2.LocalizedText(ar=value.ar, fr=value.fr)
        case StrEnum():
            return f"{_prefix(type(value))}_{value.upper()}"
        case Frozen():
            return write(ministry, value)
        case tuple():
            return [_value(ministry, each) for each in value]
        case Mapping():
            return dict(value)
        case _:
            return value


@cache
def _prefix(kind: type[StrEnum]) -> str:
    """Return what the contract writes before the values of an enumeration: LETTER_KIND for LetterKind."""
    return "".join(f"_{char}" if char.isupper() else char.upper() for char in kind.__name__).removeprefix("_")
