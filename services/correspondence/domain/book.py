"""Letter registers: each sender has one with a permanent code, and one book of numbers a year, without gaps."""

from dataclasses import dataclass

from services.chassis.refusals import Exhausted


class LetterCodesExhausted(Exhausted):
    """All 9999 letter registers under the label {label} are taken; an operator must extend the codes."""

    ar = "نفدت رموز سجلات المراسلات تحت الرقم {label}؛ على المشغّل توسيعها."
    fr = "Les codes de registres de correspondance sous le numéro {label} sont épuisés ; un opérateur doit les étendre."


@dataclass(frozen=True, kw_only=True)
class LetterRegister:
    """A sender's letter register; label and code stay when the map changes."""

    body_id: str
    label: str
    code: int

    def number(self, year: int, line: int) -> str:
        """Write the number of a line, for example 16/0002/2026/L/000045."""
        return f"{self.label}/{self.code:04}/{year}/L/{line:06}"


def open_register(body_id: str, *, label: str, last_code: int) -> LetterRegister:
    """Open a sender's letter register under the next code of its label."""
    if last_code >= 9999:
        raise LetterCodesExhausted(label=label)
    return LetterRegister(body_id=body_id, label=label or "00", code=last_code + 1)
