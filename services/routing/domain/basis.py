"""What a decision rested on besides the rules' answers; kept with it, so that it can be taken again exactly."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.refusals import Conflict
from services.routing.domain.bodies import MINISTRY, Bodies, Body
from services.routing.domain.calendar import Calendar
from services.routing.domain.decision import Competence
from services.routing.domain.facts import Facts
from services.routing.domain.question import Question
from services.routing.domain.reference import Reference
from services.routing.domain.resolver import Circumstances, Precedence


class BasisMissing(Conflict):
    """What this decision rested on was not kept yet when it was taken; read its explanation instead."""

    ar = "لم يكن ما بُني عليه هذا القرار يُحفظ حين اتُّخذ؛ اقرأ شرحه بدلا من ذلك."
    fr = "Ce sur quoi repose cette décision n'était pas encore conservé alors ; lisez plutôt son explication."
    field = "decision_id"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What many decisions share: the ministries that existed, and the days that were not worked."""

    ministries: tuple[str, ...]
    holidays: tuple[date, ...]

    @property
    def digest(self) -> bytes:
        """Name the ground by its content."""
        return hashlib.sha256(canonical([self.ministries, [day.isoformat() for day in self.holidays]])).digest()


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What one decision rested on; the words stay in intake, which commits to them."""

    decision_id: str
    facts: Facts
    asked_at: datetime
    text_commitment: str
    addressed_ministry_id: str
    wilaya_label: str
    policy: str
    ground: Ground

    @property
    def circumstances(self) -> Circumstances:
        """Return what the core knew of the complaint when it weighed answers."""
        return Circumstances(
            active=frozenset(self.ground.ministries),
            addressed=self.addressed_ministry_id,
            declined_by=frozenset(self.facts.declined_by),
        )

    def as_of_then(self, now: Reference, precedence: Precedence) -> Reference:
        """Return the reference tables as far as claims rest on them, as they stood at the decision."""
        bodies = {m: Body(body_id=m, kind=MINISTRY, ministry_id=m) for m in self.ground.ministries}
        if addressed := self.facts.addressed_body_id:
            ministry_id = self.addressed_ministry_id
            bodies.setdefault(addressed, Body(body_id=addressed, kind="", ministry_id=ministry_id))
        return replace(
            now,
            bodies=Bodies(bodies),
            wilaya_labels={self.facts.wilaya_id: self.wilaya_label},
            calendar=Calendar(frozenset(self.ground.holidays)),
            precedence=precedence,
        )


def basis_of(decision_id: str, question: Question, competence: Competence) -> Basis:
    """Keep what a decision rests on."""
    facts, reference = question.facts, question.reference
    return Basis(
        decision_id=decision_id,
        facts=facts,
        asked_at=question.now,
        text_commitment=question.narrative.commitment,
        addressed_ministry_id=reference.bodies.sector_of(facts.addressed_body_id),
        wilaya_label=reference.wilaya_labels.get(facts.wilaya_id, ""),
        policy=competence.deadline.policy,
        ground=Ground(
            ministries=tuple(sorted(reference.bodies.ministries(facts.received_on))),
            holidays=tuple(sorted(reference.calendar.holidays)),
        ),
    )


def canonical(value: Mapping[str, object] | list[object]) -> bytes:
    """Write a value in the one form that stands for it: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
