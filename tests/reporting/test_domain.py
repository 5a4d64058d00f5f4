"""What facts say, and what they add up to."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain import fact as facts
from services.reporting.domain import period as periods
from services.reporting.domain.fact import Fact
from services.reporting.domain.tally import Key, Tally, change, keys, percentile

HERE = Fact(
    complaint_id="01900000-0000-7000-8000-000000000001",
    kind="ENTRY",
    channel="PORTAL",
    wilaya_id="wilaya-alger",
    commune_id="commune-1601",
    keeping_body_id="delegation-alger",
    received_on=date(2026, 11, 3),
    sample=False,
)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_an_older_change_of_state_changes_nothing() -> None:
    closed = facts.moved(HERE, version=5, state="CLOSED", closure_reason="FAVOURABLE")
    assert facts.moved(closed, version=4, state="REPLIED", closure_reason="") == closed


def test_an_older_decision_changes_nothing() -> None:
    decided = facts.decided(HERE, version=2, ministry_id="msan", topic_code="health", awaiting_triage=False)
    assert facts.decided(decided, version=1, ministry_id="", topic_code="", awaiting_triage=True) == decided


def test_a_closed_complaint_waits_for_nobody() -> None:
    waiting = facts.decided(HERE, version=1, ministry_id="", topic_code="", awaiting_triage=True)
    assert waiting.awaiting_triage
    assert not facts.moved(waiting, version=2, state="CLOSED", closure_reason="WITHDRAWN").awaiting_triage


def test_the_latest_grade_counts() -> None:
    graded = facts.graded(HERE, grade="SUPERFICIAL", at=NOON)
    assert facts.graded(graded, grade="FAVOURABLE", at=NOON.replace(hour=11)).grade == "SUPERFICIAL"
    assert facts.graded(graded, grade="FAVOURABLE", at=NOON.replace(hour=13)).grade == "FAVOURABLE"


def test_an_answered_complaint_counts_as_answered_and_not_as_open() -> None:
    answered = facts.answered(HERE, on=date(2026, 11, 12), working_days=7, late=True)
    counted = Tally()
    counted.count(replace(answered, grade="UNFAVOURABLE"), 1)
    assert (counted["received"], counted["answered"], counted["open"], counted["late"]) == (1, 1, 0, 1)
    assert counted["unfavourable"] == 1
    assert counted.days == [0] * 7 + [1]


def test_a_complaint_counts_for_the_country_and_its_wilaya() -> None:
    assert {(key.wilaya_id, key.axis, key.key) for key in keys(HERE)} == {
        ("", "total", "total"),
        ("", "sector", "UNDECIDED"),
        ("", "wilaya", "wilaya-alger"),
        ("wilaya-alger", "total", "total"),
        ("wilaya-alger", "sector", "UNDECIDED"),
        ("wilaya-alger", "channel", "PORTAL"),
        ("wilaya-alger", "commune", "commune-1601"),
    }


def test_a_change_takes_the_old_away_and_adds_the_new() -> None:
    changes: dict[Key, Tally] = {}
    decided = facts.decided(HERE, version=1, ministry_id="msan", topic_code="", awaiting_triage=False)
    change(HERE, decided, changes)
    by_row = {(key.wilaya_id, key.axis, key.key): counted for key, counted in changes.items()}
    assert by_row["", "sector", "UNDECIDED"]["received"] == -1
    assert by_row["", "sector", "msan"]["received"] == 1
    assert by_row["", "total", "total"].is_zero


def test_an_open_complaint_is_overdue_from_the_day_after_its_day() -> None:
    counted = Tally()
    counted.count(facts.due(HERE, due_on=date(2026, 12, 2)), 1)
    november = date(2026, 11, 1)
    assert counted.overdue(month=november, on=date(2026, 12, 2)) == 0
    assert counted.overdue(month=november, on=date(2026, 12, 3)) == 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank(days: list[int], percent: int) -> None:
    histogram = [days.count(day) for day in range(max(days) + 1)]
    rank = max(1, -(-len(days) * percent // 100))
    assert percentile(histogram, percent) == sorted(days)[rank - 1]


def test_there_is_no_percentile_of_nothing() -> None:
    assert percentile([], 50) == -1


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, date(2026, 1, 1), date(2026, 3, 31)),
        (4, date(2026, 10, 1), date(2026, 12, 31)),
        (0, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_is_three_whole_months(number: int, first: date, last: date) -> None:
    assert periods.quarter(2026, number) == periods.Period(first=first, last=last)


@pytest.mark.parametrize(("year", "number"), [(2026, 5), (2026, -1), (1999, 1), (0, 0)])
def test_an_unknown_quarter_is_refused(year: int, number: int) -> None:
    with pytest.raises(periods.QuarterUnknown):
        periods.quarter(year, number)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-01-02", "2026-01-31"), ("2026-01-01", "2026-01-30"), ("2026-02-01", "2026-01-31"), ("x", "y")],
)
def test_a_period_is_made_of_whole_months(first: str, last: str) -> None:
    with pytest.raises(periods.PeriodUnclear):
        periods.months(first, last)
