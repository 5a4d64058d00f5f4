"""Carries each referral from the drafted letter to the closed complaint, as delegates and units would."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from diwan.correspondence.v1 import correspondence_service_pb2, letter_pb2
from diwan.intake.v1 import complaint_pb2, intake_service_pb2
from diwan.routing.v1 import referral_pb2, routing_service_pb2

from services.chassis.call import clock
from tests.demo.cast import PATIENCE, Cast, Officer, new_id, patiently
from tests.demo.deciding import Bench, Stalled, queue
from tests.demo.filing import Filed

R = referral_pb2
INTERIM = "نحيطكم علما بأن الملف قيد الدراسة لدى مصالحنا، وسنوافيكم بالرد النهائي بعد المعاينة الميدانية."
FAVOURABLE = (
    "بعد دراسة الشكوى والمعاينة، تقرر الاستجابة للطلب، وقد باشرت مصالحنا تنفيذ الإجراء اللازم ابتداء من هذا الأسبوع."
)
UNFAVOURABLE = (
    "بعد دراسة الملف تبيّن أن الشروط التنظيمية غير مستوفاة، ولذلك يتعذر قبول الطلب؛ ويمكن تقديم طعن أمام اللجنة المختصة."
)
SUPERFICIAL = "تم أخذ انشغالكم بعين الاعتبار."
RETURNED = "لا يبيّن الرد ما تقرر ولا أجل تنفيذه؛ يُرجى توضيح الإجراء المتخذ."
NOT_OURS = "الموضوع لا يدخل في اختصاص مصالحنا."
REMINDER = "تذكير بشأن الملف رقم {number}"
REMINDER_TEXT = "تبعا لمراسلتنا السابقة بشأن الملف رقم {number}، الذي انقضى أجله بتاريخ {due}، يُرجى موافاتنا بالرد المعلّل في أقرب الآجال."


class Script(StrEnum):
    """What becomes of a letter."""

    FAVOURABLE = "favourable"
    INTERIM_FIRST = "interim first"
    UNFAVOURABLE = "unfavourable"
    SUPERFICIAL_FIRST = "superficial first"
    DECLINED_ONCE = "declined once"
    DECLINED_TWICE = "declined twice"
    IN_WORK = "in work"
    SILENT = "silent"


ROUND = (
    Script.FAVOURABLE, Script.INTERIM_FIRST, Script.UNFAVOURABLE, Script.FAVOURABLE, Script.SUPERFICIAL_FIRST, Script.FAVOURABLE,
    Script.IN_WORK, Script.UNFAVOURABLE, Script.DECLINED_ONCE, Script.FAVOURABLE, Script.SILENT, Script.FAVOURABLE, Script.UNFAVOURABLE,
    Script.FAVOURABLE, Script.DECLINED_TWICE, Script.INTERIM_FIRST,
)  # fmt: skip
DECLINES = {Script.DECLINED_ONCE: 1, Script.DECLINED_TWICE: 2}
ELSEWHERE = ("miclt", "mhuvat", "mh")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A complaint that was referred, and what is to become of it."""

    filed: Filed
    referral_id: str
    script: Script


@dataclass
class Mail:
    """What the officers do with letters, and how often they did it."""

    cast: Cast
    bench: Bench
    signed: Callable[[int], None]
    replied: Callable[[int], None]
    closed: Callable[[int], None]
    done: Counter[str] = field(default_factory=Counter)
    letter_id: str = ""
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(12))

    async def carry(self, matter: Matter) -> None:
        """Carry one matter as far as its script goes."""
        async with self.slots:
            delegate = await self.cast.delegate(matter.filed.wilaya_id)
            letter, referral = await self._send(delegate, matter)
            if matter.script is not Script.SILENT:
                for _ in range(DECLINES.get(matter.script, 0)):
                    matter = await self._decline(delegate, matter, referral)
                    letter, referral = await self._send(delegate, matter)
                unit = await self.cast.unit(referral.unit_body_id)
                await self._accept(unit, letter, referral)
                if matter.script is not Script.IN_WORK:
                    await self._answer(delegate, unit, matter, letter)
                    return
            await self._remind_if_late(delegate, matter, referral)

    async def _send(self, delegate: Officer, matter: Matter) -> tuple[letter_pb2.Letter, Any]:
        """Sign and dispatch the referral's letter; return it with the referral that begins."""
        draft = await self._draft(delegate, matter)
        letter = await self._dispatch(delegate, draft)
        self.letter_id = self.letter_id or letter.letter_id
        return letter, await self._referral(delegate, matter, R.REFERRAL_STATE_SENT)

    async def _draft(self, delegate: Officer, matter: Matter) -> letter_pb2.Letter:
        letters = delegate.doors.correspondence
        request = correspondence_service_pb2.ListLettersRequest(
            complaint_id=matter.filed.complaint_id, kinds=[letter_pb2.LETTER_KIND_REFERRAL], page_size=10
        )
        async for _ in _moments(f"the letter on {matter.filed.number}"):
            listed = await patiently(lambda: delegate.does(letters.ListLetters, request))
            for letter in listed.letters:
                if letter.referral_id == matter.referral_id and letter.state == letter_pb2.LETTER_STATE_DRAFT:
                    return letter
        raise AssertionError("moments end with a refusal")

    async def _dispatch(self, officer: Officer, draft: letter_pb2.Letter) -> letter_pb2.Letter:
        letters, which = officer.doors.correspondence, {"letter_id": draft.letter_id}
        sign = correspondence_service_pb2.SignLetterRequest(request_id=new_id(), etag=draft.etag, **which)
        signed = (await patiently(lambda: officer.does(letters.SignLetter, sign))).letter
        send = correspondence_service_pb2.DispatchLetterRequest(request_id=new_id(), etag=signed.etag, **which)
        sent = (await patiently(lambda: officer.does(letters.DispatchLetter, send))).letter
        self.done["letters"] += 1
        self.signed(1)
        return sent

    async def _referral(self, delegate: Officer, matter: Matter, *states: int) -> Any:
        """Wait until the referral is in one of the states."""
        request = routing_service_pb2.GetReferralRequest(referral_id=matter.referral_id)
        async for _ in _moments(f"the referral of {matter.filed.number}"):
            found = (await patiently(lambda: delegate.does(delegate.doors.routing.GetReferral, request))).referral
            if found.state in states:
                return found
        raise AssertionError("moments end with a refusal")

    async def _accept(self, unit: Officer, letter: letter_pb2.Letter, referral: Any) -> None:
        received = correspondence_service_pb2.AcknowledgeLetterRequest(
            request_id=new_id(), letter_id=letter.letter_id, etag=letter.etag
        )
        await patiently(lambda: unit.does(unit.doors.correspondence.AcknowledgeLetter, received))
        routing, which = unit.doors.routing, {"referral_id": referral.referral_id}
        seen = routing_service_pb2.AcknowledgeReferralRequest(request_id=new_id(), etag=referral.etag, **which)
        known = (await patiently(lambda: unit.does(routing.AcknowledgeReferral, seen))).referral
        ours = routing_service_pb2.AcceptReferralRequest(request_id=new_id(), etag=known.etag, **which)
        await patiently(lambda: unit.does(routing.AcceptReferral, ours))
        self.done["accepted"] += 1

    async def _decline(self, delegate: Officer, matter: Matter, referral: Any) -> Matter:
        """Let the unit decline; the delegate, after a second refusal the Mediator's services, decide anew."""
        unit = await self.cast.unit(referral.unit_body_id)
        elsewhere = next(each for each in ELSEWHERE if each != referral.ministry_id)
        request = routing_service_pb2.DeclineReferralRequest(
            request_id=new_id(),
            referral_id=referral.referral_id,
            etag=referral.etag,
            competent_body_id=elsewhere,
            because=NOT_OURS,
        )
        await patiently(lambda: unit.does(unit.doors.routing.DeclineReferral, request))
        self.done["declined"] += 1
        async for _ in _moments(f"triage of {matter.filed.number}"):
            for item in await queue(delegate, complaint_id=matter.filed.complaint_id):
                if decision := await self.bench.decide(delegate, item):
                    return replace(matter, referral_id=decision.referral_id)
        raise AssertionError("moments end with a refusal")

    async def _answer(self, delegate: Officer, unit: Officer, matter: Matter, letter: letter_pb2.Letter) -> None:
        """Reply, grade, and close."""
        if matter.script is Script.INTERIM_FIRST:
            await self._reply(unit, letter, INTERIM, interim=True)
            self.done["interim replies"] += 1
        if matter.script is Script.SUPERFICIAL_FIRST:
            await self._graded(delegate, unit, matter, letter, SUPERFICIAL, letter_pb2.REPLY_GRADE_SUPERFICIAL)
            await self._referral(delegate, matter, R.REFERRAL_STATE_ACCEPTED)
            self.done["returned as superficial"] += 1
        refused = matter.script is Script.UNFAVOURABLE
        words = UNFAVOURABLE if refused else FAVOURABLE
        grade = letter_pb2.REPLY_GRADE_UNFAVOURABLE if refused else letter_pb2.REPLY_GRADE_FAVOURABLE
        await self._graded(delegate, unit, matter, letter, words, grade)
        await self._referral(delegate, matter, R.REFERRAL_STATE_CLOSED)
        reason = (
            complaint_pb2.CLOSURE_REASON_NO_MALADMINISTRATION if refused else complaint_pb2.CLOSURE_REASON_FAVOURABLE
        )
        await close(delegate, matter.filed, reason)
        self.done["closed by delegates"] += 1
        self.closed(1)

    async def _reply(self, unit: Officer, letter: letter_pb2.Letter, words: str, *, interim: bool = False) -> Any:
        letters = unit.doors.correspondence

        async def reply() -> Any:
            which = correspondence_service_pb2.GetLetterRequest(letter_id=letter.letter_id)
            present = (await unit.does(letters.GetLetter, which)).letter
            return await unit.does(
                letters.ReplyToLetter,
                correspondence_service_pb2.ReplyToLetterRequest(
                    request_id=request_id, letter_id=letter.letter_id, etag=present.etag, body=words, interim=interim
                ),
            )

        request_id = new_id()
        reply_letter = (await patiently(reply)).reply
        self.done["replies"] += 1
        self.replied(1)
        return reply_letter

    async def _graded(
        self, delegate: Officer, unit: Officer, matter: Matter, letter: letter_pb2.Letter, words: str, grade: int
    ) -> None:
        reply = await self._reply(unit, letter, words)
        await self._referral(delegate, matter, R.REFERRAL_STATE_ANSWERED)
        superficial = grade == letter_pb2.REPLY_GRADE_SUPERFICIAL
        request = correspondence_service_pb2.AssessReplyRequest(
            request_id=new_id(),
            letter_id=reply.letter_id,
            etag=reply.etag,
            grade=grade,
            note=RETURNED if superficial else "",
        )
        await patiently(lambda: delegate.does(delegate.doors.correspondence.AssessReply, request))

    async def _remind_if_late(self, delegate: Officer, matter: Matter, referral: Any) -> None:
        """Remind the unit by hand where the complainant's own day has passed; the ladder counts from the letter."""
        complaint = await present(delegate, matter.filed)
        if not complaint.due_on or complaint.due_on >= clock().date().isoformat():
            return
        request = correspondence_service_pb2.DraftLetterRequest(
            request_id=new_id(),
            kind=letter_pb2.LETTER_KIND_REMINDER_1,
            sender_body_id=referral.from_body_id,
            recipient_body_id=referral.unit_body_id,
            complaint_id=complaint.complaint_id,
            complaint_number=complaint.number,
            referral_id=referral.referral_id,
            language="ar",
            subject=REMINDER.format(number=complaint.number),
            body=REMINDER_TEXT.format(number=complaint.number, due="/".join(reversed(complaint.due_on.split("-")))),
        )
        draft = (await patiently(lambda: delegate.does(delegate.doors.correspondence.DraftLetter, request))).letter
        await self._dispatch(delegate, draft)
        self.done["reminders"] += 1


async def present(officer: Officer, filed: Filed) -> complaint_pb2.Complaint:
    """Read a complaint as it stands."""
    request = intake_service_pb2.GetComplaintRequest(complaint_id=filed.complaint_id)
    return (await patiently(lambda: officer.does(officer.intake.GetComplaint, request))).complaint


async def close(officer: Officer, filed: Filed, reason: int) -> None:
    """Close a complaint once everything that it waits for has arrived."""

    async def act() -> Any:
        etag = (await present(officer, filed)).etag
        request = intake_service_pb2.CloseComplaintRequest(
            request_id=new_id(), complaint_id=filed.complaint_id, etag=etag, reason=reason
        )
        return await officer.does(officer.intake.CloseComplaint, request)

    await patiently(act)


async def _moments(awaited: str) -> Any:
    """Give one moment after another, longer each time, until patience ends."""
    end, wait = asyncio.get_running_loop().time() + 2 * PATIENCE, 0.1
    while asyncio.get_running_loop().time() < end:
        yield
        await asyncio.sleep(wait)
        wait = min(wait * 1.5, 3.0)
    raise Stalled(f"{awaited} did not come")
