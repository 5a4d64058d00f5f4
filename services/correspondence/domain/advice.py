"""What the competent ministry's rules say of a letter or of a reply; an officer reads it and decides."""

from dataclasses import dataclass, replace

from services.correspondence.domain.body import Name
from services.correspondence.domain.letter import BODY_MOST, Grade

NOTHING = Name(ar="", fr="")
UNASKED = Name(
    ar="تعذّر استطلاع قواعد الوزارة، فبقيت الصيغة العامة.",
    fr="Les règles du ministère n'ont pu être interrogées : la forme générale reste.",
)
TOO_LONG = Name(
    ar="فقرة الوزارة أطول مما تتسع له المراسلة، فتُركت.",
    fr="Le paragraphe du ministère est trop long pour la lettre : il est laissé de côté.",
)


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something about the rules that the officer should know."""

    ministry_id: str
    hook: str
    because: Name


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the rules say of one letter; empty where they have no view."""

    template: str = ""
    paragraph: Name = NOTHING
    signatory: Name = NOTHING
    grade: Grade | None = None
    because: Name = NOTHING
    missing: tuple[Name, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def says_something(self) -> bool:
        """Tell whether there is anything to show."""
        return self != Advice()


def unasked(ministry_id: str, hook: str) -> Advice:
    """Say that the rules could not be asked."""
    return Advice(notes=(Note(ministry_id=ministry_id, hook=hook, because=UNASKED),))


def with_paragraph(body: str, advice: Advice, language: str) -> tuple[str, Advice]:
    """Return a letter's text with the ministry's paragraph before the closing words; one that does not fit is noted."""
    paragraph = advice.paragraph.in_language(language).strip()
    if not paragraph:
        return body, advice
    before, _, closing = body.rpartition("\n\n")
    whole = "\n\n".join(filter(None, (before, paragraph, closing)))
    if len(whole) <= BODY_MOST:
        return whole, advice
    ministry_id = advice.template.partition(".")[0].lower()
    note = Note(ministry_id=ministry_id, hook="letter_context", because=TOO_LONG)
    return body, replace(advice, template="", notes=(*advice.notes, note))
