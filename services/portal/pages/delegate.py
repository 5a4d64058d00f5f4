"""Pages of the delegate for what the rules leave to a person: the queue, and deciding by hand."""

from collections.abc import Mapping

import grpc
from diwan.intake.v1 import intake_service_pb2 as intake
from diwan.routing.v1 import routing_service_pb2 as routing
from diwan.routing.v1.triage_pb2 import TriageItem, TriageKind
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms
from services.portal.acts import desk, own_wilaya
from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render, turn_to
from services.portal.pages.choices import Choices, body_choices, labelled, ministry_choices
from services.portal.visits import visit_of

FIELDS = ("ministry", "unit", "because")


async def queue(request: Request) -> Response:
    """List what waits for a person, oldest first."""
    asked = request.query_params
    form = forms.empty(request, kind=asked.get("kind", ""))
    kind = form.whole("kind") if form.whole("kind") in TriageKind.values() else 0
    found = await house_of(request).routing.ListTriage(
        routing.ListTriageRequest(
            wilaya_id=own_wilaya(request), kind=TriageKind.ValueType(kind), page_token=asked.get("page", "")
        )
    )
    return render(
        request, "triage.html", form=form, found=found, kinds=labelled(request, "triage", TriageKind.values())
    )


async def show(request: Request, form: Form | None = None) -> Response:
    """Show one waiting complaint with what the ministries' rules said."""
    house, visit = house_of(request), visit_of(request)
    complaint_id = request.path_params["complaint_id"]
    item = await _item(request)
    if item is None:
        return turn_to(request, f"/complaints/{complaint_id}")
    asked = intake.GetComplaintRequest(complaint_id=complaint_id, view=intake.COMPLAINT_VIEW_TEXT)
    it = (await house.intake.GetComplaint(asked)).complaint
    decision = item.decision
    bodies = [item.suggested_body_id, it.addressed_body_id, decision.ministry_id, decision.unit_body_id]
    bodies += [*item.candidate_ministry_ids, *(each.ministry_id for each in decision.verdicts)]
    bodies += [each.ministry_id for each in decision.proposal.suggestions]
    names = await house.places.body_names(visit.language, bodies)
    return render(
        request,
        "decide.html",
        form=form or forms.empty(request, ministry=_first(item)),
        item=item,
        it=it,
        bodies=names,
        place=await house.places.place_name(visit.language, it.wilaya_id, it.commune_id),
        topic=await house.places.topic_name(visit.language, it.topic_code),
        ministries=[
            (visit.say("Candidates"), _candidates(item, names)),
            (visit.say("All ministries"), await ministry_choices(request)),
        ],
        units=await body_choices(request, it.wilaya_id),
    )


async def decide(request: Request) -> Response:
    """Store the officer's decision."""
    form = await forms.read(request)
    form.needs("ministry", N_("Choose the competent ministry."))
    form.check_words("because", N_("Say why, so that everybody can follow the decision."))
    if not form.problems:
        asked = routing.DecideByHandRequest(
            request_id=form["request_id"],
            triage_id=form["triage_id"],
            etag=form["etag"],
            ministry_id=form["ministry"],
            unit_body_id=form["unit"],
            because=form["because"],
        )
        try:
            await house_of(request).routing.DecideByHand(asked)
        except grpc.aio.AioRpcError as error:
            form.refuse(error, FIELDS, elsewhere="ministry")
        else:
            return turn_to(request, f"/complaints/{request.path_params['complaint_id']}", done="decided")
    return await show(request, form)


async def _item(request: Request) -> TriageItem | None:
    asked = routing.ListTriageRequest(complaint_id=request.path_params["complaint_id"])
    return next((item for item in (await house_of(request).routing.ListTriage(asked)).items if item.open), None)


def _first(item: TriageItem) -> str:
    return item.candidate_ministry_ids[0] if item.candidate_ministry_ids else ""


def _candidates(item: TriageItem, names: Mapping[str, str]) -> Choices:
    return [(ministry_id, names.get(ministry_id, ministry_id)) for ministry_id in item.candidate_ministry_ids]


routes: list[Route] = [
    desk("/triage", queue),
    desk("/triage/{complaint_id}", show),
    desk("/triage/{complaint_id}", decide, "POST"),
]
