"""Finds the terms that ministries declare as data in a normalised text: one definition, whoever searches.

A term is one or several words, in any spelling; it is normalised like the text. It is found where
1. its first word begins a word of the text, or stands there behind one of `prefixes(term)`: the Arabic clitics
   (و ف ب ل ك ال وال بال لل …), the French elisions (l’ d’) and the articles of Arabizi, written together with the word;
2. its last word ends a word of the text, or anything follows when the term ends in `*` (`مستشفي*`, `hopit*`);
3. each further word of an Arabic term may carry the article ال: `رخصة بناء` also finds رخصة البناء.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from diwan_rules.text import normalise

_CLITICS = "و ف ب ل ك ال وال فال بال كال لل ول فل بل ولل فلل وب فب وبال فبال وك وكال عال مال"
_ARABIC_PREFIXES = frozenset(("", *_CLITICS.split(" ")))
_VOWEL_PREFIXES = frozenset(("", "l", "d", "el"))
_LATIN_PREFIXES = frozenset(("", "l", "el", "fel", "bel", "lel", "fl", "bl"))
_ARABIC = re.compile("[\u0621-\u064a]")


class TermInvalid(ValueError):
    """A term that can never be found, or would be found everywhere."""


@dataclass(frozen=True)
class Hits:
    """Where the terms of one group stand in the normalised text; false when there are none."""

    terms: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Return how often a term of the group was found."""
        return len(self.positions)

    def __bool__(self) -> bool:
        return bool(self.positions)


NO_HITS = Hits()


def prefixes(word: str) -> frozenset[str]:
    """Return what may be written together in front of a normalised word."""
    if _ARABIC.match(word):
        return _ARABIC_PREFIXES
    return _VOWEL_PREFIXES if word[0] in "aeiouyh" else _LATIN_PREFIXES


@dataclass(frozen=True)
class _Term:
    """One declared term, ready to be searched."""

    group: str
    written: str
    words: str
    open_end: bool
    before: frozenset[str]

    def stands_at(self, text: str, start: int, end: int) -> bool:
        """Tell whether the words found at start…end are whole words in the sense of rules 1 and 2."""
        if not self.open_end and end < len(text) and text[end] != " ":
            return False
        return text[text.rfind(" ", 0, start) + 1 : start] in self.before


def _term(group: str, written: str) -> _Term:
    """Read one declared term, or say why it cannot be searched."""
    words = normalise(written)
    if len(words) < 2 or "*" in written.rstrip().removesuffix("*"):
        raise TermInvalid(f"term {written!r} of group {group!r}: at least two letters, and * only at the end")
    return _Term(group, written, words, written.rstrip().endswith("*"), prefixes(words))


def _spellings(words: str) -> Iterator[str]:
    """Yield a term as it may be written: further Arabic words with and without the article (rule 3)."""
    first, *others = words.split(" ")
    if len(others) > 4:
        yield words
        return
    for chosen in product(*(((w, "ال" + w) if _ARABIC.match(w) else (w,)) for w in others)):
        yield " ".join((first, *chosen))


@dataclass(frozen=True)
class Terms:
    """Groups of terms; `scan` searches them, or `read` takes what a faster search found for `literals`."""

    groups: Mapping[str, Iterable[str]]
    _by_literal: dict[str, list[_Term]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for group, declared in self.groups.items():
            for term in dict.fromkeys(declared):
                parsed = _term(group, term)
                for literal in _spellings(parsed.words):
                    self._by_literal.setdefault(literal, []).append(parsed)

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """Return the strings to search for, wherever they stand, overlapping ones too."""
        return tuple(self._by_literal)

    def read(self, text: str, found: Iterable[tuple[int, int, int]]) -> dict[str, Hits]:
        """Keep of (literal index, start, end) found in a normalised text what are hits, by group."""
        kept: dict[str, set[tuple[int, str]]] = {}
        for index, start, end in found:
            for term in self._by_literal[self.literals[index]]:
                if term.stands_at(text, start, end):
                    kept.setdefault(term.group, set()).add((start, term.written))
        return {group: _hits(places) for group, places in sorted(kept.items())}

    def scan(self, text: str) -> dict[str, Hits]:
        """Return the hits in a normalised text, by group; groups without a hit are absent."""
        return self.read(text, self._found(text))

    def _found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Find every literal with plain string search: no extra package for an author's tests."""
        for index, literal in enumerate(self.literals):
            start = text.find(literal)
            while start >= 0:
                yield index, start, start + len(literal)
                start = text.find(literal, start + 1)


def _hits(places: set[tuple[int, str]]) -> Hits:
    """Put the places of one group in order."""
    ordered = sorted(places)
    return Hits(tuple(dict.fromkeys(term for _, term in ordered)), tuple(start for start, _ in ordered))
