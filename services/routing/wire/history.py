"""Replays and back-tests, to and from the contract."""

from collections.abc import Mapping

from diwan.routing.v1 import backtest_pb2, decision_pb2, replay_pb2
from diwan.rules.v1 import ministry_pb2

from services.chassis.refusals import EnumUnknown
from services.routing.domain.backtest import Backtest, WeighedBy
from services.routing.domain.release import Slot
from services.routing.domain.replay import Replay, ReplayedVerdict
from services.routing.domain.resolver import Outcome
from services.routing.wire.messages import moment

SLOTS: Mapping[int, Slot] = {0: Slot.STABLE} | {ministry_pb2.Slot.Value(f"SLOT_{each.upper()}"): each for each in Slot}
WEIGHED: Mapping[int, WeighedBy] = {0: WeighedBy.THEN} | {
    backtest_pb2.BacktestPrecedence.Value(f"BACKTEST_PRECEDENCE_{each.upper()}"): each for each in WeighedBy
}


def read_slot(value: int) -> Slot:
    """Read a slot; the active rules where none is stated."""
    if (slot := SLOTS.get(value)) is None:
        raise EnumUnknown(field="slot", value=value)
    return slot


def read_weighing(value: int) -> WeighedBy:
    """Read by which precedence decisions are taken again; by that of then where none is stated."""
    if (weighed_by := WEIGHED.get(value)) is None:
        raise EnumUnknown(field="precedence", value=value)
    return weighed_by


def replay(taken: Replay) -> replay_pb2.Replay:
    """Write a replay."""
    return replay_pb2.Replay(
        decision_id=taken.decision.decision_id,
        exact=taken.exact,
        same_result=taken.result.same,
        stored_digest=taken.result.stored_digest,
        replayed_digest=taken.result.replayed_digest,
        differences=taken.result.differences,
        verdicts=[_verdict(each) for each in taken.verdicts],
        precedence_revision=taken.decision.precedence_revision,
        resolver_version=taken.decision.resolver_version,
        running_resolver_version=taken.running_resolver_version,
        facts_digest=taken.decision.facts_digest,
        replay_time=moment(taken.replayed_at),
    )


def _verdict(each: ReplayedVerdict) -> replay_pb2.ReplayedVerdict:
    return replay_pb2.ReplayedVerdict(
        ministry_id=each.stored.ministry_id,
        answer=replay_pb2.ReplayedAnswer.Value(f"REPLAYED_ANSWER_{each.answer.upper()}"),
        plugin_version=each.stored.plugin_version,
        plugin_digest=each.stored.plugin_digest,
        running_version=each.running_version,
        stored_digest=each.compared.stored_digest,
        replayed_digest=each.compared.replayed_digest,
        differences=each.compared.differences,
    )


def backtest(kept: Backtest, *, with_shifts: bool = True) -> backtest_pb2.Backtest:
    """Write a back-test."""
    plan, counts = kept.plan, kept.counts
    return backtest_pb2.Backtest(
        backtest_id=kept.backtest_id,
        ministry_id=plan.ministry_id,
        slot=ministry_pb2.Slot.Value(f"SLOT_{plan.slot.upper()}"),
        plugin_version=plan.plugin_version,
        plugin_digest=plan.plugin_digest,
        from_day=plan.from_day.isoformat(),
        to_day=plan.to_day.isoformat(),
        precedence=backtest_pb2.BacktestPrecedence.Value(f"BACKTEST_PRECEDENCE_{plan.weighed_by.upper()}"),
        state=backtest_pb2.BacktestState.Value(f"BACKTEST_STATE_{kept.state.upper()}"),
        total=kept.total,
        done=counts.done,
        answered_otherwise=counts.answered_otherwise,
        changed=counts.changed,
        failed=counts.failed,
        left_out=counts.left_out,
        shifts=_shifts(kept) if with_shifts else (),
        started_by=kept.started_by,
        start_time=moment(kept.started_at),
        end_time=moment(kept.ended_at) if kept.ended_at else None,
    )


def _shifts(kept: Backtest) -> list[backtest_pb2.BacktestShift]:
    return [
        backtest_pb2.BacktestShift(
            from_outcome=_outcome(shift.from_outcome),
            from_ministry_id=shift.from_lead,
            to_outcome=_outcome(shift.to_outcome),
            to_ministry_id=shift.to_lead,
            count=shifted.count,
            sample_numbers=shifted.numbers,
        )
        for shift, shifted in kept.by_frequency()
    ]


def _outcome(outcome: Outcome) -> "decision_pb2.Outcome.ValueType":
    return decision_pb2.Outcome.Value(f"OUTCOME_{outcome.upper()}")
