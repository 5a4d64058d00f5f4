"""Remembers the read copy of the directory: bodies, and the names of territories and topics."""

from collections.abc import Collection, Mapping, Sequence

from services.chassis.database import Connection
from services.correspondence.domain.body import DELEGATION, Body, Name

TERRITORY, TOPIC = "territory", "topic"


class Reference:
    """Who and where; a row gives way to one of the same or a higher revision: ended periods come first."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def bodies(self, body_ids: Collection[str]) -> Mapping[str, Body]:
        """Give those bodies that are known."""
        rows = await self._connection.fetch(
            "SELECT body_id, kind, ministry_id, wilaya_id, label, name_ar, name_fr FROM body WHERE body_id = ANY($1::text[])",
            list(body_ids),
        )
        return {
            row["body_id"]: Body(
                body_id=row["body_id"],
                kind=row["kind"],
                ministry_id=row["ministry_id"],
                wilaya_id=row["wilaya_id"],
                label=row["label"],
                name=Name(ar=row["name_ar"], fr=row["name_fr"]),
            )
            for row in rows
        }

    async def delegations(self) -> list[tuple[str, str]]:
        """List the Mediator's delegations with their wilayas."""
        rows = await self._connection.fetch("SELECT body_id, wilaya_id FROM body WHERE kind = $1", DELEGATION)
        return [(row["body_id"], row["wilaya_id"]) for row in rows]

    async def name(self, of: str, id: str) -> Name | None:  # noqa: A002 (the column's name)
        """Give a territory's or topic's name."""
        row = await self._connection.fetchrow("SELECT ar, fr FROM name WHERE of = $1 AND id = $2", of, id)
        return Name(ar=row["ar"], fr=row["fr"]) if row else None

    async def keep_bodies(self, bodies: Sequence[tuple[Body, int]]) -> None:
        """Keep bodies with their revisions."""
        await self._connection.executemany(
            """
            INSERT INTO body (body_id, kind, ministry_id, wilaya_id, label, name_ar, name_fr, revision)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (body_id) DO UPDATE SET kind = excluded.kind, ministry_id = excluded.ministry_id,
                wilaya_id = excluded.wilaya_id, label = excluded.label, name_ar = excluded.name_ar,
                name_fr = excluded.name_fr, revision = excluded.revision
            WHERE body.revision <= excluded.revision
            """,
            [
                (b.body_id, b.kind, b.ministry_id, b.wilaya_id, b.label, b.name.ar, b.name.fr, revision)
                for b, revision in bodies
            ],
        )

    async def keep_names(self, of: str, names: Sequence[tuple[str, Name, int]]) -> None:
        """Keep names of territories or topics with their revisions."""
        await self._connection.executemany(
            """
            INSERT INTO name (of, id, ar, fr, revision) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (of, id) DO UPDATE SET ar = excluded.ar, fr = excluded.fr, revision = excluded.revision
            WHERE name.revision <= excluded.revision
            """,
            [(of, each, name.ar, name.fr, revision) for each, name, revision in names],
        )
