"""Everything routing remembers, over one connection."""

from diwan.common.v1.event_pb2 import Event

from services.chassis import outbox
from services.chassis.database import Connection
from services.routing.store.backtests import BacktestStore
from services.routing.store.bases import BasisStore
from services.routing.store.cases import CaseStore
from services.routing.store.decisions import DecisionStore
from services.routing.store.exports import ExportStore
from services.routing.store.models import ModelStore
from services.routing.store.precedence import PrecedenceStore
from services.routing.store.reference import ReferenceStore
from services.routing.store.referrals import ReferralStore
from services.routing.store.releases import ReleaseStore
from services.routing.store.triage import TriageStore


class Store:
    """The aggregates of one connection, and the events told of them."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.backtests = BacktestStore(connection)
        self.bases = BasisStore(connection)
        self.cases = CaseStore(connection)
        self.decisions = DecisionStore(connection)
        self.exports = ExportStore(connection)
        self.models = ModelStore(connection)
        self.precedence = PrecedenceStore(connection)
        self.reference = ReferenceStore(connection)
        self.referrals = ReferralStore(connection)
        self.releases = ReleaseStore(connection)
        self.triage = TriageStore(connection)

    async def tell(self, *events: Event) -> None:
        """Save events in the transaction of what they tell of."""
        await outbox.save(self.connection, *events)
