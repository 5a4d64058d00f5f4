"""A decision: what the rules said, what follows, and why; stored once and never changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.refusals import NotFound
from services.routing.domain.deadline import Deadline
from services.routing.domain.facts import Disposition, Facts
from services.routing.domain.learned import Proposal
from services.routing.domain.resolver import (
    RESOLVER_VERSION,
    Answer,
    AnswerKind,
    Outcome,
    Precedence,
    Resolution,
    Tier,
    admitted_tier,
)


class DecisionUnknown(NotFound):
    """There is no such decision, or it is not yours to see."""

    ar = "لا يوجد قرار بهذا المعرّف، أو لا يحق لك الاطلاع عليه."
    fr = "Cette décision n'existe pas ou ne vous est pas accessible."
    field = "decision_id"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why, in Arabic and French."""

    ar: str
    fr: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one ministry's rules answered, verbatim, and what the core made of it."""

    ministry_id: str
    answer: AnswerKind
    plugin: str = ""
    plugin_version: str = ""
    plugin_digest: str = ""
    config_revision: int = 0
    score: int = 0
    effective_score: int = 0
    tier: Tier = Tier.TOPICAL
    admitted_tier: Tier = Tier.TOPICAL
    rule: str = ""
    legal_reference: str = ""
    category: str = ""
    because_ar: str = ""
    because_fr: str = ""
    suggested_ministry_id: str = ""
    error: str = ""
    elapsed_micros: int = 0


@dataclass(frozen=True, kw_only=True)
class OwnerAnswer:
    """What the competent ministry's rules answered to a question asked of it alone, and whether the core took it."""

    hook: str
    answer: str = ""
    taken: bool = False
    because_ar: str = ""
    because_fr: str = ""
    error: str = ""
    plugin: str = ""
    elapsed_micros: int = 0


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One hearing of the ministries: their verdicts, what they add up to, and on which facts."""

    resolution: Resolution
    verdicts: tuple[Verdict, ...]
    facts_digest: str
    term_hits: tuple[str, ...]
    precedence_revision: int
    topic_code: str = ""
    proposal: Proposal | None = None


@dataclass(frozen=True, kw_only=True)
class Competence:
    """The competent ministry, its unit, the days it has, and what its rules said of both."""

    ministry_id: str
    unit_body_id: str
    deadline: Deadline
    owner_answers: tuple[OwnerAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Which authority is competent, and why."""

    decision_id: str
    complaint_id: str
    number: str
    outcome: Outcome
    disposition: Disposition
    because: Reason
    decided_by: str
    decided_at: datetime
    ministry_id: str = ""
    unit_body_id: str = ""
    referral_id: str = ""
    deadline_days: int = 0
    trace_id: str = ""
    verdicts: tuple[Verdict, ...] = ()
    owner_answers: tuple[OwnerAnswer, ...] = ()
    candidates: tuple[str, ...] = ()
    facts_digest: str = ""
    term_hits: tuple[str, ...] = ()
    precedence_revision: int = 0
    resolver_version: str = RESOLVER_VERSION
    proposal: Proposal | None = None
    variety: str = ""


def disposition_for(facts: Facts, outcome: Outcome) -> Disposition:
    """Say what follows: a keeping body answers itself; a delegation refers what is clear and asks a person otherwise."""
    if not facts.petitions:
        return Disposition.KEPT
    return Disposition.REFER if outcome is Outcome.ASSIGNED else Disposition.TRIAGE


_SAID = {
    Outcome.ASSIGNED: Reason(ar="{lead}", fr="{lead}"),
    Outcome.AMBIGUOUS: Reason(
        ar="تتقارب قطاعات عدة في هذا الموضوع، فيُعرض على موظف ليقرر.",
        fr="Plusieurs secteurs sont trop proches sur ce sujet : un agent décide.",
    ),
    Outcome.UNCLAIMED: Reason(
        ar="لم يصرّح أي قطاع باختصاصه، فيُعرض الملف على موظف ليقرر.",
        fr="Aucun secteur ne s'est dit compétent : un agent décide.",
    ),
    Outcome.PROVISIONAL: Reason(
        ar="تعذّر استطلاع قواعد قطاع قد يكون هو المختص ({holding})، فيُعلَّق القرار إلى حين.",
        fr="Les règles d'un secteur peut-être compétent n'ont pas répondu ({holding}) : la décision est suspendue.",
    ),
}


_LEARNED = Reason(
    ar="لم يصرّح أي قطاع باختصاصه؛ وتشبه هذه الشكوى شكاوى تأكّد فيها اختصاص هذا القطاع (درجة الثقة {percent} %).",
    fr="Aucun secteur ne s'est dit compétent ; la doléance ressemble à d'autres où la compétence de ce secteur a été confirmée (confiance {percent} %).",
)


def reason_for(hearing: Hearing) -> Reason:
    """Explain a hearing's outcome: the leading ministry's own words, what was learned, or why a person must decide."""
    resolution = hearing.resolution
    if resolution.outcome is Outcome.ASSIGNED and resolution.candidates[0].tier is Tier.LEARNED:
        percent = str(resolution.candidates[0].effective // 10)
        return Reason(ar=_LEARNED.ar.replace("{percent}", percent), fr=_LEARNED.fr.replace("{percent}", percent))
    said = _SAID[resolution.outcome]
    lead = next((v for v in hearing.verdicts if v.ministry_id == resolution.lead), None)
    holding = "، ".join(m.upper() for m in resolution.holding)
    return Reason(
        ar=said.ar.replace("{lead}", lead.because_ar if lead else "").replace("{holding}", holding),
        fr=said.fr.replace("{lead}", lead.because_fr if lead else "").replace("{holding}", holding.replace("، ", ", ")),
    )


def weigh(verdict: Verdict, precedence: Precedence, addressed: str) -> Verdict:
    """Return a verdict with what the core made of its claim."""
    if verdict.answer is not AnswerKind.CLAIM:
        return verdict
    return replace(
        verdict,
        effective_score=precedence.effective(verdict.ministry_id, verdict.score),
        admitted_tier=admitted_tier(answer_of(verdict), precedence, addressed),
    )


def answer_of(verdict: Verdict) -> Answer:
    """Return the part of a verdict that counts."""
    return Answer(
        ministry_id=verdict.ministry_id,
        kind=verdict.answer,
        tier=verdict.tier,
        score=verdict.score,
        legal_reference=verdict.legal_reference,
    )


def topic_of(facts: Facts, resolution: Resolution, verdicts: tuple[Verdict, ...], known: frozenset[str]) -> str:
    """Return the topic chosen at filing, else the leading rule's category where it is one of the common list."""
    if facts.topic_code or resolution.outcome is not Outcome.ASSIGNED:
        return facts.topic_code
    category = next((v.category for v in verdicts if v.ministry_id == resolution.lead), "")
    return category if category in known else ""
