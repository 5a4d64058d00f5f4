"""Remembers releases of ministries' rules, where they stand, and every act on them."""

from collections.abc import Mapping

from services.chassis.database import Connection, Row
from services.routing.domain.release import Act, ActKind, Configuration, Release, ShadowFigures, Slots
from services.routing.store.rows import BUMP, insert, upsert

RELEASE = ("release_id", "ministry_id", "package", "version", "signed_by", "installed_by", "installed_at")
SLOTS = ("ministry_id", "stable", "candidate", "previous", "version")
ACT = ("act_id", "kind", "ministry_id", "release_id", "replaced", "revision", "actor", "because", "acted_at")
ADD = insert("rules_release", (*RELEASE, "wheel", "signature"))
SEEN = f"SELECT {', '.join(RELEASE)}, octet_length(wheel) AS size_bytes FROM rules_release"
SAVE = upsert("rules_slots", SLOTS, ("ministry_id",))
CONFIGURATION = ("ministry_id", "revision", "values_json")
CONFIGURE = insert("rules_configuration", CONFIGURATION)
RECORD = insert("rules_act", ACT)
BESIDE = """
    SELECT wheel FROM rules_release LEFT JOIN rules_slots USING (ministry_id)
    WHERE package = $1 AND (rules_release.version = $2 OR ministry_id <> $3)
       OR package <> $1 AND ministry_id = $3 AND release_id IN (stable, candidate)
"""
# A person has confirmed a ministry by deciding by hand, or by accepting or answering as its unit.
FIGURES = """
    SELECT count(*) AS heard,
           count(*) FILTER (WHERE answer = 'error') AS failed,
           count(*) FILTER (WHERE same_decision) AS same_decision,
           count(found.ministry_id) AS confirmed,
           count(*) FILTER (WHERE (answer = 'claim') = (found.ministry_id = $1)) AS right,
           count(*) FILTER (WHERE stable_claims = (found.ministry_id = $1)) AS active_right
    FROM shadow_verdict JOIN decision USING (decision_id)
    LEFT JOIN LATERAL (
        SELECT ministry_id FROM (
            SELECT ministry_id, decided_at AS at FROM decision AS later
            WHERE later.complaint_id = decision.complaint_id AND later.outcome = 'by_hand'
            UNION ALL
            SELECT ministry_id, updated_at FROM referral
            WHERE referral.complaint_id = decision.complaint_id
              AND referral.state IN ('accepted', 'answered', 'assessed', 'closed')
        ) AS said ORDER BY at DESC LIMIT 1
    ) AS found ON true
    WHERE shadow_verdict.ministry_id = $1 AND release_id = $2
"""


class ReleaseStore:
    """The releases of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def add(self, release: Release, *, wheel: bytes, signature: bytes) -> None:
        """Keep a release with its bytes."""
        await self._connection.execute(ADD, *(vars(release)[name] for name in RELEASE), wheel, signature)

    async def get(self, release_id: str) -> Release | None:
        """Return one release."""
        row = await self._connection.fetchrow(f"{SEEN} WHERE release_id = $1", release_id)
        return Release(**dict(row)) if row else None

    async def all(self) -> list[Release]:
        """Return every release, the youngest first."""
        return [Release(**dict(row)) for row in await self._connection.fetch(f"{SEEN} ORDER BY installed_at DESC")]

    async def wheel(self, release_id: str) -> bytes:
        """Return the bytes of a release."""
        return bytes(
            await self._connection.fetchval("SELECT wheel FROM rules_release WHERE release_id = $1", release_id)
        )

    async def wheels_beside(self, release: Release) -> list[bytes]:
        """Return the wheels that a new release must not clash with: its own version, its name elsewhere, what runs beside."""
        rows = await self._connection.fetch(BESIDE, release.package, release.version, release.ministry_id)
        return [bytes(row["wheel"]) for row in rows]

    async def slots(self) -> dict[str, Slots]:
        """Return where releases stand, by ministry; a ministry that nobody touched is missing."""
        return {row["ministry_id"]: _slots(row) for row in await self._connection.fetch("SELECT * FROM rules_slots")}

    async def lock(self, ministry_id: str) -> Slots:
        """Return where a ministry's releases stand and keep others from changing it."""
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('rules of ' || $1, 0))", ministry_id
        )
        row = await self._connection.fetchrow("SELECT * FROM rules_slots WHERE ministry_id = $1", ministry_id)
        return _slots(row) if row else Slots(ministry_id=ministry_id)

    async def save(self, slots: Slots) -> None:
        """Keep where a ministry's releases stand, and let every process learn of it."""
        await self._connection.execute(SAVE, *(vars(slots)[name] for name in SLOTS))
        await self._connection.execute(BUMP)

    async def figures(self, ministry_id: str, release_id: str) -> ShadowFigures:
        """Count how a release in the shadow compares."""
        row = await self._connection.fetchrow(FIGURES, ministry_id, release_id)
        return ShadowFigures(**dict(row)) if row else ShadowFigures()

    async def configurations(self) -> dict[str, Configuration]:
        """Return the values that apply, by ministry; a ministry that works with its defaults is missing."""
        rows = await self._connection.fetch(
            "SELECT DISTINCT ON (ministry_id) ministry_id, revision, values_json FROM rules_configuration"
            " ORDER BY ministry_id, revision DESC"
        )
        return {row["ministry_id"]: Configuration(**dict(row)) for row in rows}

    async def configurations_at(self, revisions: Mapping[str, int]) -> dict[str, Configuration]:
        """Return the values that applied at these revisions, by ministry; revision 0 stands for the defaults."""
        rows = await self._connection.fetch(
            "SELECT ministry_id, revision, values_json FROM rules_configuration"
            " WHERE (ministry_id, revision) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))",
            list(revisions),
            list(revisions.values()),
        )
        return {row["ministry_id"]: Configuration(**dict(row)) for row in rows}

    async def configure(self, configuration: Configuration) -> None:
        """Let other values apply; the former ones stay, because they explain former decisions."""
        await self._connection.execute(CONFIGURE, *(vars(configuration)[name] for name in CONFIGURATION))
        await self._connection.execute(BUMP)

    async def record(self, act: Act) -> None:
        """Keep an act for good."""
        await self._connection.execute(RECORD, *(vars(act)[name] for name in ACT))

    async def acts(self, where: str, values: list[object], limit: int) -> list[Act]:
        """Return the acts that fit a condition, the latest first."""
        rows = await self._connection.fetch(
            f"SELECT * FROM rules_act WHERE {where} ORDER BY acted_at DESC, act_id DESC LIMIT {int(limit)}", *values
        )
        return [Act(**(dict(row) | {"kind": ActKind(row["kind"])})) for row in rows]


def _slots(row: Row) -> Slots:
    return Slots(**{name: row[name] for name in SLOTS})
