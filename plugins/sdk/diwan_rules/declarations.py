"""What a plugin declares once, when it is loaded: who it is, and its categories, letters, indicators and documents."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, Field, SkipValidation, StringConstraints, field_validator, model_validator

from diwan_rules.facts import LetterKind
from diwan_rules.terms import Terms
from diwan_rules.verdicts import AS_TEXT, Bilingual, Code, Frozen, Line

MinistryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class PluginInfo(Frozen):
    """Who speaks: the ministry, the version of its rules, the terms it wants found, and whom to ask."""

    ministry: MinistryCode
    name: Bilingual
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?([a-z0-9.+-]*)$")]
    owner: Line
    terms: Mapping[str, Sequence[str]] = {}
    config_model: SkipValidation[type[BaseModel] | None] = None

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


class Definition(Frozen):
    """Something that a ministry declares under a code of its own; outside it is `MJ.code`."""

    code: Code
    name: Bilingual


class CategoryDefinition(Definition):
    """A category of the ministry's own, and the topic of the country's list under which it is counted."""

    topic: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,79}$")]


class BilingualBody(Frozen):
    """The text of a letter in Arabic and French, with variables written as `{{ name }}`."""

    ar: Body
    fr: Body


class LetterTemplate(Definition):
    """A letter of the ministry; every required variable stands in both languages."""

    kind: Annotated[LetterKind, AS_TEXT]
    body: BilingualBody
    required_variables: Annotated[tuple[Code, ...], AS_TEXT] = ()

    @model_validator(mode="after")
    def _mentions_its_variables(self) -> Self:
        for variable in self.required_variables:
            written = f"{{{{ {variable} }}}}"
            if written not in self.body.ar or written not in self.body.fr:
                raise ValueError(f"{written} must stand in both the Arabic and the French body")
        return self


class Dimension(StrEnum):
    """What complaints can be counted by."""

    KIND = "kind"
    CHANNEL = "channel"
    TOPIC = "topic"
    WILAYA = "wilaya"
    COMMUNE = "commune"
    STATE = "state"
    CLOSURE_REASON = "closure_reason"
    GRADE = "grade"
    LATE = "late"


class Condition(Frozen):
    """One dimension has one of these values."""

    dimension: Annotated[Dimension, AS_TEXT]
    one_of: Annotated[tuple[Line, ...], Field(strict=False, min_length=1)]


class IndicatorDefinition(Definition):
    """A share: of the ministry's complaints that meet every `among`, those that also meet every `counted`."""

    counted: Annotated[tuple[Condition, ...], Field(strict=False, min_length=1)]
    among: Annotated[tuple[Condition, ...], AS_TEXT] = ()


class DocumentDefinition(Definition):
    """A kind of document that the ministry may ask for, and what it must show."""

    shows: Bilingual
