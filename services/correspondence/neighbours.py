"""What this service asks of the others, always outside its own transactions, in its own name."""

from contextlib import AbstractContextManager
from datetime import date
from typing import Self

from diwan.directory.v1 import directory_service_pb2, directory_service_pb2_grpc
from diwan.intake.v1 import complaint_pb2, intake_service_pb2, intake_service_pb2_grpc
from diwan.routing.v1 import routing_service_pb2, routing_service_pb2_grpc

from services.chassis import client
from services.chassis.incoming import STANDING, acting
from services.chassis.settings import Settings
from services.correspondence.domain.body import Name
from services.correspondence.domain.matter import Entry, Ground

ENDED = frozenset({complaint_pb2.COMPLAINT_STATE_CLOSED, complaint_pb2.COMPLAINT_STATE_INADMISSIBLE})


class Neighbours:
    """Intake, routing and the directory."""

    def __init__(
        self,
        intake: "intake_service_pb2_grpc.IntakeServiceAsyncStub",
        routing: "routing_service_pb2_grpc.RoutingServiceAsyncStub",
        directory: "directory_service_pb2_grpc.DirectoryServiceAsyncStub",
    ) -> None:
        self._intake = intake
        self._routing = routing
        self._directory = directory

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Open the channels."""
        return cls(
            intake_service_pb2_grpc.IntakeServiceStub(client.connect(settings, "intake")),
            routing_service_pb2_grpc.RoutingServiceStub(client.connect(settings, "routing")),
            directory_service_pb2_grpc.DirectoryServiceStub(client.connect(settings, "directory")),
        )

    async def entry(self, complaint_id: str) -> Entry:
        """Ask intake for a complaint's codes and dates."""
        request = intake_service_pb2.GetComplaintRequest(
            complaint_id=complaint_id, view=intake_service_pb2.COMPLAINT_VIEW_BASIC
        )
        with _for_ourselves():
            known = (await self._intake.GetComplaint(request)).complaint
        return Entry(
            number=known.number,
            kind=complaint_pb2.ComplaintKind.Name(known.kind).removeprefix("COMPLAINT_KIND_"),
            received_on=date.fromisoformat(known.received_on),
            topic_code=known.topic_code,
            commune_id=known.commune_id,
            wilaya_id=known.wilaya_id,
            ended=known.state in ENDED,
            sample=known.sample,
        )

    async def ground(self, decision_id: str) -> Ground:
        """Ask routing for a decision's reasons."""
        with _for_ourselves():
            request = routing_service_pb2.GetDecisionRequest(decision_id=decision_id)
            decision = (await self._routing.GetDecision(request)).decision
        because = Name(ar=decision.because.ar, fr=decision.because.fr)
        return Ground(because=because, working_days=decision.deadline_days)

    async def holidays(self, first: date, last: date) -> frozenset[date]:
        """Ask routing for the days of a period that are not worked."""
        with _for_ourselves():
            request = routing_service_pb2.ListHolidaysRequest(from_day=first.isoformat(), to_day=last.isoformat())
            response = await self._routing.ListHolidays(request)
        return frozenset(date.fromisoformat(holiday.on) for holiday in response.holidays)

    async def officer_name(self, officer_id: str) -> str:
        """Ask the directory for the name under a letter."""
        with _for_ourselves():
            request = directory_service_pb2.ListOfficersRequest(officer_ids=[officer_id])
            officers = (await self._directory.ListOfficers(request)).officers
        return officers[0].display_name if officers else ""


def _for_ourselves() -> AbstractContextManager[None]:
    """Drop the officer's token: these questions are the service's own."""
    standing = STANDING.get()
    return acting(language=standing.language, causation_id=standing.causation_id)
