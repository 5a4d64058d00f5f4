"""Why this body: the sentences, in Arabic and French, in the order in which a decision came about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.routing.domain.decision import Decision, OwnerAnswer, Reason, Verdict, answer_of
from services.routing.domain.facts import Disposition
from services.routing.domain.learned import claim_of
from services.routing.domain.resolver import (
    FULL_WEIGHT,
    HIGHEST_SCORE,
    AnswerKind,
    Circumstances,
    Outcome,
    Precedence,
    Resolution,
    Tier,
    resolve,
)
from services.routing.domain.sentences import GROUNDS, SENTENCES


class Part(StrEnum):
    """What a sentence tells."""

    DECISION = "decision"
    CLAIM = "claim"
    MARGIN = "margin"
    CLAIM_NOT_COUNTED = "claim_not_counted"
    DECLINE = "decline"
    FAILURE = "failure"
    ABSTENTION = "abstention"
    UNIT = "unit"
    DEADLINE = "deadline"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence of an explanation."""

    part: Part
    said: Reason
    ministry_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A decision with what it takes to explain it."""

    decision: Decision
    precedence: Precedence
    at: Circumstances
    policy: str
    name: Callable[[str], tuple[str, str]]
    resolution: Resolution = field(init=False)

    def __post_init__(self) -> None:
        answers = [answer_of(verdict) for verdict in self.decision.verdicts]
        learned = claim_of(self.decision.proposal)
        object.__setattr__(self, "resolution", resolve(answers, self.precedence, self.at, learned))

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """Return the ministries' answers by ministry."""
        return {verdict.ministry_id: verdict for verdict in self.decision.verdicts}

    @property
    def claiming(self) -> frozenset[str]:
        """Return the ministries whose own rules claim."""
        return frozenset(each.ministry_id for each in self.resolution.candidates if each.tier is not Tier.LEARNED)

    def named(self, body_id: str) -> Reason:
        """Return a body's name."""
        ar, fr = self.name(body_id)
        return Reason(ar=ar, fr=fr)

    def say(self, part: Part, key: str, ministry_id: str = "", **facts: object) -> Sentence:
        """Write a sentence; facts may differ by language, and `ministry` is always at hand."""
        told = facts | {"ministry": self.named(ministry_id)}
        ar, fr = (SENTENCES[key][n].format_map({k: _in(n, v) for k, v in told.items()}) for n in (0, 1))
        return Sentence(part=part, said=Reason(ar=ar, fr=fr), ministry_id=ministry_id)


def explain(account: Account) -> list[Sentence]:
    """Explain a decision from what was decided down to its deadline."""
    return [
        *_decision(account),
        *_claims(account),
        *_learned(account),
        *_margin(account),
        *_not_counted(account),
        *_declines(account),
        *_failures(account),
        *_abstentions(account),
        *_unit(account),
        *_deadline(account),
    ]


def _decision(account: Account) -> Iterator[Sentence]:
    made = account.decision
    if made.outcome is Outcome.BY_HAND:
        who = made.decided_by.partition(":")[2]
        yield account.say(Part.DECISION, "by_hand", made.ministry_id, who=who, because=made.because)
    elif made.outcome is Outcome.ASSIGNED:
        key = "assigned" if made.ministry_id in account.claiming else "assigned_by_learning"
        yield account.say(Part.DECISION, key, made.ministry_id)
    else:
        yield Sentence(part=Part.DECISION, said=made.because)


def _claims(account: Account) -> Iterator[Sentence]:
    for candidate in account.resolution.candidates:
        if candidate.tier is Tier.LEARNED:
            continue
        verdict = account.verdicts[candidate.ministry_id]
        ground = GROUNDS[candidate.tier]
        yield account.say(
            Part.CLAIM,
            "claim",
            verdict.ministry_id,
            ground=Reason(ar=ground[0], fr=ground[1]),
            law=Reason(ar=f"؛ {verdict.legal_reference}", fr=f" ; {verdict.legal_reference}")
            if verdict.legal_reference
            else "",
            weighing=_weighing(account, verdict),
            rule=Reason(ar=f"، القاعدة {verdict.rule}", fr=f", règle {verdict.rule}") if verdict.rule else "",
            because=_because(verdict),
        )
        if candidate.tier < verdict.tier:
            yield account.say(Part.CLAIM, "ground_not_admitted", verdict.ministry_id)


def _learned(account: Account) -> Iterator[Sentence]:
    """Say whom the classifier named first, and whether that counted."""
    said = account.decision.proposal
    if said is None or not said.suggestions:
        return
    first = said.suggestions[0]
    if account.claiming:
        part, key = Part.CLAIM_NOT_COUNTED, "learned_behind_rules"
    elif said.claims:
        part, key = Part.CLAIM, "learned"
    else:
        part, key = Part.CLAIM_NOT_COUNTED, "learned_below_gate"
    percent, gate, model = first.confidence / 10, min(said.gate, HIGHEST_SCORE) / 10, said.model_version
    yield account.say(part, key, first.ministry_id, percent=f"{percent:g}", gate=f"{gate:g}", model=model)


def _weighing(account: Account, verdict: Verdict) -> Reason:
    """Say the score, and what weight and cap made of it."""
    counted = account.precedence.effective(verdict.ministry_id, verdict.score)
    if counted == verdict.score:
        return Reason(ar=f"{verdict.score} من {HIGHEST_SCORE}", fr=f"{verdict.score} sur {HIGHEST_SCORE}")
    weight = account.precedence.weights.get(verdict.ministry_id, FULL_WEIGHT)
    cap = account.precedence.caps.get(verdict.ministry_id, HIGHEST_SCORE)
    return Reason(
        ar=f"{verdict.score}، وتُحسب {counted} (الترجيح {weight} ‰، السقف {cap})",
        fr=f"{verdict.score}, compté {counted} (pondération {weight} ‰, plafond {cap})",
    )


def _margin(account: Account) -> Iterator[Sentence]:
    if not account.resolution.candidates:
        return
    lead, *others = account.resolution.candidates
    if not others:
        yield account.say(Part.MARGIN, "alone", lead.ministry_id)
        return
    second, key = account.named(others[0].ministry_id), "margin"
    if others[0].tier != lead.tier:
        key = "stronger_ground"
    points, needed = lead.effective - others[0].effective, account.precedence.margin
    yield account.say(Part.MARGIN, key, lead.ministry_id, second=second, points=points, needed=needed)


def _not_counted(account: Account) -> Iterator[Sentence]:
    counted = {candidate.ministry_id for candidate in account.resolution.candidates}
    for verdict in account.decision.verdicts:
        if verdict.answer is AnswerKind.CLAIM and verdict.ministry_id not in counted:
            score = account.precedence.effective(verdict.ministry_id, verdict.score)
            key = _out_of_the_running(account, verdict.ministry_id) or "too_weak"
            minimum = account.precedence.minimum
            yield account.say(Part.CLAIM_NOT_COUNTED, key, verdict.ministry_id, score=score, minimum=minimum)


def _declines(account: Account) -> Iterator[Sentence]:
    for verdict in account.decision.verdicts:
        if verdict.answer is AnswerKind.DECLINE:
            key = "declined_for" if verdict.suggested_ministry_id else "declined"
            other = account.named(verdict.suggested_ministry_id)
            yield account.say(Part.DECLINE, key, verdict.ministry_id, because=_because(verdict), other=other)


def _failures(account: Account) -> Iterator[Sentence]:
    for verdict in account.decision.verdicts:
        if verdict.answer is not AnswerKind.ERROR:
            continue
        best = account.precedence.effective(verdict.ministry_id, HIGHEST_SCORE)
        key = "failed_and_could" if verdict.ministry_id in account.resolution.holding else "failed_and_could_not"
        key = _out_of_the_running(account, verdict.ministry_id) or key
        yield account.say(Part.FAILURE, key, verdict.ministry_id, best=best)


def _out_of_the_running(account: Account, ministry_id: str) -> str:
    """Say why a ministry could not win whatever its rules say; nothing when it could."""
    if ministry_id in account.at.declined_by:
        return "declined_before"
    return "" if account.at.competes(ministry_id) else "did_not_exist"


def _abstentions(account: Account) -> Iterator[Sentence]:
    silent = [each for each in account.decision.verdicts if each.answer is AnswerKind.ABSTAIN]
    if silent:
        names = [account.named(each.ministry_id) for each in silent]
        listed = Reason(ar="، ".join(n.ar for n in names), fr=", ".join(n.fr for n in names))
        yield account.say(Part.ABSTENTION, "abstained", count=len(silent), listed=listed)


def _unit(account: Account) -> Iterator[Sentence]:
    made = account.decision
    if not made.unit_body_id:
        return
    facts: dict[str, object] = {"unit": account.named(made.unit_body_id)}
    asked = _owner_answer(made, "assign_unit")
    if made.disposition is Disposition.KEPT:
        yield account.say(Part.UNIT, "kept", made.ministry_id, **facts)
    elif asked and asked.taken:
        because = Reason(ar=asked.because_ar, fr=asked.because_fr)
        yield account.say(Part.UNIT, "unit_of_rules", made.ministry_id, because=because, **facts)
    elif asked and (asked.error or asked.answer):
        yield account.say(Part.UNIT, "unit_not_of_rules", made.ministry_id, **facts)
    else:
        yield account.say(Part.UNIT, "unit_of_directory", made.ministry_id, **facts)


def _deadline(account: Account) -> Iterator[Sentence]:
    made = account.decision
    if not made.deadline_days:
        return
    facts: dict[str, object] = {"days": made.deadline_days, "policy": account.policy.partition(":")[0]}
    asked = _owner_answer(made, "deadline")
    if asked and asked.taken and ":" in account.policy:
        because = Reason(ar=asked.because_ar, fr=asked.because_fr)
        yield account.say(Part.DEADLINE, "deadline_of_rules", made.ministry_id, because=because, **facts)
    elif asked and asked.answer and not asked.taken:
        yield account.say(Part.DEADLINE, "deadline_not_of_rules", made.ministry_id, wished=asked.answer, **facts)
    else:
        yield account.say(
            Part.DEADLINE, "deadline_of_policy" if facts["policy"] else "deadline", made.ministry_id, **facts
        )


def _owner_answer(made: Decision, hook: str) -> OwnerAnswer | None:
    return next((each for each in made.owner_answers if each.hook == hook), None)


def _because(verdict: Verdict) -> Reason:
    return Reason(ar=verdict.because_ar, fr=verdict.because_fr)


def _in(language: int, fact: object) -> object:
    if isinstance(fact, Reason):
        return (fact.ar, fact.fr)[language]
    return fact
