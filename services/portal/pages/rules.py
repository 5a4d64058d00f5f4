"""Pages of ministries' rules: what runs, what is tried in the shadow, acts on it, and how claims are weighed."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

import grpc
from diwan.routing.v1 import precedence_pb2, release_pb2
from diwan.routing.v1 import rules_admin_service_pb2 as admin
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms, shown
from services.portal.acts import act, desk, session_of
from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render, turn_to
from services.portal.visits import visit_of

WHY = N_("Say why, so that everybody can follow the act.")
LARGEST = 3_670_016
HISTORY = timedelta(days=30)
LOOKING_BACK = 60.0
ACTIVE, SHADOW = release_pb2.RELEASE_STATE_ACTIVE, release_pb2.RELEASE_STATE_SHADOW
ACTS = {
    "try": (admin.ShadowReleaseRequest, N_("Try %(version)s in the shadow")),
    "activate": (admin.ActivateReleaseRequest, N_("Make %(version)s active")),
    "stop": (admin.DisableReleaseRequest, N_("Stop %(version)s")),
    "back": (admin.RollBackReleaseRequest, N_("Go back to %(version)s")),
}
POSSIBLE = {ACTIVE: ("stop",), SHADOW: ("activate", "stop")}


async def every(request: Request, form: Form | None = None) -> Response:
    """Show every ministry's rules and what was done lately."""
    house = house_of(request)
    found = await house.rules.ListMinistryRules(admin.ListMinistryRulesRequest())
    acts = (await house.rules.ListRulesActs(admin.ListRulesActsRequest(page_size=10))).acts
    named = [*(each.ministry_id for each in found.ministries), *(each.ministry_id for each in acts)]
    names = await house.places.body_names(visit_of(request).language, named)
    return render(request, "rules.html", form=form or forms.empty(request), found=found, bodies=names, acts=acts)


async def install(request: Request) -> Response:
    """Take in a wheel with its signature."""
    form = await forms.read(request)
    form.check_words("because", WHY)
    wheel, signature = form.files.get("wheel", b""), form.files.get("signature", b"")
    if not wheel:
        form.wrong("wheel", N_("Choose the file that diwan-rules pack has made."))
    elif len(wheel) > LARGEST:
        form.wrong("wheel", N_("The file is larger than 3.5 MiB. Take out of it what is no rule."))
    asked = admin.InstallReleaseRequest(
        request_id=form["request_id"], wheel=wheel, signature=signature, because=form["because"]
    )
    return await act(
        request,
        form,
        lambda: house_of(request).rules.InstallRelease(asked),
        fields=("wheel", "signature", "because"),
        again=every,
        to="/rules",
        done="installed",
    )


async def one(request: Request, form: Form | None = None) -> Response:
    """Show one ministry's rules."""
    house, visit, ministry_id = house_of(request), visit_of(request), request.path_params["ministry_id"]
    found = await house.rules.ListMinistryRules(admin.ListMinistryRulesRequest(ministry_id=ministry_id))
    if not found.ministries:
        return turn_to(request, "/rules")
    acts = (await house.rules.ListRulesActs(admin.ListRulesActsRequest(ministry_id=ministry_id))).acts
    names = await house.places.body_names(visit.language, [ministry_id])
    rules = found.ministries[0]
    return render(
        request,
        "ministry_rules.html",
        form=form or forms.empty(request, values_json=rules.config_values_json),
        rules=rules,
        name=names[ministry_id],
        bodies=names,
        acts=acts,
        schema=json.dumps(json.loads(rules.config_schema or "{}"), indent=1, ensure_ascii=False),
        choices=list(_choices(request, rules)) if session_of(request).holds("mediator") else [],
        versions={each.release_id: each.version for each in rules.releases},
    )


async def carry_out(request: Request) -> Response:
    """Carry out the act that was chosen."""
    form, ministry_id = await forms.read(request), request.path_params["ministry_id"]
    form.check_words("because", WHY)
    kind, _, release_id = form["act"].partition(":")
    if kind not in ACTS:
        form.wrong("act", N_("Choose what shall be done."))
        kind = "back"
    asked = ACTS[kind][0](
        request_id=form["request_id"], ministry_id=ministry_id, etag=form["etag"], because=form["because"]
    )
    if not isinstance(asked, admin.RollBackReleaseRequest):
        asked.release_id = release_id
    rpc = getattr(house_of(request).rules, type(asked).__name__.removesuffix("Request"))
    return await act(
        request,
        form,
        lambda: rpc(asked),
        fields=("act", "because"),
        again=one,
        to=f"/rules/{ministry_id}",
        done="carried-out",
    )


def _choices(request: Request, rules: release_pb2.MinistryRules) -> Iterator[tuple[str, str]]:
    """Yield every act that the life of the releases allows now."""
    visit = visit_of(request)
    versions = {each.release_id: each.version or visit.say("those of the folder") for each in rules.releases}
    for each in rules.releases:
        for kind in POSSIBLE.get(each.state, ("try",)):
            yield f"{kind}:{each.release_id}", visit.say(ACTS[kind][1], version=versions[each.release_id])
    if rules.previous_release_id:
        former = versions.get(rules.previous_release_id, visit.say("those of the folder"))
        _, words = ACTS["back"]
        yield "back:", visit.say(words, version=former)


async def configure(request: Request) -> Response:
    """Have the rules work with other values."""
    form, ministry_id = await forms.read(request), request.path_params["ministry_id"]
    form.check_words("values_json", N_('Write the values as JSON, such as {"days": 5}.'))
    form.check_words("reason", WHY)
    asked = admin.ConfigureRulesRequest(
        request_id=form["request_id"],
        ministry_id=ministry_id,
        values_json=form["values_json"],
        etag=form["config_etag"],
        because=form["reason"],
    )
    return await act(
        request,
        form,
        lambda: house_of(request).rules.ConfigureRules(asked),
        fields=("values_json", "reason"),
        again=one,
        to=f"/rules/{ministry_id}",
        done="carried-out",
    )


async def weights(request: Request, form: Form | None = None, preview: object = None) -> Response:
    """Show how claims are weighed."""
    house, visit = house_of(request), visit_of(request)
    applies = (await house.rules.GetPrecedence(admin.GetPrecedenceRequest())).precedence
    today = shown.today()
    said = forms.empty(
        request,
        margin=str(applies.margin),
        minimum=str(applies.minimum),
        weights=_lines(applies.weights),
        caps=_lines(applies.caps),
        order=" ".join(applies.order),
        statutory=" ".join(applies.statutory),
        etag=str(applies.revision),
        from_day=(today - HISTORY).isoformat(),
        to_day=today.isoformat(),
    )
    shifts = preview.shifts if isinstance(preview, admin.PreviewPrecedenceResponse) else ()
    named = [name for shift in shifts for name in (shift.from_ministry_id, shift.to_ministry_id)]
    names = await house.places.body_names(visit.language, named)
    return render(
        request,
        "weights.html",
        form=form or said,
        applies=applies,
        preview=preview,
        bodies=names,
        may_set=session_of(request).holds("mediator"),
    )


async def weigh(request: Request) -> Response:
    """Try other weights on history, or have them apply."""
    form, house = await forms.read(request), house_of(request)
    wanted = precedence_pb2.Precedence(
        margin=form.whole("margin"),
        minimum=form.whole("minimum"),
        weights=_numbers(form, "weights"),
        caps=_numbers(form, "caps"),
        order=form["order"].lower().split(),
        statutory=form["statutory"].lower().split(),
    )
    if form["step"] == "apply":
        form.check_words("because", WHY)
        asked = admin.SetPrecedenceRequest(
            request_id=form["request_id"], etag=form["etag"], precedence=wanted, because=form["because"]
        )
        fields = ("weights", "caps", "order", "statutory", "margin", "minimum", "because")
        return await act(
            request,
            form,
            lambda: house.rules.SetPrecedence(asked),
            fields=fields,
            again=weights,
            to="/rules/weights",
            done="precedence",
        )
    return await weights(request, form, await _previewed(request, form, wanted))


async def _previewed(request: Request, form: Form, wanted: precedence_pb2.Precedence) -> object:
    if form.problems:
        return None
    asked = admin.PreviewPrecedenceRequest(precedence=wanted, from_day=form["from_day"], to_day=form["to_day"])
    try:
        return await house_of(request).rules.PreviewPrecedence(asked, timeout=LOOKING_BACK)
    except grpc.aio.AioRpcError as error:
        form.refuse(error, ("weights", "caps", "order", "statutory", "from_day", "to_day"), elsewhere="weights")
        return None


def _lines(numbers: Mapping[str, int]) -> str:
    return "\n".join(f"{code} {number}" for code, number in sorted(numbers.items()))


def _numbers(form: Form, name: str) -> dict[str, int]:
    """Read lines such as `msan 900`."""
    found: dict[str, int] = {}
    for line in form[name].splitlines():
        code, _, number = line.strip().partition(" ")
        if code and not number.strip().isdecimal():
            form.wrong(name, N_("Write on each line a ministry's code and a number, such as: msan 900"))
        elif code:
            found[code.lower()] = min(int(number), 2**31 - 1)
    return found


routes: list[Route] = [
    desk("/rules", every),
    desk("/rules", install, "POST"),
    desk("/rules/weights", weights),
    desk("/rules/weights", weigh, "POST"),
    desk("/rules/{ministry_id}", one),
    desk("/rules/{ministry_id}/configuration", one),
    desk("/rules/{ministry_id}", carry_out, "POST"),
    desk("/rules/{ministry_id}/configuration", configure, "POST"),
]
