"""Answers diwan.correspondence.v1: letters, their books and their boxes."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any, TypeVar

import grpc
from diwan.correspondence.v1 import correspondence_service_pb2 as pb2
from diwan.correspondence.v1 import correspondence_service_pb2_grpc as pb2_grpc
from diwan.correspondence.v1 import letter_pb2
from google.protobuf.message import Message

from services.chassis import glyphs, pages, requests, tracing
from services.chassis.attributes import COMPLAINT_NUMBER, LETTER_ID
from services.chassis.call import Call
from services.chassis.checks import require_text, require_uuid
from services.chassis.database import Database
from services.chassis.refusals import FieldInvalid
from services.chassis.requests import Request
from services.chassis.sealing import KeyRing
from services.chassis.server import current_call
from services.correspondence import wire
from services.correspondence.actions import drafting, reading, signing
from services.correspondence.actions.signing import Answer, Pen, Which
from services.correspondence.domain import calendar
from services.correspondence.domain.desk import Desk
from services.correspondence.domain.letter import (
    BODY_MOST,
    LANGUAGES,
    NOTE_MOST,
    SUBJECT_MOST,
    Letter,
    LetterUnprintable,
    day,
)
from services.correspondence.neighbours import Neighbours
from services.correspondence.press import Shelf
from services.correspondence.store.boxes import asked
from services.correspondence.store.memory import Store

PIECE = 64 * 1024
MOST_SIGNS = 10
NUMBER = re.compile(r"\d{2}/\d{4}/\d{4}/\d{6}")
Context = grpc.aio.ServicerContext[Any, Any]
Response = TypeVar("Response", bound=Message)


class Correspondence(pb2_grpc.CorrespondenceServiceServicer):
    """The door of letters."""

    def __init__(self, database: Database, keys: KeyRing, *, neighbours: Neighbours, shelf: Shelf) -> None:
        self._database = database
        self._keys = keys
        self._neighbours = neighbours
        self._shelf = shelf

    async def GetLetter(self, request: pb2.GetLetterRequest, context: "Context") -> pb2.GetLetterResponse:
        """Give one letter."""
        letter_id = require_uuid("letter_id", request.letter_id)
        async with self._database.reading() as connection:
            store = Store(connection, self._keys)
            letter = await reading.letter_of(current_call(), store, letter_id)
            advice = await store.letters.advice(letter_id)
        return pb2.GetLetterResponse(letter=wire.letter(letter, advice))

    async def ListLetters(self, request: pb2.ListLettersRequest, context: "Context") -> pb2.ListLettersResponse:
        """List letters, newest first."""
        page, question = pages.read(request, keys=1), wire.question(request)
        after = require_uuid("page_token", page.after[0]) if page.after else ""
        async with self._database.reading() as connection:
            store = Store(connection, self._keys)
            where = asked(await reading.desk_of(current_call(), store), question)
            found = await store.letters.page(where.sql, where.arguments, after=after, size=page.size + 1)
        letters = found[: page.size]
        more = page.token(letters[-1].letter_id) if len(found) > page.size else ""
        return pb2.ListLettersResponse(letters=map(wire.letter, letters), next_page_token=more)

    async def CountLetters(self, request: pb2.CountLettersRequest, context: "Context") -> pb2.CountLettersResponse:
        """Count the letters of a box by state."""
        question = wire.question(request)
        async with self._database.reading() as connection:
            store = Store(connection, self._keys)
            where = asked(await reading.desk_of(current_call(), store), question)
            return wire.counts(await store.letters.count(where.sql, where.arguments))

    async def DraftLetter(self, request: pb2.DraftLetterRequest, context: "Context") -> pb2.DraftLetterResponse:
        """Draft a letter by hand."""
        call = current_call()
        letter = _drafted(call, request)

        async def act(store: Store, desk: Desk) -> pb2.DraftLetterResponse:
            return pb2.DraftLetterResponse(letter=_shown(await drafting.draft(call, store, desk, letter=letter)))

        return await self._once(call, request, pb2.DraftLetterResponse, act)

    async def ReviseDraft(self, request: pb2.ReviseDraftRequest, context: "Context") -> pb2.ReviseDraftResponse:
        """Change the words of a draft."""
        call, which = current_call(), _which(request)
        words = {
            "language": _language(request.language, empty=True),
            "subject": _subject(request.subject),
            "body": _body(request.body),
        }

        async def act(store: Store, desk: Desk) -> pb2.ReviseDraftResponse:
            return pb2.ReviseDraftResponse(letter=_shown(await signing.revise(store, desk, which, **words)))

        return await self._once(call, request, pb2.ReviseDraftResponse, act)

    async def DiscardDraft(self, request: pb2.DiscardDraftRequest, context: "Context") -> pb2.DiscardDraftResponse:
        """Discard a draft."""
        call, which = current_call(), _which(request)

        async def act(store: Store, desk: Desk) -> pb2.DiscardDraftResponse:
            return pb2.DiscardDraftResponse(letter=_shown(await signing.discard(store, desk, which)))

        return await self._once(call, request, pb2.DiscardDraftResponse, act)

    async def SignLetter(self, request: pb2.SignLetterRequest, context: "Context") -> pb2.SignLetterResponse:
        """Sign and number a draft."""
        call, which = current_call(), _which(request)
        pen = await self._pen(call, which)

        async def act(store: Store, desk: Desk) -> pb2.SignLetterResponse:
            return pb2.SignLetterResponse(letter=_shown(await signing.sign(call, store, desk, which=which, pen=pen)))

        return await self._once(call, request, pb2.SignLetterResponse, act)

    async def DispatchLetter(
        self, request: pb2.DispatchLetterRequest, context: "Context"
    ) -> pb2.DispatchLetterResponse:
        """Send a signed letter."""
        call, which = current_call(), _which(request)

        async def act(store: Store, desk: Desk) -> pb2.DispatchLetterResponse:
            return pb2.DispatchLetterResponse(letter=_shown(await signing.dispatch(call, store, desk, which)))

        return await self._once(call, request, pb2.DispatchLetterResponse, act)

    async def AcknowledgeLetter(
        self, request: pb2.AcknowledgeLetterRequest, context: "Context"
    ) -> pb2.AcknowledgeLetterResponse:
        """Confirm receipt of a letter."""
        call, which = current_call(), _which(request)

        async def act(store: Store, desk: Desk) -> pb2.AcknowledgeLetterResponse:
            return pb2.AcknowledgeLetterResponse(letter=_shown(await signing.acknowledge(call, store, desk, which)))

        return await self._once(call, request, pb2.AcknowledgeLetterResponse, act)

    async def ReplyToLetter(self, request: pb2.ReplyToLetterRequest, context: "Context") -> pb2.ReplyToLetterResponse:
        """Answer a letter."""
        call, which = current_call(), _which(request)
        answer = Answer(
            body=_body(request.body), language=_language(request.language, empty=True), interim=request.interim
        )
        pen = await self._pen(call, which)

        async def act(store: Store, desk: Desk) -> pb2.ReplyToLetterResponse:
            reply = await signing.reply(call, store, desk, which=which, answer=answer, pen=pen)
            return pb2.ReplyToLetterResponse(reply=_shown(reply))

        return await self._once(call, request, pb2.ReplyToLetterResponse, act)

    async def AssessReply(self, request: pb2.AssessReplyRequest, context: "Context") -> pb2.AssessReplyResponse:
        """Judge a reply."""
        call, which = current_call(), _which(request)
        grade = wire.grade_of("grade", request.grade)
        note = require_text("note", request.note, limit=NOTE_MOST, empty=True)

        async def act(store: Store, desk: Desk) -> pb2.AssessReplyResponse:
            assessed = await signing.assess(call, store, desk, which=which, grade=grade, note=note)
            return pb2.AssessReplyResponse(letter=_shown(assessed))

        return await self._once(call, request, pb2.AssessReplyResponse, act)

    async def DownloadLetter(
        self, request: pb2.DownloadLetterRequest, context: "Context"
    ) -> AsyncIterator[pb2.DownloadLetterResponse]:
        """Give the PDF of a letter, in pieces."""
        letter_id = require_uuid("letter_id", request.letter_id)
        made = await reading.print_of(
            current_call(), self._database, self._keys, shelf=self._shelf, letter_id=letter_id
        )
        for start in range(0, len(made.document), PIECE):
            yield pb2.DownloadLetterResponse(piece=made.document[start : start + PIECE])

    async def _pen(self, call: Call, which: Which) -> Pen:
        """Fetch what a signature needs before the transaction; whether it may be given is decided inside."""
        async with self._database.reading() as connection:
            letter = await reading.letter_of(call, Store(connection, self._keys), which.letter_id)
        holidays: frozenset[date] = frozenset()
        if letter.deadline_days and not letter.number:
            today = day(call.now)
            holidays = await self._neighbours.holidays(today, calendar.horizon(today, letter.deadline_days))
        return Pen(name=await self._neighbours.officer_name(call.actor.id), holidays=holidays)

    async def _once(
        self,
        call: Call,
        request: Request,
        response: type[Response],
        act: Callable[[Store, Desk], Awaitable[Response]],
    ) -> Response:
        require_uuid("request_id", request.request_id)
        async with self._database.transaction() as connection:
            store = Store(connection, self._keys)

            async def once() -> Response:
                return await act(store, await reading.desk_of(call, store))

            return await requests.once(connection, call, request, response, act=once)


def _drafted(call: Call, request: pb2.DraftLetterRequest) -> Letter:
    """Read the letter to draft."""
    if request.complaint_number and not NUMBER.fullmatch(request.complaint_number):
        raise FieldInvalid(field="complaint_number")
    if not request.recipient_body_id or request.recipient_body_id == request.sender_body_id:
        raise FieldInvalid(field="recipient_body_id")
    others = {request.sender_body_id, request.recipient_body_id}
    return Letter(
        letter_id=call.new_id(),
        kind=wire.kind_of("kind", request.kind),
        sender_id=request.sender_body_id,
        recipient_id=request.recipient_body_id,
        copy_ids=tuple(each for each in dict.fromkeys(request.copy_body_ids) if each not in others),
        language=_language(request.language),
        subject=_subject(request.subject),
        body=_body(request.body),
        drafted_at=call.now,
        complaint_id=require_uuid("complaint_id", request.complaint_id) if request.complaint_id else "",
        complaint_number=request.complaint_number,
        referral_id=require_uuid("referral_id", request.referral_id) if request.referral_id else "",
    )


def _which(request: Any) -> Which:
    """Read which letter is meant, as it was read."""
    letter_id = require_uuid("letter_id", request.letter_id)
    tracing.annotate(**{LETTER_ID: letter_id})
    return Which(letter_id=letter_id, etag=request.etag)


def _shown(letter: Letter) -> letter_pb2.Letter:
    tracing.annotate(**{LETTER_ID: letter.letter_id, COMPLAINT_NUMBER: letter.complaint_number})
    return wire.letter(letter)


def _language(value: str, *, empty: bool = False) -> str:
    if value not in LANGUAGES and not (empty and not value):
        raise FieldInvalid(field="language")
    return value


def _subject(value: str) -> str:
    return _words("subject", value, limit=SUBJECT_MOST)


def _body(value: str) -> str:
    return _words("body", value, limit=BODY_MOST)


def _words(field: str, value: str, *, limit: int) -> str:
    words = require_text(field, value, limit=limit).strip()
    if signs := glyphs.unprintable(words):
        raise LetterUnprintable(field=field, signs=" ".join(signs[:MOST_SIGNS]))
    return words
