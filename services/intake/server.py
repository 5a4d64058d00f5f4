"""Answers for intake: reads the request, has the action done, writes the answer."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar, cast

import grpc
from diwan.intake.v1 import intake_service_pb2 as contract
from diwan.intake.v1 import intake_service_pb2_grpc
from google.protobuf.message import Message

from services.chassis import pages, requests
from services.chassis.call import Call
from services.chassis.checks import require_date, require_uuid
from services.chassis.database import Connection
from services.chassis.refusals import FieldInvalid, Refusal
from services.chassis.server import current_call
from services.intake import wire
from services.intake.actions import following, opening, reading, registration
from services.intake.actions.handling import Desk
from services.intake.actions.office import Office
from services.intake.domain.complaint import Complaint
from services.intake.domain.day import day
from services.intake.domain.filing import Asked
from services.intake.store.complaints import Match
from services.intake.store.registers import Registers

Answer = TypeVar("Answer", bound=Message)
Act = Callable[[Connection], Awaitable[Answer]]
Context = grpc.aio.ServicerContext[Any, Any]
YEARS = range(2000, 2200)


class Handled(requests.Request, Protocol):
    """A request by which an officer acts on a complaint."""

    @property
    def complaint_id(self) -> str:
        """The complaint."""


class Intake(intake_service_pb2_grpc.IntakeServiceServicer):
    """The contract's methods."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def _once(self, request: requests.Request, response_type: type[Answer], act: Act[Answer]) -> Answer:
        """Act in one transaction, or answer as before."""
        require_uuid("request_id", request.request_id)
        async with self._office.database.transaction() as connection:
            return await requests.once(connection, current_call(), request, response_type, act=lambda: act(connection))

    async def _at_desk(
        self, request: "Handled", response_type: type[Answer], act: Callable[[Desk], Awaitable[Complaint]]
    ) -> Answer:
        """Let an officer act on one complaint and answer with it."""
        require_uuid("complaint_id", request.complaint_id)

        async def do(connection: "Connection") -> Answer:
            after = await act(Desk(current_call(), self._office, connection))
            return cast(Any, response_type)(complaint=wire.complaint(after))

        return await self._once(request, response_type, do)

    async def RegisterComplaint(
        self, request: contract.RegisterComplaintRequest, context: Context
    ) -> contract.RegisterComplaintResponse:
        """Enter a complaint in a register and give the receipt."""
        call = current_call()
        receipt = await registration.register_complaint(call, self._office, wire.asked(call, request))
        return contract.RegisterComplaintResponse(receipt=wire.receipt(receipt))

    async def RegisterComplaints(
        self, request: contract.RegisterComplaintsRequest, context: Context
    ) -> contract.RegisterComplaintsResponse:
        """Enter up to 200 complaints at once."""
        call = current_call()
        asked = [_asked(call, each) for each in request.requests]
        outcomes = await registration.register_complaints(call, self._office, asked)
        return contract.RegisterComplaintsResponse(outcomes=[wire.outcome(each, call.language) for each in outcomes])

    async def TrackComplaint(
        self, request: contract.TrackComplaintRequest, context: Context
    ) -> contract.TrackComplaintResponse:
        """Tell a complainant where the matter stands."""
        file = await following.track_complaint(
            current_call(), self._office, number=request.number, secret=request.secret
        )
        return wire.tracked(file)

    async def AnswerQuestion(
        self, request: contract.AnswerQuestionRequest, context: Context
    ) -> contract.AnswerQuestionResponse:
        """Take in the complainant's answer to a question."""

        async def do(connection: "Connection") -> contract.AnswerQuestionResponse:
            after = await following.answer_question(
                current_call(),
                self._office,
                connection,
                number=request.number,
                secret=request.secret,
                text=request.text,
            )
            return contract.AnswerQuestionResponse(state=wire.STATES.write(after.state))

        return await self._once(request, contract.AnswerQuestionResponse, do)

    async def WithdrawComplaint(
        self, request: contract.WithdrawComplaintRequest, context: Context
    ) -> contract.WithdrawComplaintResponse:
        """Withdraw a complaint by the complainant."""

        async def do(connection: "Connection") -> contract.WithdrawComplaintResponse:
            after = await following.withdraw_complaint(
                current_call(),
                self._office,
                connection,
                number=request.number,
                secret=request.secret,
                reason=request.reason,
            )
            return contract.WithdrawComplaintResponse(state=wire.STATES.write(after.state))

        return await self._once(request, contract.WithdrawComplaintResponse, do)

    async def GetComplaint(
        self, request: contract.GetComplaintRequest, context: Context
    ) -> contract.GetComplaintResponse:
        """Give one complaint in the view asked for."""
        complaint_id = require_uuid("complaint_id", request.complaint_id) if request.complaint_id else ""
        file = await reading.get_complaint(
            current_call(), self._office, complaint_id=complaint_id, number=request.number, view=wire.view(request.view)
        )
        return contract.GetComplaintResponse(complaint=wire.file(file))

    async def ListComplaints(
        self, request: contract.ListComplaintsRequest, context: Context
    ) -> contract.ListComplaintsResponse:
        """List or search complaints, newest first."""
        page = pages.read(request, keys=1)
        before = require_uuid("page_token", page.after[0]) if page.after else None
        files = await reading.list_complaints(
            current_call(), self._office, self._match(request.filter),
            before=before, size=page.size + 1, with_text=wire.view(request.view) >= reading.TEXT,
        )  # fmt: skip
        shown, more = files[: page.size], len(files) > page.size
        return contract.ListComplaintsResponse(
            complaints=[wire.file(each) for each in shown],
            next_page_token=page.token(shown[-1].complaint.complaint_id) if more else "",
        )

    async def CountComplaints(
        self, request: contract.CountComplaintsRequest, context: Context
    ) -> contract.CountComplaintsResponse:
        """Count complaints by state."""
        counts = await reading.count_complaints(current_call(), self._office, self._match(request.filter))
        return contract.CountComplaintsResponse(
            counts=[contract.StateCount(state=wire.STATES.write(state), count=count) for state, count in counts.items()]
        )

    def _match(self, wanted: contract.ComplaintFilter) -> Match:
        return Match(
            states=wire.STATES.read_all("filter.states", wanted.states),
            register_id=wanted.register_id,
            keeping_body_id=wanted.keeping_body_id,
            holder_body_id=wanted.holder_body_id,
            wilaya_id=wanted.wilaya_id,
            kind=wire.KINDS.read("filter.kind", wanted.kind) if wanted.kind else None,
            due_before=require_date("filter.due_before", wanted.due_before) if wanted.due_before else None,
            tokens=self._office.vault.tokens(wanted.query),
        )

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
        reason = wire.CLOSURES.read("reason", request.reason)
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
        grade = wire.GRADES.read("grade", request.grade)
        return await self._at_desk(
            request,
            contract.ReplyToEntryResponse,
            lambda desk: desk.reply(request.complaint_id, request.etag, text=request.text, grade=grade),
        )

    async def CloseComplaint(
        self, request: contract.CloseComplaintRequest, context: Context
    ) -> contract.CloseComplaintResponse:
        """Close a complaint with a reason of the closed list."""
        reason = wire.CLOSURES.read("reason", request.reason)
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
        return contract.DiscloseComplainantResponse(complainant=wire.complainant(who))

    async def OpenRegisters(
        self, request: contract.OpenRegistersRequest, context: Context
    ) -> contract.OpenRegistersResponse:
        """Open the registers of a year."""
        call, year = current_call(), _year(request.year)
        await self._office.refresh()

        async def do(connection: "Connection") -> contract.OpenRegistersResponse:
            bodies = opening.keepers(self._office.atlas, request.body_ids, call=call)
            opened = await opening.open_registers(call, connection, bodies, year=year)
            total = await Registers(connection).count(year)
            return contract.OpenRegistersResponse(
                opened=opened, total=total, known_bodies=len(self._office.atlas.bodies)
            )

        return await self._once(request, contract.OpenRegistersResponse, do)

    async def SealRegister(
        self, request: contract.SealRegisterRequest, context: Context
    ) -> contract.SealRegisterResponse:
        """Seal a register at the year's end."""
        call = current_call()

        async def do(connection: "Connection") -> contract.SealRegisterResponse:
            register = await opening.seal_register(call, connection, request.register_id, request.etag)
            return contract.SealRegisterResponse(register=wire.register(register))

        return await self._once(request, contract.SealRegisterResponse, do)

    async def GetRegister(self, request: contract.GetRegisterRequest, context: Context) -> contract.GetRegisterResponse:
        """Give one register."""
        async with self._office.database.reading() as connection:
            register = await reading.get_register(
                current_call(), connection, register_id=request.register_id, body_id=request.body_id, year=request.year
            )
        return contract.GetRegisterResponse(register=wire.register(register))

    async def ListRegisters(
        self, request: contract.ListRegistersRequest, context: Context
    ) -> contract.ListRegistersResponse:
        """List registers of a year, by id."""
        call, page = current_call(), pages.read(request, keys=1)
        after = page.after[0] if page.after else ""
        async with self._office.database.reading() as connection:
            found = await reading.list_registers(
                call, connection, year=_year(request.year or day(call.now).year), wilaya_id=request.wilaya_id,
                after=after, size=page.size + 1,
            )  # fmt: skip
        shown = found[: page.size]
        token = page.token(shown[-1].register_id) if len(found) > page.size else ""
        return contract.ListRegistersResponse(registers=map(wire.register, shown), next_page_token=token)


def _asked(call: Call, request: contract.RegisterComplaintRequest) -> Asked | Refusal:
    try:
        return wire.asked(call, request)
    except Refusal as refusal:
        return refusal


def _year(year: int) -> int:
    if year not in YEARS:
        raise FieldInvalid(field="year")
    return year
