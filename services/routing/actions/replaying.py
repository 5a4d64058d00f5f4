"""Takes a decision again: the same facts to the same rules, under the precedence of then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from services.chassis.call import Call
from services.routing.actions.hearing import concluded
from services.routing.domain import replay as domain
from services.routing.domain.basis import Basis, BasisMissing
from services.routing.domain.decision import Decision, DecisionUnknown
from services.routing.domain.facts import Facts, Narrative
from services.routing.domain.learned import Insight
from services.routing.domain.question import Question
from services.routing.domain.reference import Reference
from services.routing.domain.release import Configuration
from services.routing.domain.replay import Given, Replay
from services.routing.domain.resolver import Precedence
from services.routing.store.memory import Store


class Witnesses(Protocol):
    """Those who are asked again: intake for the words, the rule hosts for answers."""

    async def filed(self, then: Facts) -> tuple[Facts, Narrative]:
        """Return a complaint's codes and words as intake knows them now."""

    async def answers(self, question: Question) -> list[Given]:
        """Ask everything that runs, active or in the shadow."""

    def running(self) -> dict[str, str]:
        """Name the active version of each ministry's rules."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """A decision of the rules with all that is kept of how it came about."""

    decision: Decision
    basis: Basis
    precedence: Precedence
    configurations: Mapping[str, Configuration]


async def recall(store: Store, decision_id: str) -> Past:
    """Return a decision of the rules with what it rested on."""
    decision = await store.decisions.get(decision_id)
    if decision is None:
        raise DecisionUnknown
    domain.must_be_of_rules(decision)
    basis = await store.bases.get(decision_id)
    if basis is None:
        raise BasisMissing
    revisions = {verdict.ministry_id: verdict.config_revision for verdict in decision.verdicts}
    return Past(
        decision=decision,
        basis=basis,
        precedence=await store.precedence.of(decision.precedence_revision),
        configurations=await store.releases.configurations_at(revisions),
    )


async def asked_again(witnesses: Witnesses, past: Past, reference: Reference) -> Question:
    """Return the question of then; refuse one whose complaint was erased or is not the same any more."""
    decision, basis = past.decision, past.basis
    facts, narrative = await witnesses.filed(basis.facts)
    domain.must_be_unchanged(decision, basis, facts, narrative)
    then = replace(basis.as_of_then(reference, past.precedence), configurations=past.configurations)
    said = Insight(proposal=decision.proposal)
    return Question(facts=facts, narrative=narrative, hits=(), reference=then, now=basis.asked_at, insight=said)


async def replay(call: Call, witnesses: Witnesses, past: Past, reference: Reference) -> Replay:
    """Take a decision again."""
    decision, basis = past.decision, past.basis
    question = await asked_again(witnesses, past, reference)
    answers = await witnesses.answers(question)
    verdicts = domain.answered_again(decision, answers, witnesses.running())
    hearing = concluded(question, domain.verdicts_to_resolve(verdicts, answers))
    return Replay(
        decision=decision,
        result=domain.compare_results(decision, basis, hearing),
        verdicts=tuple(verdicts),
        replayed_at=call.now,
    )
