"""Remembers back-tests; one that runs is held by whoever takes it a step further, for a while only."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis.database import Connection, Row
from services.routing.domain.backtest import Backtest, BacktestState, Counts, Place, Plan, Shifted, WeighedBy
from services.routing.domain.precedence import Shift
from services.routing.domain.release import Slot
from services.routing.domain.resolver import Outcome
from services.routing.store.rows import insert

PLAN = ("ministry_id", "slot", "plugin_version", "plugin_digest", "from_day", "to_day")
PLAIN = ("backtest_id", "precedence_revision", "total", "started_by", "started_at", "state", "ended_at")
COUNTS = tuple(Counts.__dataclass_fields__)
SHAPED = ("precedence", "shifts", "reached_at", "reached_id", "held_until")
ADD = insert("backtest", PLAIN + PLAN + COUNTS + SHAPED)
HOLD = """
    UPDATE backtest SET held_until = $2 WHERE backtest_id = (
        SELECT backtest_id FROM backtest WHERE state = 'running' AND held_until <= $1
        ORDER BY held_until, backtest_id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING *
"""
STEP = f"""
    UPDATE backtest SET state = $3, ended_at = $4, shifts = $5, reached_at = $6, reached_id = $7, held_until = $8,
        {", ".join(f"{name} = ${n}" for n, name in enumerate(COUNTS, start=9))}
    WHERE backtest_id = $1 AND held_until = $2 AND state = 'running'
"""


class BacktestStore:
    """The back-tests of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, backtest: Backtest) -> None:
        """Begin a back-test."""
        values = vars(backtest)
        await self._connection.execute(
            ADD,
            *(values[name] for name in PLAIN),
            *(vars(backtest.plan)[name] for name in PLAN),
            *(vars(backtest.counts)[name] for name in COUNTS),
            *(backtest.plan.weighed_by, _shifts(backtest), backtest.reached.decided_at, backtest.reached.decision_id),
            backtest.started_at,
        )

    async def get(self, backtest_id: str, *, lock: bool = False) -> Backtest | None:
        """Return a back-test; keep others from changing it if asked."""
        row = await self._connection.fetchrow(
            f"SELECT * FROM backtest WHERE backtest_id = $1{' FOR UPDATE' if lock else ''}", backtest_id
        )
        return _backtest(row) if row else None

    async def page(self, conditions: str, values: Sequence[object], size: int) -> list[Backtest]:
        """Return back-tests, the latest first."""
        rows = await self._connection.fetch(
            f"SELECT * FROM backtest WHERE {conditions} ORDER BY started_at DESC, backtest_id DESC LIMIT {size}",
            *values,
        )
        return [_backtest(row) for row in rows]

    async def hold(self, now: datetime, until: datetime) -> Backtest | None:
        """Take the running back-test that has waited longest, so that nobody else works on it until then."""
        row = await self._connection.fetchrow(HOLD, now, until)
        return _backtest(row) if row else None

    async def step(self, backtest: Backtest, *, held_until: datetime, release_at: datetime) -> bool:
        """Keep how far a held back-test has come and let go of it; say whether it was still ours and running."""
        done = await self._connection.execute(
            STEP,
            *(backtest.backtest_id, held_until, backtest.state, backtest.ended_at, _shifts(backtest)),
            *(backtest.reached.decided_at, backtest.reached.decision_id, release_at),
            *(vars(backtest.counts)[name] for name in COUNTS),
        )
        return done == "UPDATE 1"

    async def end(self, backtest: Backtest) -> None:
        """Keep the end of a back-test that somebody cancelled."""
        await self._connection.execute(
            "UPDATE backtest SET state = $2, ended_at = $3 WHERE backtest_id = $1",
            *(backtest.backtest_id, backtest.state, backtest.ended_at),
        )


def _shifts(backtest: Backtest) -> list[dict[str, object]]:
    return [vars(shift) | vars(shifted) for shift, shifted in backtest.by_frequency()]


def _backtest(row: Row) -> Backtest:
    plan = {name: row[name] for name in PLAN} | {"slot": Slot(row["slot"])}
    return Backtest(
        **({name: row[name] for name in PLAIN} | {"state": BacktestState(row["state"])}),
        plan=Plan(**plan, weighed_by=WeighedBy(row["precedence"])),
        counts=Counts(**{name: row[name] for name in COUNTS}),
        shifts={_shift(kept): Shifted(count=kept["count"], numbers=tuple(kept["numbers"])) for kept in row["shifts"]},
        reached=Place(decided_at=row["reached_at"], decision_id=row["reached_id"]),
    )


def _shift(kept: dict[str, str]) -> Shift:
    return Shift(
        from_outcome=Outcome(kept["from_outcome"]),
        from_lead=kept["from_lead"],
        to_outcome=Outcome(kept["to_outcome"]),
        to_lead=kept["to_lead"],
    )
