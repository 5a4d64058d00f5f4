"""Reads what a clerk wrote into one cell: numbers, places, terms, yes or no, words of a closed list."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from diwan_rules.facts import Channel, Stage
from diwan_rules.terms import TermInvalid, Terms
from diwan_rules.text import normalise
from diwan_rules.verdicts import Basis

LONGEST_WHY = 700
_SEPARATORS = str.maketrans(dict.fromkeys(",;،؛\n\r", "|"))
_SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")

YES_OR_NO = {True: ("نعم", "oui", "yes"), False: ("لا", "non", "no")}
CHANNELS = {
    Channel.REGISTER: ("السجل", "registre", "register"),
    Channel.PORTAL: ("البوابة", "portail", "portal"),
    Channel.CALL_CENTRE: ("مركز النداء", "centre d'appel", "call_centre"),
    Channel.MOBILE: ("التطبيق", "mobile", "mobile"),
    Channel.SERVICE_PLATFORM: ("منصة الخدمات", "plateforme de services", "service_platform"),
}
BASES = {
    Basis.TOPICAL: ("موضوعي", "thématique", "topical"),
    Basis.ADDRESSED: ("موجّه", "adressé", "addressed"),
    Basis.STATUTORY: ("قانوني", "légal", "statutory"),
}
STAGES = {
    Stage.FIRST_ANSWER: ("الرد الأول", "première réponse", "first_answer"),
    Stage.FINAL_ANSWER: ("الرد النهائي", "réponse finale", "final_answer"),
    Stage.DOCUMENT_REQUEST: ("طلب وثيقة", "demande de pièce", "document_request"),
}

Word = TypeVar("Word", bound=StrEnum | bool)


class CellInvalid(ValueError):
    """A cell that cannot be read; `code` and `facts` say why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def items(cell: str) -> tuple[str, ...]:
    """Return the items of a cell, whichever separator stands between them: | , ; ، ؛ or a new line."""
    parts = (part.strip() for part in cell.translate(_SEPARATORS).split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))


def terms(cell: str) -> tuple[str, ...]:
    """Read terms, each one that can be searched."""
    read = items(cell)
    for term in read:
        try:
            Terms({"": (term,)})
        except TermInvalid:
            raise CellInvalid("term_invalid", term=term) from None
    return read


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers within bounds."""

    def read(cell: str) -> int:
        try:
            number = int(cell.replace("_", "?"))
        except ValueError:
            raise CellInvalid("number_invalid", least=str(least), most=str(most)) from None
        if not least <= number <= most:
            raise CellInvalid("number_invalid", least=str(least), most=str(most))
        return number

    return read


def one_of(words: Mapping[Word, tuple[str, ...]]) -> Callable[[str], Word]:
    """Return a reader of one word of a closed list, written in any of the three languages."""
    by_spelling = {normalise(spelling): word for word, spellings in words.items() for spelling in spellings}

    def read(cell: str) -> Word:
        found = by_spelling.get(normalise(cell))
        if found is None:
            raise CellInvalid("word_unknown", known=", ".join(" / ".join(each) for each in words.values()))
        return found

    return read


def some_of(words: Mapping[Word, tuple[str, ...]]) -> Callable[[str], frozenset[Word]]:
    """Return a reader of one or several words of a closed list."""
    read_one = one_of(words)
    return lambda cell: frozenset(map(read_one, items(cell)))


def wilayas(cell: str) -> frozenset[str]:
    """Read wilayas: by number (16, ٠٦, 6) or by id (wilaya-alger)."""
    return frozenset(_place(item, "wilaya-", 2) for item in items(cell))


def communes(cell: str) -> frozenset[str]:
    """Read communes: by code (1601, or 101 where a sheet ate the zero) or by id (commune-1601)."""
    places = (_place(item, "commune-", 4) for item in items(cell))
    return frozenset(place if place.startswith("commune-") else f"commune-{place}" for place in places)


def _place(item: str, prefix: str, digits: int) -> str:
    """Return an id as it is, or a number with its leading zeros."""
    if item.isdecimal() and int(item) and len(str(int(item))) <= digits:
        return f"{int(item):0{digits}}"
    if item.startswith(prefix) and len(item) > len(prefix) and _SLUG.issuperset(item):
        return item
    raise CellInvalid(f"{prefix.rstrip('-')}_invalid", item=item)


def topics(cell: str) -> tuple[str, ...]:
    """Read topic codes such as `water` or `housing.social`."""
    return tuple(_code(item) for item in items(cell))


def category(cell: str) -> str:
    """Read one topic or category code."""
    return _code(cell)


def _code(item: str) -> str:
    if not item[0].isalpha() or not _SLUG.issuperset(item.lower()) or len(item) > 80:
        raise CellInvalid("code_invalid", item=item)
    return item


def document(cell: str) -> str:
    """Read the code of a document: small letters, digits and underscores."""
    if not ("a" <= cell[0] <= "z") or len(cell) > 60 or not (_SLUG - {"-", "."}).issuperset(cell):
        raise CellInvalid("document_invalid", item=cell)
    return cell


def units(cell: str) -> tuple[str, ...]:
    """Read units in order of preference: kinds in capitals (DCP), or a unit's id in small letters (cnrc)."""
    read = items(cell)
    for item in read:
        if not _SLUG.issuperset(item.lower()) or not (item.isupper() or item.islower()) or len(item) > 80:
            raise CellInvalid("unit_invalid", item=item)
    return read


def line(cell: str) -> str:
    """Read a sentence of bounded length."""
    if len(cell) > LONGEST_WHY:
        raise CellInvalid("text_long", most=str(LONGEST_WHY))
    return cell
