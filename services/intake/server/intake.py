"""The contract's service as a whole: filing, following and reading, with officers' acts and registers."""

from diwan.intake.v1 import intake_service_pb2 as contract
from diwan.intake.v1 import intake_service_pb2_grpc

from services.chassis import pages
from services.chassis.call import Call
from services.chassis.checks import require_date, require_uuid
from services.chassis.database import Connection
from services.chassis.refusals import Refusal
from services.chassis.server import current_call
from services.intake.actions import following, reading, registration
from services.intake.domain.filing import Asked
from services.intake.server.acts import Acts
from services.intake.server.answering import Context
from services.intake.server.books import Books
from services.intake.store.complaints import Match
from services.intake.wire import files, filings, vocabulary


class Intake(Acts, Books, intake_service_pb2_grpc.IntakeServiceServicer):
    """The contract's methods."""

    async def RegisterComplaint(
        self, request: contract.RegisterComplaintRequest, context: Context
    ) -> contract.RegisterComplaintResponse:
        """Enter a complaint in a register and give the receipt."""
        call = current_call()
        receipt = await registration.register_complaint(call, self._office, filings.asked(call, request))
        return contract.RegisterComplaintResponse(receipt=filings.receipt(receipt))

    async def RegisterComplaints(
        self, request: contract.RegisterComplaintsRequest, context: Context
    ) -> contract.RegisterComplaintsResponse:
        """Enter up to 200 complaints at once."""
        call = current_call()
        asked = [_asked(call, each) for each in request.requests]
        outcomes = await registration.register_complaints(call, self._office, asked)
        return contract.RegisterComplaintsResponse(outcomes=[filings.outcome(each, call.language) for each in outcomes])

    async def TrackComplaint(
        self, request: contract.TrackComplaintRequest, context: Context
    ) -> contract.TrackComplaintResponse:
        """Tell a complainant where the matter stands."""
        file = await following.track_complaint(
            current_call(), self._office, number=request.number, secret=request.secret
        )
        return files.tracked(file)

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
            return contract.AnswerQuestionResponse(state=vocabulary.STATES.write(after.state))

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
            return contract.WithdrawComplaintResponse(state=vocabulary.STATES.write(after.state))

        return await self._once(request, contract.WithdrawComplaintResponse, do)

    async def GetComplaint(
        self, request: contract.GetComplaintRequest, context: Context
    ) -> contract.GetComplaintResponse:
        """Give one complaint in the view asked for."""
        complaint_id = require_uuid("complaint_id", request.complaint_id) if request.complaint_id else ""
        file = await reading.get_complaint(
            current_call(),
            self._office,
            complaint_id=complaint_id,
            number=request.number,
            view=filings.view(request.view),
        )
        return contract.GetComplaintResponse(complaint=files.file(file))

    async def ListComplaints(
        self, request: contract.ListComplaintsRequest, context: Context
    ) -> contract.ListComplaintsResponse:
        """List or search complaints, newest first."""
        page = pages.read(request, keys=1)
        before = require_uuid("page_token", page.after[0]) if page.after else None
        found = await reading.list_complaints(
            current_call(), self._office, self._match(request.filter),
            before=before, size=page.size + 1, with_text=filings.view(request.view) >= reading.TEXT,
        )  # fmt: skip
        shown, more = found[: page.size], len(found) > page.size
        return contract.ListComplaintsResponse(
            complaints=[files.file(each) for each in shown],
            next_page_token=page.token(shown[-1].complaint.complaint_id) if more else "",
        )

    async def CountComplaints(
        self, request: contract.CountComplaintsRequest, context: Context
    ) -> contract.CountComplaintsResponse:
        """Count complaints by state."""
        counts = await reading.count_complaints(current_call(), self._office, self._match(request.filter))
        return contract.CountComplaintsResponse(
            counts=[
                contract.StateCount(state=vocabulary.STATES.write(state), count=count)
                for state, count in counts.items()
            ]
        )

    def _match(self, wanted: contract.ComplaintFilter) -> Match:
        return Match(
            states=vocabulary.STATES.read_all("filter.states", wanted.states),
            register_id=wanted.register_id,
            keeping_body_id=wanted.keeping_body_id,
            holder_body_id=wanted.holder_body_id,
            wilaya_id=wanted.wilaya_id,
            kind=vocabulary.KINDS.read("filter.kind", wanted.kind) if wanted.kind else None,
            due_before=require_date("filter.due_before", wanted.due_before) if wanted.due_before else None,
            tokens=self._office.vault.tokens(wanted.query),
        )


def _asked(call: Call, request: contract.RegisterComplaintRequest) -> Asked | Refusal:
    try:
        return filings.asked(call, request)
    except Refusal as refusal:
        return refusal
