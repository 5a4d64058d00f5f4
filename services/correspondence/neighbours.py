"""What this service asks of the others, always outside its own transactions, in its own name."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date
from typing import Self

import grpc
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import directory_service_pb2, directory_service_pb2_grpc
from diwan.intake.v1 import complaint_pb2, intake_service_pb2, intake_service_pb2_grpc
from diwan.routing.v1 import (
    advice_pb2,
    advice_service_pb2,
    advice_service_pb2_grpc,
    routing_service_pb2,
    routing_service_pb2_grpc,
)

from services.chassis import client, glyphs
from services.chassis.incoming import STANDING, acting
from services.chassis.settings import Settings
from services.correspondence import wire
from services.correspondence.domain.advice import Advice, Note, unasked
from services.correspondence.domain.body import Name
from services.correspondence.domain.letter import Grade, Letter
from services.correspondence.domain.matter import Entry, Ground

ENDED = frozenset({complaint_pb2.COMPLAINT_STATE_CLOSED, complaint_pb2.COMPLAINT_STATE_INADMISSIBLE})


class Neighbours:
    """Intake, routing and the directory."""

    def __init__(
        self,
        intake: "intake_service_pb2_grpc.IntakeServiceAsyncStub",
        routing: "routing_service_pb2_grpc.RoutingServiceAsyncStub",
        directory: "directory_service_pb2_grpc.DirectoryServiceAsyncStub",
        advice: "advice_service_pb2_grpc.AdviceServiceAsyncStub",
    ) -> None:
        self._intake = intake
        self._routing = routing
        self._directory = directory
        self._advice = advice

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Open the channels."""
        return cls(
            intake_service_pb2_grpc.IntakeServiceStub(client.connect(settings, "intake")),
            routing_service_pb2_grpc.RoutingServiceStub(client.connect(settings, "routing")),
            directory_service_pb2_grpc.DirectoryServiceStub(client.connect(settings, "directory")),
            advice_service_pb2_grpc.AdviceServiceStub(client.connect(settings, "routing")),
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

    async def advice_on_referral(self, decision_id: str, ministry_id: str) -> Advice:
        """Ask routing what the ministry's rules add to a referral letter; the letter does not wait where they cannot be asked."""
        request = advice_service_pb2.ConsultLetterRequest(decision_id=decision_id, kind=letter_pb2.LETTER_KIND_REFERRAL)
        try:
            with _for_ourselves():
                said = await self._advice.ConsultLetter(request)
        except grpc.aio.AioRpcError:
            return unasked(ministry_id, "letter_context")
        return Advice(
            template=said.template,
            paragraph=Name(ar=glyphs.printable(said.text.ar), fr=glyphs.printable(said.text.fr)),
            signatory=wire.name(said.signatory_title),
            notes=_notes(said.findings),
        )

    async def advice_on_reply(self, reply: Letter) -> Advice:
        """Ask routing how the ministry's rules judge a reply."""
        request = advice_service_pb2.ReviewReplyRequest(
            referral_id=reply.referral_id,
            text=reply.body,
            language=reply.language,
            body_id=reply.sender_id,
            received_on=reply.signed_on.isoformat() if reply.signed_on else "",
        )
        with _for_ourselves():
            said = await self._advice.ReviewReply(request)
        grade = letter_pb2.ReplyGrade.Name(said.grade).removeprefix("REPLY_GRADE_")
        return Advice(
            grade=Grade(grade) if said.grade else None,
            because=wire.name(said.because),
            missing=tuple(map(wire.name, said.missing)),
            notes=_notes(said.findings),
        )

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


def _notes(findings: Iterable[advice_pb2.Finding]) -> tuple[Note, ...]:
    return tuple(
        Note(ministry_id=each.ministry_id, hook=each.field, because=wire.name(each.because)) for each in findings
    )


def _for_ourselves() -> AbstractContextManager[None]:
    """Drop the officer's token: these questions are the service's own."""
    standing = STANDING.get()
    return acting(language=standing.language, causation_id=standing.causation_id)
