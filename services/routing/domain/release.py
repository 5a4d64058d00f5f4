"""A ministry's rules over time: releases that are installed, tried in the shadow, active, stopped or rolled back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from services.chassis.refusals import Conflict, EtagStale, Invalid, NotFound

FOLDER = "folder"  # the rules in the rule host's own folders, which nobody installs
NOTHING = ""
LARGEST_WHEEL = 3_670_016


class ReleaseState(StrEnum):
    """Where a release stands."""

    DISABLED = "disabled"
    SHADOW = "shadow"
    ACTIVE = "active"


class Slot(StrEnum):
    """Where rules run; only answers of the stable slot count."""

    STABLE = "stable"
    CANDIDATE = "candidate"


class ActKind(StrEnum):
    """What was done to ministries' rules."""

    INSTALLED = "installed"
    SHADOWED = "shadowed"
    ACTIVATED = "activated"
    DISABLED = "disabled"
    ROLLED_BACK = "rolled_back"
    PRECEDENCE_SET = "precedence_set"
    CONFIGURED = "configured"
    CASES_EXPORTED = "cases_exported"


MAY_BECOME: dict[ReleaseState, frozenset[ReleaseState]] = {
    ReleaseState.DISABLED: frozenset({ReleaseState.SHADOW}),
    ReleaseState.SHADOW: frozenset({ReleaseState.ACTIVE, ReleaseState.DISABLED}),
    ReleaseState.ACTIVE: frozenset({ReleaseState.DISABLED}),
}


class _NotAccepted(Invalid):
    """The package was not accepted: {why}"""

    field = "wheel"

    def __init__(self, *, ar: str, fr: str, en: str, **facts: object) -> None:
        self._said = {"ar": ar, "fr": fr, "en": en}
        super().__init__(why=en, **facts)

    def message(self, language: str) -> str:
        """Say what the kit says of the package."""
        return super().message(language).replace(self.facts["why"], self._said.get(language, self._said["en"]))


class ReleaseUnsigned(_NotAccepted):
    """Not installed: {why}"""

    ar = "لم تُثبَّت: {why}"
    fr = "Non installé : {why}"
    field = "signature"


class ReleaseAltered(_NotAccepted):
    """Not installed, because it was altered: {why}"""

    ar = "لم تُثبَّت لأنها غُيّرت: {why}"
    fr = "Non installé, car altéré : {why}"


class ReleaseKeyUnknown(_NotAccepted):
    """Not installed, because the signer is not trusted for these rules: {why}"""

    ar = "لم تُثبَّت لأن الموقّع غير معتمد لهذه القواعد: {why}"
    fr = "Non installé, car le signataire n'est pas reconnu pour ces règles : {why}"
    field = "signature"


class ReleaseKitUnfit(_NotAccepted):
    """Not installed, because it is for another kit: {why}"""

    ar = "لم تُثبَّت لأنها لعدّة أخرى: {why}"
    fr = "Non installé, car prévu pour un autre kit : {why}"


class ReleaseNameTaken(_NotAccepted):
    """Not installed, because a name is taken: {why}"""

    ar = "لم تُثبَّت لأن اسما فيها مستعمل: {why}"
    fr = "Non installé, car un nom est déjà pris : {why}"


class ReleaseVersionReused(_NotAccepted):
    """Not installed, because this version is here already: {why}"""

    ar = "لم تُثبَّت لأن هذه النسخة موجودة: {why}"
    fr = "Non installé, car cette version existe déjà : {why}"


class ReleaseUnreadable(_NotAccepted):
    """Not installed, because it is no package of rules: {why}"""

    ar = "لم تُثبَّت لأنها ليست حزمة قواعد: {why}"
    fr = "Non installé, car ce n'est pas un paquet de règles : {why}"


class ReleaseTooLarge(Invalid):
    """The wheel has {size} bytes and a call carries {most} at most; take out of it what is no rule."""

    ar = "حجم الحزمة {size} بايت والطلب يحمل {most} على الأكثر؛ أخرج منها ما ليس قواعد."
    fr = "Le paquet fait {size} octets et un appel en porte {most} au plus ; retirez-en ce qui n'est pas une règle."
    field = "wheel"


class ReleaseUnknown(NotFound):
    """The ministry {ministry_id} has no release {release_id}; choose one of its list."""

    ar = "لا توجد للوزارة {ministry_id} النسخة {release_id}؛ اختر واحدة من قائمتها."
    fr = "Le ministère {ministry_id} n'a pas de version {release_id} ; choisissez-en une de sa liste."
    field = "release_id"


class ReleaseCannotBecome(Conflict):
    """The release is {state} and cannot become {wanted}; it may become {possible}."""

    ar = "النسخة في حالة {state} ولا تنتقل إلى {wanted}؛ الممكن: {possible}."
    fr = "La version est à l'état {state} et ne peut passer à {wanted} ; possible : {possible}."
    field = "release_id"


class NothingToRollBack(Conflict):
    """The rules of {ministry_id} have no former release; disable the active one or put another into the shadow."""

    ar = "ليست لقواعد {ministry_id} نسخة سابقة؛ عطّل النسخة النشطة أو ضع غيرها في الظل."
    fr = "Les règles de {ministry_id} n'ont pas de version antérieure ; désactivez l'active ou mettez-en une autre à l'essai."
    field = "ministry_id"


class ConfigurationInvalid(_NotAccepted):
    """The value {where} is not accepted: {why}"""

    ar = "القيمة {where} غير مقبولة: {why}"
    fr = "La valeur {where} n'est pas acceptée : {why}"
    field = "values_json"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The values that a ministry's rules work with; revision 0 stands for their defaults."""

    ministry_id: str
    revision: int = 0
    values_json: str = ""


@dataclass(frozen=True, kw_only=True)
class Release:
    """One version of a ministry's rules that was installed."""

    release_id: str
    ministry_id: str
    package: str
    version: str
    signed_by: str
    size_bytes: int
    installed_by: str
    installed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Slots:
    """Where the releases of one ministry stand; a ministry that nobody touched runs what lies in the folder."""

    ministry_id: str
    stable: str = FOLDER
    candidate: str = NOTHING
    previous: str = NOTHING
    version: int = 0

    def state_of(self, release_id: str) -> ReleaseState:
        """Tell where a release stands."""
        if release_id == self.stable:
            return ReleaseState.ACTIVE
        return ReleaseState.SHADOW if release_id == self.candidate else ReleaseState.DISABLED

    def must_be(self, etag: str) -> None:
        """Refuse an act that builds on another version than this."""
        if etag != str(self.version):
            raise EtagStale

    def shadowed(self, release_id: str) -> Self:
        """Return the slots with a release in the shadow, in place of the one that was there."""
        self._must_lead(release_id, ReleaseState.SHADOW)
        return self._next(candidate=release_id)

    def activated(self, release_id: str) -> Self:
        """Return the slots with the release of the shadow active, and the active one kept for rolling back."""
        self._must_lead(release_id, ReleaseState.ACTIVE)
        return self._next(stable=release_id, candidate=NOTHING, previous=self.stable)

    def disabled(self, release_id: str) -> Self:
        """Return the slots without a release; an active one may be brought back."""
        self._must_lead(release_id, ReleaseState.DISABLED)
        if release_id == self.stable:
            return self._next(stable=NOTHING, previous=release_id)
        return self._next(candidate=NOTHING)

    def rolled_back(self) -> Self:
        """Return the slots with the former release active again; the one that disappointed is stopped."""
        if self.previous == NOTHING:
            raise NothingToRollBack(ministry_id=self.ministry_id)
        candidate = NOTHING if self.candidate == self.previous else self.candidate
        return self._next(stable=self.previous, candidate=candidate, previous=NOTHING)

    def _must_lead(self, release_id: str, wanted: ReleaseState) -> None:
        state = self.state_of(release_id)
        if wanted not in MAY_BECOME[state]:
            possible = ", ".join(sorted(MAY_BECOME[state]))
            raise ReleaseCannotBecome(state=state, wanted=wanted, possible=possible)

    def _next(self, **changed: str) -> Self:
        return replace(self, **changed, version=self.version + 1)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What somebody did to ministries' rules, when and why."""

    act_id: str
    kind: ActKind
    actor: str
    because: str
    acted_at: datetime
    ministry_id: str = ""
    release_id: str = ""
    replaced: str = ""
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class ShadowFigures:
    """How a release in the shadow compares over the decisions for which it was heard."""

    heard: int = 0
    failed: int = 0
    same_decision: int = 0
    confirmed: int = 0
    right: int = 0
    active_right: int = 0
