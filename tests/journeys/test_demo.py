"""The demo on our own samples, in a house of this session: everything that it shows must hold."""

from collections.abc import AsyncIterator

import pytest

from tests.demo.cast import Cast
from tests.demo.play import Played, play
from tests.demo.texts import read
from tests.house_run import RunningHouse
from tests.journeys.people import people

pytestmark = pytest.mark.slow


@pytest.fixture
async def cast(house: RunningHouse) -> AsyncIterator[Cast]:
    async with people(house) as everybody:
        yield everybody


async def test_our_samples_go_all_the_way(cast: Cast) -> None:
    samples = read()
    assert len(samples) >= 120
    assert {sample.channel for sample in samples} == {
        "paper_register", "portal", "call_centre", "mobile", "service_platform"
    }  # fmt: skip
    played: Played = await play(cast, samples)
    assert len(played.rulings.first) == len(samples)
    assert played.triage_left == 0
    assert played.dead == []
    assert played.books is not None
    assert played.books.gaps == ()
    assert played.totals is not None
    assert played.totals.equal, played.totals
    agreed = played.rulings.agreement(played.filed, played.sectors)
    assert agreed.coverage >= 0.25
    assert agreed.share >= 0.75
    for act in (
        "letters", "replies", "interim replies", "declined", "returned as superficial", "reminders", "withdrawn",
        "questions answered", "closed by delegates", "closed by keepers", "decided by hand",
    ):  # fmt: skip
        assert played.done[act] > 0, f"nobody came to this: {act}"
    assert played.letter.startswith(b"%PDF")
    assert played.report.startswith(b"%PDF")
