"""Builds the WHERE of a list and cuts it into pages by key."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
VALID = "(valid_from IS NULL OR valid_from <= {}) AND (valid_to IS NULL OR valid_to > {})"


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Some of the items, the key after which the next page begins, and how many there are in all."""

    items: list[Item]
    after: str = ""
    total: int


@dataclass
class Conditions:
    """Conditions joined by AND, with the values of their parameters."""

    clauses: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, clause: str, value: object) -> None:
        """Add a condition; {} in it stands for the value."""
        self.values.append(value)
        self.clauses.append(clause.replace("{}", f"${len(self.values)}"))

    def add_words(self, words: Iterable[str]) -> None:
        """Ask for names that have all the words."""
        for word in words:
            self.add("search_text LIKE {}", f"%{word}%")

    @property
    def sql(self) -> str:
        """The conditions as SQL."""
        return " AND ".join(self.clauses) or "true"
