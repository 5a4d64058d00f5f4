"""What filing by a citizen and entering from paper share: how a person is known, and the receipt."""

import segno
from diwan.intake.v1.complaint_pb2 import Identity
from diwan.intake.v1.intake_service_pb2 import Receipt
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.visits import visit_of

IDENTITIES = {
    "named": Identity.IDENTITY_NAMED,
    "confidential": Identity.IDENTITY_CONFIDENTIAL,
    "anonymous": Identity.IDENTITY_ANONYMOUS,
}
CONTACT = ("name", "phone", "email", "address")
INK = "#17211c"


def check_identity(form: Form) -> None:
    """Note what is missing or wrong about the person."""
    if form.one_of("identity", IDENTITIES, N_("Choose how you want to be known.")) in ("named", "confidential"):
        form.needs("name", N_("Give a name, or choose “Anonymous”."))
    form.one_of("language", ("ar", "fr"), N_("Choose the language of the answer."))


async def receipt_page(request: Request, receipt: Receipt) -> Response:
    """Show the receipt, once."""
    visit = visit_of(request)
    keepers = await house_of(request).places.body_names(visit.language, [receipt.keeping_body_id])
    address = str(request.url.replace(path=visit.link("/track"), query=f"number={receipt.number}"))
    title = visit.say("QR code of the page where you follow it")
    drawn = segno.make(address, error="m").svg_inline(border=0, dark=INK, omitsize=True, title=title)
    keeper = keepers.get(receipt.keeping_body_id, "")
    return render(request, "receipt.html", receipt=receipt, keeper=keeper, qr=Markup(drawn))  # noqa: S704 (our own drawing)
