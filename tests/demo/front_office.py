"""What keepers and citizens do themselves: answers in the register, questions, answers, withdrawals, a look at the state."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from tests.demo.cast import Cast, Officer, new_id, patiently
from tests.demo.filing import Filed
from tests.demo.letters import close, present

QUESTION = "يُرجى تحديد العنوان الكامل وتاريخ أول طلب أودعتموه."
ANSWER = "العنوان هو حي 200 مسكن، العمارة 4، وأودعت الطلب الأول في شهر مارس."
ANSWERS = (
    "تمت معاينة المكان وبرمجة الأشغال خلال هذا الشهر.",
    "لا يمكن تلبية الطلب لعدم توفر الوثائق المطلوبة، والقائمة مرفقة.",
)
LEFT_OPEN = 5


@dataclass
class FrontOffice:
    """The counter of an administration and the people before it."""

    cast: Cast
    closed: Callable[[int], None]
    done: Counter[str] = field(default_factory=Counter)
    gone: set[str] = field(default_factory=set)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(12))

    async def answer_registers(self, kept: Sequence[Filed]) -> None:
        """Let keepers answer the entries of their own registers; every fifth stays open."""
        answered = [each for place, each in enumerate(kept) if place % LEFT_OPEN != LEFT_OPEN - 1]
        await asyncio.gather(*(self._answer(each, place) for place, each in enumerate(answered)))

    async def _answer(self, filed: Filed, place: int) -> None:
        refused = place % 3 == 2
        async with self.slots:
            keeper = await self.cast.keeper(filed.keeping_body_id)
            await patiently(lambda: self._reply(keeper, filed, refused=refused))
            self.done["answered in the register"] += 1
            reason = (
                complaint_pb2.CLOSURE_REASON_LEGAL_BAR if refused else complaint_pb2.CLOSURE_REASON_PARTLY_FAVOURABLE
            )
            await close(keeper, filed, reason)
        self.done["closed by keepers"] += 1
        self.closed(1)

    async def _reply(self, keeper: Officer, filed: Filed, *, refused: bool) -> Any:
        grade = complaint_pb2.REPLY_GRADE_UNFAVOURABLE if refused else complaint_pb2.REPLY_GRADE_FAVOURABLE
        request = intake_service_pb2.ReplyToEntryRequest(
            request_id=new_id(),
            complaint_id=filed.complaint_id,
            etag=(await present(keeper, filed)).etag,
            text=ANSWERS[refused],
            grade=grade,
        )
        return await keeper.does(keeper.intake.ReplyToEntry, request)

    async def ask(self, filed: Filed) -> None:
        """Let the delegate put a question, and the complainant answer it."""
        delegate = await self.cast.delegate(filed.wilaya_id)

        async def put() -> Any:
            etag = (await present(delegate, filed)).etag
            request = intake_service_pb2.AskComplainantRequest(
                request_id=new_id(), complaint_id=filed.complaint_id, etag=etag, question=QUESTION
            )
            return await delegate.does(delegate.intake.AskComplainant, request)

        await patiently(put)
        answer = intake_service_pb2.AnswerQuestionRequest(
            request_id=new_id(), number=filed.number, secret=filed.secret, text=ANSWER
        )
        await patiently(lambda: self.cast.portal.intake.AnswerQuestion(answer))
        self.done["questions answered"] += 1

    async def withdraw(self, filed: Filed) -> None:
        """Let the complainant withdraw."""
        request = intake_service_pb2.WithdrawComplaintRequest(
            request_id=new_id(), number=filed.number, secret=filed.secret
        )
        await patiently(lambda: self.cast.portal.intake.WithdrawComplaint(request))
        self.gone.add(filed.complaint_id)
        self.done["withdrawn"] += 1
        self.closed(1)

    async def track(self, filed: Filed) -> intake_service_pb2.TrackComplaintResponse:
        """Let the complainant look where the matter stands."""
        request = intake_service_pb2.TrackComplaintRequest(number=filed.number, secret=filed.secret)
        self.done["looked at their complaint"] += 1
        return await patiently(lambda: self.cast.portal.intake.TrackComplaint(request))
