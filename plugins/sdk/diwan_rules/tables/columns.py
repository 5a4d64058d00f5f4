"""The tables and their columns: headings in Arabic, French and English, and how each cell is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from diwan_rules.tables import cells
from diwan_rules.text import normalise


class HitPolicy(StrEnum):
    """Which of the rows that match count."""

    FIRST = "FIRST"
    MAX_SCORE = "MAX_SCORE"
    COLLECT = "COLLECT"
    UNIQUE = "UNIQUE"


@dataclass(frozen=True)
class Column:
    """One column: its name, its headings in Arabic and French, the reader of its cells, and what to write there."""

    name: str
    ar: str
    fr: str
    read: Callable[[str], object]
    says: str

    def __str__(self) -> str:
        return f"{self.name} ({self.ar}, {self.fr})"


@dataclass(frozen=True, kw_only=True)
class TableKind:
    """What a table decides: its columns, those that every row fills, and its hit policies, the usual one first."""

    name: str
    columns: tuple[Column, ...]
    filled: frozenset[str]
    policies: tuple[HitPolicy, ...]

    def column(self, heading: str) -> Column | None:
        """Return the column with this heading, in any of the three languages and any spelling."""
        return self._by_heading.get(normalise(heading))

    @cached_property
    def _by_heading(self) -> Mapping[str, Column]:
        return {normalise(heading): each for each in self.columns for heading in (each.name, each.ar, each.fr)}


_CONDITIONS = (
    Column("id", "المعرف", "identifiant", cells.line, "a name of your own for the row, each once"),
    Column(
        "any_of",
        "أحد الألفاظ",
        "un des termes",
        cells.terms,
        "terms, one of which must be in the text; between them `|`, a comma (، too) or a new line",
    ),
    Column("all_of", "كل الألفاظ", "tous les termes", cells.terms, "terms that must all be in the text"),
    Column("none_of", "دون الألفاظ", "aucun des termes", cells.terms, "terms of which none may be in the text"),
    Column("wilaya", "الولاية", "wilaya", cells.wilayas, "numbers or ids: `16`, `wilaya-alger`"),
    Column("commune", "البلدية", "commune", cells.communes, "codes or ids: `1601`, `commune-1601`"),
    Column(
        "channel",
        "القناة",
        "canal",
        cells.some_of(cells.CHANNELS),
        "`register`, `portal`, `call_centre`, `mobile`, `service_platform`, or the word in your language",
    ),
    Column(
        "addressed",
        "موجهة إلينا",
        "adressée à nous",
        cells.one_of(cells.YES_OR_NO),
        "yes: the complaint names your ministry; no: it does not",
    ),
    Column("topic", "الموضوع", "thème", cells.topics, "topic codes; `housing` covers `housing.social`"),
)
_WHY = (
    Column(
        "why_ar",
        "السبب بالعربية",
        "motif en arabe",
        cells.line,
        "the reason for the complaint’s file; `{terms}` stands for what was found, else it follows in brackets",
    ),
    Column("why_fr", "السبب بالفرنسية", "motif en français", cells.line, "the same in French"),
)
_SAID = frozenset({"why_ar", "why_fr"})

KINDS = {
    kind.name: kind
    for kind in (
        TableKind(
            name="claim",
            columns=(
                *_CONDITIONS,
                Column(
                    "category",
                    "الصنف",
                    "catégorie",
                    cells.category,
                    "the topic or category that the claim gives; empty: the complaint’s own topic",
                ),
                Column(
                    "score",
                    "النقاط",
                    "points",
                    cells.whole_number(-1000, 1000),
                    "0 to 1000; below 0 to take points off under COLLECT",
                ),
                Column(
                    "basis",
                    "الأساس",
                    "fondement",
                    cells.one_of(cells.BASES),
                    "`topical`, `addressed` or `statutory`; empty: addressed when the complaint names you, else topical",
                ),
                Column(
                    "legal_reference",
                    "المرجع القانوني",
                    "référence juridique",
                    cells.line,
                    "the law; a statutory basis needs it",
                ),
                *_WHY,
            ),
            filled=_SAID | {"score"},
            policies=(HitPolicy.MAX_SCORE, HitPolicy.FIRST, HitPolicy.COLLECT, HitPolicy.UNIQUE),
        ),
        TableKind(
            name="units",
            columns=(
                *_CONDITIONS,
                Column(
                    "unit",
                    "المصلحة",
                    "service",
                    cells.units,
                    "kinds in capitals, the nearest is taken (`DCP`), or ids (`cnrc`); the first that your directory has",
                ),
                *_WHY,
            ),
            filled=_SAID | {"unit"},
            policies=(HitPolicy.FIRST, HitPolicy.UNIQUE),
        ),
        TableKind(
            name="deadlines",
            columns=(
                *_CONDITIONS,
                Column(
                    "stage",
                    "المرحلة",
                    "étape",
                    cells.some_of(cells.STAGES),
                    "`first_answer`, `final_answer`, `document_request`; empty: every stage",
                ),
                Column("deadline", "الأجل", "délai", cells.whole_number(1, 366), "working days, 1 to 366"),
                *_WHY,
            ),
            filled=_SAID | {"deadline"},
            policies=(HitPolicy.FIRST, HitPolicy.UNIQUE),
        ),
        TableKind(
            name="documents",
            columns=(
                *_CONDITIONS,
                Column("document", "الوثيقة", "pièce", cells.document, "a code of your own: `purchase_receipt`"),
                Column(
                    "name_ar",
                    "الاسم بالعربية",
                    "nom en arabe",
                    cells.line,
                    "what the document is called; once for each document",
                ),
                Column("name_fr", "الاسم بالفرنسية", "nom en français", cells.line, "the same in French"),
                Column(
                    "shows_ar",
                    "ما تثبته بالعربية",
                    "ce qu'elle montre en arabe",
                    cells.line,
                    "what the document must show; once for each document",
                ),
                Column(
                    "shows_fr", "ما تثبته بالفرنسية", "ce qu'elle montre en français", cells.line, "the same in French"
                ),
                Column("mandatory", "إلزامية", "obligatoire", cells.one_of(cells.YES_OR_NO), "yes or no; empty: yes"),
                *_WHY,
            ),
            filled=_SAID | {"document"},
            policies=(HitPolicy.COLLECT, HitPolicy.FIRST, HitPolicy.UNIQUE),
        ),
    )
}
