"""Numbers, dates and a citizen's words are shown so that right-to-left text cannot turn them round."""

from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from services.portal import shown


def test_dates_are_days_of_algiers_written_day_first():
    late = Timestamp()
    late.FromDatetime(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert shown.day(late) == '<bdi dir="ltr">24/11/2026</bdi>'
    assert shown.day("2026-11-05") == '<bdi dir="ltr">05/11/2026</bdi>'
    assert shown.moment(late) == '<bdi dir="ltr">24/11/2026 00:30</bdi>'
    assert shown.day("") == shown.day(Timestamp()) == shown.moment(Timestamp()) == "–"


def test_a_secret_stands_in_groups_with_dots():
    assert shown.secret("411968055326213531") == '<bdi dir="ltr">4119.6805.5326.2135.31</bdi>'


def test_counts_set_thousands_apart():
    assert shown.count(12041) == '<bdi dir="ltr">12\u202f041</bdi>'


@pytest.mark.parametrize(
    "number", ["0550 12 34 56", "+213 550 12 34 56", "18-07", "4521-7789", "12/09/2026", "2026-11-05"]
)
def test_numbers_of_several_groups_keep_their_order_in_a_text(number):
    assert shown.words(f"رقم {number} انتهى") == (
        f'<div class="words" dir="auto">رقم <bdi dir="ltr">{number}</bdi> انتهى</div>'
    )


@pytest.mark.parametrize("text", ["في 2024 120 مسكن", "حي 5 جويلية", "<b>x-1</b> & a1-2", "\u202eمعكوس 👋"])
def test_other_words_are_shown_verbatim_and_harmless(text):
    assert "<bdi" not in shown.words(text)
    assert shown.words(text).striptags() == text
    assert "<b>" not in shown.words(text)
