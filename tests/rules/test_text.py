"""One word is written one way, whoever typed it and however."""

import pytest
from diwan_rules import normalise
from diwan_rules.text import _FOLDING
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("المُسْتَشْفَى", "المستشفي"),
        ("مدرســـــة", "مدرسه"),
        ("أحمد إلى آخر ٱلله", "احمد الي اخر الله"),
        ("مسؤول بيئة", "مسوول بييه"),
        ("ماء", "ماء"),
        ("L’Hôpital d'ÉTAT", "l hopital d etat"),
        ("Œuvre cœur", "oeuvre coeur"),
        ("٠١٢٣ ۴۵ 67", "0123 45 67"),
        ("\u202bسؤال\u202c 😀 نعم", "سوال نعم"),
        ("می‌خواهم ک ی", "ميخواهم ك ي"),
        ("ﻻ ﷲ", "لا الله"),
        ("3ayn l7ouma!!", "3ayn l7ouma"),
        ("  \n\t ", ""),
        ("", ""),
    ],
)
def test_spellings_fold(typed: str, folded: str) -> None:
    assert normalise(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=[chr(n) for n in range(0x20, 0x17F)] + [chr(n) for n in range(0x600, 0x700)]))
def test_the_fast_way_is_the_slow_way(text: str) -> None:
    slowly = text.translate(_FOLDING).replace("œ", "oe")
    assert normalise(text) == " ".join(slowly.split())
