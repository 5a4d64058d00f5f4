"""Sealed records: opened with their own key, for their own purpose, and never without the key-encryption key."""

from pathlib import Path

import pytest

from services.chassis.sealing import KeyRing, SealBroken

WORDS = "نص الشكوى".encode()


def test_what_was_sealed_opens_for_its_purpose_only(tmp_path: Path) -> None:
    key, _ = KeyRing.at(tmp_path / "kek").new("record")
    sealed = key.seal(WORDS, purpose="text")
    assert key.open(sealed, purpose="text") == WORDS
    assert WORDS not in sealed
    for wrong in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SealBroken):
            key.open(wrong, purpose="text")
    with pytest.raises(SealBroken):
        key.open(sealed, purpose="name")


def test_a_wrapped_key_belongs_to_one_record_and_one_ring(tmp_path: Path) -> None:
    ring = KeyRing.at(tmp_path / "kek")
    key, wrapped = ring.new("record")
    for same in (ring, KeyRing.at(tmp_path / "kek")):
        assert same.unwrap(wrapped, "record").open(key.seal(WORDS, purpose="text"), purpose="text") == WORDS
    with pytest.raises(SealBroken):
        ring.unwrap(wrapped, "another")
    with pytest.raises(SealBroken):
        KeyRing.at(tmp_path / "other").unwrap(wrapped, "record")


def test_the_key_encryption_key_is_for_its_owner_only(tmp_path: Path) -> None:
    KeyRing.at(tmp_path / "keys" / "kek")
    assert (tmp_path / "keys" / "kek").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["kek"]
