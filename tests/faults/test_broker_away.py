"""Events travel through RabbitMQ as they do without it; while the broker is away nothing is lost."""

import pytest

from services.premises import Premises
from tests.demo.texts import read
from tests.faults.broker_away import a_broker, played_with_outage
from tests.house_run import premises, running

pytestmark = [pytest.mark.slow, pytest.mark.broker]
SECONDS_AWAY = 10


async def test_the_demo_comes_to_the_same_totals_though_the_broker_goes_away() -> None:
    samples = read()
    with a_broker() as broker, premises() as environment:
        environment |= {"DIWAN_BUS": broker.address}
        with running(environment):
            played = await played_with_outage(Premises.find(environment), broker, samples, seconds=SECONDS_AWAY)
    assert played.totals is not None
    assert played.books is not None
    assert played.totals.equal, played.totals
    assert played.totals.entered == played.books.entries == len(samples)
    assert played.books.gaps == ()
    assert played.dead == []
    assert played.triage_left == 0
    assert played.done["closed by delegates"] > 0
