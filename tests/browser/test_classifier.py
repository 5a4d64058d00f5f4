"""Delegates decide what nobody claims, the classifier learns from it, and its suggestion is taken with one press."""

from collections.abc import Iterator
from typing import Any

import pytest
from diwan.routing.v1.classifier_pb2 import VARIETY_MSA
from playwright.sync_api import Browser

from tests.browser.looking import Look
from tests.browser.visitor import Visitor
from tests.demo.deciding import Bench, until_decided
from tests.demo.filing import file_all
from tests.demo.play import no_bar
from tests.demo.texts import Sample
from tests.house_run import RunningHouse, a_house
from tests.journeys.people import people

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALGIERS = "wilaya-alger"
SPORT = ("الملعب", "القاعة الرياضية", "المسبح", "نادي الشباب", "دار الشباب", "المركب الجواري")
WORSHIP = ("المسجد", "المدرسة القرآنية", "الزاوية", "مقام الإمام", "قاعة الصلاة", "مجلس القراء")
SAID = (
    "{} مغلق منذ شهرين دون سبب", "نطلب إعادة فتح {} لأبناء الحي", "{} بلا إنارة ولا تدفئة", "لم يعيّن أحد للإشراف على {}",
    "أشغال {} متوقفة منذ عام", "سقف {} يتسرب منه المطر",
)  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[RunningHouse]:
    with a_house() as running:
        yield running


def samples(*texts: str, ministry: str) -> list[Sample]:
    return [Sample(text=text, channel="call_centre", commune="commune-1601", ministry=ministry) for text in texts]


async def confirmed(house: RunningHouse) -> int:
    """File what no rules claim, and let the delegate decide each."""
    lessons = [
        *samples(*(said.format(place) for place in SPORT for said in SAID), ministry="ms"),
        *samples(*(said.format(place) for place in WORSHIP for said in SAID), ministry="marw"),
    ]
    async with people(house) as cast:
        filed = await file_all(cast, lessons[::2] + lessons[1::2], no_bar("", 0))
        await until_decided(cast, filed, no_bar("", 0))
        bench = Bench(cast, {each.complaint_id: each for each in filed}, no_bar("", 0))
        await bench.empty(ALGIERS)
        return bench.by_hand


async def one_more(house: RunningHouse) -> Any:
    """File another and return its first decision."""
    async with people(house) as cast:
        (filed,) = await file_all(cast, samples("سياج المسبح وباب الملعب مكسوران", ministry=""), no_bar("", 0))
        return (await until_decided(cast, [filed], no_bar("", 0))).first[filed.complaint_id]


async def test_what_was_confirmed_is_learned_and_taken_with_one_press(house: RunningHouse) -> None:
    assert await confirmed(house) > 40
    said = house.run("routing.commands", "train", "--samples")
    assert "in use" in said, said
    said = house.run("routing.commands", "train-varieties", "tests/demo/samples.csv")
    assert "in 4 classes" in said, said
    decision = await one_more(house)
    assert decision.proposal.suggestions[0].ministry_id == "ms"
    assert decision.variety == VARIETY_MSA


def test_its_pages_are_sound_and_a_suggestion_is_taken_with_one_press(
    house: RunningHouse, browser: Browser, look: Look
) -> None:
    delegate = Visitor.come(browser, house.portal, look)
    delegate.sign_in(house.accounts[f"delegate wilaya:{ALGIERS}"])
    delegate.open("/classifier")
    assert delegate.page.locator("section table tbody tr").count() == 2 + 4
    delegate.open("/triage")
    path = delegate.follow("main table a")
    suggestion = "form:has(input[name=ministry][type=hidden]) button"
    assert delegate.page.locator(suggestion).count() == 2
    delegate.press(suggestion)
    assert delegate.page.url.split("?")[0].endswith(path.replace("/triage/", "/complaints/"))
    delegate.see("complaint, decided by suggestion")
    operator = Visitor.come(browser, house.portal, look, language="fr")
    operator.sign_in(house.accounts["operator national"])
    operator.open("/classifier")
    assert not look.wrong, "\n".join(look.wrong)
