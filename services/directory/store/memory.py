"""Everything the directory remembers, over one connection."""

from diwan.common.v1 import event_pb2

from services.chassis import outbox
from services.chassis.database import Connection
from services.directory.store.body import Bodies
from services.directory.store.officer import ClientTokens, Gate, Officers
from services.directory.store.revision import Revisions
from services.directory.store.territory import Territories
from services.directory.store.topic import Topics


class Store:
    """One class per aggregate, in one transaction."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.revisions = Revisions(connection)
        self.territories = Territories(connection)
        self.bodies = Bodies(connection)
        self.topics = Topics(connection)
        self.officers = Officers(connection)
        self.gate = Gate(connection)
        self.client_tokens = ClientTokens(connection)

    async def tell(self, event: event_pb2.Event) -> None:
        """Save an event in the transaction of its change."""
        await outbox.save(self._connection, event)
