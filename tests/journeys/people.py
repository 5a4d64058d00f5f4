"""Those who act in journeys, over the running house; and a complaint filed and decided for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from diwan.correspondence.v1 import correspondence_service_pb2, letter_pb2

from services.premises import Premises
from tests.demo.cast import Cast, Officer, a_cast, patiently
from tests.demo.deciding import Bench, until_decided
from tests.demo.filing import Filed, file_all
from tests.demo.letters import Mail, Matter, Script
from tests.demo.play import no_bar
from tests.demo.texts import Sample
from tests.house_run import RunningHouse

HOSPITAL = "لا يوجد طبيب في استعجالات المستشفى منذ أسبوعين، والممرض وحده مع المرضى طوال الليل."
NOBODYS = "أشكر كل من ساعدني وأطلب الاستماع إلي."


@asynccontextmanager
async def people(house: RunningHouse) -> AsyncIterator[Cast]:
    """Let people into a house."""
    async with a_cast(Premises.find(house.environment)) as cast:
        yield cast


def a_sample(text: str = HOSPITAL, **fields: Any) -> Sample:
    """A complaint about a hospital in Algiers, filed at the portal and addressed to nobody."""
    return Sample(**{"text": text, "channel": "portal", "commune": "commune-1601", "ministry": "msan", **fields})


async def filed_and_decided(cast: Cast, *samples: Sample) -> tuple[list[Filed], dict[str, Any]]:
    """File, wait for the rules; return the receipts in order, and each first decision by complaint."""
    filed = await file_all(cast, samples, lambda more: None)
    return filed, (await until_decided(cast, filed, lambda more: None)).first


def a_mail(cast: Cast, *filed: Filed) -> Mail:
    """Officers who carry letters."""
    bench = Bench(cast, {each.complaint_id: each for each in filed}, no_bar("", 0))
    return Mail(cast, bench, no_bar("", 0), no_bar("", 0), no_bar("", 0))


async def a_referred(cast: Cast, script: Script, **fields: Any) -> tuple[Filed, Matter, Mail]:
    """File a complaint that the rules refer, and give it a script."""
    (filed,), decisions = await filed_and_decided(cast, a_sample(**fields))
    referral_id = decisions[filed.complaint_id].referral_id
    assert referral_id, "the rules did not refer it"
    return filed, Matter(filed=filed, referral_id=referral_id, script=script), a_mail(cast, filed)


async def letters_of(officer: Officer, filed: Filed, *kinds: "letter_pb2.LetterKind.ValueType") -> list[Any]:
    """Read the letters about a complaint, oldest first."""
    request = correspondence_service_pb2.ListLettersRequest(complaint_id=filed.complaint_id, kinds=kinds, page_size=50)
    listed = await patiently(lambda: officer.does(officer.doors.correspondence.ListLetters, request))
    return list(reversed(listed.letters))
