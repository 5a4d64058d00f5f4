"""Tries a ministry's rules on the decisions of a period, step by step; a step that is cut short is done again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.chassis.call import Call, midnight
from services.routing.domain.backtest import (
    Backtest,
    BacktestState,
    BacktestUnknown,
    Place,
    Plan,
    Trial,
    WeighedBy,
    try_on,
)
from services.routing.domain.basis import Basis
from services.routing.domain.decision import Decision, Verdict
from services.routing.domain.facts import Facts, FactsChanged, FactsErased, Narrative
from services.routing.domain.question import Question
from services.routing.domain.reference import Reference
from services.routing.domain.replay import must_be_unchanged
from services.routing.domain.resolver import Precedence
from services.routing.store.memory import Store

ONE_DAY = timedelta(days=1)
HOLD = timedelta(seconds=60)
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"


class Rehearsal(Protocol):
    """Intake for the words, and one ministry's rules in one slot."""

    async def filed(self, then: Facts) -> tuple[Facts, Narrative]:
        """Return a complaint's codes and words as intake knows them now."""

    async def answer(self, question: Question, backtest: Backtest) -> Verdict:
        """Ask the rules that are tried, once no complaint waits to be decided."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Some decisions that a held back-test has yet to try, the latest first."""

    backtest: Backtest
    held_until: datetime
    decisions: list[Decision]
    bases: Mapping[str, Basis]
    precedences: Mapping[int, Precedence]


async def start(call: Call, store: Store, plan: Plan) -> Backtest:
    """Begin to try rules."""
    since, until = midnight(plan.from_day), midnight(plan.to_day + ONE_DAY)
    begun = Backtest(
        backtest_id=call.new_id(),
        plan=plan,
        started_by=str(call.actor),
        started_at=call.now,
        precedence_revision=(await store.precedence.current()).precedence.revision,
        total=await store.precedence.count(since, until),
        reached=Place(decided_at=until, decision_id=LAST_ID),
    )
    await store.backtests.add(begun)
    return begun


async def cancel(call: Call, store: Store, backtest_id: str) -> Backtest:
    """End a back-test; what it found so far stays."""
    found = await store.backtests.get(backtest_id, lock=True)
    if found is None:
        raise BacktestUnknown
    ended = found.ended(BacktestState.CANCELLED, call.now)
    await store.backtests.end(ended)
    return ended


async def take(call: Call, store: Store, *, limit: int) -> Step | None:
    """Hold the back-test that has waited longest, and read what it tries next; None when none runs."""
    held_until = call.now + HOLD
    backtest = await store.backtests.hold(call.now, held_until)
    if backtest is None:
        return None
    reached = backtest.reached
    decisions = await store.decisions.of_rules(
        midnight(backtest.plan.from_day), before=(reached.decided_at, reached.decision_id), limit=limit
    )
    if backtest.plan.weighed_by is WeighedBy.NOW:
        decisions = [replace(each, precedence_revision=backtest.precedence_revision) for each in decisions]
    revisions = {each.precedence_revision for each in decisions}
    return Step(
        backtest=backtest,
        held_until=held_until,
        decisions=decisions,
        bases=await store.bases.many([each.decision_id for each in decisions]),
        precedences={revision: await store.precedence.of(revision) for revision in revisions},
    )


async def work(call: Call, rehearsal: Rehearsal, step: Step, reference: Reference) -> Backtest:
    """Try the rules on the decisions of a step."""
    if not step.decisions:
        return step.backtest.ended(BacktestState.COMPLETED, call.now)
    trials = [await _tried(rehearsal, step, decision, reference) for decision in step.decisions]
    last = step.decisions[-1]
    return step.backtest.after(trials, Place(decided_at=last.decided_at, decision_id=last.decision_id))


async def keep(call: Call, store: Store, step: Step, after: Backtest) -> bool:
    """Keep how far a back-test has come; nothing when it was cancelled, or taken over, meanwhile."""
    return await store.backtests.step(after, held_until=step.held_until, release_at=call.now)


async def _tried(rehearsal: Rehearsal, step: Step, decision: Decision, reference: Reference) -> Trial | None:
    """Try the rules on one decision; None where what it rested on cannot be shown again."""
    basis = step.bases.get(decision.decision_id)
    if basis is None:
        return None
    try:
        facts, narrative = await rehearsal.filed(basis.facts)
        must_be_unchanged(decision, basis, facts, narrative)
    except (FactsErased, FactsChanged):
        return None
    precedence = step.precedences[decision.precedence_revision]
    then = basis.as_of_then(reference, precedence)
    question = Question(facts=facts, narrative=narrative, hits=(), reference=then, now=basis.asked_at)
    return try_on(decision, basis, await rehearsal.answer(question, step.backtest), precedence)
