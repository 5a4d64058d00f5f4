"""What each hook may answer, read from its specification: one verdict, several, or nothing at all."""

import inspect
import json
import types
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args, get_origin, get_type_hints

from diwan_rules.hooks import PATTERNS, Hooks, Pattern
from diwan_rules.verdicts import Frozen, Verdict

MOST = 100
LONGEST = 16 * 1024

Said = Frozen | tuple[Frozen, ...] | None


class WrongType(Exception):
    """A rule answered with something that is no answer of its hook."""


@dataclass(frozen=True)
class Answers:
    """The kinds of answers of one hook, and whether it answers with a list of them."""

    pattern: Pattern
    kinds: tuple[type[Frozen], ...]
    many: bool
    or_none: bool

    @cached_property
    def declared(self) -> bool:
        """Tell whether such answers name what the ministry must have declared."""
        return any(issubclass(kind, Verdict) and kind.declared_by for kind in self.kinds)

    def __str__(self) -> str:
        wanted = " | ".join(kind.__name__ for kind in self.kinds)
        wanted = f"list[{wanted}]" if self.many else wanted
        return " | ".join(filter(None, (wanted, "None" if self.or_none else "")))

    def checked(self, said: object) -> Said:
        """Return an answer with its checks done again, for it may have been made without them; an empty list is nothing."""
        if said is None and self.or_none:
            return None
        if not self.many:
            return self._one(said)
        if not isinstance(said, list | tuple):
            raise WrongType(type(said).__name__)
        if len(said) > MOST:
            raise WrongType(f"list of {len(said)}, at most {MOST}")
        return tuple(self._one(each) for each in said) or None

    def _one(self, said: object) -> Frozen:
        for kind in self.kinds:
            if isinstance(said, kind):
                return kind.model_validate(said.model_dump(warnings=False))
        raise WrongType(f"list with {type(said).__name__}" if self.many else type(said).__name__)

    def read(self, sent: Any) -> Said:
        """Read an answer as it travelled; raise ValueError when it is none of this hook."""
        if not self.many:
            return self._read_one(sent)
        if not isinstance(sent, list) or len(sent) > MOST or too_long(sent):
            raise ValueError("no list of verdicts")
        return tuple(self._read_one(each) for each in sent)

    def _read_one(self, sent: Any) -> Frozen:
        name, fields = sent
        for kind in self.kinds:
            if kind.__name__ == name:
                return kind.model_validate(fields)
        raise ValueError(f"no verdict named {name}")


def write(said: Frozen | tuple[Frozen, ...]) -> list[Any]:
    """Write an answer down for sending."""
    if isinstance(said, tuple):
        return [write(each) for each in said]
    return [type(said).__name__, said.model_dump(mode="json")]


def items(said: Said) -> tuple[Frozen, ...]:
    """Return the verdicts of an answer, be it one, several or none."""
    if isinstance(said, tuple):
        return said
    return () if said is None else (said,)


def too_long(written: list[Any]) -> bool:
    """Tell whether a list of answers is larger than one ministry may say of one case."""
    return len(json.dumps(written, ensure_ascii=False).encode("utf-8", "replace")) > LONGEST


def _answers(name: str, spec: types.FunctionType) -> Answers:
    """Read what a hook may answer out of its specification."""
    annotation = get_type_hints(spec)["return"]
    choices = get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
    kinds = tuple(choice for choice in choices if choice is not types.NoneType)
    many = bool(kinds) and get_origin(kinds[0]) is list
    kinds = get_args(kinds[0]) if many else kinds
    return Answers(PATTERNS[name], kinds, many=many, or_none=types.NoneType in choices)


_SPECS = {name: getattr(Hooks, name) for name in PATTERNS}
OFFERS = {name: tuple(inspect.signature(spec).parameters)[1:] for name, spec in _SPECS.items()}
ANSWERS = {name: _answers(name, spec) for name, spec in _SPECS.items()}
DECLARING = tuple(name for name, pattern in PATTERNS.items() if pattern is Pattern.DECLARE and name != "plugin_info")
