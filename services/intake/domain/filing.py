"""A filing: what comes in with one complaint, whether it can be entered, and in whose register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from services.chassis.refusals import Forbidden, Invalid
from services.intake.domain.places import Atlas, Body
from services.intake.domain.words import admit


class Channel(StrEnum):
    """How a complaint comes in."""

    PAPER_REGISTER = "paper_register"
    PORTAL = "portal"
    CALL_CENTRE = "call_centre"
    MOBILE = "mobile"
    SERVICE_PLATFORM = "service_platform"


class ComplaintKind(StrEnum):
    """Complaint to an administration, or petition to the Mediator."""

    ENTRY = "entry"
    PETITION = "petition"


class Identity(StrEnum):
    """How the complainant is known."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Filer(StrEnum):
    """In which capacity somebody files."""

    CITIZEN = "citizen"
    CLIENT = "client"
    KEEPER = "keeper"
    DELEGATE = "delegate"
    PROCESS = "process"


class ChannelForbidden(Forbidden):
    """You cannot file over the channel {channel} as {filer}; use the channel that is yours."""

    ar: ClassVar[str] = "لا يمكنك الإيداع عبر القناة {channel} بصفة {filer}؛ استعمل القناة المخصصة لك."
    fr: ClassVar[str] = "Vous ne pouvez pas déposer par le canal {channel} en qualité de {filer} ; utilisez le vôtre."
    field: ClassVar[str] = "filing.channel"


class LanguageUnknown(Invalid):
    """The language {language} is not offered; choose ar or fr."""

    ar: ClassVar[str] = "اللغة {language} غير متاحة؛ اختر ar أو fr."
    fr: ClassVar[str] = "La langue {language} n'est pas proposée ; choisissez ar ou fr."
    field: ClassVar[str] = "filing.language"


class ComplainantMissing(Invalid):
    """The name is missing; give it, or file anonymously."""

    ar: ClassVar[str] = "الاسم ناقص؛ اكتبه أو أودع دون ذكر الهوية."
    fr: ClassVar[str] = "Le nom manque ; indiquez-le ou déposez de façon anonyme."
    field: ClassVar[str] = "filing.complainant.name"


class ComplainantUnwanted(Invalid):
    """An anonymous complaint names nobody; remove name and addresses, or file under your name."""

    ar: ClassVar[str] = "الشكوى المجهولة لا تذكر أحدا؛ احذف الاسم والعناوين أو أودع باسمك."
    fr: ClassVar[str] = "Une doléance anonyme ne nomme personne ; retirez nom et adresses, ou déposez à votre nom."
    field: ClassVar[str] = "filing.complainant"


class PaperPlaceMissing(Invalid):
    """A paper entry needs its page and line, from 1; read them from the register."""

    ar: ClassVar[str] = "القيد الورقي يستلزم الصفحة والسطر ابتداء من 1؛ انقلهما من السجل."
    fr: ClassVar[str] = (
        "Une inscription sur papier exige sa page et sa ligne, à partir de 1 ; relevez-les dans le registre."
    )
    field: ClassVar[str] = "filing.paper"


class PaperPlaceUnwanted(Invalid):
    """Page and line belong to paper entries only; leave them empty."""

    ar: ClassVar[str] = "الصفحة والسطر للقيود الورقية فقط؛ اتركهما فارغين."
    fr: ClassVar[str] = "Page et ligne ne concernent que les inscriptions sur papier ; laissez-les vides."
    field: ClassVar[str] = "filing.paper"


class WrittenDateInvalid(Invalid):
    """The written date {written_on} is not a past or present day; write it as yyyy-mm-dd, as it stands in the register."""

    ar: ClassVar[str] = "التاريخ المدوّن {written_on} ليس يوما ماضيا أو حاضرا؛ اكتبه كما في السجل بالصيغة yyyy-mm-dd."
    fr: ClassVar[str] = (
        "La date inscrite {written_on} n'est pas un jour passé ou présent ; écrivez-la aaaa-mm-jj, comme dans le registre."
    )
    field: ClassVar[str] = "filing.paper.written_on"


@dataclass(frozen=True, kw_only=True, slots=True)
class Complainant:
    """Who complains, as the person gave it."""

    name: str = ""
    national_id: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.national_id or self.phone or self.email or self.address)


NOBODY = Complainant()


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperPlace:
    """Where on paper a complaint was written, and the date beside it."""

    page: int
    line: int
    written_on: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """One complaint as it is filed."""

    channel: Channel
    kind: ComplaintKind
    text: str
    language: str
    addressed_body_id: str
    commune_id: str
    topic_code: str
    identity: Identity
    complainant: Complainant
    consent: bool
    paper: PaperPlace | None
    sample: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A filing under the id of its request; the digest tells whether the same id came with another content."""

    request_id: str
    digest: bytes
    filing: Filing


CHANNELS: Mapping[Filer, frozenset[Channel]] = {
    Filer.CITIZEN: frozenset({Channel.PORTAL}),
    Filer.CLIENT: frozenset(Channel) - {Channel.PAPER_REGISTER},
    Filer.KEEPER: frozenset({Channel.PAPER_REGISTER}),
    Filer.DELEGATE: frozenset(Channel),
    Filer.PROCESS: frozenset(Channel),
}
LANGUAGES = frozenset({"ar", "fr"})
LIMITS = {"name": 200, "national_id": 40, "phone": 40, "email": 254, "address": 500}
EARLIEST = date(2000, 1, 1)


def check(filing: Filing, filer: Filer, *, today: date) -> date:
    """Refuse what cannot be entered; return the day from which deadlines run."""
    if filing.channel not in CHANNELS[filer]:
        raise ChannelForbidden(channel=filing.channel, filer=filer)
    admit("filing.text", filing.text)
    if filing.language not in LANGUAGES:
        raise LanguageUnknown(language=filing.language)
    _check_complainant(filing)
    return _received_on(filing, today)


def keeper_of(filing: Filing, atlas: Atlas, *, today: date) -> Body:
    """Return the body in whose register the filing is entered."""
    wilaya_id = atlas.wilaya_of(filing.commune_id)
    atlas.topic(filing.topic_code)
    named = atlas.body(filing.addressed_body_id, on=today) if filing.addressed_body_id else None
    if named and named.keeps(today) and filing.kind is ComplaintKind.ENTRY:
        return named
    return atlas.delegation_of(wilaya_id)


def _check_complainant(filing: Filing) -> None:
    if filing.identity is Identity.ANONYMOUS:
        if filing.complainant or filing.consent:
            raise ComplainantUnwanted
        return
    if not filing.complainant.name.strip():
        raise ComplainantMissing
    for name, limit in LIMITS.items():
        if given := getattr(filing.complainant, name):
            admit(f"filing.complainant.{name}", given, limit=limit, required=False)


def _received_on(filing: Filing, today: date) -> date:
    if filing.channel is not Channel.PAPER_REGISTER:
        if filing.paper:
            raise PaperPlaceUnwanted
        return today
    if not filing.paper or filing.paper.page < 1 or filing.paper.line < 1:
        raise PaperPlaceMissing
    try:
        written_on = date.fromisoformat(filing.paper.written_on)
    except ValueError:
        raise WrittenDateInvalid(written_on=filing.paper.written_on[:20]) from None
    if not EARLIEST <= written_on <= today:
        raise WrittenDateInvalid(written_on=written_on)
    return written_on
