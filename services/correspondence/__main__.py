"""Runs correspondence: `python -m services.correspondence`."""

from collections.abc import Sequence
from pathlib import Path

from diwan.common.v1 import subscriber_service_pb2_grpc
from diwan.correspondence.v1 import correspondence_service_pb2_grpc

from services.chassis import launch
from services.chassis.database import Database
from services.chassis.sealing import KeyRing
from services.chassis.server import Served
from services.chassis.settings import Settings
from services.correspondence.neighbours import Neighbours
from services.correspondence.press import Shelf
from services.correspondence.reactions import Subscriber
from services.correspondence.server import Correspondence


def build(settings: Settings, database: Database) -> Sequence[Served]:
    """Put the service together."""
    keys = KeyRing.at(settings.keys / "correspondence.kek")
    neighbours = Neighbours.of(settings)
    shelf = Shelf(settings.home / "letters")
    return [
        (
            "diwan.correspondence.v1.CorrespondenceService",
            correspondence_service_pb2_grpc.add_CorrespondenceServiceServicer_to_server,
            Correspondence(database, keys, neighbours=neighbours, shelf=shelf),
        ),
        (
            "diwan.common.v1.SubscriberService",
            subscriber_service_pb2_grpc.add_SubscriberServiceServicer_to_server,
            Subscriber(database, keys, neighbours),
        ),
    ]


if __name__ == "__main__":
    launch.run("correspondence", build, migrations=Path(__file__).parent / "migrations")
