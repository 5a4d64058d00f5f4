"""What rules in the shadow say: heard beside a decision, compared with it, and never part of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.routing.domain.decision import Verdict, answer_of
from services.routing.domain.resolver import Answer, AnswerKind, Outcome, Resolution

Resolving = Callable[[Iterable[Answer]], Resolution]


@dataclass(frozen=True, kw_only=True)
class ShadowVerdict:
    """What a release in the shadow answered, and the decision there would have been with it."""

    release_id: str
    verdict: Verdict
    outcome: Outcome
    lead: str
    same_decision: bool
    stable_claims: bool


def compare(
    heard: Iterable[Verdict], releases: Mapping[str, str], verdicts: Sequence[Verdict], resolving: Resolving
) -> tuple[ShadowVerdict, ...]:
    """Put each verdict of the shadow in place of the active one of its ministry, and see what would have come of it."""
    return tuple(_compared(each, releases[each.ministry_id], verdicts, resolving) for each in heard)


def _compared(shadow: Verdict, release_id: str, verdicts: Sequence[Verdict], resolving: Resolving) -> ShadowVerdict:
    own = [verdict for verdict in verdicts if verdict.ministry_id == shadow.ministry_id]
    others = [verdict for verdict in verdicts if verdict.ministry_id != shadow.ministry_id]
    actual, instead = resolving(map(answer_of, verdicts)), resolving(map(answer_of, [*others, shadow]))
    return ShadowVerdict(
        release_id=release_id,
        verdict=shadow,
        outcome=instead.outcome,
        lead=instead.lead,
        same_decision=(instead.outcome, _led(instead)) == (actual.outcome, _led(actual)),
        stable_claims=any(verdict.answer is AnswerKind.CLAIM for verdict in own),
    )


def _led(resolution: Resolution) -> str:
    """Return the ministry that a resolution goes to; a person decides everything else."""
    return resolution.lead if resolution.outcome is Outcome.ASSIGNED else ""
