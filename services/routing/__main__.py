"""Runs routing: `python -m services.routing`; `python -m services.routing load` only loads its reference tables."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from diwan.common.v1 import subscriber_service_pb2, subscriber_service_pb2_grpc
from diwan.routing.v1 import (
    advice_service_pb2,
    advice_service_pb2_grpc,
    history_service_pb2,
    history_service_pb2_grpc,
    routing_service_pb2,
    routing_service_pb2_grpc,
    rules_admin_service_pb2,
    rules_admin_service_pb2_grpc,
)

from services.chassis import launch
from services.chassis.client import connect
from services.chassis.database import Database
from services.chassis.sealing import KeyRing
from services.chassis.server import Served
from services.chassis.settings import Settings
from services.routing.actions.loading import load
from services.routing.admin_server import RulesAdmin
from services.routing.advice_server import Advice
from services.routing.advisers import Advisers
from services.routing.council import Chamber
from services.routing.history_server import History
from services.routing.neighbours import Intake, RuleHosts, connect_hosts
from services.routing.packages import Doorkeeper
from services.routing.reactions import Subscriber
from services.routing.server import Routing
from services.routing.store.memory import Store

PROCESS = "routing"
MIGRATIONS = Path(__file__).parent / "migrations"

_log = logging.getLogger(__name__)


async def build(settings: Settings, database: Database) -> Sequence[Served]:
    """Put routing together."""
    await load_reference(database)
    chamber = Chamber(database, Intake(connect(settings, "intake")), RuleHosts(connect_hosts(settings)))
    doorkeeper = Doorkeeper(folder=settings.keys / "rules", lets_unsigned_in=settings.rules_unsigned)
    if doorkeeper.lets_unsigned_in:
        _log.warning("DIWAN_RULES_UNSIGNED=1: wheels of rules that nobody signed are let in; never so in production")
    advisers = Advisers(database, chamber, KeyRing.at(settings.keys / "routing.kek"))
    return served(database, chamber, doorkeeper, advisers)


def served(database: Database, chamber: Chamber, doorkeeper: Doorkeeper, advisers: Advisers) -> Sequence[Served]:
    """Return the services that routing serves."""
    routing = routing_service_pb2.DESCRIPTOR.services_by_name["RoutingService"].full_name
    admin = rules_admin_service_pb2.DESCRIPTOR.services_by_name["RulesAdminService"].full_name
    advice = advice_service_pb2.DESCRIPTOR.services_by_name["AdviceService"].full_name
    history = history_service_pb2.DESCRIPTOR.services_by_name["HistoryService"].full_name
    subscriber = subscriber_service_pb2.DESCRIPTOR.services_by_name["SubscriberService"].full_name
    return [
        (routing, routing_service_pb2_grpc.add_RoutingServiceServicer_to_server, Routing(database, chamber)),
        (
            admin,
            rules_admin_service_pb2_grpc.add_RulesAdminServiceServicer_to_server,
            RulesAdmin(database, chamber, doorkeeper),
        ),
        (advice, advice_service_pb2_grpc.add_AdviceServiceServicer_to_server, Advice(database, advisers)),
        (history, history_service_pb2_grpc.add_HistoryServiceServicer_to_server, History(database, chamber)),
        (
            subscriber,
            subscriber_service_pb2_grpc.add_SubscriberServiceServicer_to_server,
            Subscriber(database, chamber, advisers),
        ),
    ]


async def load_reference(database: Database) -> dict[str, int]:
    """Load routing's own reference tables; say how many rows differed."""
    async with database.transaction() as connection:
        return await load(Store(connection))


async def _load() -> None:
    settings = Settings.read(PROCESS)
    database = await Database.open(settings.database, migrations=MIGRATIONS, process=PROCESS)
    for table, differed in (await load_reference(database)).items():
        print(f"{table}: {differed} rows changed")
    await database.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["load"]:
        asyncio.run(_load())
    else:
        launch.run(PROCESS, build, migrations=MIGRATIONS)
