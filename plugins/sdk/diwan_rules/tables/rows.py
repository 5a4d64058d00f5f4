"""One row of a table: when it matches a case, and what it then says."""

from dataclasses import dataclass, field
from functools import cached_property

from diwan_rules.facts import Case, Channel, Stage
from diwan_rules.terms import NO_HITS
from diwan_rules.text import normalise
from diwan_rules.verdicts import Basis, Because

_MENTIONED = 6
_LONGEST_MENTION = 250


@dataclass(frozen=True)
class Cell:
    """The terms of one cell and the group under which the core searches them."""

    group: str = ""
    terms: tuple[str, ...] = ()

    @cached_property
    def searched(self) -> tuple[tuple[str, bool], ...]:
        """Return the terms as they are searched: normalised, and whether anything may follow."""
        return tuple((normalise(term), term.endswith("*")) for term in self.terms)

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(words for words, open_end in self.searched if not open_end)

    @cached_property
    def _open(self) -> tuple[str, ...]:
        return tuple(words for words, open_end in self.searched if open_end)

    def covers(self, term: tuple[str, bool]) -> bool:
        """Tell whether a text that has this term surely has one of the cell's."""
        words, open_end = term
        return words.startswith(self._open) or (not open_end and words in self._whole)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What must hold of a case; what is empty does not matter."""

    any_of: Cell = Cell()
    all_of: Cell = Cell()
    none_of: Cell = Cell()
    wilaya: frozenset[str] = frozenset()
    commune: frozenset[str] = frozenset()
    channel: frozenset[Channel] = frozenset()
    topic: tuple[str, ...] = ()
    stage: frozenset[Stage] = frozenset()
    addressed: bool | None = None

    def hold(self, case: Case, ministry: str, stage: Stage | None = None) -> bool:
        """Tell whether a case meets them all."""
        return (
            self._words_hold(case)
            and self._place_holds(case)
            and (not self.channel or case.channel in self.channel)
            and (not self.topic or any(is_below(case.topic_code, topic) for topic in self.topic))
            and (not self.stage or stage in self.stage)
            and (self.addressed is None or self.addressed == (case.addressed_ministry == ministry))
        )

    def _words_hold(self, case: Case) -> bool:
        """Tell whether the text has one of `any_of`, each of `all_of` and none of `none_of`."""
        hits = case.hits
        if self.any_of.terms and not hits[self.any_of.group].positions:
            return False
        if self.all_of.terms and len(hits[self.all_of.group].terms) < len(self.all_of.terms):
            return False
        return not (self.none_of.terms and hits[self.none_of.group].positions)

    def _place_holds(self, case: Case) -> bool:
        """Tell whether the complaint comes from one of the places."""
        if self.wilaya and case.wilaya_id not in self.wilaya and case.wilaya_label not in self.wilaya:
            return False
        return not self.commune or case.commune_id in self.commune

    def found(self, case: Case) -> tuple[str, ...]:
        """Return the terms that were found, as the row writes them."""
        hits = (case.hits.get(cell.group, NO_HITS) for cell in (self.any_of, self.all_of))
        return tuple(dict.fromkeys(term for hit in hits for term in hit.terms))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row as it was read; the columns that its table does not have are empty."""

    line: int
    when: Conditions
    why_ar: str
    why_fr: str
    id: str = ""
    score: int = 0
    category: str = ""
    basis: Basis | None = None
    legal_reference: str = ""
    unit: tuple[str, ...] = ()
    deadline: int = 0
    document: str = ""
    name_ar: str = ""
    name_fr: str = ""
    shows_ar: str = ""
    shows_fr: str = ""
    mandatory: bool = True

    def because(self, case: Case) -> Because:
        """Return why the row answers so, with the terms that were found."""
        found = [term.rstrip("*") for term in self.when.found(case)[:_MENTIONED]]
        return Because(ar=_with(self.why_ar, "، ".join(found)), fr=_with(self.why_fr, ", ".join(found)))


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows of one table, in their order."""

    name: str
    file: str
    rows: tuple[Row, ...]
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def by_need(self) -> tuple[tuple[str, Row], ...]:
        """Return each row behind the terms without which nothing else of it has to be looked at."""
        return tuple((row.when.any_of.group or row.when.all_of.group, row) for row in self.rows)


def is_below(topic: str, above: str) -> bool:
    """Tell whether a topic is another or lies below it: `housing.social` is below `housing`."""
    return topic == above or topic.startswith(f"{above}.")


def _with(why: str, found: str) -> str:
    """Return a reason with the terms: where it says {terms}, or else at its end."""
    shown = found[:_LONGEST_MENTION]
    if "{terms}" in why:
        return why.replace("{terms}", shown or "—", 1)
    return f"{why} ({shown})" if shown else why
