"""What is new in a table compared with what is known, in portions that an event can carry."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

LARGEST = 500


class Keyed(Protocol):
    """A fact that is told from others by its key."""

    @property
    def key(self) -> Hashable:
        """What tells it from every other."""


Fact = TypeVar("Fact", bound=Keyed)
Item = TypeVar("Item")


def changed(known: Mapping[Hashable, Fact], wanted: Iterable[Fact]) -> list[Fact]:
    """Return the facts that are not known as they are wanted."""
    return [each for each in wanted if known.get(each.key) != each]


def portions(items: Sequence[Item], size: int = LARGEST) -> Iterator[Sequence[Item]]:
    """Cut a sequence into parts of at most that size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
