"""What the classifier says of a complaint, and which model is in use; numbers per mille, so that a decision can be repeated exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.chassis.refusals import Invalid
from services.routing.domain.resolver import Answer, AnswerKind, Circumstances, LearnedClaim

LEAST_EXAMPLES = 200
GROWTH = 100
MOST_EXAMPLES = 20_000
PER_MILLE = 1000
SHOWN = 3


class ModelKind(StrEnum):
    """What a model tells of a text."""

    COMPETENCE = "competence"
    VARIETY = "variety"


class Variety(StrEnum):
    """In which variety of language a text is written; unknown where no model is sure."""

    UNKNOWN = ""
    MSA = "msa"
    DARIJA = "darija"
    FRENCH = "french"
    ARABIZI = "arabizi"


class ExamplesMissing(Invalid):
    """Give examples: a text and its variety for each; at least two varieties, at most {most} examples."""

    ar = "قدّم أمثلة: نصا ونوع لغته لكل منها؛ نوعان على الأقل، و{most} مثال على الأكثر."
    fr = "Donnez des exemples : un texte et sa variété pour chacun ; deux variétés au moins, {most} exemples au plus."
    field = "examples"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A ministry that the classifier names, and how sure it is."""

    ministry_id: str
    confidence: int


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the classifier said of one complaint."""

    model_version: int
    model_digest: str
    gate: int
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def claims(self) -> bool:
        """Tell whether it is sure enough of the first to claim for it."""
        return bool(self.suggestions) and self.suggestions[0].confidence >= self.gate


@dataclass(frozen=True, kw_only=True)
class Insight:
    """What the models tell of a text: nothing where none is in use."""

    proposal: Proposal | None = None
    variety: Variety = Variety.UNKNOWN


NO_INSIGHT = Insight()


@dataclass(frozen=True, kw_only=True)
class Report:
    """How many examples a model rests on and how good it is on the newest, which it has not seen."""

    examples: Mapping[str, int]
    tested: int = 0
    right: int = 0
    right_in_three: int = 0
    proposed: int = 0
    proposed_right: int = 0
    gate: int = 0
    pairs: tuple[tuple[str, str, int], ...] = ()
    rival_right: int | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether a model is put into use, and why."""

    in_use: bool
    ar: str
    fr: str


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model as it is kept."""

    version: int
    kind: ModelKind
    made_at: datetime
    digest: str
    data_digest: str
    learned_from: int
    with_samples: bool
    report: Report
    standing: Standing
    size_bytes: int


class Stage(StrEnum):
    """Where a training stands."""

    FETCHING = "fetching"
    LEARNING = "learning"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Training:
    """The latest training of one kind of model."""

    kind: ModelKind
    stage: Stage
    began_at: datetime
    done: int = 0
    total: int = 0
    error: str = ""
    model_version: int = 0


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """One confirmed decision: which ministry is competent for a complaint."""

    complaint_id: str
    ministry_id: str
    decided_at: datetime


def proposal_for(proposal: Proposal | None, answers: Iterable[Answer], at: Circumstances) -> Proposal | None:
    """Return the proposal with the likeliest three of the ministries that exist and have not declined."""
    if proposal is None:
        return None
    declining = {answer.ministry_id for answer in answers if answer.kind is AnswerKind.DECLINE}
    left = [s for s in proposal.suggestions if at.competes(s.ministry_id) and s.ministry_id not in declining]
    return replace(proposal, suggestions=tuple(left[:SHOWN]))


def claim_of(proposal: Proposal | None) -> LearnedClaim | None:
    """Return what the classifier claims: nothing below its gate."""
    if proposal is None or not proposal.claims:
        return None
    first = proposal.suggestions[0]
    return LearnedClaim(ministry_id=first.ministry_id, confidence=first.confidence)


def is_due(confirmed: int, learned_from: int) -> bool:
    """Tell whether a tenth more has been confirmed since the last training; so trainings grow rarer as the office grows."""
    return confirmed >= LEAST_EXAMPLES and (confirmed - learned_from) * PER_MILLE >= learned_from * GROWTH


def standing_of(report: Report) -> Standing:
    """Say whether a new model is put into use: not with too few examples, not if it is worse than the one in use."""
    if not report.tested:
        return Standing(
            in_use=False,
            ar="الأمثلة المؤكدة قليلة: يلزم صنفان على الأقل لكل منهما عدد كاف منها.",
            fr="Trop peu d'exemples confirmés : il faut au moins deux classes qui en aient assez.",
        )
    if report.rival_right is not None and report.right < report.rival_right:
        return Standing(
            in_use=False,
            ar=f"أصاب النموذج المستعمل {report.rival_right} من {report.tested} من أحدث الأمثلة، وأصاب هذا {report.right} فقط.",
            fr=f"Le modèle en service reconnaît {report.rival_right} des {report.tested} exemples les plus récents, celui-ci {report.right} seulement.",
        )
    return Standing(
        in_use=True,
        ar=f"أصاب {report.right} من {report.tested} من أحدث الأمثلة التي لم يتعلم منها.",
        fr=f"Reconnaît {report.right} des {report.tested} exemples les plus récents, dont il n'a rien appris.",
    )
