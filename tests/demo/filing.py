"""Files complaints over every channel, each by the one to whom the channel is open."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from diwan.directory.v1 import directory_service_pb2, territory_pb2
from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from services.chassis.call import clock
from tests.demo.cast import Cast, Client, Officer, new_id, patiently
from tests.demo.texts import Sample

BATCH = 200
AT_ONCE = 16
CLIENTS = {"call_centre": "centre.1100", "mobile": "app.mobile", "service_platform": "plateforme.services"}
NAMES = ("سعاد قاسي", "Karim Belaïd", "فاطمة الزهراء مرابط", "Yacine Haddad", "عبد القادر منصوري", "Nadia Cherif")
IDENTITIES = ("named", "named", "confidential", "named", "anonymous")
WEEKS_AGO = (2, 6, 9)
LINES = 20


class NotEntered(RuntimeError):
    """A complaint of a batch was refused; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A complaint that was entered, with the receipt that the citizen took home."""

    place: int
    sample: Sample
    complaint_id: str
    number: str
    secret: str
    keeping_body_id: str
    wilaya_id: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A sample under its place in the row, from which everything that varies is taken."""

    place: int
    sample: Sample

    def request(self) -> intake_service_pb2.RegisterComplaintRequest:
        """Write the request."""
        return intake_service_pb2.RegisterComplaintRequest(request_id=new_id(), filing=self._filing())

    def _filing(self) -> intake_service_pb2.Filing:
        sample, identity = self.sample, IDENTITIES[self.place % len(IDENTITIES)]
        petition = not sample.addressed and self.place % 7 == 3
        filing = intake_service_pb2.Filing(
            channel=complaint_pb2.Channel.Value(f"CHANNEL_{sample.channel.upper()}"),
            kind=complaint_pb2.COMPLAINT_KIND_PETITION if petition else complaint_pb2.COMPLAINT_KIND_ENTRY,
            text=sample.text,
            language=sample.language,
            addressed_body_id=sample.addressed,
            commune_id=sample.commune,
            topic_code=sample.topic,
            identity=complaint_pb2.Identity.Value(f"IDENTITY_{identity.upper()}"),
            sample=True,
        )
        if identity != "anonymous":
            filing.complainant.name = NAMES[self.place % len(NAMES)]
            filing.complainant.phone = f"0550{self.place:06d}"
            filing.consent_to_disclose = identity == "named" and self.place % 2 == 0
        if sample.channel == "paper_register":
            written_on = clock().date() - timedelta(weeks=WEEKS_AGO[self.place % len(WEEKS_AGO)])
            filing.paper.page, filing.paper.line = 1 + self.place // LINES, 1 + self.place % LINES
            filing.paper.written_on = written_on.isoformat()
        return filing


async def wilayas_of(cast: Cast) -> dict[str, str]:
    """Read in which wilaya each commune lies."""
    request = directory_service_pb2.ListTerritoriesRequest(kind=territory_pb2.TERRITORY_KIND_COMMUNE, page_size=2000)
    listed = await cast.portal.directory.ListTerritories(request, timeout=30)
    return {each.territory_id: each.wilaya_id for each in listed.territories}


async def file_all(cast: Cast, samples: Sequence[Sample], entered: Callable[[int], None]) -> list[Filed]:
    """File every sample, several at a time; the receipts come in the samples' order."""
    places = await wilayas_of(cast)
    slots = asyncio.Semaphore(AT_ONCE)
    clients = {channel: await cast.client(name) for channel, name in CLIENTS.items()}

    async def do(portion: Sequence[Turn]) -> list[Filed]:
        async with slots:
            channel, wilaya_id = portion[0].sample.channel, places[portion[0].sample.commune]
            if channel == "portal":
                receipts = [await _as_citizen(cast, portion[0])]
            else:
                filer = clients.get(channel) or await _at_the_register(cast, portion[0].sample, wilaya_id)
                receipts = await _as_batch(filer, portion)
        entered(len(portion))
        return [_filed(turn, receipt, places) for turn, receipt in zip(portion, receipts, strict=True)]

    turns = [Turn(place=place, sample=sample) for place, sample in enumerate(samples)]
    done = await asyncio.gather(*(do(portion) for portion in _portions(turns, places)))
    return sorted((filed for portion in done for filed in portion), key=lambda filed: filed.place)


def _portions(turns: Sequence[Turn], places: Mapping[str, str]) -> Iterator[list[Turn]]:
    """Cut the row into what one filer enters at once: a citizen one complaint, the others up to a batch."""
    together: dict[tuple[str, str], list[Turn]] = {}
    for turn in turns:
        sample = turn.sample
        if sample.channel == "portal":
            yield [turn]
        else:
            at = (sample.addressed or places[sample.commune]) if sample.channel == "paper_register" else ""
            together.setdefault((sample.channel, at), []).append(turn)
    for some in together.values():
        yield from (some[start : start + BATCH] for start in range(0, len(some), BATCH))


async def _at_the_register(cast: Cast, sample: Sample, wilaya_id: str) -> Officer:
    """Return who enters what stands on paper: the body's keeper, or the delegate for the own register."""
    return await (cast.keeper(sample.addressed) if sample.addressed else cast.delegate(wilaya_id))


async def _as_citizen(cast: Cast, turn: Turn) -> intake_service_pb2.Receipt:
    request = turn.request()
    answered = await patiently(lambda: cast.portal.intake.RegisterComplaint(request, timeout=60))
    return answered.receipt


async def _as_batch(filer: Officer | Client, portion: Sequence[Turn]) -> list[intake_service_pb2.Receipt]:
    request = intake_service_pb2.RegisterComplaintsRequest(requests=[turn.request() for turn in portion])
    answered = await patiently(lambda: filer.does(filer.intake.RegisterComplaints, request))
    for outcome in answered.outcomes:
        if outcome.HasField("refusal"):
            raise NotEntered(f"{outcome.refusal.reason}: {outcome.refusal.message}")
    return [outcome.receipt for outcome in answered.outcomes]


def _filed(turn: Turn, receipt: intake_service_pb2.Receipt, places: Mapping[str, str]) -> Filed:
    return Filed(
        place=turn.place,
        sample=turn.sample,
        complaint_id=receipt.complaint_id,
        number=receipt.number,
        secret=receipt.secret,
        keeping_body_id=receipt.keeping_body_id,
        wilaya_id=places[turn.sample.commune],
    )
