"""Remembers the triage queue."""

from datetime import datetime

from services.chassis.database import Connection, Row
from services.routing.domain.triage import TriageItem, TriageKind
from services.routing.store.rows import insert

COLUMNS = (
    "triage_id",
    "complaint_id",
    "number",
    "kind",
    "wilaya_id",
    "decision_id",
    "created_at",
    "suggested_body_id",
    "candidates",
    "open",
    "version",
)
INSERT = insert("triage_item", (*COLUMNS, "heard_at"))


class TriageStore:
    """The triage queue of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, item: TriageItem) -> None:
        """Put an item into the queue."""
        values = vars(item)
        await self._connection.execute(INSERT, *(values[name] for name in COLUMNS), item.created_at)

    async def get(self, triage_id: str) -> TriageItem | None:
        """Return one item, open or not."""
        row = await self._connection.fetchrow("SELECT * FROM triage_item WHERE triage_id = $1", triage_id)
        return _item(row) if row else None

    async def open_item(self, complaint_id: str) -> TriageItem | None:
        """Return a complaint's open item."""
        row = await self._connection.fetchrow(
            "SELECT * FROM triage_item WHERE complaint_id = $1 AND open", complaint_id
        )
        return _item(row) if row else None

    async def save(self, item: TriageItem) -> None:
        """Keep an item's new state."""
        await self._connection.execute(
            "UPDATE triage_item SET open = $2, version = $3 WHERE triage_id = $1",
            item.triage_id,
            item.open,
            item.version,
        )

    async def held(self, *, heard_before: datetime, now: datetime, limit: int) -> list[str]:
        """Take complaints that failed rules hold and that were not heard lately; others pass over them for a while."""
        rows = await self._connection.fetch(
            "UPDATE triage_item SET heard_at = $2 WHERE triage_id IN (SELECT triage_id FROM triage_item"
            " WHERE open AND kind = 'provisional' AND heard_at < $1 ORDER BY heard_at LIMIT $3 FOR UPDATE SKIP LOCKED)"
            " RETURNING complaint_id",
            heard_before,
            now,
            limit,
        )
        return [row["complaint_id"] for row in rows]

    async def page(self, where: str, values: list[object], limit: int) -> list[TriageItem]:
        """Return the open items that fit a condition, the oldest first."""
        rows = await self._connection.fetch(
            f"SELECT * FROM triage_item WHERE open AND {where} ORDER BY created_at, triage_id LIMIT {int(limit)}",
            *values,
        )
        return [_item(row) for row in rows]

    async def count(self, where: str, values: list[object]) -> int:
        """Count the open items that fit a condition."""
        return int(await self._connection.fetchval(f"SELECT count(*) FROM triage_item WHERE open AND {where}", *values))


def _item(row: Row) -> TriageItem:
    shaped = {"kind": TriageKind(row["kind"]), "candidates": tuple(row["candidates"])}
    return TriageItem(**({name: row[name] for name in COLUMNS} | shaped))
