"""Runs the directory: `python -m services.directory`."""

from collections.abc import Sequence
from pathlib import Path

from diwan.directory.v1 import directory_service_pb2_grpc

from services.chassis import launch
from services.chassis.database import Database
from services.chassis.keys import private_key
from services.chassis.server import Served
from services.chassis.settings import Settings
from services.directory.server import Directory


def build(settings: Settings, database: Database) -> Sequence[Served]:
    """Put the service together."""
    servicer = Directory(database, key=private_key(settings.keys, settings.process))
    add = directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server
    return [("diwan.directory.v1.DirectoryService", add, servicer)]


if __name__ == "__main__":
    launch.run("directory", build, migrations=Path(__file__).parent / "migrations")
