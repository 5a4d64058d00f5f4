"""Everything this service remembers, over one connection."""

from diwan.common.v1 import event_pb2

from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.sealing import KeyRing
from services.correspondence.store.books import Books
from services.correspondence.store.letters import Letters
from services.correspondence.store.matters import Matters
from services.correspondence.store.reference import Reference


class Store:
    """One class per aggregate, in one transaction."""

    def __init__(self, connection: "Connection", keys: KeyRing) -> None:
        self._connection = connection
        self.letters = Letters(connection, keys)
        self.books = Books(connection)
        self.matters = Matters(connection)
        self.reference = Reference(connection)

    async def tell(self, *events: event_pb2.Event) -> None:
        """Save events with the change they tell of."""
        await outbox.save(self._connection, *events)
