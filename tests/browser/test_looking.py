"""The look at pages finds what it is there to find."""

import pytest

from tests.browser.looking import Look

pytestmark = pytest.mark.browser
PAGE = '<!doctype html><html lang="ar" dir="rtl"><head><title>صفحة</title><meta charset="utf-8"></head><body><main><h1>عنوان</h1>{}</main></body></html>'


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("<p>الهاتف 0550 12 34 56 مغلق</p>", "turned round: 0550 12 34 56"),
        ("<p>القانون 18-07 صدر</p>", "turned round: 18-07"),
        ('<p style="width:700px">طويل</p>', "too wide"),
        ('<p style="color:#bbb">باهت</p>', "color-contrast"),
        ('<input type="text">', "label"),
    ],
)
def test_a_fault_is_found(look: Look, fault: str, named: str) -> None:
    look.at("page", "http://diwan.test/page", PAGE.format(fault))
    assert any(named in wrong for wrong in look.wrong), look.wrong
    look.wrong.clear()


def test_a_sound_page_is_left_in_peace(look: Look) -> None:
    look.at(
        "page",
        "http://diwan.test/page",
        PAGE.format('<p>القانون <bdi dir="ltr">18-07</bdi>، رقم 16/0412/2026/000123</p>'),
    )
    assert look.wrong == []
