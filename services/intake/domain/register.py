"""Registers: one administration's book for one year, from its opening to its seal."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from services.chassis.refusals import Conflict, EtagStale, NotFound
from services.intake.domain.leaf import opening_hash
from services.intake.domain.number import Series
from services.intake.domain.places import Body, BodyKind


class RegisterState(StrEnum):
    """Where a register stands in its life."""

    OPENED = "opened"
    ACTIVE = "active"
    SEALED = "sealed"


class RegisterKind(StrEnum):
    """What is entered in a register."""

    COMPLAINTS = "complaints"
    PETITIONS = "petitions"


class RegisterUnknown(NotFound):
    """The register {register_id} does not exist; look it up in the list of registers."""

    ar: ClassVar[str] = "السجل {register_id} غير موجود؛ ابحث عنه في قائمة السجلات."
    fr: ClassVar[str] = "Le registre {register_id} n'existe pas ; cherchez-le dans la liste des registres."
    field: ClassVar[str] = "register_id"


class RegisterSealed(Conflict):
    """The register {register_id} is sealed and takes no more entries; use the register of the present year."""

    ar: ClassVar[str] = "السجل {register_id} مقفل ولا يقبل قيودا؛ استعمل سجل السنة الجارية."
    fr: ClassVar[str] = (
        "Le registre {register_id} est clôturé et ne prend plus d'inscription ; utilisez celui de l'année en cours."
    )
    field: ClassVar[str] = "register_id"


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """A register with the head of its chain."""

    register_id: str
    body_id: str
    wilaya_id: str
    kind: RegisterKind
    year: int
    state: RegisterState
    last_line: int
    head_hash: bytes
    opened_at: datetime
    version: int

    @property
    def series(self) -> str:
        """The part of the id that stays the same over the years."""
        return self.register_id.rpartition("/")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The last line of a register after some entries."""

    register_id: str
    last_line: int
    head_hash: bytes


def opened(body: Body, series: Series, *, year: int, at: datetime) -> Register:
    """Open the register of a body for a year."""
    register_id = series.of_year(year)
    return Register(
        register_id=register_id,
        body_id=body.body_id,
        wilaya_id=body.wilaya_id,
        kind=RegisterKind.PETITIONS if body.kind is BodyKind.DELEGATION else RegisterKind.COMPLAINTS,
        year=year,
        state=RegisterState.OPENED,
        last_line=0,
        head_hash=opening_hash(register_id, body.body_id, at),
        opened_at=at,
        version=1,
    )


def takes_entries(register: Register) -> None:
    """Refuse entries in a sealed register."""
    if register.state is RegisterState.SEALED:
        raise RegisterSealed(register_id=register.register_id)


def sealed(register: Register, *, etag: int) -> Register:
    """Seal a register; it takes no more entries."""
    takes_entries(register)
    if etag != register.version:
        raise EtagStale
    return replace(register, state=RegisterState.SEALED, version=register.version + 1)
