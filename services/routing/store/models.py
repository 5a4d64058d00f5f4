"""Remembers the classifier's models, its trainings, and which decisions are confirmed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from services.chassis.database import Connection, Row
from services.routing.domain.learned import Confirmed, Model, ModelKind, Report, Stage, Standing, Training
from services.routing.store.rows import insert

COLUMNS = (
    "version",
    "kind",
    "made_at",
    "digest",
    "data_digest",
    "learned_from",
    "with_samples",
    "report",
    "in_use",
    "because_ar",
    "because_fr",
    "file",
)
KNOWN = ", ".join((*COLUMNS[:-1], "octet_length(file) AS size_bytes"))
INSERT = insert("classifier_model", COLUMNS)
ABANDONED = timedelta(minutes=2)
# Chosen by a person, or taken on by the ministry itself; and not declined since.
CONFIRMED = (
    "FROM complaint_case c JOIN decision d ON d.decision_id = c.decision_id"
    " LEFT JOIN referral r ON r.decision_id = d.decision_id"
    " WHERE d.disposition = 'refer' AND r.state IS DISTINCT FROM 'declined' AND (NOT c.sample OR $1)"
    " AND (d.outcome = 'by_hand' OR r.state IN ('accepted', 'answered', 'assessed') OR r.state = 'closed' AND r.working_days > 0)"
)


class ModelStore:
    """The classifier's models of one connection."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def count_confirmed(self, *, with_samples: bool = False) -> int:
        """Count the confirmed decisions."""
        return int(await self._connection.fetchval(f"SELECT count(*) {CONFIRMED}", with_samples))

    async def confirmed(self, *, with_samples: bool, most: int) -> list[Confirmed]:
        """Return the newest confirmed decisions, the oldest of them first."""
        rows = await self._connection.fetch(
            f"SELECT d.complaint_id, d.ministry_id, d.decided_at {CONFIRMED}"
            f" ORDER BY d.decided_at DESC, d.complaint_id DESC LIMIT {int(most)}",
            with_samples,
        )
        return [Confirmed(**dict(row)) for row in reversed(rows)]

    async def keep(self, model: Model, file: bytes) -> None:
        """Keep a model; put into use, it takes the place of the one that was."""
        if model.standing.in_use:
            await self._connection.execute(
                "UPDATE classifier_model SET in_use = false WHERE kind = $1 AND in_use", model.kind
            )
        values = vars(model)
        await self._connection.execute(
            INSERT,
            *(values[name] for name in COLUMNS[:7]),
            asdict(model.report),
            model.standing.in_use,
            model.standing.ar,
            model.standing.fr,
            file,
        )

    async def next_version(self) -> int:
        """Return the version of the next model; whoever asks first makes it."""
        await self._connection.execute("LOCK TABLE classifier_model IN SHARE ROW EXCLUSIVE MODE")
        return int(await self._connection.fetchval("SELECT coalesce(max(version), 0) + 1 FROM classifier_model"))

    async def latest(self, kind: ModelKind) -> Model | None:
        """Return the youngest model of a kind."""
        row = await self._connection.fetchrow(
            f"SELECT {KNOWN} FROM classifier_model WHERE kind = $1 ORDER BY version DESC LIMIT 1", kind
        )
        return _model(row) if row else None

    async def listed(self, most: int) -> list[Model]:
        """Return the youngest models and those in use, the youngest first."""
        rows = await self._connection.fetch(
            f"SELECT {KNOWN} FROM classifier_model WHERE in_use OR version IN"
            f" (SELECT version FROM classifier_model ORDER BY version DESC LIMIT {int(most)}) ORDER BY version DESC"
        )
        return [_model(row) for row in rows]

    async def versions_in_use(self) -> dict[ModelKind, int]:
        """Return which version of each kind is in use."""
        rows = await self._connection.fetch("SELECT kind, version FROM classifier_model WHERE in_use")
        return {ModelKind(row["kind"]): row["version"] for row in rows}

    async def file(self, version: int) -> bytes:
        """Return the file of a model."""
        return bytes(await self._connection.fetchval("SELECT file FROM classifier_model WHERE version = $1", version))

    async def begin(self, training: Training) -> bool:
        """Take the turn to train a kind; False while another one holds it. A turn that shows no life is taken over."""
        done = await self._connection.fetchval(
            "INSERT INTO classifier_training AS t (kind, stage, began_at, alive_at) VALUES ($1, $2, $3, $3)"
            " ON CONFLICT (kind) DO UPDATE SET stage = $2, began_at = $3, alive_at = $3, done = 0, total = 0, error = '',"
            " model_version = 0 WHERE t.stage IN ('ended', 'failed') OR t.alive_at < $4 RETURNING 1",
            training.kind,
            training.stage,
            training.began_at,
            training.began_at - ABANDONED,
        )
        return done is not None

    async def note(self, training: Training, alive_at: datetime) -> None:
        """Note where the training stands; one that has lost its turn meanwhile changes nothing."""
        await self._connection.execute(
            "UPDATE classifier_training SET stage = $3, alive_at = $4, done = $5, total = $6, error = $7,"
            " model_version = $8 WHERE kind = $1 AND began_at = $2",
            training.kind,
            training.began_at,
            training.stage,
            alive_at,
            training.done,
            training.total,
            training.error,
            training.model_version,
        )

    async def show_life(self, training: Training, alive_at: datetime) -> None:
        """Note that the training goes on."""
        await self._connection.execute(
            "UPDATE classifier_training SET alive_at = $3 WHERE kind = $1 AND began_at = $2",
            training.kind,
            training.began_at,
            alive_at,
        )

    async def trainings(self) -> list[Training]:
        """Return the latest training of each kind."""
        rows = await self._connection.fetch(
            "SELECT kind, stage, began_at, done, total, error, model_version FROM classifier_training ORDER BY kind"
        )
        return [Training(**dict(row) | {"kind": ModelKind(row["kind"]), "stage": Stage(row["stage"])}) for row in rows]


def _model(row: Row) -> Model:
    report = dict(row["report"])
    pairs: Sequence[tuple[str, str, int]] = report.pop("pairs")
    return Model(
        version=row["version"],
        kind=ModelKind(row["kind"]),
        made_at=row["made_at"],
        digest=row["digest"],
        data_digest=row["data_digest"],
        learned_from=row["learned_from"],
        with_samples=row["with_samples"],
        report=Report(**report, pairs=tuple((confirmed, named, count) for confirmed, named, count in pairs)),
        standing=Standing(in_use=row["in_use"], ar=row["because_ar"], fr=row["because_fr"]),
        size_bytes=row["size_bytes"],
    )
