"""Who keeps a register where: the part of the directory that intake needs, as one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from services.chassis.refusals import Invalid, Unavailable


class BodyKind(StrEnum):
    """What a body is, as far as it matters here."""

    DELEGATION = "delegation"
    MINISTRY = "ministry"
    OTHER = "other"


class CommuneUnknown(Invalid):
    """The commune {commune_id} is not known; choose it from the list."""

    ar: ClassVar[str] = "البلدية {commune_id} غير معروفة؛ اخترها من القائمة."
    fr: ClassVar[str] = "La commune {commune_id} est inconnue ; choisissez-la dans la liste."
    field: ClassVar[str] = "filing.commune_id"


class BodyUnknown(Invalid):
    """The administration {body_id} is not known; choose it from the list or leave it empty."""

    ar: ClassVar[str] = "الإدارة {body_id} غير معروفة؛ اخترها من القائمة أو اترك الخانة فارغة."
    fr: ClassVar[str] = (
        "L'administration {body_id} est inconnue ; choisissez-la dans la liste ou laissez le champ vide."
    )
    field: ClassVar[str] = "filing.addressed_body_id"


class TopicUnknown(Invalid):
    """The topic {topic_code} is not known; choose it from the list or leave it empty."""

    ar: ClassVar[str] = "الموضوع {topic_code} غير معروف؛ اختره من القائمة أو اترك الخانة فارغة."
    fr: ClassVar[str] = "Le thème {topic_code} est inconnu ; choisissez-le dans la liste ou laissez le champ vide."
    field: ClassVar[str] = "filing.topic_code"


class RegisterNotReady(Unavailable):
    """No register is ready for {wilaya_id} yet; try again when the reference data are loaded."""

    ar: ClassVar[str] = "لا سجل جاهز بعد لـ {wilaya_id}؛ أعد المحاولة بعد تحميل البيانات المرجعية."
    fr: ClassVar[str] = (
        "Aucun registre n'est encore prêt pour {wilaya_id} ; réessayez après le chargement des données de référence."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """An administration or authority."""

    body_id: str
    kind: BodyKind
    ministry_id: str
    wilaya_id: str
    wilaya_label: str
    keeps_register: bool
    valid_to: date | None
    successor_ids: tuple[str, ...]
    revision: int

    def keeps(self, on: date) -> bool:
        """Tell whether the body keeps a register on that day; a delegation always does."""
        valid = self.valid_to is None or on < self.valid_to
        return valid and (self.keeps_register or self.kind is BodyKind.DELEGATION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Territory:
    """A part of the map; a complaint names its commune."""

    territory_id: str
    is_commune: bool
    wilaya_id: str
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Atlas:
    """Bodies, territories and topics at one moment."""

    bodies: Mapping[str, Body]
    territories: Mapping[str, Territory]
    topics: frozenset[str]
    delegations: Mapping[str, Body] = field(init=False)

    def __post_init__(self) -> None:
        found = (each for each in self.bodies.values() if each.kind is BodyKind.DELEGATION)
        delegations = {each.wilaya_id: each for each in sorted(found, key=lambda each: each.valid_to is None)}
        object.__setattr__(self, "delegations", delegations)

    def wilaya_of(self, commune_id: str) -> str:
        """Return the wilaya of a commune."""
        territory = self.territories.get(commune_id)
        if territory is None or not territory.is_commune:
            raise CommuneUnknown(commune_id=commune_id)
        return territory.wilaya_id

    def body(self, body_id: str, *, on: date) -> Body:
        """Return a body, or who took over from it."""
        if (body := self.bodies.get(body_id)) is None:
            raise BodyUnknown(body_id=body_id)
        seen = {body_id}
        while (
            body.valid_to
            and body.valid_to <= on
            and (heirs := [each for each in body.successor_ids if each in self.bodies and each not in seen])
        ):
            seen.add(heirs[0])
            body = self.bodies[heirs[0]]
        return body

    def topic(self, topic_code: str) -> None:
        """Refuse a topic that is not in the common list."""
        if topic_code and topic_code not in self.topics:
            raise TopicUnknown(topic_code=topic_code)

    def delegation_of(self, wilaya_id: str) -> Body:
        """Return the Mediator's delegation in a wilaya."""
        if (delegation := self.delegations.get(wilaya_id)) is None:
            raise RegisterNotReady(wilaya_id=wilaya_id)
        return delegation
