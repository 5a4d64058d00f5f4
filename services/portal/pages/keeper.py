"""Pages of a register's keeper: the book line by line, and entering what was written on paper."""

import re
from datetime import date

import grpc
from diwan.intake.v1 import intake_service_pb2 as intake
from diwan.intake.v1.complaint_pb2 import Channel, Complainant, ComplaintKind, PaperPlace
from diwan.intake.v1.register_pb2 import Register, RegisterKind, RegisterState
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms
from services.portal.acts import desk, own_wilaya, session_of
from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.pages.choices import commune_choices, topic_choices
from services.portal.pages.filing import CONTACT, IDENTITIES, check_identity, receipt_page
from services.portal.visits import visit_of

FIELDS = ("page", "line", "written_on", "commune", "topic", "text", "identity", *CONTACT, "consent", "language")
DAY = re.compile(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4})")


async def registers(request: Request) -> Response:
    """List the registers that the officer may see."""
    house = house_of(request)
    found = await house.intake.ListRegisters(
        intake.ListRegistersRequest(wilaya_id=own_wilaya(request), page_token=request.query_params.get("page", ""))
    )
    names = await house.places.body_names(visit_of(request).language, (each.body_id for each in found.registers))
    return render(request, "registers.html", found=found, bodies=names)


async def book(request: Request) -> Response:
    """Show a register like its paper page: one line an entry, the last first."""
    house = house_of(request)
    register = await _register(request)
    wanted = intake.ComplaintFilter(register_id=register.register_id)
    found = await house.intake.ListComplaints(
        intake.ListComplaintsRequest(filter=wanted, page_token=request.query_params.get("page", ""))
    )
    names = await house.places.body_names(
        visit_of(request).language, [register.body_id, *(each.holder_body_id for each in found.complaints)]
    )
    may_enter = session_of(request).holds("keeper") and register.state != RegisterState.REGISTER_STATE_SEALED
    return render(request, "book.html", register=register, found=found, bodies=names, may_enter=may_enter)


async def ask_entry(request: Request, form: Form | None = None) -> Response:
    """Show the form for an entry written on paper."""
    house, visit = house_of(request), visit_of(request)
    register = await _register(request)
    keeper = await house.places.body(register.body_id)
    form = form or forms.empty(request)
    form.values.setdefault("language", "ar")
    if keeper and keeper.territory_id.startswith("commune-"):
        form.values.setdefault("commune", keeper.territory_id)
    return render(
        request,
        "enter.html",
        form=form,
        register=register,
        bodies=await house.places.body_names(visit.language, [register.body_id]),
        communes=await commune_choices(request, keeper.wilaya_id if keeper else ""),
        topics=await topic_choices(request),
    )


async def enter(request: Request) -> Response:
    """Enter what was written on paper and hand out the receipt."""
    form = await forms.read(request)
    written_on = _written_on(form)
    for name in ("page", "line"):
        if not form.whole(name):
            form.wrong(name, N_("Give a whole number from 1."))
    form.needs("commune", N_("Choose a commune."))
    form.check_words("text", N_("Copy what is written in the register."))
    check_identity(form)
    if not form.problems:
        entry = intake.RegisterComplaintRequest(
            request_id=form["request_id"], filing=await _filing(request, form, written_on)
        )
        try:
            receipt = (await house_of(request).intake.RegisterComplaint(entry)).receipt
        except grpc.aio.AioRpcError as error:
            form.refuse(error, FIELDS, elsewhere="text")
        else:
            return await receipt_page(request, receipt)
    return await ask_entry(request, form)


async def _register(request: Request) -> Register:
    asked = intake.GetRegisterRequest(register_id=request.path_params["register_id"])
    return (await house_of(request).intake.GetRegister(asked)).register


async def _filing(request: Request, form: Form, written_on: str) -> intake.Filing:
    register = await _register(request)
    anonymous = form["identity"] == "anonymous"
    petition = register.kind == RegisterKind.REGISTER_KIND_PETITIONS
    return intake.Filing(
        channel=Channel.CHANNEL_PAPER_REGISTER,
        kind=ComplaintKind.COMPLAINT_KIND_PETITION if petition else ComplaintKind.COMPLAINT_KIND_ENTRY,
        text=form["text"],
        language=form["language"] or "ar",
        addressed_body_id="" if petition else register.body_id,
        commune_id=form["commune"],
        topic_code=form["topic"],
        identity=IDENTITIES[form["identity"]],
        complainant=None if anonymous else Complainant(**{name: form.text(name) for name in CONTACT}),
        consent_to_disclose=bool(form["consent"]) and not anonymous,
        paper=PaperPlace(page=form.whole("page"), line=form.whole("line"), written_on=written_on),
    )


def _written_on(form: Form) -> str:
    found = DAY.fullmatch(form.text("written_on"))
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat() if found else _no_day(form)
    except ValueError:
        return _no_day(form)


def _no_day(form: Form) -> str:
    form.wrong("written_on", N_("Give the date as day/month/year, for example 05/11/2026."))
    return ""


routes: list[Route] = [
    desk("/registers", registers),
    desk("/registers/{register_id:path}/enter", ask_entry),
    desk("/registers/{register_id:path}/enter", enter, "POST"),
    desk("/registers/{register_id:path}", book),
]
