"""Finds the terms of all ministries in one pass over a text, by one automaton; the kit's module terms says what is a hit."""

from collections.abc import Iterable, Mapping

from ahocorasick_rs import AhoCorasick
from diwan_rules.terms import Terms
from diwan_rules.text import normalise

from services.routing.domain.facts import TermHit

Place = tuple[int, int, int]


class Scanner:
    """One automaton for every declared term of every ministry."""

    def __init__(self, declared: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self._terms = {ministry_id: Terms(groups) for ministry_id, groups in sorted(declared.items())}
        owners: dict[str, list[tuple[str, int]]] = {}
        for ministry_id, terms in self._terms.items():
            for index, literal in enumerate(terms.literals):
                owners.setdefault(literal, []).append((ministry_id, index))
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(owners) if owners else None

    def scan(self, text: str) -> tuple[TermHit, ...]:
        """Return the hits in a text as its writer wrote it, by ministry and group."""
        words = normalise(text)
        hits = []
        for ministry_id, places in self._places(words).items():
            for group, found in self._terms[ministry_id].read(words, places).items():
                hits.append(TermHit(ministry_id=ministry_id, group=group, terms=found.terms, positions=found.positions))
        return tuple(sorted(hits, key=lambda hit: (hit.ministry_id, hit.group)))

    def _places(self, words: str) -> Mapping[str, list[Place]]:
        """Return where each ministry's literals stand, overlapping ones too."""
        places: dict[str, list[Place]] = {}
        if self._automaton is None:
            return places
        for pattern, start, end in self._automaton.find_matches_as_indexes(words, overlapping=True):
            for ministry_id, index in self._owners[pattern]:
                places.setdefault(ministry_id, []).append((index, start, end))
        return places


class Search:
    """The automaton over what some ministries declare, built anew when one of them runs other rules."""

    def __init__(self) -> None:
        self._scanner = Scanner({})
        self._digests: Mapping[str, str] = {}

    def follow(self, declared: Mapping[str, Mapping[str, Iterable[str]]], digests: Mapping[str, str]) -> None:
        """Search for these terms from now on; digests name the rules that declare them."""
        if digests != self._digests:
            self._scanner, self._digests = Scanner(declared), digests

    def scan(self, text: str) -> tuple[TermHit, ...]:
        """Return the hits in a text."""
        return self._scanner.scan(text)
