"""Builds the WHERE of a list, and holds one page of what it finds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
VALID = "(valid_from IS NULL OR valid_from <= {}) AND (valid_to IS NULL OR valid_to > {})"


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Item]):
    """One page of what matches, whether more follows, and how many match in all."""

    items: list[Item]
    more: bool
    total: int


@dataclass
class Conditions:
    """Conditions joined by AND, with the values of their parameters."""

    clauses: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, clause: str, *values: object) -> None:
        """Add a condition; each {} in it stands for the next value."""
        numbers = range(len(self.values) + 1, len(self.values) + len(values) + 1)
        self.values.extend(values)
        self.clauses.append(clause.format(*(f"${number}" for number in numbers)))

    def add_words(self, words: Iterable[str]) -> None:
        """Ask for names that have all the words."""
        for word in words:
            self.add("search_text LIKE {}", f"%{word}%")

    @property
    def sql(self) -> str:
        """The conditions as SQL."""
        return " AND ".join(self.clauses) or "true"
