"""Letters: the book of a body, one letter with its PDF, and the acts of those who send and receive it."""

from collections.abc import AsyncIterator

from diwan.correspondence.v1 import correspondence_service_pb2 as messages
from diwan.correspondence.v1.letter_pb2 import Letter, LetterKind, LetterState, ReplyGrade
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from services.portal import forms
from services.portal.acts import act, desk, own_bodies
from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.pages.advice import wishes_for_reply
from services.portal.visits import visit_of

REPLIES = (LetterKind.LETTER_KIND_FINAL_REPLY, LetterKind.LETTER_KIND_INTERIM_REPLY)
BOXES = {
    "to_sign": (N_("To sign"), messages.LETTER_BOX_OUTBOX, [LetterState.LETTER_STATE_DRAFT]),
    "to_dispatch": (N_("To dispatch"), messages.LETTER_BOX_OUTBOX, [LetterState.LETTER_STATE_SIGNED]),
    "received": (N_("Received"), messages.LETTER_BOX_INBOX, []),
    "sent": (
        N_("Sent"),
        messages.LETTER_BOX_OUTBOX,
        [LetterState.LETTER_STATE_DISPATCHED, LetterState.LETTER_STATE_ACKNOWLEDGED, LetterState.LETTER_STATE_ANSWERED],
    ),
}
GRADES = {
    "1": ReplyGrade.REPLY_GRADE_FAVOURABLE,
    "2": ReplyGrade.REPLY_GRADE_UNFAVOURABLE,
    "3": ReplyGrade.REPLY_GRADE_SUPERFICIAL,
}


async def book(request: Request) -> Response:
    """List the letters of a box."""
    house, visit = house_of(request), visit_of(request)
    box = request.query_params.get("box", "")
    box = box if box in BOXES else "received"
    title, side, states = BOXES[box]
    bodies = await own_bodies(request)
    found = await house.correspondence.ListLetters(
        messages.ListLettersRequest(
            body_id=bodies[0] if len(bodies) == 1 else "",
            box=side,
            states=states,
            page_token=request.query_params.get("page", ""),
        )
    )
    names = await house.places.body_names(visit.language, _parties(*found.letters))
    boxes = [(name, visit.say(said)) for name, (said, _, _) in BOXES.items()]
    return render(request, "letters.html", found=found, bodies=names, boxes=boxes, box=box, title=visit.say(title))


async def show(request: Request, form: Form | None = None) -> Response:
    """Show one letter."""
    house, visit = house_of(request), visit_of(request)
    letter = await _letter(request)
    offered = _offered(letter, set(await own_bodies(request)))
    if form is None and "revise" in offered:
        form = forms.empty(request, subject=letter.subject, body=letter.body)
    wishes = await wishes_for_reply(house, letter.decision_id) if "reply" in offered and letter.decision_id else None
    noted = [each.ministry_id for each in letter.advice.notes]
    return render(
        request,
        "letter.html",
        form=form,
        letter=letter,
        bodies=await house.places.body_names(visit.language, [*_parties(letter), *noted]),
        offered=offered,
        acts=offered - {"revise"},
        advice=letter.advice if letter.HasField("advice") else None,
        wishes=wishes,
    )


async def pdf(request: Request) -> Response:
    """Hand out the PDF of a letter."""
    asked = messages.DownloadLetterRequest(letter_id=request.path_params["letter_id"])
    letter = await _letter(request)
    stream = house_of(request).correspondence.DownloadLetter(asked)
    pieces = aiter(stream)
    first = await anext(pieces)

    async def content() -> AsyncIterator[bytes]:
        yield first.piece
        async for each in pieces:
            yield each.piece

    name = (letter.letter_number or letter.letter_id).replace("/", "-")
    return StreamingResponse(
        content(), media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}.pdf"'}
    )


async def sign(request: Request) -> Response:
    """Sign and number a draft."""
    return await _act(request, await forms.read(request), "SignLetter", done="signed")


async def dispatch(request: Request) -> Response:
    """Dispatch a signed letter."""
    return await _act(request, await forms.read(request), "DispatchLetter", done="dispatched")


async def discard(request: Request) -> Response:
    """Discard a draft."""
    return await _act(request, await forms.read(request), "DiscardDraft", done="discarded")


async def acknowledge(request: Request) -> Response:
    """Confirm receipt."""
    return await _act(request, await forms.read(request), "AcknowledgeLetter", done="acknowledged")


async def revise(request: Request) -> Response:
    """Save new words of a draft."""
    form = await forms.read(request)
    form.needs("subject", N_("The letter needs a subject."))
    form.check_words("body", N_("The letter needs a text."))
    return await _act(request, form, "ReviseDraft", done="revised", subject=form["subject"], body=form["body"])


async def reply(request: Request) -> Response:
    """Answer a letter."""
    form = await forms.read(request)
    form.check_words("body", N_("Write the answer."))
    return await _act(request, form, "ReplyToLetter", done="replied", body=form["body"], interim=bool(form["interim"]))


async def assess(request: Request) -> Response:
    """Judge a reply."""
    form = await forms.read(request)
    grade = GRADES.get(
        form.one_of("grade", GRADES, N_("Choose how you judge the reply.")), ReplyGrade.REPLY_GRADE_UNSPECIFIED
    )
    if grade == ReplyGrade.REPLY_GRADE_SUPERFICIAL:
        form.check_words("note", N_("Tell the authority what is missing."))
    return await _act(request, form, "AssessReply", done="assessed", grade=grade, note=form["note"])


async def _act(request: Request, form: Form, method: str, *, done: str, **words: object) -> Response:
    letter_id = request.path_params["letter_id"]

    async def call() -> object:
        asked = getattr(messages, f"{method}Request")(
            request_id=form["request_id"], letter_id=letter_id, etag=form["etag"], **words
        )
        return await getattr(house_of(request).correspondence, method)(asked)

    return await act(request, form, call, fields=[*words, "main"], again=show, to=f"/letters/{letter_id}", done=done)


async def _letter(request: Request) -> Letter:
    asked = messages.GetLetterRequest(letter_id=request.path_params["letter_id"])
    return (await house_of(request).correspondence.GetLetter(asked)).letter


def _parties(*letters: Letter) -> list[str]:
    return [body for each in letters for body in (each.sender_body_id, each.recipient_body_id, *each.copy_body_ids)]


def _offered(letter: Letter, own: set[str]) -> set[str]:
    if letter.sender_body_id in own:
        return {
            LetterState.LETTER_STATE_DRAFT: {"revise", "sign", "discard"},
            LetterState.LETTER_STATE_SIGNED: {"dispatch"},
        }.get(letter.state, set())
    if letter.recipient_body_id not in own:
        return set()
    if letter.kind in REPLIES:
        return set() if letter.grade else {"assess"}
    return {
        LetterState.LETTER_STATE_DISPATCHED: {"acknowledge", "reply"},
        LetterState.LETTER_STATE_ACKNOWLEDGED: {"reply"},
    }.get(letter.state, set())


routes: list[Route] = [
    desk("/letters", book),
    desk("/letters/{letter_id}.pdf", pdf),
    desk("/letters/{letter_id}", show),
    *(
        desk(f"/letters/{{letter_id}}/{endpoint.__name__}", endpoint, "POST")
        for endpoint in (sign, dispatch, discard, acknowledge, revise, reply, assess)
    ),
]
