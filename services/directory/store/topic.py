"""Remembers topics."""

from collections.abc import Hashable, Mapping, Sequence

from services.chassis.database import Connection, Row
from services.directory.domain.topic import Topic

COLUMNS = "topic_code, name_ar, name_fr, ministry_ids"


class Topics:
    """The common list of what complaints are about."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def known(self) -> Mapping[Hashable, Topic]:
        """Return every topic by its code."""
        return {topic.key: topic for topic, _ in await self.listed()}

    async def listed(self) -> list[tuple[Topic, int]]:
        """List the topics with their revisions by code."""
        rows = await self._connection.fetch(f'SELECT {COLUMNS}, revision FROM topic ORDER BY topic_code COLLATE "C"')
        return [(_topic(row), int(row["revision"])) for row in rows]

    async def save(self, topics: Sequence[Topic], *, revision: int) -> None:
        """Enter or change these topics, all told of by one event."""
        await self._connection.executemany(
            f"INSERT INTO topic ({COLUMNS}, revision) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (topic_code) DO UPDATE SET (name_ar, name_fr, ministry_ids, revision)"
            " = (excluded.name_ar, excluded.name_fr, excluded.ministry_ids, excluded.revision)",
            [(each.topic_code, each.name_ar, each.name_fr, list(each.ministry_ids), revision) for each in topics],
        )


def _topic(row: "Row") -> Topic:
    return Topic(
        topic_code=row["topic_code"],
        name_ar=row["name_ar"],
        name_fr=row["name_fr"],
        ministry_ids=tuple(row["ministry_ids"]),
    )
