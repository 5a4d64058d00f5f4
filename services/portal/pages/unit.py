"""Pages of a unit or ministry: the referrals that reached it, and what it says to each."""

from collections.abc import Awaitable, Callable

from diwan.correspondence.v1 import correspondence_service_pb2 as correspondence
from diwan.intake.v1 import intake_service_pb2 as intake
from diwan.routing.v1 import routing_service_pb2 as routing
from diwan.routing.v1.referral_pb2 import ReferralState
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms
from services.portal.acts import act, desk
from services.portal.forms import N_, Form
from services.portal.neighbours import House, house_of
from services.portal.page import render
from services.portal.pages.choices import Choices, labelled
from services.portal.places import named
from services.portal.visits import visit_of

Ids = dict[str, str]
MOST_FOUND = 20
OFFERED = {
    ReferralState.REFERRAL_STATE_SENT: {"acknowledge", "accept", "decline"},
    ReferralState.REFERRAL_STATE_ACKNOWLEDGED: {"accept", "decline"},
    ReferralState.REFERRAL_STATE_ACCEPTED: {"reply"},
}


async def inbox(request: Request) -> Response:
    """List the referrals that the officer's bodies received, those due first."""
    house, asked = house_of(request), request.query_params
    form = forms.empty(request, state=asked.get("state", ""))
    state = form.whole("state")
    states = [ReferralState.ValueType(state)] if state in ReferralState.values()[1:] else []
    found = await house.routing.ListReferrals(
        routing.ListReferralsRequest(
            states=states, overdue_only=asked.get("overdue") == "yes", page_token=asked.get("page", "")
        )
    )
    bodies = [body for each in found.referrals for body in (each.unit_body_id, each.from_body_id)]
    return render(
        request,
        "referrals.html",
        form=form,
        found=found,
        bodies=await house.places.body_names(visit_of(request).language, bodies),
        states=labelled(request, "referral", ReferralState.values()),
    )


async def show(request: Request, form: Form | None = None) -> Response:
    """Show a referral with the letter and the complainant's words."""
    house, visit = house_of(request), visit_of(request)
    asked = routing.GetReferralRequest(referral_id=request.path_params["referral_id"])
    referral = (await house.routing.GetReferral(asked)).referral
    letter = (
        await house.correspondence.GetLetter(correspondence.GetLetterRequest(letter_id=referral.letter_id))
    ).letter
    it = (
        await house.intake.GetComplaint(
            intake.GetComplaintRequest(complaint_id=referral.complaint_id, view=intake.COMPLAINT_VIEW_FULL)
        )
    ).complaint
    bodies = [referral.unit_body_id, referral.from_body_id, referral.ministry_id, referral.decline.competent_body_id]
    return render(
        request,
        "referral.html",
        form=form,
        referral=referral,
        letter=letter,
        it=it,
        offered=OFFERED.get(referral.state, set()),
        bodies=await house.places.body_names(visit.language, [*bodies, *(each.body_id for each in it.replies)]),
        place=await house.places.place_name(visit.language, it.wilaya_id, it.commune_id),
    )


async def acknowledge(request: Request) -> Response:
    """Confirm that the referral was received."""

    def call(house: House, ids: Ids) -> Awaitable[object]:
        return house.routing.AcknowledgeReferral(routing.AcknowledgeReferralRequest(**ids))

    return await _act(request, await forms.read(request), call, done="acknowledged")


async def accept(request: Request) -> Response:
    """Accept competence."""

    def call(house: House, ids: Ids) -> Awaitable[object]:
        return house.routing.AcceptReferral(routing.AcceptReferralRequest(**ids))

    return await _act(request, await forms.read(request), call, done="accepted")


async def decline(request: Request) -> Response:
    """Decline competence and name the competent body."""
    form = await forms.read(request)
    form.needs("competent", N_("Name the competent body."))
    form.check_words("because", N_("Say why your body is not competent."))

    def call(house: House, ids: Ids) -> Awaitable[object]:
        asked = routing.DeclineReferralRequest(**ids, competent_body_id=form["competent"], because=form["because"])
        return house.routing.DeclineReferral(asked)

    return await _act(request, form, call, done="declined", again=choose_body)


async def choose_body(request: Request, form: Form | None = None) -> Response:
    """Let the officer search for the body that is competent instead."""
    house, visit = house_of(request), visit_of(request)
    asked = routing.GetReferralRequest(referral_id=request.path_params["referral_id"])
    referral = (await house.routing.GetReferral(asked)).referral
    form = form or forms.empty(request, words=request.query_params.get("words", ""))
    found: Choices = []
    if words := form.text("words"):
        it = (await house.intake.GetComplaint(intake.GetComplaintRequest(complaint_id=referral.complaint_id))).complaint
        near = await house.places.find_bodies(words, it.wilaya_id)
        far = await house.places.find_bodies(words)
        bodies = {each.body_id: named(each.name, visit.language) for each in (*near, *far)}
        found = list(bodies.items())[:MOST_FOUND]
    return render(request, "decline.html", form=form, referral=referral, found=found)


async def _act(
    request: Request,
    form: Form,
    call: Callable[[House, Ids], Awaitable[object]],
    *,
    done: str,
    again: Callable[..., Awaitable[Response]] = show,
) -> Response:
    referral_id = request.path_params["referral_id"]
    ids = {"request_id": form["request_id"], "referral_id": referral_id, "etag": form["etag"]}
    return await act(
        request,
        form,
        lambda: call(house_of(request), ids),
        fields=["competent", "because"],
        again=again,
        to=f"/referrals/{referral_id}",
        done=done,
    )


routes: list[Route] = [
    desk("/referrals", inbox),
    desk("/referrals/{referral_id}", show),
    desk("/referrals/{referral_id}/decline", choose_body),
    desk("/referrals/{referral_id}/decline", decline, "POST"),
    desk("/referrals/{referral_id}/acknowledge", acknowledge, "POST"),
    desk("/referrals/{referral_id}/accept", accept, "POST"),
]
