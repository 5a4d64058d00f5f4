"""Rules that keep failing rest for a while, and only what is new counts."""

from diwan_rules.host.breaker import Breaker


def failing(breaker: Breaker, times: int, *, at: float) -> None:
    for _ in range(times):
        breaker.failed(at, at)


def test_it_opens_when_half_of_the_last_calls_failed_and_asks_again_after_a_pause() -> None:
    breaker = Breaker(limit=3, pause=10)
    for _ in range(6):
        breaker.succeeded(1.0, 1.0)
    failing(breaker, 5, at=2.0)
    assert breaker.allows(2.0)
    failing(breaker, 1, at=3.0)
    assert not breaker.allows(12.9)
    assert breaker.allows(13.0)


def test_a_few_failures_alone_do_not_open_it() -> None:
    breaker = Breaker(limit=3, pause=10)
    failing(breaker, 2, at=1.0)
    assert breaker.allows(1.0)


def test_one_failure_after_the_pause_opens_it_again_and_one_answer_closes_it() -> None:
    breaker = Breaker(limit=1, pause=10)
    breaker.failed(1.0, 1.0)
    breaker.failed(11.0, 12.0)
    assert not breaker.allows(21.0)
    breaker.succeeded(22.0, 22.0)
    assert breaker.allows(22.0)


def test_calls_begun_before_its_last_change_do_not_count() -> None:
    breaker = Breaker(limit=2, pause=10)
    failing(breaker, 2, at=5.0)
    breaker.succeeded(4.0, 6.0)
    assert not breaker.allows(6.0)
    breaker.succeeded(15.0, 15.0)
    breaker.failed(14.0, 16.0)
    breaker.failed(14.0, 16.0)
    assert breaker.allows(16.0)
