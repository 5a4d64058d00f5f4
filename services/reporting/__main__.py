"""Runs the reporting service."""

from pathlib import Path

from diwan.common.v1 import subscriber_service_pb2_grpc
from diwan.reporting.v1 import reporting_service_pb2_grpc

from services.chassis import launch
from services.chassis.database import Database
from services.chassis.server import Served
from services.chassis.settings import Settings
from services.reporting.reactions import Subscriber
from services.reporting.server import Reporting


def build(settings: Settings, database: Database) -> list[Served]:
    """Put the service together."""
    return [
        (
            "diwan.reporting.v1.ReportingService",
            reporting_service_pb2_grpc.add_ReportingServiceServicer_to_server,
            Reporting(database),
        ),
        (
            "diwan.common.v1.SubscriberService",
            subscriber_service_pb2_grpc.add_SubscriberServiceServicer_to_server,
            Subscriber(database),
        ),
    ]


if __name__ == "__main__":
    launch.run("reporting", build, migrations=Path(__file__).parent / "migrations")
