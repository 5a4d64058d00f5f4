"""Starts intake: `python -m services.intake`."""

import gc
from collections.abc import Sequence
from pathlib import Path

from diwan.common.v1 import subscriber_service_pb2_grpc
from diwan.intake.v1 import intake_service_pb2_grpc

from services.chassis import launch
from services.chassis.database import Database
from services.chassis.sealing import KeyRing
from services.chassis.server import Served
from services.chassis.settings import Settings
from services.intake.actions.office import open_office
from services.intake.neighbours import Correspondence
from services.intake.reactions import Reactions
from services.intake.server.intake import Intake
from services.intake.store.vault import Vault

MIGRATIONS = Path(__file__).parent / "migrations"


async def build(settings: Settings, database: Database) -> Sequence[Served]:
    """Put intake together."""
    office = await open_office(database, Vault(KeyRing.at(settings.keys / "intake.kek")))
    reactions = Reactions(office, Correspondence(settings))
    gc.freeze()  # what is loaded now stays: the collector need not look at it again and again
    gc.set_threshold(50_000, 20, 50)
    return (
        ("diwan.intake.v1.IntakeService", intake_service_pb2_grpc.add_IntakeServiceServicer_to_server, Intake(office)),
        (
            "diwan.common.v1.SubscriberService",
            subscriber_service_pb2_grpc.add_SubscriberServiceServicer_to_server,
            reactions,
        ),
    )


if __name__ == "__main__":
    launch.run("intake", build, migrations=MIGRATIONS)
