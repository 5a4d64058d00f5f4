"""What every action of intake works with: database, vault, the one writer, and a snapshot of who and where."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.chassis.database import Database
from services.intake.actions.registrar import Registrar
from services.intake.domain.places import Atlas
from services.intake.domain.tracking import Tries
from services.intake.store.places import Places
from services.intake.store.vault import Vault, same_key

REFRESH = timedelta(seconds=1)


@dataclass(slots=True)
class Office:
    """One process of intake."""

    database: Database
    vault: Vault
    registrar: Registrar
    atlas: Atlas
    tries: Tries = field(default_factory=Tries)
    refreshed_at: datetime | None = None

    async def refresh(self) -> None:
        """Read the copy of the directory again."""
        async with self.database.reading() as connection:
            self.atlas = await Places(connection).atlas()

    async def refresh_now_and_then(self, now: datetime) -> bool:
        """Read it again unless that was done a moment ago, perhaps by another process's event."""
        if self.refreshed_at and now - self.refreshed_at < REFRESH:
            return False
        self.refreshed_at = now
        await self.refresh()
        return True


async def open_office(database: Database, vault: Vault) -> Office:
    """Check the key against the database and start the writer."""
    async with database.transaction() as connection:
        await same_key(connection, vault)
        atlas = await Places(connection).atlas()
    return Office(database=database, vault=vault, registrar=Registrar(database, vault), atlas=atlas)
