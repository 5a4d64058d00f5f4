"""The file of a complaint as officers see it: words, decisions, letters, acts; and what each may do with it."""

import asyncio
from collections.abc import Awaitable, Callable

import grpc
from diwan.correspondence.v1 import correspondence_service_pb2 as correspondence
from diwan.intake.v1 import intake_service_pb2 as intake
from diwan.intake.v1.complaint_pb2 import ClosureReason, Complainant, Complaint, ComplaintState, ReplyGrade
from diwan.routing.v1 import routing_service_pb2 as routing
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms
from services.portal.acts import act, desk, own_wilaya, session_of
from services.portal.forms import N_, Form
from services.portal.neighbours import House, house_of
from services.portal.page import render
from services.portal.pages.advice import read_facts, review_of, speakers
from services.portal.pages.choices import labelled
from services.portal.visits import visit_of

FRESH = (ComplaintState.COMPLAINT_STATE_REGISTERED, ComplaintState.COMPLAINT_STATE_REOPENED)
EXAMINED = (*FRESH, ComplaintState.COMPLAINT_STATE_UNDER_EXAMINATION)
ENDED = (ComplaintState.COMPLAINT_STATE_CLOSED, ComplaintState.COMPLAINT_STATE_INADMISSIBLE)
OFFERED: dict[str, tuple[tuple[str, ...], Callable[[Complaint], bool]]] = {
    "reply": (("keeper",), lambda it: it.state in EXAMINED),
    "examine": (("keeper", "delegate", "mediator"), lambda it: it.state in FRESH),
    "ask": (("keeper", "delegate", "mediator"), lambda it: it.state in EXAMINED),
    "close": (("keeper", "delegate", "mediator"), lambda it: it.state not in ENDED),
    "inadmissible": (("delegate", "mediator"), lambda it: it.state in EXAMINED),
    "reopen": (("delegate", "mediator"), lambda it: it.state in ENDED),
    "disclose": (("keeper", "delegate", "unit_officer", "mediator"), lambda it: it.identity in (1, 2)),
}
INADMISSIBLE = (5, 6, 7, 8, 9, 10, 17)
PURPOSE = range(5, 501)


async def show(request: Request, form: Form | None = None, complainant: Complainant | None = None) -> Response:
    """Show a complaint's file."""
    house, visit = house_of(request), visit_of(request)
    it = (await house.intake.GetComplaint(_full(request.path_params["complaint_id"]))).complaint
    decisions = (
        await house.routing.ListDecisions(routing.ListDecisionsRequest(complaint_id=it.complaint_id))
    ).decisions
    told = [house.routing.GetDecision(routing.GetDecisionRequest(decision_id=each.decision_id)) for each in decisions]
    explanations = [found.explanation for found in await asyncio.gather(*told)]
    letters = (
        await house.correspondence.ListLetters(correspondence.ListLettersRequest(complaint_id=it.complaint_id))
    ).letters
    review = await review_of(house, it.complaint_id)
    bodies = [*speakers(review), it.keeping_body_id, it.holder_body_id, it.addressed_body_id]
    bodies += [each.body_id for each in it.replies] + [each.body_id for each in it.timeline]
    bodies += [body_id for each in letters for body_id in (each.sender_body_id, each.recipient_body_id)]
    for decision in decisions:
        bodies += [decision.ministry_id, decision.unit_body_id, *(each.ministry_id for each in decision.verdicts)]
        bodies += [each.ministry_id for each in decision.proposal.suggestions]
    return render(
        request,
        "complaint.html",
        form=form,
        it=it,
        offered=_offered(request, it),
        decisions=list(zip(decisions, explanations, strict=True)),
        letters=letters,
        review=review,
        read_facts=read_facts(review),
        bodies=await house.places.body_names(visit.language, bodies),
        place=await house.places.place_name(visit.language, it.wilaya_id, it.commune_id),
        topic=await house.places.topic_name(visit.language, it.topic_code),
        closures=labelled(request, "closure", ClosureReason.values()),
        inadmissible=labelled(request, "closure", INADMISSIBLE),
        complainant=complainant,
    )


async def search(request: Request) -> Response:
    """List or search the complaints that the officer may see."""
    house, asked = house_of(request), request.query_params
    form = forms.empty(request, words=asked.get("words", ""), state=asked.get("state", ""))
    state = form.whole("state")
    wanted = intake.ComplaintFilter(
        query=form.text("words"),
        states=[ComplaintState.ValueType(state)] if state in ComplaintState.values()[1:] else [],
    )
    wanted.wilaya_id = own_wilaya(request)
    found = await house.intake.ListComplaints(
        intake.ListComplaintsRequest(filter=wanted, page_token=asked.get("page", ""))
    )
    names = await house.places.body_names(
        visit_of(request).language, (each.holder_body_id for each in found.complaints)
    )
    states = labelled(request, "state", ComplaintState.values())
    return render(request, "complaints.html", form=form, found=found, bodies=names, states=states)


async def reply(request: Request) -> Response:
    """Record the keeping body's own answer."""
    form = await forms.read(request)
    form.check_words("text", N_("Write the answer."))
    grade = form.one_of("grade", ("1", "2"), N_("Say whether the answer grants what was asked."))

    def call(house: House, ids: dict[str, str]) -> Awaitable[object]:
        granted = ReplyGrade.REPLY_GRADE_FAVOURABLE if grade == "1" else ReplyGrade.REPLY_GRADE_UNFAVOURABLE
        return house.intake.ReplyToEntry(intake.ReplyToEntryRequest(**ids, text=form["text"], grade=granted))

    return await _act(request, form, call, done="replied")


async def examine(request: Request) -> Response:
    """Take a complaint under examination."""
    form = await forms.read(request)
    return await _act(
        request,
        form,
        lambda house, ids: house.intake.ExamineComplaint(intake.ExamineComplaintRequest(**ids)),
        done="examined",
    )


async def ask(request: Request) -> Response:
    """Put a question to the complainant."""
    form = await forms.read(request)
    form.check_words("question", N_("Write the question."))

    def call(house: House, ids: dict[str, str]) -> Awaitable[object]:
        return house.intake.AskComplainant(intake.AskComplainantRequest(**ids, question=form["question"]))

    return await _act(request, form, call, done="asked")


async def inadmissible(request: Request) -> Response:
    """Declare a complaint inadmissible."""
    form = await forms.read(request)
    reason = form.one_of("inadmissible", map(str, INADMISSIBLE), N_("Choose the reason."))
    form.check_words("explanation", N_("Explain it to the complainant."))

    def call(house: House, ids: dict[str, str]) -> Awaitable[object]:
        asked = intake.DeclareInadmissibleRequest(**ids, reason=_reason(reason), note=form["explanation"])
        return house.intake.DeclareInadmissible(asked)

    return await _act(request, form, call, done="inadmissible")


async def close(request: Request) -> Response:
    """Close a complaint with a reason of the closed list."""
    form = await forms.read(request)
    reason = form.one_of(
        "reason", (str(number) for number in ClosureReason.values() if number), N_("Choose the reason.")
    )

    def call(house: House, ids: dict[str, str]) -> Awaitable[object]:
        asked = intake.CloseComplaintRequest(
            **ids, reason=_reason(reason), duplicate_of=form.text("duplicate_of"), note=form["note"]
        )
        return house.intake.CloseComplaint(asked)

    return await _act(request, form, call, done="closed")


async def reopen(request: Request) -> Response:
    """Open a closed complaint again."""
    form = await forms.read(request)
    form.check_words("why", N_("Say why."))

    def call(house: House, ids: dict[str, str]) -> Awaitable[object]:
        return house.intake.ReopenComplaint(intake.ReopenComplaintRequest(**ids, note=form["why"]))

    return await _act(request, form, call, done="reopened")


async def disclose(request: Request) -> Response:
    """Show who complains, for a stated purpose; shown once, never kept in an address."""
    form = await forms.read(request)
    if len(form.text("purpose")) not in PURPOSE:
        form.wrong("purpose", N_("State the purpose in 5 to 500 characters."))
        return await show(request, form)
    asked = intake.DiscloseComplainantRequest(
        request_id=form["request_id"], complaint_id=request.path_params["complaint_id"], purpose=form.text("purpose")
    )
    try:
        found = await house_of(request).intake.DiscloseComplainant(asked)
    except grpc.aio.AioRpcError as error:
        form.refuse(error, ["purpose"], elsewhere="purpose")
        return await show(request, form)
    return await show(request, complainant=found.complainant)


async def _act(
    request: Request, form: Form, call: Callable[[House, dict[str, str]], Awaitable[object]], *, done: str
) -> Response:
    complaint_id = request.path_params["complaint_id"]
    ids = {"request_id": form["request_id"], "complaint_id": complaint_id, "etag": form["etag"]}
    fields = [name for name in form.values if name not in ("request_id", "etag")] or ["main"]
    return await act(
        request,
        form,
        lambda: call(house_of(request), ids),
        fields=fields,
        again=show,
        to=f"/complaints/{complaint_id}",
        done=done,
    )


def _full(complaint_id: str) -> intake.GetComplaintRequest:
    return intake.GetComplaintRequest(complaint_id=complaint_id, view=intake.COMPLAINT_VIEW_FULL)


def _offered(request: Request, it: Complaint) -> set[str]:
    session = session_of(request)
    return {name for name, (roles, fits) in OFFERED.items() if session.holds(*roles) and fits(it)}


def _reason(number: str) -> ClosureReason.ValueType:
    return ClosureReason.ValueType(int(number or 0))


routes: list[Route] = [
    desk("/complaints", search),
    desk("/complaints/{complaint_id}", show),
    *(
        desk(f"/complaints/{{complaint_id}}/{endpoint.__name__}", endpoint, "POST")
        for endpoint in (reply, examine, ask, inadmissible, close, reopen, disclose)
    ),
]
