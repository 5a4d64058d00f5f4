"""Answers officers' acts on complaints."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from diwan.intake.v1 import intake_service_pb2 as contract

from services.chassis import requests
from services.chassis.checks import require_uuid
from services.chassis.database import Connection
from services.chassis.server import current_call
from services.intake.actions.handling import Desk
from services.intake.domain.complaint import Complaint
from services.intake.server.answering import Answer, Answering, Context
from services.intake.wire import files, filings, vocabulary


class Handled(requests.Request, Protocol):
    """A request by which an officer acts on a complaint."""

    @property
    def complaint_id(self) -> str:
        """The complaint."""


class Acts(Answering):
    """The methods by which an officer takes a complaint from state to state."""

    async def _at_desk(
        self, request: "Handled", response_type: type[Answer], act: Callable[[Desk], Awaitable[Complaint]]
    ) -> Answer:
        """Let an officer act on one complaint and answer with it."""
        require_uuid("complaint_id", request.complaint_id)

        async def do(connection: "Connection") -> Answer:
            after = await act(Desk(current_call(), self._office, connection))
            answer: Answer = cast(Any, response_type)(complaint=files.complaint(after))
            return answer

        return await self._once(request, response_type, do)

    async def ExamineComplaint(
        self, request: contract.ExamineComplaintRequest, context: Context
    ) -> contract.ExamineComplaintResponse:
        """Take a registered or reopened complaint under examination."""
        return await self._at_desk(
            request, contract.ExamineComplaintResponse, lambda desk: desk.examine(request.complaint_id, request.etag)
        )

    async def DeclareInadmissible(
        self, request: contract.DeclareInadmissibleRequest, context: Context
    ) -> contract.DeclareInadmissibleResponse:
        """Confirm that a complaint is inadmissible."""
        reason = vocabulary.CLOSURES.read("reason", request.reason)
        return await self._at_desk(
            request,
            contract.DeclareInadmissibleResponse,
            lambda desk: desk.declare_inadmissible(
                request.complaint_id, request.etag, reason=reason, note=request.note
            ),
        )

    async def AskComplainant(
        self, request: contract.AskComplainantRequest, context: Context
    ) -> contract.AskComplainantResponse:
        """Put a question to the complainant."""
        return await self._at_desk(
            request,
            contract.AskComplainantResponse,
            lambda desk: desk.ask(request.complaint_id, request.etag, question=request.question),
        )

    async def ReplyToEntry(
        self, request: contract.ReplyToEntryRequest, context: Context
    ) -> contract.ReplyToEntryResponse:
        """Answer an entry by the body that keeps the register."""
        grade = vocabulary.GRADES.read("grade", request.grade)
        return await self._at_desk(
            request,
            contract.ReplyToEntryResponse,
            lambda desk: desk.reply(request.complaint_id, request.etag, text=request.text, grade=grade),
        )

    async def CloseComplaint(
        self, request: contract.CloseComplaintRequest, context: Context
    ) -> contract.CloseComplaintResponse:
        """Close a complaint with a reason of the closed list."""
        reason = vocabulary.CLOSURES.read("reason", request.reason)
        return await self._at_desk(
            request,
            contract.CloseComplaintResponse,
            lambda desk: desk.close(
                request.complaint_id, request.etag, reason=reason, duplicate_of=request.duplicate_of, note=request.note
            ),
        )

    async def ReopenComplaint(
        self, request: contract.ReopenComplaintRequest, context: Context
    ) -> contract.ReopenComplaintResponse:
        """Open a closed complaint again."""
        return await self._at_desk(
            request,
            contract.ReopenComplaintResponse,
            lambda desk: desk.reopen(request.complaint_id, request.etag, note=request.note),
        )

    async def DiscloseComplainant(
        self, request: contract.DiscloseComplainantRequest, context: Context
    ) -> contract.DiscloseComplainantResponse:
        """Show who complains, for a stated purpose; never kept as an answer to repeat."""
        require_uuid("request_id", request.request_id)
        require_uuid("complaint_id", request.complaint_id)
        async with self._office.database.transaction() as connection:
            desk = Desk(current_call(), self._office, connection)
            who = await desk.disclose(request.complaint_id, purpose=request.purpose)
        return contract.DiscloseComplainantResponse(complainant=filings.complainant(who))
