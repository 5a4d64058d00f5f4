"""What a browser keeps is sealed, and a form counts only in its own visit."""

import pytest

from services.portal.sessions import Kept, Seal, Session, new_visit

SESSION = Session(
    token="secret-token",
    renew_at=1,
    officer_id="018f",
    name="أمينة",
    appointments=(("delegate", "wilaya:wilaya-alger"), ("keeper", "body:commune-1601")),
)


@pytest.fixture
def seal():
    return Seal(b"k" * 32)


def test_what_was_sealed_comes_back(seal):
    kept = Kept(visit=new_visit(), session=SESSION)
    assert seal.open(seal.close(kept)) == kept
    assert kept.session.holds("mediator", "keeper")
    assert kept.session.scopes("delegate") == ("wilaya:wilaya-alger",)


def test_a_cookie_shows_nothing_and_cannot_be_changed(seal):
    sealed = seal.close(Kept(visit="v", session=SESSION))
    assert "secret-token" not in sealed
    for place in (0, 20, len(sealed) - 4):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        assert seal.open(changed) is None
    assert seal.open("") is seal.open("%%%") is seal.open("AAAA") is None
    assert Seal(b"x" * 32).open(sealed) is None


def test_a_form_is_ours_in_its_own_visit_only(seal):
    token = seal.form_token("one")
    assert seal.is_ours("one", token)
    assert not seal.is_ours("two", token)
    assert not seal.is_ours("one", "")
    assert not seal.is_ours("one", "\udc80")
