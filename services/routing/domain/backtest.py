"""Trying a ministry's rules on the decisions of a period: what they would have said otherwise, and where complaints would go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from services.chassis.refusals import Conflict, NotFound
from services.routing.domain.basis import Basis
from services.routing.domain.decision import Decision, Verdict, answer_of
from services.routing.domain.learned import claim_of
from services.routing.domain.precedence import SAMPLES, Shift
from services.routing.domain.release import Slot
from services.routing.domain.resolver import AnswerKind, LearnedClaim, Outcome, Precedence, Resolution, resolve

COUNTED = ("answer", "score", "tier", "legal_reference", "category", "suggested_ministry_id")


class RulesNotRunning(Conflict):
    """No rules of {ministry_id} run in the slot {slot}; put a release there, or try the other slot."""

    ar = "لا تعمل قواعد لـ{ministry_id} في الموضع {slot}؛ ضع فيه نسخة أو جرّب الموضع الآخر."
    fr = "Aucune règle de {ministry_id} ne tourne à l'emplacement {slot} ; mettez-y une version ou essayez l'autre."
    field = "slot"


class BacktestUnknown(NotFound):
    """There is no such back-test; choose one of the list."""

    ar = "لا توجد تجربة رجعية بهذا المعرّف؛ اختر واحدة من القائمة."
    fr = "Cet essai rétrospectif n'existe pas ; choisissez-en un dans la liste."
    field = "backtest_id"


class BacktestEnded(Conflict):
    """The back-test has ended; what it found stays."""

    ar = "انتهت التجربة الرجعية؛ وتبقى نتائجها."
    fr = "L'essai rétrospectif est terminé ; ses résultats restent."
    field = "backtest_id"


class BacktestState(StrEnum):
    """Where a back-test stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class WeighedBy(StrEnum):
    """By which precedence decisions are taken again."""

    THEN = "of_then"
    NOW = "of_now"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was counted so far."""

    done: int = 0
    answered_otherwise: int = 0
    changed: int = 0
    failed: int = 0
    left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Shifted:
    """How many decisions would go the same other way, and the numbers of some."""

    count: int = 0
    numbers: tuple[str, ...] = ()

    def with_one_more(self, number: str) -> Self:
        """Count one more."""
        return replace(self, count=self.count + 1, numbers=(*self.numbers, number)[:SAMPLES])


@dataclass(frozen=True, kw_only=True)
class Place:
    """The decision that was tried last; decisions are tried from the latest to the earliest."""

    decided_at: datetime
    decision_id: str


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One decision tried: with the stored answer and with the new one."""

    number: str
    before: Resolution
    after: Resolution
    answered_otherwise: bool
    failed: bool

    @property
    def shift(self) -> Shift | None:
        """Return where the complaint would go instead; nothing where it stays."""
        before, after = _way(self.before), _way(self.after)
        if before == after:
            return None
        return Shift(from_outcome=before[0], from_lead=before[1], to_outcome=after[0], to_lead=after[1])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which rules are tried on which decisions, and how claims are weighed."""

    ministry_id: str
    slot: Slot
    plugin_version: str
    plugin_digest: str
    from_day: date
    to_day: date
    weighed_by: WeighedBy


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """A back-test and how far it has come."""

    backtest_id: str
    plan: Plan
    precedence_revision: int
    total: int
    reached: Place
    started_by: str
    started_at: datetime
    state: BacktestState = BacktestState.RUNNING
    counts: Counts = Counts()
    shifts: Mapping[Shift, Shifted] = field(default_factory=dict)
    ended_at: datetime | None = None

    def after(self, trials: Iterable[Trial | None], reached: Place) -> Self:
        """Return the back-test some decisions later; None stands for a decision that was left out."""
        shifts, counts = dict(self.shifts), self.counts
        for trial in trials:
            counts = _counted(counts, trial)
            if trial and (shift := trial.shift):
                shifts[shift] = shifts.get(shift, Shifted()).with_one_more(trial.number)
        return replace(self, counts=counts, shifts=shifts, reached=reached)

    def ended(self, state: BacktestState, at: datetime) -> Self:
        """Return the back-test at its end."""
        if self.state is not BacktestState.RUNNING:
            raise BacktestEnded
        return replace(self, state=state, ended_at=at)

    def by_frequency(self) -> list[tuple[Shift, Shifted]]:
        """Return the shifts, the most frequent first."""
        return sorted(self.shifts.items(), key=lambda each: (-each[1].count, each[0].from_lead, each[0].to_lead))


def try_on(decision: Decision, basis: Basis, verdict: Verdict, precedence: Precedence) -> Trial:
    """Take a decision again with a ministry's new answer beside the stored answers of all others."""
    stored = {each.ministry_id: each for each in decision.verdicts}
    former = stored.get(verdict.ministry_id, Verdict(ministry_id=verdict.ministry_id, answer=AnswerKind.ABSTAIN))
    learned = claim_of(decision.proposal)
    before = _resolved(stored, basis, precedence, learned)
    after = _resolved(stored | {verdict.ministry_id: verdict}, basis, precedence, learned)
    return Trial(
        number=decision.number,
        before=before,
        after=after,
        answered_otherwise=any(vars(former)[name] != vars(verdict)[name] for name in COUNTED),
        failed=verdict.answer is AnswerKind.ERROR,
    )


def _resolved(
    verdicts: Mapping[str, Verdict], basis: Basis, precedence: Precedence, learned: LearnedClaim | None
) -> Resolution:
    return resolve((answer_of(each) for each in verdicts.values()), precedence, basis.circumstances, learned)


def _way(resolution: Resolution) -> tuple[Outcome, str]:
    """Return the outcome and the ministry that gets the complaint; a person decides everything unassigned."""
    assigned = resolution.outcome is Outcome.ASSIGNED
    return resolution.outcome, resolution.lead if assigned else ""


def _counted(counts: Counts, trial: Trial | None) -> Counts:
    if trial is None:
        return replace(counts, done=counts.done + 1, left_out=counts.left_out + 1)
    return replace(
        counts,
        done=counts.done + 1,
        answered_otherwise=counts.answered_otherwise + trial.answered_otherwise,
        changed=counts.changed + (trial.shift is not None),
        failed=counts.failed + trial.failed,
    )
