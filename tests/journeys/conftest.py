"""One house for all journeys of a run."""

from collections.abc import Iterator

import pytest

from tests.house_run import RunningHouse, a_house, issue_token


@pytest.fixture(scope="session")
def house() -> Iterator[RunningHouse]:
    """A house that serves until the last journey."""
    with a_house() as running:
        yield running


@pytest.fixture(scope="session")
def filing_token(house: RunningHouse) -> str:
    """A token of a client service that files complaints."""
    return issue_token(house)
