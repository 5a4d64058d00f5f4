"""What the models in use tell of a text; they are read once and again when others are put into use."""

from datetime import UTC, datetime, timedelta

from services.chassis.database import Database
from services.routing.classifier.model import Model, digest
from services.routing.domain.learned import Insight, ModelKind, Proposal, Suggestion, Variety
from services.routing.store.models import ModelStore

FRESH = timedelta(seconds=1)
SURE_OF_VARIETY = 600


class Reader:
    """One process's copy of the models in use."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._versions: dict[ModelKind, int] = {}
        self._models: dict[ModelKind, tuple[Model, str]] = {}
        self._looked_at = datetime.min.replace(tzinfo=UTC)

    async def insight(self, text: str, now: datetime) -> Insight:
        """Say what the models in use tell of a text."""
        await self._look(now)
        return Insight(proposal=self._proposal(text), variety=self._variety(text))

    def _proposal(self, text: str) -> Proposal | None:
        if (in_use := self._models.get(ModelKind.COMPETENCE)) is None:
            return None
        model, file_digest = in_use
        return Proposal(
            model_version=self._versions[ModelKind.COMPETENCE],
            model_digest=file_digest,
            gate=model.gate,
            suggestions=tuple(Suggestion(ministry_id=each, confidence=sure) for each, sure in model.ranked(text)),
        )

    def _variety(self, text: str) -> Variety:
        if (in_use := self._models.get(ModelKind.VARIETY)) is None:
            return Variety.UNKNOWN
        likeliest, sure = in_use[0].ranked(text)[0]
        return Variety(likeliest) if sure >= SURE_OF_VARIETY else Variety.UNKNOWN

    async def _look(self, now: datetime) -> None:
        """Take up models that were put into use; what changed less than a second ago may be missing."""
        if now - self._looked_at <= FRESH:
            return
        async with self._database.reading() as connection:
            store = ModelStore(connection)
            versions = await store.versions_in_use()
            if versions != self._versions:
                files = {kind: await store.file(version) for kind, version in versions.items()}
                self._models = {kind: (Model.from_bytes(file), digest(file)) for kind, file in files.items()}
                self._versions = versions
        self._looked_at = now
