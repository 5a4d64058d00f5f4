"""Signing in and out, and the desk: what waits for the officer who signed in."""

from dataclasses import dataclass
from typing import Any

import grpc
from diwan.common.v1.access_pb2 import Role
from diwan.correspondence.v1 import correspondence_service_pb2 as correspondence
from diwan.correspondence.v1.letter_pb2 import LetterState
from diwan.directory.v1.directory_service_pb2 import SignInRequest
from diwan.intake.v1 import intake_service_pb2 as intake
from diwan.intake.v1.complaint_pb2 import ComplaintState
from diwan.routing.v1 import routing_service_pb2 as routing
from diwan.routing.v1.referral_pb2 import ReferralState
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms, shown
from services.portal.acts import desk, own_bodies, own_wilaya, session_of
from services.portal.forms import N_
from services.portal.neighbours import House, half_way, house_of
from services.portal.page import render, turn_to
from services.portal.sessions import Kept, Session, new_visit
from services.portal.visits import visit_of

OPEN = [
    ComplaintState.COMPLAINT_STATE_REGISTERED,
    ComplaintState.COMPLAINT_STATE_UNDER_EXAMINATION,
    ComplaintState.COMPLAINT_STATE_REFERRED,
    ComplaintState.COMPLAINT_STATE_IN_PROCESSING,
    ComplaintState.COMPLAINT_STATE_REOPENED,
]
WORKING = [
    ReferralState.REFERRAL_STATE_SENT,
    ReferralState.REFERRAL_STATE_ACKNOWLEDGED,
    ReferralState.REFERRAL_STATE_ACCEPTED,
]
FEW = 10


@dataclass(frozen=True)
class Count:
    """A number on the desk and where it leads."""

    words: str
    number: int
    path: str
    late: bool = False


async def ask_name(request: Request) -> Response:
    """Show the form for signing in."""
    return render(request, "sign_in.html", form=forms.empty(request, next=request.query_params.get("next", "")))


async def sign_in(request: Request) -> Response:
    """Sign an officer in."""
    form = await forms.read(request)
    username = form.needs("username", N_("Give your name for signing in."))
    password = form["password"]
    if not password:
        form.wrong("password", N_("Give your password."))
    if not form.problems:
        try:
            answered = await house_of(request).directory.SignIn(SignInRequest(username=username, password=password))
        except grpc.aio.AioRpcError as error:
            form.refuse(error, ["username", "password"], elsewhere="username")
        else:
            officer = answered.officer
            session = Session(
                token=answered.token.token,
                renew_at=half_way(answered.token.expire_time.seconds),
                officer_id=officer.officer_id,
                name=officer.display_name,
                appointments=tuple(
                    (Role.Name(each.role).removeprefix("ROLE_").lower(), each.scope) for each in officer.appointments
                ),
            )
            visit_of(request).keep(Kept(visit=new_visit(), session=session))
            return turn_to(request, _own_path(form["next"]))
    return render(request, "sign_in.html", form=form)


async def sign_out(request: Request) -> Response:
    """Forget the session."""
    await forms.read(request)
    visit_of(request).keep(Kept(visit=new_visit()))
    return turn_to(request, "/")


async def work(request: Request) -> Response:
    """Show what waits for the officer."""
    session, house = session_of(request), house_of(request)
    counts: list[Count] = []
    lists: dict[str, Any] = {"triage": [], "letters": [], "replies": [], "referrals": [], "registers": []}
    if session.holds("delegate", "mediator"):
        await _delegate(request, house, counts, lists)
    if session.holds("unit_officer"):
        await _unit(request, house, counts, lists)
    if session.holds("keeper", "supervisor", "wilaya_cell"):
        lists["registers"] = (await house.intake.ListRegisters(intake.ListRegistersRequest(page_size=FEW))).registers
        counts += await _states(request, house)
    named = [letter for each in ("letters", "replies") for letter in lists[each]]
    bodies = [body for letter in named for body in (letter.sender_body_id, letter.recipient_body_id)]
    bodies += [each.unit_body_id for each in lists["referrals"]] + [each.body_id for each in lists["registers"]]
    names = await house.places.body_names(visit_of(request).language, bodies)
    return render(request, "desk.html", counts=counts, bodies=names, session=session, **lists)


async def _delegate(request: Request, house: House, counts: list[Count], lists: dict[str, Any]) -> None:
    say, wilaya_id = visit_of(request).say, own_wilaya(request)
    triage = await house.routing.ListTriage(routing.ListTriageRequest(wilaya_id=wilaya_id, page_size=FEW))
    counts.append(Count(say("Waiting for a decision"), triage.total_size, "/triage"))
    lists["triage"] = triage.items
    body_id = (await own_bodies(request))[0]
    drafts = correspondence.ListLettersRequest(
        body_id=body_id, box=correspondence.LETTER_BOX_OUTBOX, states=[LetterState.LETTER_STATE_DRAFT], page_size=FEW
    )
    lists["letters"] = (await house.correspondence.ListLetters(drafts)).letters
    received = correspondence.ListLettersRequest(
        body_id=body_id,
        box=correspondence.LETTER_BOX_INBOX,
        states=[LetterState.LETTER_STATE_DISPATCHED],
        page_size=FEW,
    )
    lists["replies"] = [each for each in (await house.correspondence.ListLetters(received)).letters if not each.grade]
    box = correspondence.CountLettersRequest(body_id=body_id, box=correspondence.LETTER_BOX_OUTBOX)
    by_state = {each.state: each.count for each in (await house.correspondence.CountLetters(box)).counts}
    counts.append(
        Count(say("Letters to sign"), by_state.get(LetterState.LETTER_STATE_DRAFT, 0), "/letters?box=to_sign")
    )
    counts.append(
        Count(say("Letters to dispatch"), by_state.get(LetterState.LETTER_STATE_SIGNED, 0), "/letters?box=to_dispatch")
    )
    counts += await _states(request, house)


async def _unit(request: Request, house: House, counts: list[Count], lists: dict[str, Any]) -> None:
    say = visit_of(request).say
    waiting = await house.routing.ListReferrals(routing.ListReferralsRequest(states=WORKING, page_size=200))
    lists["referrals"] = waiting.referrals[:FEW]
    counts.append(Count(say("Referrals to answer"), len(waiting.referrals), "/referrals"))
    late = sum(each.overdue for each in waiting.referrals)
    counts.append(Count(say("Past their day"), late, "/referrals?overdue=yes", late=bool(late)))


async def _states(request: Request, house: House) -> list[Count]:
    say = visit_of(request).say
    every = intake.ComplaintFilter(wilaya_id=own_wilaya(request))
    counted = (await house.intake.CountComplaints(intake.CountComplaintsRequest(filter=every))).counts
    by_state = {each.state: each.count for each in counted}
    late = intake.ComplaintFilter(wilaya_id=own_wilaya(request), states=OPEN, due_before=f"{shown.today():%Y-%m-%d}")
    overdue = sum(
        each.count for each in (await house.intake.CountComplaints(intake.CountComplaintsRequest(filter=late))).counts
    )
    return [
        Count(say("Open complaints"), sum(by_state.get(state, 0) for state in OPEN), "/complaints"),
        Count(say("Past their day"), overdue, "/complaints", late=overdue > 0),
        Count(say("Answered"), by_state.get(ComplaintState.COMPLAINT_STATE_REPLIED, 0), "/complaints?state=7"),
        Count(say("Closed"), by_state.get(ComplaintState.COMPLAINT_STATE_CLOSED, 0), "/complaints?state=8"),
    ]


def _own_path(path: str) -> str:
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/desk"


routes: list[Route] = [
    Route("/sign-in", ask_name, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    desk("/desk", work),
]
