"""A ministry's own rules through real processes: its finding stands on the file's page, its paragraph in the letter."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from diwan.common.v1 import access_pb2
from diwan.correspondence.v1 import correspondence_service_pb2, letter_pb2
from diwan.directory.v1 import directory_service_pb2, officer_pb2
from pypdf import PdfReader

from tests.demo.cast import Cast, patiently
from tests.demo.letters import Script
from tests.house_run import RunningHouse, premises, running
from tests.journeys.people import a_referred, letters_of, people

RULES = '''
"""Rules of the Ministry of Finance, for a journey."""
from diwan_rules import *

WHY = Because(ar="لم يُذكر رقم المادة الجبائية", fr="Le numéro d'article d'imposition manque")

@hookimpl
def plugin_info():
    name = Bilingual(ar="المالية", fr="Finances")
    return PluginInfo(ministry="MF", name=name, version="1.0.0", owner="dsi", terms={"tax": ["ضريبة*", "ضرائب"]})

@hookimpl
def claim(case, ctx):
    return Claim(score=900, because=Because(ar="موضوع جبائي", fr="Matière fiscale")) if case.has("tax") else None

@hookimpl
def validate(case, ctx):
    return [Finding(code="no_article", field="text", severity="incomplete", because=WHY)] if case.has("tax") else None

@hookimpl
def priority(case, ctx):
    return PriorityProposal(priority="high", because=Because(ar="تقادم قريب", fr="Prescription proche"))

@hookimpl
def letter_templates():
    body = BilingualBody(ar="يُرجى إرفاق {{ paper }} بالرد.", fr="Prière de joindre {{ paper }} à la réponse.")
    name = Bilingual(ar="إحالة", fr="Renvoi")
    return [LetterTemplate(code="tax_file", name=name, kind="referral", body=body, required_variables=("paper",))]

@hookimpl
def letter_context(case, letter_kind, ctx):
    if letter_kind == "referral":
        return LetterContext(template="tax_file", variables={"paper": "الجدول G50"})

@hookimpl
def signatory(case, letter_kind, ctx):
    return Signatory(role="director", because=WHY) if letter_kind == "final_reply" else None

@hookimpl
def review_reply(case, reply, ctx):
    missing = (Bilingual(ar="رقم الجدول", fr="Le numéro du rôle"),)
    why = Because(ar="الرد لا يذكر الجدول", fr="La réponse ne cite pas le rôle")
    return ReplyReview(grade="superficial", because=why, missing=missing)
'''
TAXES = "طلبت تصحيح جدول الضرائب منذ عام ولم يجبني أحد."
PARAGRAPH = "يُرجى إرفاق الجدول G50 بالرد."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house in which the Ministry of Finance has rules too."""
    folder = tmp_path_factory.mktemp("plugins") / "mf"
    folder.mkdir()
    (folder / "rules.py").write_text(RULES, encoding="utf-8")
    with premises() as environment:
        environment["DIWAN_PLUGINS"] = str(folder.parent)
        with running(environment) as (_, said):
            yield RunningHouse(environment=environment, said=said)


@pytest.fixture
async def cast(house: RunningHouse) -> AsyncIterator[Cast]:
    async with people(house) as everybody:
        yield everybody


class Desk:
    """An officer at the pages."""

    def __init__(self, house: RunningHouse, account: tuple[str, str]) -> None:
        self._address = f"{house.portal}/fr"
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        token = re.search(r'name="form" value="([^"]+)"', self.page("/sign-in"))
        assert token
        typed = urlencode({"form": token[1], "username": account[0], "password": account[1], "next": ""})
        self._browser.open(f"{self._address}/sign-in", typed.encode()).read()

    def page(self, path: str) -> str:
        """Open a page in French."""
        content: bytes = self._browser.open(f"{self._address}{path}").read()
        return content.decode()

    async def page_with(self, path: str, words: str) -> str:
        """Open a page again and again until it holds these words."""
        for _ in range(100):
            page = await asyncio.to_thread(self.page, path)
            if words in page:
                return page
            await asyncio.sleep(0.2)
        raise AssertionError(f"{path} does not say {words}")


async def an_account(cast: Cast, body_id: str) -> tuple[str, str]:
    """Give an officer of a unit an account for the pages."""
    appointment = officer_pb2.Appointment(role=access_pb2.ROLE_UNIT_OFFICER, scope=f"body:{body_id}")
    wanted = directory_service_pb2.SetAccountRequest(username="journey.unit", appointments=[appointment])
    account = await cast.operator.directory.SetAccount(wanted)
    return account.officer.username, account.password


async def test_a_ministrys_finding_is_on_the_file_and_its_words_are_in_the_letter(
    cast: Cast, house: RunningHouse
) -> None:
    filed, matter, mail = await a_referred(cast, Script.FAVOURABLE, text=TAXES, ministry="mf")
    delegate = await cast.delegate(filed.wilaya_id)
    desk = Desk(house, house.accounts[f"delegate wilaya:{filed.wilaya_id}"])

    page = await desk.page_with(f"/complaints/{filed.complaint_id}", "article d&#39;imposition manque")
    assert "Les règles proposent d’interroger d’abord l’auteur." in page
    assert "Ministère des Finances" in page
    assert "haute" in page

    letter, referral = await mail._send(delegate, matter)
    signed = (await letters_of(delegate, filed))[0]
    assert signed.body.split("\n\n")[-2] == PARAGRAPH
    shown = await asyncio.to_thread(desk.page, f"/letters/{letter.letter_id}")
    assert "Un paragraphe de cette lettre est du ministère lui-même." in shown
    asked = correspondence_service_pb2.DownloadLetterRequest(letter_id=letter.letter_id)
    printed = PdfReader(BytesIO(await delegate.takes(delegate.doors.correspondence.DownloadLetter, asked)))
    assert "G50" in printed.pages[0].extract_text()

    at_the_unit = await asyncio.to_thread(Desk, house, await an_account(cast, referral.unit_body_id))
    received = await asyncio.to_thread(at_the_unit.page, f"/letters/{letter.letter_id}")
    assert "À signer par : Le directeur" in received

    unit = await cast.unit(referral.unit_body_id)
    await mail._accept(unit, letter, referral)
    await mail._reply(unit, letter, "تمت الدراسة.")
    replies = await patiently(lambda: letters_of(delegate, filed, letter_pb2.LETTER_KIND_FINAL_REPLY))
    reviewed = await desk.page_with(f"/letters/{replies[0].letter_id}", "Le numéro du rôle")
    assert "La réponse ne cite pas le rôle" in reviewed
    assert Path(house.environment["DIWAN_HOME"], "keys", "routing.kek").exists()
