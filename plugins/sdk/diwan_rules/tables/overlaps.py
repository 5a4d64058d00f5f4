"""Looks for rows that can never match and for rows that can match together, without any case: from the cells alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.rows import Cell, Conditions, Row, Table, is_below
from diwan_rules.verdicts import Basis

Item = TypeVar("Item")


@dataclass(frozen=True)
class Overlap:
    """A row, and the later rows that can match together with it."""

    table: str
    file: str
    line: int
    others: tuple[int, ...]


def overlaps(table: Table, policy: HitPolicy) -> list[Overlap]:
    """Return the rows of a table that can match together; where that is its purpose, none."""
    if policy is HitPolicy.COLLECT:
        return []
    together: dict[int, list[int]] = {}
    for one, other in combinations(table.rows, 2):
        if _can_both_match(one.when, other.when) and (policy is HitPolicy.UNIQUE or _is_worth_a_look(one, other)):
            together.setdefault(one.line, []).append(other.line)
    return [Overlap(table.name, table.file, line, tuple(others)) for line, others in together.items()]


def never(table: Table, policy: HitPolicy, minimum: int) -> Iterator[tuple[Row, str, str]]:
    """Yield the rows that can never decide anything, with the mistake and the line that stands against them."""
    for row in table.rows:
        if _contradicts_itself(row):
            yield row, "row_never", ""
        elif table.name == "claim" and policy is not HitPolicy.COLLECT and row.score < minimum:
            yield row, "row_below_minimum", str(minimum)
        elif policy is HitPolicy.FIRST and (other := _hidden_by(row, table.rows)):
            yield row, "row_hidden", str(other.line)


def _hidden_by(row: Row, rows: Iterable[Row]) -> Row | None:
    """Return the earlier row that takes every case of this one; a row that names a unit may still pass a case on."""
    if row.unit:
        return None
    return next((other for other in rows if other.line < row.line and _implies(row.when, other.when)), None)


def _contradicts_itself(row: Row) -> bool:
    """Tell whether a row asks for what it excludes."""
    return _forbids(row.when, row.when) or (row.when.addressed is False and row.basis is Basis.ADDRESSED)


def _is_worth_a_look(one: Row, other: Row) -> bool:
    """Tell whether only the order of two rows decides, and they look for the same."""
    ours, theirs = (_found_by(row.when.any_of, row.when.all_of) for row in (one, other))
    return one.score == other.score and (bool(ours & theirs) or not (ours or theirs))


def _can_both_match(one: Conditions, other: Conditions) -> bool:
    """Tell whether nothing in the cells keeps two rows apart."""
    return not (
        _wilayas_apart(one.wilaya, other.wilaya)
        or _apart(one.commune, other.commune)
        or _apart(one.channel, other.channel)
        or _apart(one.stage, other.stage)
        or (one.addressed is not None and other.addressed is not None and one.addressed != other.addressed)
        or _topics_apart(one.topic, other.topic)
        or _forbids(one, other)
        or _forbids(other, one)
    )


def _apart(one: frozenset[Item], other: frozenset[Item]) -> bool:
    """Tell whether two cells of a closed list have nothing in common."""
    return bool(one and other) and one.isdisjoint(other)


def _wilayas_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two cells name different wilayas; a number may be any id's, so these are not compared."""
    if not _apart(one, other):
        return False
    kinds = {place.isdecimal() for place in one | other}
    return len(kinds) == 1


def _topics_apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether no topic of one cell lies above or below one of the other."""
    return bool(one and other) and not any(is_below(a, b) or is_below(b, a) for a in one for b in other)


def _forbids(one: Conditions, other: Conditions) -> bool:
    """Tell whether every text that the second row wants has a term that the first row excludes."""
    excluded = one.none_of
    if not excluded.terms:
        return False
    return any(map(excluded.covers, other.all_of.searched)) or (
        bool(other.any_of.terms) and all(map(excluded.covers, other.any_of.searched))
    )


def _implies(row: Conditions, earlier: Conditions) -> bool:
    """Tell whether every case of a row is also one of an earlier row."""
    return (
        _places_imply(row, earlier)
        and (not earlier.topic or (bool(row.topic) and all(_under(topic, earlier.topic) for topic in row.topic)))
        and (earlier.addressed is None or earlier.addressed == row.addressed)
        and _words_imply(row, earlier)
    )


def _places_imply(row: Conditions, earlier: Conditions) -> bool:
    """Tell whether the closed lists of a row lie within those of an earlier row."""
    return (
        _within(row.wilaya, earlier.wilaya)
        and _within(row.commune, earlier.commune)
        and _within(row.channel, earlier.channel)
        and _within(row.stage, earlier.stage)
    )


def _within(narrow: frozenset[Item], wide: frozenset[Item]) -> bool:
    """Tell whether a cell of a closed list leaves nothing out that another lets through."""
    return not wide or (bool(narrow) and narrow <= wide)


def _words_imply(row: Conditions, earlier: Conditions) -> bool:
    """Tell whether a text that has a row's words also meets an earlier row's."""
    return (
        (not earlier.any_of.terms or _surely_has(row, earlier.any_of))
        and all(_surely_has(row, Cell(terms=(term,))) for term in earlier.all_of.terms)
        and all(map(row.none_of.covers, earlier.none_of.searched))
    )


def _surely_has(row: Conditions, wanted: Cell) -> bool:
    """Tell whether every text that a row wants has one of these terms."""
    return any(map(wanted.covers, row.all_of.searched)) or (
        bool(row.any_of.terms) and all(map(wanted.covers, row.any_of.searched))
    )


def _under(topic: str, above: tuple[str, ...]) -> bool:
    """Tell whether a topic lies below one of these."""
    return any(is_below(topic, each) for each in above)


def _found_by(*cells: Cell) -> set[tuple[str, bool]]:
    """Return the terms of cells as they are searched."""
    return {term for cell in cells for term in cell.searched}
