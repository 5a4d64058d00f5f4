"""Pages for citizens: filing in three steps without a script, the receipt, and following the matter."""

from collections.abc import Awaitable, Callable

import grpc
from diwan.intake.v1 import intake_service_pb2 as intake
from diwan.intake.v1.complaint_pb2 import Channel, Complainant, ComplaintKind, ComplaintState
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms, shown
from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.pages.choices import body_choices, commune_choices, topic_choices, wilaya_choices
from services.portal.pages.filing import CONTACT, IDENTITIES, check_identity, receipt_page
from services.portal.visits import visit_of

ADDRESSED = ("commune", "body", "unknown", "petition")
FIELDS = ("wilaya", "commune", "addressed", "body", "topic", "text", "identity", *CONTACT, "consent", "language")
PLAINLY = {
    ComplaintState.COMPLAINT_STATE_REGISTERED: N_(
        "Your complaint is entered. It will now be looked at to see who must answer it."
    ),
    ComplaintState.COMPLAINT_STATE_UNDER_EXAMINATION: N_("Your complaint is being examined."),
    ComplaintState.COMPLAINT_STATE_INADMISSIBLE: N_(
        "Your complaint was found to be outside what can be dealt with here. The reason is given below."
    ),
    ComplaintState.COMPLAINT_STATE_AWAITING_COMPLAINANT: N_(
        "A question to you is open. The time to answer your complaint goes on when you have answered it."
    ),
    ComplaintState.COMPLAINT_STATE_REFERRED: N_(
        "Your complaint was sent by official letter to the authority that is to answer it."
    ),
    ComplaintState.COMPLAINT_STATE_IN_PROCESSING: N_(
        "The competent authority has accepted your complaint and is working on it."
    ),
    ComplaintState.COMPLAINT_STATE_REPLIED: N_("Your complaint was answered. You read the answer below."),
    ComplaintState.COMPLAINT_STATE_CLOSED: N_("Your complaint is closed."),
    ComplaintState.COMPLAINT_STATE_REOPENED: N_("Your complaint was opened again."),
}


async def home(request: Request) -> Response:
    """Show the first page."""
    return render(request, "home.html")


async def about(request: Request) -> Response:
    """Explain how it works and what becomes of personal data."""
    return render(request, "about.html")


async def where(request: Request) -> Response:
    """Ask for the wilaya, then show the form for it."""
    wilayas = await wilaya_choices(request)
    chosen = request.query_params.get("wilaya", "")
    form = forms.empty(request, wilaya=chosen)
    if any(wilaya == chosen for wilaya, _ in wilayas):
        return await _form(request, form)
    if "wilaya" in request.query_params:
        form.wrong("wilaya", N_("Choose a wilaya."))
    return render(request, "file_where.html", form=form, wilayas=wilayas)


async def edit(request: Request) -> Response:
    """Show the form again with what was typed."""
    return await _form(request, await forms.read(request))


async def check(request: Request) -> Response:
    """Show what was typed before it is sent."""
    form = await forms.read(request)
    if not await _complete(request, form):
        return await _form(request, form)
    return await _check(request, form)


async def file(request: Request) -> Response:
    """Enter the complaint and show the receipt; sending twice shows the same receipt."""
    form = await forms.read(request)
    if not await _complete(request, form):
        return await _form(request, form)
    entry = intake.RegisterComplaintRequest(request_id=form["request_id"], filing=_filing(form))
    try:
        receipt = (await house_of(request).intake.RegisterComplaint(entry)).receipt
    except grpc.aio.AioRpcError as error:
        form.refuse(error, FIELDS, elsewhere="text")
        return await _form(request, form)
    return await receipt_page(request, receipt)


async def ask_number(request: Request) -> Response:
    """Ask for number and secret."""
    return render(request, "track.html", form=forms.empty(request, number=request.query_params.get("number", "")))


async def track(request: Request) -> Response:
    """Show where a complaint stands."""
    return await _tracked(request, await forms.read(request))


async def answer(request: Request) -> Response:
    """Take in the complainant's answer to a question."""
    form = await forms.read(request)
    form.check_words("text", N_("Write your answer."))

    def call() -> Awaitable[object]:
        asked = intake.AnswerQuestionRequest(**_known(form), request_id=form["request_id"], text=form["text"])
        return house_of(request).intake.AnswerQuestion(asked)

    return await _did(request, form, call, N_("Your answer was added to the file."))


async def withdraw(request: Request) -> Response:
    """Withdraw a complaint at its complainant's wish."""
    form = await forms.read(request)

    def call() -> Awaitable[object]:
        asked = intake.WithdrawComplaintRequest(**_known(form), request_id=form["request_id"], reason=form["reason"])
        return house_of(request).intake.WithdrawComplaint(asked)

    return await _did(request, form, call, N_("Your complaint was withdrawn."))


async def _did(request: Request, form: Form, call: Callable[[], Awaitable[object]], said: str) -> Response:
    if not form.problems:
        try:
            await call()
        except grpc.aio.AioRpcError as error:
            form.refuse(error, ["text", "reason"], elsewhere="main")
        else:
            return await _tracked(request, Form(form.visit, _known(form)), form.visit.say(said))
    return await _tracked(request, form)


def _known(form: Form) -> dict[str, str]:
    return {"number": form["number"], "secret": form["secret"]}


async def _tracked(request: Request, form: Form, said: str = "") -> Response:
    house = house_of(request)
    if not form.problems.keys().isdisjoint(("number", "secret")):
        return render(request, "track.html", form=form)
    asked = intake.TrackComplaintRequest(number=form["number"], secret=form["secret"])
    try:
        it = await house.intake.TrackComplaint(asked)
    except grpc.aio.AioRpcError as error:
        form.refuse(error, ["number", "secret"], elsewhere="number")
        return render(request, "track.html", form=form)
    bodies = await house.places.body_names(
        form.visit.language,
        [it.holder_body_id, it.keeping_body_id]
        + [each.body_id for each in it.replies]
        + [each.body_id for each in it.timeline],
    )
    plainly = form.visit.say(PLAINLY.get(it.state, "")) if it.state in PLAINLY else ""
    return render(request, "tracked.html", form=form, it=it, bodies=bodies, said=said, plainly=plainly)


async def _form(request: Request, form: Form) -> Response:
    visit = visit_of(request)
    form.values.setdefault("language", visit.language)
    wilaya_id = form["wilaya"]
    return render(
        request,
        "file.html",
        form=form,
        wilaya_name=await house_of(request).places.place_name(visit.language, wilaya_id),
        communes=await commune_choices(request, wilaya_id),
        bodies=await body_choices(request, wilaya_id),
        topics=await topic_choices(request),
    )


async def _complete(request: Request, form: Form) -> bool:
    communes = [commune for commune, _ in await commune_choices(request, form["wilaya"])]
    form.one_of("commune", communes, N_("Choose a commune."))
    if form.one_of("addressed", ADDRESSED, N_("Say to whom it is addressed.")) == "body":
        form.needs("body", N_("Choose the administration in the list."))
    form.check_words("text", N_("Say what happened."))
    check_identity(form)
    return not form.problems


async def _check(request: Request, form: Form) -> Response:
    visit, places = form.visit, house_of(request).places
    said = visit.say
    place = await places.place_name(visit.language, form["wilaya"], form["commune"])
    addressed = {
        "commune": said("The commune chosen above"),
        "unknown": said("I do not know"),
        "petition": said("A petition to the Mediator of the Republic"),
    }.get(form["addressed"], "")
    if body_id := _addressed_body(form):
        addressed = (await places.body_names(visit.language, [body_id]))[body_id]
    topic = await places.topic_name(visit.language, form["topic"])
    identities = {"named": said("By name"), "confidential": said("Confidential"), "anonymous": said("Anonymous")}
    answers = [
        (said("Place"), place),
        (said("Addressed to"), addressed),
        (said("Topic"), topic or said("No topic chosen")),
    ]
    answers.append((said("How you are known"), identities[form["identity"]]))
    if form["identity"] != "anonymous":
        answers += [(said("Full name"), form["name"]), (said("Telephone"), shown.isolated(form["phone"]))]
        answers += [
            (said("Electronic mail"), shown.isolated(form["email"])),
            (said("Postal address"), form["address"] or shown.NONE),
        ]
        answers.append((said("Identity passed on to the authority"), said("Yes") if form["consent"] else said("No")))
    answers.append((said("Language of the answer"), said("Arabic") if form["language"] == "ar" else said("French")))
    return render(request, "file_check.html", form=form, answers=answers, fields=FIELDS)


def _filing(form: Form) -> intake.Filing:
    anonymous = form["identity"] == "anonymous"
    petition = form["addressed"] == "petition"
    return intake.Filing(
        channel=Channel.CHANNEL_PORTAL,
        kind=ComplaintKind.COMPLAINT_KIND_PETITION if petition else ComplaintKind.COMPLAINT_KIND_ENTRY,
        text=form["text"],
        language=form["language"],
        addressed_body_id=_addressed_body(form),
        commune_id=form["commune"],
        topic_code=form["topic"],
        identity=IDENTITIES[form["identity"]],
        complainant=None if anonymous else Complainant(**{name: form.text(name) for name in CONTACT}),
        consent_to_disclose=bool(form["consent"]) and not anonymous,
    )


def _addressed_body(form: Form) -> str:
    return {"commune": form["commune"], "body": form["body"]}.get(form["addressed"], "")


routes = [
    Route("/", home),
    Route("/about", about),
    Route("/file", where, methods=["GET"]),
    Route("/file", file, methods=["POST"]),
    Route("/file/edit", edit, methods=["POST"]),
    Route("/file/check", check, methods=["POST"]),
    Route("/track", ask_number, methods=["GET"]),
    Route("/track", track, methods=["POST"]),
    Route("/track/answer", answer, methods=["POST"]),
    Route("/track/withdraw", withdraw, methods=["POST"]),
]
