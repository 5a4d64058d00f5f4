"""What a rule answers: verdicts, each with its reason in Arabic and French, checked when they are made."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from diwan_rules.terms import Terms

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Ministry = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]


class _Frozen(BaseModel):
    """Unchangeable, and without fields that nobody asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bilingual(_Frozen):
    """A text in Arabic and French."""

    ar: Line
    fr: Line


class Because(Bilingual):
    """Why a rule answers so, for the citizen's file, in Arabic and French."""


class Basis(StrEnum):
    """On what a claim rests."""

    TOPICAL = "topical"
    ADDRESSED = "addressed"
    STATUTORY = "statutory"


class Claim(_Frozen):
    """The complaint is ours, with a score from 0 to 1000."""

    score: Annotated[int, Field(ge=0, le=1000)]
    because: Because
    basis: Annotated[Basis, Field(strict=False)] = Basis.TOPICAL
    legal_reference: str = ""
    category: str = ""
    rule: str = ""


class Decline(_Frozen):
    """The complaint is not ours; if known, with the ministry whose it is."""

    because: Because
    suggest: Annotated[str, StringConstraints(pattern=r"^([A-Z][A-Z0-9]{0,15})?$")] = ""


class UnitProposal(_Frozen):
    """The ministry's own unit that should get the complaint, by its body_id."""

    unit: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    because: Because


class WorkingDays(_Frozen):
    """How many working days a stage may take; the core keeps the shorter of this and the legal maximum."""

    days: Annotated[int, Field(ge=1, le=366)]
    because: Because


class PluginInfo(_Frozen):
    """Who speaks: the ministry, the version of its rules, the terms it wants found, and whom to ask."""

    ministry: Ministry
    name: Bilingual
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?([a-z0-9.+-]*)$")]
    owner: Line
    terms: Mapping[str, Sequence[str]] = {}
    config_model: type[BaseModel] | None = None

    @field_validator("terms", mode="before")
    @classmethod
    def _lists_will_do(cls, groups: object) -> object:
        if isinstance(groups, Mapping):
            return {name: tuple(terms) if isinstance(terms, list) else terms for name, terms in groups.items()}
        return groups

    @field_validator("terms")
    @classmethod
    def _can_be_found(cls, groups: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        Terms(groups)
        return groups
