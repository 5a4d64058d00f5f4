"""Answers calls for what ministries' rules advise."""

from diwan.correspondence.v1 import letter_pb2
from diwan.routing.v1 import advice_service_pb2 as pb
from diwan.routing.v1 import advice_service_pb2_grpc

from services.chassis.checks import require_date, require_enum, require_text, require_uuid
from services.chassis.database import Database
from services.chassis.door import Context
from services.chassis.server import current_call
from services.routing.actions import reading
from services.routing.advisers import Advisers
from services.routing.domain.decision import DecisionUnknown
from services.routing.store.memory import Store
from services.routing.wire import advice as wire

LONGEST = 20_000


class Advice(advice_service_pb2_grpc.AdviceServiceServicer):
    """What ministries' rules advise, over gRPC."""

    def __init__(self, database: Database, advisers: Advisers) -> None:
        self._database = database
        self._advisers = advisers

    async def GetReview(self, request: pb.GetReviewRequest, context: Context) -> pb.GetReviewResponse:
        """Give the latest review of a complaint."""
        complaint_id = require_uuid("complaint_id", request.complaint_id)
        async with self._database.reading() as connection:
            await reading.decisions(current_call(), Store(connection), complaint_id)
            review = await self._advisers.kept(connection, complaint_id)
        return pb.GetReviewResponse(review=review)

    async def ConsultLetter(self, request: pb.ConsultLetterRequest, context: Context) -> pb.ConsultLetterResponse:
        """Ask what a letter shall hold and who signs it."""
        decision_id = require_uuid("decision_id", request.decision_id)
        require_enum("kind", letter_pb2.LetterKind, request.kind)
        async with self._database.reading() as connection:
            decision = await reading.decision(current_call(), Store(connection), decision_id)
        return wire.letter_advice(await self._advisers.letter(current_call(), decision, wire.kind(request.kind)))

    async def ReviewReply(self, request: pb.ReviewReplyRequest, context: Context) -> pb.ReviewReplyResponse:
        """Ask how a reply is judged."""
        referral_id = require_uuid("referral_id", request.referral_id)
        require_text("text", request.text, limit=LONGEST)
        require_date("received_on", request.received_on)
        async with self._database.reading() as connection:
            decision = await Store(connection).decisions.of_referral(referral_id)
        if decision is None:
            raise DecisionUnknown
        return await self._advisers.reply(current_call(), decision, wire.reply(request))
