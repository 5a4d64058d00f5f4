"""Remembers the read copy of the directory."""

from collections.abc import Sequence

from services.chassis.database import Connection
from services.intake.domain.places import Atlas, Body, BodyKind, Territory


class Places:
    """Bodies, territories and topics, each at its highest revision."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def atlas(self) -> Atlas:
        """Return everything known as one snapshot."""
        bodies = await self._connection.fetch("SELECT * FROM body")
        territories = await self._connection.fetch("SELECT * FROM territory")
        topics = await self._connection.fetch("SELECT topic_code FROM topic")
        return Atlas(
            bodies={
                row["body_id"]: Body(
                    **{**row, "kind": BodyKind(row["kind"]), "successor_ids": tuple(row["successor_ids"])}
                )
                for row in bodies
            },
            territories={row["territory_id"]: Territory(**row) for row in territories},
            topics=frozenset(row["topic_code"] for row in topics),
        )

    async def keep_bodies(self, bodies: Sequence[Body]) -> None:
        """Keep bodies unless a higher revision is here."""
        await self._connection.executemany(
            """
            INSERT INTO body AS known VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (body_id) DO UPDATE SET (kind, ministry_id, wilaya_id, wilaya_label, keeps_register, valid_to, successor_ids, revision)
                = (excluded.kind, excluded.ministry_id, excluded.wilaya_id, excluded.wilaya_label, excluded.keeps_register,
                   excluded.valid_to, excluded.successor_ids, excluded.revision)
            WHERE known.revision < excluded.revision
            """,
            [
                (
                    each.body_id,
                    each.kind,
                    each.ministry_id,
                    each.wilaya_id,
                    each.wilaya_label,
                    each.keeps_register,
                    each.valid_to,
                    each.successor_ids,
                    each.revision,
                )
                for each in bodies
            ],
        )

    async def keep_territories(self, territories: Sequence[Territory]) -> None:
        """Keep territories unless a higher revision is here."""
        await self._connection.executemany(
            """
            INSERT INTO territory AS known VALUES ($1, $2, $3, $4)
            ON CONFLICT (territory_id) DO UPDATE SET (is_commune, wilaya_id, revision)
                = (excluded.is_commune, excluded.wilaya_id, excluded.revision)
            WHERE known.revision < excluded.revision
            """,
            [(each.territory_id, each.is_commune, each.wilaya_id, each.revision) for each in territories],
        )

    async def keep_topics(self, topics: Sequence[tuple[str, int]]) -> None:
        """Keep topics' codes unless a higher revision is here."""
        await self._connection.executemany(
            """
            INSERT INTO topic AS known VALUES ($1, $2)
            ON CONFLICT (topic_code) DO UPDATE SET revision = excluded.revision WHERE known.revision < excluded.revision
            """,
            topics,
        )
