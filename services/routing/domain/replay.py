"""Taking a decision of the rules again with everything as it was then, and comparing bit for bit."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.chassis.refusals import Conflict
from services.routing.domain.basis import Basis, canonical
from services.routing.domain.decision import Decision, Hearing, Verdict, disposition_for, reason_for
from services.routing.domain.facts import Facts, FactsChanged, Narrative, facts_digest
from services.routing.domain.resolver import RESOLVER_VERSION, AnswerKind, Outcome

SAID = (
    *("ministry_id", "plugin", "plugin_version", "plugin_digest", "config_revision", "answer", "score", "tier", "rule"),
    *("legal_reference", "category", "because_ar", "because_fr", "suggested_ministry_id", "error"),
)
ABSENT = "–"


class DecisionByPerson(Conflict):
    """A person took this decision, and only decisions of the rules are taken again; choose the one before it."""

    ar = "اتخذ هذا القرارَ شخص، ولا يُعاد إلا ما قررته القواعد؛ اختر القرار الذي قبله."
    fr = "Cette décision a été prise par une personne ; seules celles des règles se reprennent : choisissez la précédente."
    field = "decision_id"


class ReplayedAnswer(StrEnum):
    """How a ministry's answer came about in a replay."""

    IDENTICAL = "identical"
    DIFFERENT = "different"
    RULES_GONE = "rules_gone"
    FAILED_THEN = "failed_then"
    FAILED_NOW = "failed_now"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two things in canonical form: their digests, and where they differ."""

    stored_digest: str
    replayed_digest: str
    differences: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Tell whether they are the same, bit for bit."""
        return self.stored_digest == self.replayed_digest


@dataclass(frozen=True, kw_only=True)
class ReplayedVerdict:
    """One ministry's answer in a replay, and the version of its rules that is active now."""

    stored: Verdict
    answer: ReplayedAnswer
    compared: Compared
    running_version: str = ""


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A decision that was taken again."""

    decision: Decision
    result: Compared
    verdicts: tuple[ReplayedVerdict, ...]
    replayed_at: datetime
    running_resolver_version: str = RESOLVER_VERSION

    @property
    def exact(self) -> bool:
        """Tell whether result and answers are the same and every answer that there was then was given again."""
        return self.result.same and all(each.answer is ReplayedAnswer.IDENTICAL for each in self.verdicts)


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer that rules gave now, and the terms that were found for them."""

    verdict: Verdict
    hits: tuple[str, ...]


def must_be_of_rules(decision: Decision) -> None:
    """Refuse a decision that a person took."""
    if decision.outcome is Outcome.BY_HAND:
        raise DecisionByPerson


def must_be_unchanged(decision: Decision, basis: Basis, facts: Facts, narrative: Narrative) -> None:
    """Refuse a complaint whose codes, dates or words are not those that the decision rested on."""
    if decision.facts_digest != facts_digest(basis.facts):
        raise FactsChanged(what="facts_digest")
    changed = [name for name, value in vars(basis.facts).items() if vars(facts)[name] != value]
    if narrative.commitment != basis.text_commitment:
        changed.append("text")
    if changed:
        raise FactsChanged(what=", ".join(changed))


def answered_again(decision: Decision, answers: Iterable[Given], running: Mapping[str, str]) -> list[ReplayedVerdict]:
    """Set each stored answer beside what the same rules answer now; running names each ministry's active version."""
    by_rules = {(each.verdict.ministry_id, each.verdict.plugin_digest): each for each in answers}
    return [
        _answered_again(decision, stored, by_rules.get((stored.ministry_id, stored.plugin_digest)), running)
        for stored in decision.verdicts
    ]


def _answered_again(
    decision: Decision, stored: Verdict, now: Given | None, running: Mapping[str, str]
) -> ReplayedVerdict:
    kept = Given(verdict=stored, hits=_hits_of(stored.ministry_id, decision.term_hits))
    if stored.answer is AnswerKind.ERROR:
        answer, now = ReplayedAnswer.FAILED_THEN, kept
    elif now is None:
        answer, now = ReplayedAnswer.RULES_GONE, kept
    elif now.verdict.answer is AnswerKind.ERROR:
        answer, now = ReplayedAnswer.FAILED_NOW, kept
    else:
        same = _said(now) == _said(kept)
        answer = ReplayedAnswer.IDENTICAL if same else ReplayedAnswer.DIFFERENT
    return ReplayedVerdict(
        stored=stored,
        answer=answer,
        compared=_compare(_said(kept), _said(now)),
        running_version=running.get(stored.ministry_id, ""),
    )


def verdicts_to_resolve(replayed: Iterable[ReplayedVerdict], answers: Iterable[Given]) -> tuple[Verdict, ...]:
    """Return what the resolver is given again: answers that rules gave now where they differ, else the stored ones."""
    now = {(each.verdict.ministry_id, each.verdict.plugin_digest): each.verdict for each in answers}
    return tuple(
        now[each.stored.ministry_id, each.stored.plugin_digest]
        if each.answer in (ReplayedAnswer.IDENTICAL, ReplayedAnswer.DIFFERENT)
        else each.stored
        for each in replayed
    )


def compare_results(decision: Decision, basis: Basis, hearing: Hearing) -> Compared:
    """Compare what was decided with what the hearing adds up to now."""
    outcome = hearing.resolution.outcome
    again = replace(
        decision,
        outcome=outcome,
        disposition=disposition_for(basis.facts, outcome),
        because=reason_for(hearing),
        ministry_id=hearing.resolution.lead if outcome is Outcome.ASSIGNED else "",
        verdicts=hearing.verdicts,
        candidates=tuple(candidate.ministry_id for candidate in hearing.resolution.candidates),
        facts_digest=hearing.facts_digest,
        precedence_revision=hearing.precedence_revision,
    )
    return _compare(_result(decision), _result(again))


def _result(decision: Decision) -> dict[str, object]:
    """Return what a decision says; unit and days are the competent ministry's own affair and not asked again."""
    return {
        "outcome": decision.outcome,
        "disposition": decision.disposition,
        "ministry_id": decision.ministry_id,
        "candidates": list(decision.candidates),
        "because": [decision.because.ar, decision.because.fr],
        "weighed": {
            each.ministry_id: [each.admitted_tier, each.effective_score]
            for each in decision.verdicts
            if each.answer is AnswerKind.CLAIM
        },
        "facts_digest": decision.facts_digest,
        "precedence_revision": decision.precedence_revision,
    }


def _said(given: Given) -> dict[str, object]:
    """Return an answer with the terms it was asked with; how long it took is no part of it."""
    return {name: vars(given.verdict)[name] for name in SAID} | {"hits": list(given.hits)}


def _hits_of(ministry_id: str, hits: Iterable[str]) -> tuple[str, ...]:
    return tuple(hit for hit in hits if hit.startswith(f"{ministry_id}."))


def _compare(stored: Mapping[str, object], replayed: Mapping[str, object]) -> Compared:
    differences = [
        f"{name}: {stored.get(name, ABSENT)} -> {replayed.get(name, ABSENT)}"
        for name in stored
        if stored[name] != replayed.get(name, ABSENT)
    ]
    return Compared(
        stored_digest=hashlib.sha256(canonical(stored)).hexdigest(),
        replayed_digest=hashlib.sha256(canonical(replayed)).hexdigest(),
        differences=tuple(differences),
    )
