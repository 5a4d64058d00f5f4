"""Who complains and what was written stays in intake, under lock: nowhere else, not even in logs, traces and files."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import grpc
import pytest
from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from services.chassis.client import refused
from services.premises import KEEPERS_OF_DATA, Premises
from tests.demo.cast import Cast, new_id
from tests.demo.deciding import until_decided
from tests.demo.filing import Filed
from tests.demo.letters import Matter, Script
from tests.house_run import RunningHouse
from tests.journeys.people import HOSPITAL, a_mail, a_sample, people

NAME, PHONE = "زهراء الونشريسي المجهولة", "0661987654"
SECRET_WORDS = "وقعت هذه الحادثة النادرة يوم زفاف قريبتي سكينة"
PURPOSE = "الاتصال بصاحب الشكوى لتحديد موعد المعاينة"


@pytest.fixture
async def cast(house: RunningHouse) -> AsyncIterator[Cast]:
    async with people(house) as everybody:
        yield everybody


async def a_named_complaint(cast: Cast, *, consent: bool) -> Filed:
    """File under a name over the portal, and let it be referred and accepted."""
    sample = a_sample(f"{HOSPITAL} {SECRET_WORDS}.")
    filing = intake_service_pb2.Filing(
        channel=complaint_pb2.CHANNEL_PORTAL,
        kind=complaint_pb2.COMPLAINT_KIND_ENTRY,
        text=sample.text,
        language="ar",
        commune_id=sample.commune,
        identity=complaint_pb2.IDENTITY_NAMED,
        complainant=complaint_pb2.Complainant(name=NAME, phone=PHONE),
        consent_to_disclose=consent,
    )
    request = intake_service_pb2.RegisterComplaintRequest(request_id=new_id(), filing=filing)
    receipt = (await cast.portal.intake.RegisterComplaint(request)).receipt
    filed = Filed(
        place=0,
        sample=sample,
        complaint_id=receipt.complaint_id,
        number=receipt.number,
        secret=receipt.secret,
        keeping_body_id=receipt.keeping_body_id,
        wilaya_id="wilaya-alger",
    )
    rulings = await until_decided(cast, [filed], lambda more: None)
    referral_id = rulings.first[filed.complaint_id].referral_id
    await a_mail(cast, filed).carry(Matter(filed=filed, referral_id=referral_id, script=Script.IN_WORK))
    await asyncio.sleep(1)
    return filed


async def test_the_unit_is_told_who_complains_with_consent_and_the_act_is_logged(
    cast: Cast, house: RunningHouse
) -> None:
    filed = await a_named_complaint(cast, consent=True)
    unit = await cast.unit("dsp-alger")
    request = intake_service_pb2.DiscloseComplainantRequest(
        request_id=new_id(), complaint_id=filed.complaint_id, purpose=PURPOSE
    )
    told = (await unit.does(unit.intake.DiscloseComplainant, request)).complainant
    assert (told.name, told.phone) == (NAME, PHONE)
    connection = await asyncpg.connect(Premises.find(house.environment).server.dsn("intake", "intake"))
    logged = await connection.fetch("SELECT * FROM disclosure WHERE complaint_id = $1", filed.complaint_id)
    await connection.close()
    assert len(logged) == 1


async def test_without_consent_the_unit_is_not_told(cast: Cast) -> None:
    filed = await a_named_complaint(cast, consent=False)
    unit = await cast.unit("dsp-alger")
    request = intake_service_pb2.DiscloseComplainantRequest(
        request_id=new_id(), complaint_id=filed.complaint_id, purpose=PURPOSE
    )
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await unit.does(unit.intake.DiscloseComplainant, request)
    assert refused(error.value).reason == "IDENTITY_WITHHELD"


async def test_name_telephone_and_words_lie_nowhere_in_the_open(cast: Cast, house: RunningHouse) -> None:
    await a_named_complaint(cast, consent=True)
    premises = Premises.find(house.environment)
    for service in KEEPERS_OF_DATA:
        assert await in_tables(premises.server.dsn(service, service)) == []
    assert [str(path) for path in in_files(premises.home)] == []


def spellings() -> list[str]:
    """Write what is looked for as it may lie in a row: plainly, escaped by JSON, in hexadecimal."""
    sought = (NAME, PHONE, SECRET_WORDS)
    return [
        *sought,
        *(json.dumps(each)[1:-1] for each in sought[::2]),
        *(each.encode().hex() for each in sought),
    ]


async def in_tables(dsn: str) -> list[str]:
    """Name the tables of a database in which a row holds what is looked for."""
    connection = await asyncpg.connect(dsn)
    names = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    found = []
    for (name,) in names:
        asked = (
            f'SELECT count(*) FROM "{name}" AS t, unnest($1::text[]) AS sought WHERE position(sought IN t::text) > 0'
        )
        if await connection.fetchval(asked, spellings()):
            found.append(name)
    await connection.close()
    return found


def in_files(home: Path) -> Iterator[Path]:
    """Name the files of the data folder, PostgreSQL's own and its log of changes included, that hold it."""
    sought = [each.encode() for each in spellings()]
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if any(each in content for each in sought):
                yield path


async def test_a_client_service_follows_what_it_filed_and_nothing_else(cast: Cast) -> None:
    filed = await a_named_complaint(cast, consent=False)
    client = await cast.client("app.curious")
    stranger = intake_service_pb2.GetComplaintRequest(complaint_id=filed.complaint_id)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await client.does(client.intake.GetComplaint, stranger)
    assert refused(error.value).reason == "SCOPE_MISSING"
