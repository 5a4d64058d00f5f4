"""Who may send rules for whom: keys by ministry, and a development setting that says loudly what it lets in."""

import logging
from pathlib import Path

import pytest

from services.routing.domain.release import ReleaseAltered, ReleaseKeyUnknown, ReleaseUnreadable, ReleaseUnsigned
from services.routing.packages import Doorkeeper
from tests.routing.packed import Author, a_wheel


def test_nobody_is_trusted_before_the_operator_says_so(tmp_path: Path) -> None:
    wheel = a_wheel()
    with pytest.raises(ReleaseKeyUnknown):
        Doorkeeper(folder=tmp_path / "nowhere").open(wheel, Author().sign(wheel))


def test_a_ministry_may_have_several_keys_and_a_damaged_one_hurts_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = Author().trusted_for("MJ", tmp_path), Author().trusted_for("MJ.2027", tmp_path)
    (tmp_path / "MEN.pub").write_text("scribble", encoding="utf-8")
    wheel = a_wheel()
    opened = [Doorkeeper(folder=tmp_path).open(wheel, author.sign(wheel)) for author in (old, new)]
    assert {each.ministry_id for each in opened} == {"mj"}
    assert len({each.package.key for each in opened}) == 2
    assert "no public key in MEN.pub" in caplog.text


def test_unsigned_rules_come_in_only_by_a_setting_and_never_quietly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wheel = a_wheel()
    with pytest.raises(ReleaseUnsigned):
        Doorkeeper(folder=tmp_path).open(wheel, b"")
    with caplog.at_level(logging.WARNING):
        opened = Doorkeeper(folder=tmp_path, lets_unsigned_in=True).open(wheel, b"")
    assert opened.package.key == ""
    assert "an unsigned wheel is let in" in caplog.text


def test_the_setting_lets_no_wrong_signature_in(tmp_path: Path) -> None:
    author = Author().trusted_for("MJ", tmp_path)
    wheel, other = a_wheel(), a_wheel(version="2.0.1")
    with pytest.raises(ReleaseAltered):
        Doorkeeper(folder=tmp_path, lets_unsigned_in=True).open(wheel, author.sign(other))


def test_any_flipped_byte_of_a_wheel_is_found(tmp_path: Path) -> None:
    author = Author().trusted_for("MJ", tmp_path)
    wheel = a_wheel()
    signature = author.sign(wheel)
    for place in range(0, len(wheel), 7):
        flipped = bytearray(wheel)
        flipped[place] ^= 1
        with pytest.raises(ReleaseAltered):
            Doorkeeper(folder=tmp_path).open(bytes(flipped), signature)


def test_what_is_no_package_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ReleaseUnreadable) as caught:
        Doorkeeper(folder=tmp_path, lets_unsigned_in=True).open(b"a picture", b"")
    assert "diwan-rules pack" in caught.value.message("fr")
    assert caught.value.message("ar").startswith("لم تُثبَّت")
