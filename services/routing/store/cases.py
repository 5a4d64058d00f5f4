"""Remembers cases: one row a complaint."""

from datetime import date

from services.chassis.database import Connection, Row
from services.routing.domain.case import Case
from services.routing.domain.facts import Facts
from services.routing.store.rows import insert, update

FACTS = (
    "number",
    "keeping_body_id",
    "wilaya_id",
    "received_on",
    "petitions",
    "kind",
    "channel",
    "addressed_body_id",
    "commune_id",
    "topic_code",
    "declined_by",
    "sample",
)
STATE = (
    "version",
    "state_version",
    "declines",
    "decision_id",
    "due_on",
    "working_days",
    "policy",
    "paused_on",
    "paused_days",
    "stopped_on",
    "ended",
    "variety",
)
COLUMNS = ("complaint_id", *FACTS, "decided_topic", *STATE)
OPEN = insert("complaint_case", COLUMNS)
SAVE = update("complaint_case", "complaint_id", COLUMNS[1:])


class CaseStore:
    """The cases of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def get(self, complaint_id: str) -> Case | None:
        """Return a complaint's case."""
        row = await self._connection.fetchrow("SELECT * FROM complaint_case WHERE complaint_id = $1", complaint_id)
        return _case(row) if row else None

    async def lock(self, complaint_id: str) -> Case | None:
        """Return a complaint's case and keep others from changing it."""
        row = await self._connection.fetchrow(
            "SELECT * FROM complaint_case WHERE complaint_id = $1 FOR UPDATE", complaint_id
        )
        return _case(row) if row else None

    async def open(self, case: Case) -> bool:
        """Begin a case; say whether it was new."""
        return await self._connection.execute(OPEN + " ON CONFLICT DO NOTHING", *_values(case)) == "INSERT 0 1"

    async def save(self, case: Case) -> None:
        """Keep a case's new state."""
        await self._connection.execute(SAVE, *_values(case))

    async def pause(self, complaint_id: str, on: date, event_id: str) -> None:
        """Note that the clock stands still."""
        await self._connection.execute(
            "INSERT INTO pause (complaint_id, paused_on, event_id) VALUES ($1, $2, $3)", complaint_id, on, event_id
        )

    async def resume(self, complaint_id: str, on: date) -> None:
        """Note that the clock goes on."""
        await self._connection.execute(
            "UPDATE pause SET resumed_on = $2 WHERE complaint_id = $1 AND resumed_on IS NULL", complaint_id, on
        )


def _values(case: Case) -> list[object]:
    facts, values = case.facts, vars(case)
    return [
        facts.complaint_id,
        *(vars(facts)[name] for name in FACTS),
        case.topic_code,
        *(values[name] for name in STATE),
    ]


def _case(row: Row) -> Case:
    facts = {name: row[name] for name in FACTS} | {"declined_by": tuple(row["declined_by"])}
    return Case(
        facts=Facts(complaint_id=row["complaint_id"], **facts),
        topic_code=row["decided_topic"],
        **{name: row[name] for name in STATE},
    )
