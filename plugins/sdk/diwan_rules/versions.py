"""Reads version ranges such as `>=1.0,<2`: with which versions of the kit a plugin works."""

import re
from collections.abc import Callable
from itertools import zip_longest

_NUMBER = re.compile(r"^\d+(\.\d+)*")
_CLAUSE = re.compile(r"^(>=|<=|==|!=|~=|>|<)\s*(\d+(?:\.\d+)*)$")
_HOLDS: dict[str, Callable[[int], bool]] = {
    ">=": lambda order: order >= 0,
    "<=": lambda order: order <= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">": lambda order: order > 0,
    "<": lambda order: order < 0,
}


class RangeUnreadable(ValueError):
    """A range must be clauses such as `>=1.0`, with commas between them."""


def allows(wanted: str, version: str) -> bool:
    """Tell whether a version lies in a range; an empty range allows every version."""
    return all(_holds(clause.strip(), version) for clause in wanted.split(",") if clause.strip())


def number(version: str) -> str:
    """Return the numbers a version begins with: `1.2` of `1.2rc1`."""
    found = _NUMBER.match(version)
    if not found:
        raise RangeUnreadable(version)
    return found[0]


def _holds(clause: str, version: str) -> bool:
    """Tell whether one clause holds for a version."""
    read = _CLAUSE.match(clause)
    if not read:
        raise RangeUnreadable(clause)
    sign, bound = read.groups()
    if sign == "~=":
        return _order(version, bound) >= 0 and version.startswith(f"{bound.rpartition('.')[0]}.")
    return _HOLDS[sign](_order(version, bound))


def _order(one: str, other: str) -> int:
    """Return whether a version comes before (-1), with (0) or after (1) another; `1.0` comes with `1`."""
    pairs = zip_longest(number(one).split("."), number(other).split("."), fillvalue="0")
    differences = [int(mine) - int(theirs) for mine, theirs in pairs]
    first = next((difference for difference in differences if difference), 0)
    return (first > 0) - (first < 0)
