"""Hears the ministries' rules about a complaint; outside any transaction, because a rule may take its time."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from services.chassis import attributes, tracing
from services.routing.domain.decision import (
    Competence,
    Hearing,
    OwnerAnswer,
    Verdict,
    answer_of,
    disposition_for,
    topic_of,
    weigh,
)
from services.routing.domain.facts import Disposition, facts_digest
from services.routing.domain.learned import claim_of, proposal_for
from services.routing.domain.question import Council, Question
from services.routing.domain.release import NOTHING
from services.routing.domain.resolver import Answer, AnswerKind, Outcome, Resolution, resolve
from services.routing.domain.shadow import ShadowVerdict, compare

SHADOW_PATIENCE = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the rules said of a complaint, and who is competent by them."""

    question: Question
    hearing: Hearing
    disposition: Disposition
    competence: Competence
    shadow: tuple[ShadowVerdict, ...] = ()


async def hear(council: Council, question: Question) -> Heard:
    """Ask every ministry, resolve, ask the competent one for its unit and its days; and hear the shadow beside."""
    shadow = asyncio.create_task(council.shadow_claims(question))
    try:
        heard = await _heard(council, question)
        await asyncio.wait({shadow}, timeout=SHADOW_PATIENCE)
        return replace(heard, shadow=_compared(question, heard.hearing, _said(shadow)))
    finally:
        shadow.cancel()


async def _heard(council: Council, question: Question) -> Heard:
    with tracing.span("routing.decide") as span:
        hearing = await _hearing(council, question)
        disposition = disposition_for(question.facts, hearing.resolution.outcome)
        assigned = hearing.resolution.lead if hearing.resolution.outcome is Outcome.ASSIGNED else ""
        if disposition is Disposition.REFER:
            found = await competence(council, question, assigned)
        else:
            found = await _without_referral(council, question, assigned, disposition)
        said = {attributes.MINISTRY: found.ministry_id, attributes.OUTCOME: str(hearing.resolution.outcome)}
        span.set_attributes({attributes.COMPLAINT_NUMBER: question.facts.number, **said})
    return Heard(question=question, hearing=hearing, disposition=disposition, competence=found)


def _said(shadow: "asyncio.Task[tuple[Verdict, ...]]") -> tuple[Verdict, ...]:
    """Return what the shadow said so far; whatever befell it, the decision stands."""
    if not shadow.done() or shadow.cancelled():
        return ()
    if error := shadow.exception():
        _log.warning("the shadow was not heard", extra={"kind": type(error).__name__})
        return ()
    return shadow.result()


def _compared(question: Question, hearing: Hearing, heard: Iterable[Verdict]) -> tuple[ShadowVerdict, ...]:
    """Compare what rules in the shadow said with the decision; who was not heard in time has failed."""
    reference = question.reference
    at = reference.circumstances(question.facts)
    said = {each.ministry_id: weigh(each, reference.precedence, at.addressed) for each in heard}
    releases = {m: slots.candidate for m, slots in reference.slots.items() if slots.candidate != NOTHING}
    late = {m: Verdict(ministry_id=m, answer=AnswerKind.ERROR, error="shadow: not heard in time") for m in releases}
    return compare(
        [said.get(m, late[m]) for m in sorted(releases)], releases, hearing.verdicts, partial(_resolved, question)
    )


def _resolved(question: Question, answers: Iterable[Answer]) -> Resolution:
    """Say what answers come to, with what was learned below them."""
    reference, known = question.reference, list(answers)
    at = reference.circumstances(question.facts)
    proposal = proposal_for(question.insight.proposal, known, at)
    return resolve(known, reference.precedence, at, claim_of(proposal))


async def _hearing(council: Council, question: Question) -> Hearing:
    return concluded(question, await council.claims(question))


def concluded(question: Question, verdicts: tuple[Verdict, ...]) -> Hearing:
    """Say what answers add up to."""
    facts, reference = question.facts, question.reference
    at = reference.circumstances(facts)
    answers = [answer_of(verdict) for verdict in verdicts]
    proposal = proposal_for(question.insight.proposal, answers, at)
    resolution = resolve(answers, reference.precedence, at, claim_of(proposal))
    return Hearing(
        resolution=resolution,
        verdicts=tuple(weigh(verdict, reference.precedence, at.addressed) for verdict in verdicts),
        facts_digest=facts_digest(facts),
        term_hits=tuple(f"{hit.ministry_id}.{hit.group}:{term}" for hit in question.hits for term in hit.terms),
        precedence_revision=reference.precedence.revision,
        topic_code=topic_of(facts, resolution, verdicts, reference.topics),
        proposal=proposal,
    )


async def competence(council: Council, question: Question, ministry_id: str, unit_body_id: str = "") -> Competence:
    """Find the unit and the deadline of a competent ministry: its rules' answers where valid, else the core's."""
    facts, reference = question.facts, question.reference
    proposal = None if unit_body_id else await council.unit(question, ministry_id)
    unit = unit_body_id or reference.unit(ministry_id, facts, proposal.answer if proposal else "")
    wish = await council.days(question, ministry_id)
    deadline = reference.deadline(facts, ministry_id, _number(wish))
    asked = ((proposal, unit), (wish, str(deadline.working_days)))
    return Competence(
        ministry_id=ministry_id,
        unit_body_id=unit,
        deadline=deadline,
        owner_answers=tuple(replace(each, taken=each.answer == taken) for each, taken in asked if each),
    )


async def _without_referral(
    council: Council, question: Question, assigned: str, disposition: Disposition
) -> Competence:
    """Return what holds while nothing is referred: the keeping body, or nobody yet, under the policy's deadline."""
    facts, reference = question.facts, question.reference
    own = reference.bodies.sector_of(facts.keeping_body_id)
    keeps = disposition is Disposition.KEPT
    wish = await council.days(question, assigned) if keeps and assigned and assigned == own else None
    deadline = reference.deadline(facts, own, _number(wish))
    return Competence(
        ministry_id=assigned,
        unit_body_id=facts.keeping_body_id if keeps else "",
        deadline=deadline,
        owner_answers=(replace(wish, taken=wish.answer == str(deadline.working_days)),) if wish else (),
    )


def _number(wish: OwnerAnswer | None) -> int:
    return int(wish.answer) if wish and wish.answer else 0
