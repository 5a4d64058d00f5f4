"""Looks back at decisions: fetches what was filed, asks rules again, takes back-tests further; outside any transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.chassis.call import Call
from services.chassis.database import Database
from services.chassis.refusals import TryAgain
from services.routing.actions import backtesting, exporting, replaying
from services.routing.actions.exporting import Export
from services.routing.council import Chamber
from services.routing.domain.backtest import Backtest, BacktestState, RulesNotRunning
from services.routing.domain.bodies import CompetentBodyUnknown
from services.routing.domain.decision import Verdict
from services.routing.domain.facts import Facts, FactsChanged, FactsErased, Narrative, TermHit
from services.routing.domain.question import Question
from services.routing.domain.reference import Reference
from services.routing.domain.release import Slot
from services.routing.domain.replay import Given, Replay
from services.routing.neighbours import RuleHost
from services.routing.store.memory import Store
from services.routing.wire import records

PATIENCE = 0.2


class Archive:
    """Where one process looks back."""

    def __init__(self, database: Database, chamber: Chamber) -> None:
        self._database = database
        self._chamber = chamber

    async def replayed(self, call: Call, decision_id: str) -> Replay:
        """Take a decision of the rules again."""
        async with self._database.reading() as connection:
            past = await replaying.recall(Store(connection), decision_id)
        await self._chamber.settle(call)
        return await replaying.replay(call, self, past, await self._chamber.reference(call.now))

    async def runs(self, call: Call, ministry_id: str, slot: Slot) -> tuple[str, str]:
        """Return version and digest of the rules in a slot of a ministry, or refuse an empty one."""
        await self._chamber.settle(call)
        reference = await self._chamber.reference(call.now)
        if ministry_id not in reference.bodies.ministries(call.today):
            raise CompetentBodyUnknown(body_id=ministry_id, field="ministry_id")
        for host in self._chamber.hosts.hosts:
            if running := host.running(reference.slots, slot).get(ministry_id):
                return running.version, running.digest
        raise RulesNotRunning(ministry_id=ministry_id, slot=slot)

    async def advance(self, call: Call, *, limit: int) -> int:
        """Take the back-test that has waited longest a step further; return how many decisions were tried."""
        async with self._database.transaction() as connection:
            step = await backtesting.take(call, Store(connection), limit=limit)
        if step is None:
            return 0
        reference = await self._chamber.reference(call.now)
        try:
            await self._must_run(call, step.backtest)
            after = await backtesting.work(call, self, step, reference)
        except RulesNotRunning:
            after = step.backtest.ended(BacktestState.STOPPED, call.now)
        async with self._database.transaction() as connection:
            kept = await backtesting.keep(call, Store(connection), step, after)
        return after.counts.done - step.backtest.counts.done if kept else 0

    async def records(
        self, call: Call, export: Export, *, because: str, limit: int
    ) -> tuple[list[str | None], tuple[datetime, str] | None]:
        """Write a ministry's own cases, None where one cannot be shown any more; say also where the next page begins."""
        reference = await self._chamber.reference(call.now)
        async with self._database.transaction() as connection:
            if because:
                await exporting.begin(call, Store(connection), reference.bodies, export=export, because=because)
            else:
                await exporting.go_on(call, Store(connection), export)
            owned = await exporting.page(Store(connection), export, limit=limit)
        written = [await self._record(each, export, reference) for each in owned]
        last = owned[-1] if len(owned) == limit else None
        return written, (last.decision.decided_at, last.decision.decision_id) if last else None

    async def _record(self, own: exporting.Own, export: Export, reference: Reference) -> str | None:
        if own.past is None:
            return None
        try:
            question = await replaying.asked_again(self, own.past, reference)
        except (FactsErased, FactsChanged):
            return None
        return records.record(own.decision, question, export.ministry_id, assigned=own.assigned)

    async def filed(self, then: Facts) -> tuple[Facts, Narrative]:
        """Return a complaint's codes and words as intake knows them now."""
        return await self._chamber.intake.filed(then)

    async def answers(self, question: Question) -> list[Given]:
        """Ask everything that runs, active or in the shadow."""
        given: list[Given] = []
        for slot in Slot:
            asked = self._with_hits(question, slot)
            for host in self._chamber.hosts.hosts:
                verdicts, _ = await host.claims(asked, slot)
                given += [Given(verdict=each, hits=_named(asked.hits, each.ministry_id)) for each in verdicts]
        return given

    def running(self) -> dict[str, str]:
        """Name the active version of each ministry's rules."""
        slots = self._chamber.shelf.copy.slots
        hosts = self._chamber.hosts.hosts
        return {m: each.version for host in hosts for m, each in host.running(slots).items()}

    async def answer(self, question: Question, backtest: Backtest) -> Verdict:
        """Ask the rules that are tried, once no complaint waits to be decided."""
        await self._chamber.turns.quiet(PATIENCE)
        verdicts, answered = await self._host_of(question, backtest).claims(
            self._with_hits(question, backtest.plan.slot), backtest.plan.slot, only=backtest.plan.ministry_id
        )
        if not answered:
            raise TryAgain
        (verdict,) = verdicts
        if verdict.plugin_digest != backtest.plan.plugin_digest:
            raise RulesNotRunning(ministry_id=backtest.plan.ministry_id, slot=backtest.plan.slot)
        return verdict

    async def _must_run(self, call: Call, backtest: Backtest) -> None:
        """Refuse to go on with other rules than those that the back-test began with."""
        _, digest = await self.runs(call, backtest.plan.ministry_id, backtest.plan.slot)
        if digest != backtest.plan.plugin_digest:
            raise RulesNotRunning(ministry_id=backtest.plan.ministry_id, slot=backtest.plan.slot)

    def _host_of(self, question: Question, backtest: Backtest) -> RuleHost:
        for host in self._chamber.hosts.hosts:
            if backtest.plan.ministry_id in host.running(question.reference.slots, backtest.plan.slot):
                return host
        raise RulesNotRunning(ministry_id=backtest.plan.ministry_id, slot=backtest.plan.slot)

    def _with_hits(self, question: Question, slot: Slot) -> Question:
        return replace(question, hits=self._chamber.hosts.scan(question.narrative.text, slot))


def _named(hits: Iterable[TermHit], ministry_id: str) -> tuple[str, ...]:
    """Name the terms that a ministry was shown, as decisions keep them."""
    return tuple(
        f"{ministry_id}.{hit.group}:{term}" for hit in hits if hit.ministry_id == ministry_id for term in hit.terms
    )
