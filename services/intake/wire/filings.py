"""Filings as they come in, receipts as they go out."""

from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from services.chassis import requests
from services.chassis.call import Call
from services.chassis.checks import require_enum, require_uuid
from services.chassis.refusals import Refusal
from services.intake.domain import secret as secrets
from services.intake.domain.filing import (
    NOBODY,
    Asked,
    Complainant,
    Filing,
    PaperPlace,
)
from services.intake.domain.receipt import Receipt
from services.intake.wire import vocabulary
from services.intake.wire.vocabulary import timestamp


def view(number: int) -> int:
    """Read how much of a complaint to give."""
    return (
        require_enum("view", intake_service_pb2.ComplaintView, number)
        if number
        else intake_service_pb2.COMPLAINT_VIEW_BASIC
    )


def asked(call: Call, request: intake_service_pb2.RegisterComplaintRequest) -> Asked:
    """Read a request to register a complaint."""
    return Asked(
        request_id=require_uuid("request_id", request.request_id),
        digest=requests.digest(call, request),
        filing=filing(request.filing),
    )


def filing(message: intake_service_pb2.Filing) -> Filing:
    """Read a filing."""
    return Filing(
        channel=vocabulary.CHANNELS.read("filing.channel", message.channel),
        kind=vocabulary.KINDS.read("filing.kind", message.kind),
        text=message.text,
        language=message.language,
        addressed_body_id=message.addressed_body_id,
        commune_id=message.commune_id,
        topic_code=message.topic_code,
        identity=vocabulary.IDENTITIES.read("filing.identity", message.identity),
        complainant=_complainant(message.complainant) if message.HasField("complainant") else NOBODY,
        consent=message.consent_to_disclose,
        paper=_paper(message.paper) if message.HasField("paper") else None,
        sample=message.sample,
    )


def _complainant(message: complaint_pb2.Complainant) -> Complainant:
    return Complainant(
        name=message.name,
        national_id=message.national_id,
        phone=message.phone,
        email=message.email,
        address=message.address,
    )


def complainant(who: Complainant) -> complaint_pb2.Complainant:
    """Write who complains."""
    return complaint_pb2.Complainant(
        name=who.name, national_id=who.national_id, phone=who.phone, email=who.email, address=who.address
    )


def _paper(message: complaint_pb2.PaperPlace) -> PaperPlace:
    return PaperPlace(page=message.page, line=message.line, written_on=message.written_on)


def receipt(given: Receipt) -> intake_service_pb2.Receipt:
    """Write a receipt, its secret dotted."""
    return intake_service_pb2.Receipt(
        complaint_id=given.complaint_id,
        number=given.number,
        secret=secrets.shown(given.secret),
        register_time=timestamp(given.registered_at),
        keeping_body_id=given.keeping_body_id,
        leaf_hash=given.leaf_hash.hex(),
        received_on=given.received_on.isoformat(),
    )


def outcome(given: Receipt | Refusal, language: str) -> intake_service_pb2.RegisterOutcome:
    """Write what became of one filing of a batch."""
    if isinstance(given, Receipt):
        return intake_service_pb2.RegisterOutcome(receipt=receipt(given))
    refusal = intake_service_pb2.FilingRefusal(reason=given.reason, field=given.where, message=given.message(language))
    return intake_service_pb2.RegisterOutcome(refusal=refusal)
