"""Hands out a ministry's own cases to its authors: an act with a purpose, kept for good."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.chassis.call import Call, midnight
from services.chassis.refusals import PageInvalid
from services.routing.actions.backtesting import LAST_ID
from services.routing.actions.replaying import Past, recall
from services.routing.domain.basis import BasisMissing
from services.routing.domain.bodies import Bodies, CompetentBodyUnknown
from services.routing.domain.decision import Decision
from services.routing.domain.release import Act, ActKind
from services.routing.store.memory import Store

ONE_DAY = timedelta(days=1)
LARGEST = 50


@dataclass(frozen=True, kw_only=True)
class Export:
    """Which cases are handed out, under which act, and where the next page begins."""

    act_id: str
    ministry_id: str
    from_day: date
    before: tuple[datetime, str]


@dataclass(frozen=True, kw_only=True)
class Own:
    """One case of a ministry, and who got it in the end; without what it rested on where that was not kept."""

    decision: Decision
    past: Past | None
    assigned: str


async def begin(call: Call, store: Store, bodies: Bodies, *, export: Export, because: str) -> None:
    """Record that cases are handed out, by whom and for what purpose."""
    if export.ministry_id not in bodies.ministries(call.today):
        raise CompetentBodyUnknown(body_id=export.ministry_id, field="ministry_id")
    await store.releases.record(
        Act(
            act_id=export.act_id,
            kind=ActKind.CASES_EXPORTED,
            ministry_id=export.ministry_id,
            actor=str(call.actor),
            because=because,
            acted_at=call.now,
        )
    )


async def go_on(call: Call, store: Store, export: Export) -> None:
    """Refuse a page that no act of the same caller stands behind."""
    if not await store.exports.was_begun(export.act_id, export.ministry_id, str(call.actor)):
        raise PageInvalid(most=LARGEST)


async def page(store: Store, export: Export, *, limit: int) -> list[Own]:
    """Read the next cases, the latest first."""
    since = midnight(export.from_day)
    found = await store.exports.own(export.ministry_id, since, before=export.before, limit=limit)
    decisions = await store.decisions.many(list(found))
    return [await _own(store, decisions[decision_id], assigned) for decision_id, assigned in found.items()]


def the_end_of(day: date) -> tuple[datetime, str]:
    """Return the place behind the last decision of a day."""
    return midnight(day + ONE_DAY), LAST_ID


async def _own(store: Store, decision: Decision, assigned: str) -> Own:
    try:
        past = await recall(store, decision.decision_id)
    except BasisMissing:
        past = None
    return Own(decision=decision, past=past, assigned=assigned)
