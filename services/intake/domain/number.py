"""The register number of an entry, `16/0412/2026/000123`, as written and as people type it."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from services.chassis.refusals import Invalid
from services.intake.domain.words import ascii_digits

LONGEST = 64
GROUPS = re.compile(r"\D*(\d{2})\D+(\d{1,4})\D+(\d{4})\D+(\d{1,9})\D*")
TOGETHER = re.compile(r"\D*(\d{2})(\d{4})(\d{4})(\d{6})\D*")


class NumberMalformed(Invalid):
    """{number} is not a register number; write it as on the receipt, for example 16/0412/2026/000123."""

    ar: ClassVar[str] = "«{number}» ليس رقم قيد؛ اكتبه كما في الوصل، مثل 16/0412/2026/000123."
    fr: ClassVar[str] = (
        "« {number} » n'est pas un numéro d'inscription ; écrivez-le comme sur le récépissé, par exemple 16/0412/2026/000123."
    )
    field: ClassVar[str] = "number"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A body's permanent place among the registers: wilaya label and code."""

    label: str
    code: int

    def __str__(self) -> str:
        return f"{self.label}/{self.code:04}"

    def of_year(self, year: int) -> str:
        """Return the id of the series' register of a year."""
        return f"{self}/{year}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterNumber:
    """One line of one register."""

    register_id: str
    line: int

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a number with any separators, digits of any script and stray direction marks."""
        plain = ascii_digits(typed[:LONGEST])
        match = GROUPS.fullmatch(plain) or TOGETHER.fullmatch(plain)
        if len(typed) > LONGEST or match is None or any(map(str.isalpha, plain)):
            raise NumberMalformed(number=typed[:LONGEST].encode(errors="replace").decode())
        label, code, year, line = match.groups()
        return cls(register_id=f"{label}/{int(code):04}/{year}", line=int(line))

    def __str__(self) -> str:
        return written(self.register_id, self.line)


def written(register_id: str, line: int) -> str:
    """Write the number of a line."""
    return f"{register_id}/{line:06}"
