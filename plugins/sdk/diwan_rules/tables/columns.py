"""The tables and their columns: headings in Arabic, French and English, and how each cell is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    """One column: its name, its headings in Arabic and French, and the reader of its cells."""

    name: str
    ar: str
    fr: str
    read: Callable[[str], object]

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

    @property
    def _by_heading(self) -> Mapping[str, Column]:
        return {normalise(heading): each for each in self.columns for heading in (each.name, each.ar, each.fr)}


_CONDITIONS = (
    Column("id", "المعرف", "identifiant", cells.line),
    Column("any_of", "أحد الألفاظ", "un des termes", cells.terms),
    Column("all_of", "كل الألفاظ", "tous les termes", cells.terms),
    Column("none_of", "دون الألفاظ", "aucun des termes", cells.terms),
    Column("wilaya", "الولاية", "wilaya", cells.wilayas),
    Column("commune", "البلدية", "commune", cells.communes),
    Column("channel", "القناة", "canal", cells.some_of(cells.CHANNELS)),
    Column("addressed", "موجهة إلينا", "adressée à nous", cells.one_of(cells.YES_OR_NO)),
    Column("topic", "الموضوع", "thème", cells.topics),
)
_WHY = (
    Column("why_ar", "السبب بالعربية", "motif en arabe", cells.line),
    Column("why_fr", "السبب بالفرنسية", "motif en français", cells.line),
)
_SAID = frozenset({"why_ar", "why_fr"})

KINDS = {
    kind.name: kind
    for kind in (
        TableKind(
            name="claim",
            columns=(
                *_CONDITIONS,
                Column("category", "الصنف", "catégorie", cells.category),
                Column("score", "النقاط", "points", cells.whole_number(-1000, 1000)),
                Column("basis", "الأساس", "fondement", cells.one_of(cells.BASES)),
                Column("legal_reference", "المرجع القانوني", "référence juridique", cells.line),
                *_WHY,
            ),
            filled=_SAID | {"score"},
            policies=(HitPolicy.MAX_SCORE, HitPolicy.FIRST, HitPolicy.COLLECT, HitPolicy.UNIQUE),
        ),
        TableKind(
            name="units",
            columns=(*_CONDITIONS, Column("unit", "المصلحة", "service", cells.units), *_WHY),
            filled=_SAID | {"unit"},
            policies=(HitPolicy.FIRST, HitPolicy.UNIQUE),
        ),
        TableKind(
            name="deadlines",
            columns=(
                *_CONDITIONS,
                Column("stage", "المرحلة", "étape", cells.some_of(cells.STAGES)),
                Column("deadline", "الأجل", "délai", cells.whole_number(1, 366)),
                *_WHY,
            ),
            filled=_SAID | {"deadline"},
            policies=(HitPolicy.FIRST, HitPolicy.UNIQUE),
        ),
        TableKind(
            name="documents",
            columns=(
                *_CONDITIONS,
                Column("document", "الوثيقة", "pièce", cells.document),
                Column("name_ar", "الاسم بالعربية", "nom en arabe", cells.line),
                Column("name_fr", "الاسم بالفرنسية", "nom en français", cells.line),
                Column("shows_ar", "ما تثبته بالعربية", "ce qu'elle montre en arabe", cells.line),
                Column("shows_fr", "ما تثبته بالفرنسية", "ce qu'elle montre en français", cells.line),
                Column("mandatory", "إلزامية", "obligatoire", cells.one_of(cells.YES_OR_NO)),
                *_WHY,
            ),
            filled=_SAID | {"document"},
            policies=(HitPolicy.COLLECT, HitPolicy.FIRST, HitPolicy.UNIQUE),
        ),
    )
}
