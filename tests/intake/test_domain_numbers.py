"""Numbers and secrets, however they are typed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.intake.domain import secret
from services.intake.domain.number import NumberMalformed, RegisterNumber
from services.intake.domain.tracking import TRIES, WINDOW, TrackingLimited, Tries

NOW = datetime(2026, 11, 23, 18, 5, 11, 123456, tzinfo=UTC)
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
EASTERN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
numbers = some.builds(
    lambda label, code, year, line: RegisterNumber(register_id=f"{label:02}/{code:04}/{year}", line=line),
    some.integers(0, 99), some.integers(1, 9999), some.integers(2000, 2199), some.integers(1, 999_999),
)  # fmt: skip


@given(numbers, some.sampled_from(["/", "-", " ", ".", " / ", "\u200f/\u200f"]))
def test_a_number_is_read_with_any_separator(number, separator):
    assert RegisterNumber.parse(str(number).replace("/", separator)) == number


@given(numbers, some.sampled_from([ARABIC_INDIC, EASTERN]))
def test_a_number_is_read_in_the_digits_of_other_scripts(number, digits):
    assert RegisterNumber.parse("\u2068" + str(number).translate(digits) + "\u2069") == number


@given(numbers)
def test_a_number_is_read_without_separators(number):
    assert RegisterNumber.parse(str(number).replace("/", "")) == number


@pytest.mark.parametrize(
    "typed", ["", "16/0412", "16/0412/2026/", "x16/0412/2026/1", "16/0412/2026/1" * 9, "\ud800", "16/04a2/2026/12"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NumberMalformed):
        RegisterNumber.parse(typed)


@given(some.binary(min_size=16, max_size=16))
def test_a_drawn_secret_is_read_back_from_how_it_is_shown(randomness):
    drawn = secret.drawn(randomness)
    assert len(drawn) == 18
    assert secret.read(secret.shown(drawn)) == drawn
    assert secret.read(secret.shown(drawn).translate(ARABIC_INDIC)) == drawn


@given(some.binary(min_size=16, max_size=16), some.integers(0, 17), some.integers(1, 9))
def test_one_wrong_digit_never_passes_the_check(randomness, place, shift):
    drawn = secret.drawn(randomness)
    wrong = drawn[:place] + str((int(drawn[place]) + shift) % 10) + drawn[place + 1 :]
    assert secret.read(wrong) is None


@given(some.binary(min_size=16, max_size=16), some.integers(0, 16))
def test_two_swapped_digits_never_pass_the_check(randomness, place):
    drawn = secret.drawn(randomness)
    swapped = drawn[:place] + drawn[place + 1] + drawn[place] + drawn[place + 2 :]
    assert swapped == drawn or secret.read(swapped) is None


def test_wrong_tries_are_limited_for_a_while():
    tries = Tries()
    for _ in range(TRIES):
        tries.admit("16/0412/2026/000123", NOW)
        tries.wrong("16/0412/2026/000123", NOW)
    with pytest.raises(TrackingLimited):
        tries.admit("16/0412/2026/000123", NOW + WINDOW - timedelta(seconds=1))
    tries.admit("16/0412/2026/000123", NOW + WINDOW)
    tries.admit("16/0412/2026/000124", NOW)
