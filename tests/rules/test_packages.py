"""A package is opened only when a known key signed it and nobody altered a bit of it; every refusal says what to do."""

import contextlib
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from diwan_rules import packages, signatures, wheels
from diwan_rules.load_errors import LoadError, NotLoaded
from diwan_rules.package_errors import SAYINGS
from diwan_rules.packages import Package
from diwan_rules.signatures import KeyUnreadable, PublicKey
from diwan_rules.sources import find
from diwan_rules.versions import RangeUnreadable, allows
from diwan_rules.wheels import Manifest
from hypothesis import given
from hypothesis import strategies as st

PRIVATE, PUBLIC = signatures.new_key()
KEY = PublicKey.read(PUBLIC)
FILES = {"diwan_rules_mci.py": b'"""Rules."""\n', "diwan_rules_tables/claim.csv": "id,كلمات\n".encode()}


def a_manifest(**facts: object) -> Manifest:
    files = facts.pop("contents", FILES)
    assert isinstance(files, dict)
    given = {"name": "diwan-rules-mci", "version": "1.2.0", "ministry": "MCI", "plugins": {"MCI": "diwan_rules_mci"}}
    return Manifest.model_validate({**given, "kit": ">=1.0,<2", "files": wheels.digests(files), **facts})


def a_wheel(files: dict[str, bytes] = FILES, /, **facts: object) -> bytes:
    return wheels.written(a_manifest(contents=files, **facts), files)


def signature_of(wheel: bytes, manifest: Manifest | None = None) -> bytes:
    return signatures.sign(wheel, (manifest or a_manifest()).text(), PRIVATE)


def refused_unsigned(wheel: bytes) -> LoadError:
    with pytest.raises(NotLoaded) as raised:
        packages.unsigned(wheel)
    return raised.value.errors[0]


WHEEL = a_wheel()
SIGNATURE = signature_of(WHEEL)


def refused(wheel: bytes, signature: bytes = b"", keys: tuple[PublicKey, ...] = (KEY,)) -> LoadError:
    with pytest.raises(NotLoaded) as raised:
        packages.opened(wheel, signature, keys)
    return raised.value.errors[0]


def rezipped(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w", compression) as archive:
        for path, body in entries:
            archive.writestr(zipfile.ZipInfo(path), body, compression)
    return wheel.getvalue()


def test_a_signed_package_is_opened_and_found_where_it_is_unpacked(tmp_path: Path) -> None:
    package = packages.opened(WHEEL, SIGNATURE, [KEY])
    folder = package.unpack(tmp_path / "mci" / "stable")

    assert (package.manifest.ministry, package.manifest.version, package.key) == ("MCI", "1.2.0", KEY.id)
    assert [(source.name, source.target) for source in find(tmp_path / "mci")] == [("MCI", "diwan_rules_mci")]
    assert {str(path.relative_to(folder)) for path in folder.glob("diwan_rules*/*.csv")} == {
        "diwan_rules_tables/claim.csv"
    }
    assert not list(folder.parent.glob(".unpacking-*"))


def test_unpacking_again_leaves_nothing_of_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "mci").mkdir()
    (tmp_path / "mci" / "old.py").write_text("", encoding="utf-8")
    packages.unsigned(WHEEL).unpack(tmp_path / "mci")
    assert not (tmp_path / "mci" / "old.py").exists()


def test_the_same_files_make_the_same_bytes() -> None:
    assert a_wheel(dict(reversed(FILES.items()))) == WHEEL


def test_any_flipped_byte_of_the_package_is_refused() -> None:
    for place in range(len(WHEEL)):
        flipped = bytes([*WHEEL[:place], WHEEL[place] ^ 1, *WHEEL[place + 1 :]])
        assert refused(flipped, SIGNATURE).code == "package_altered"


def test_any_flipped_bit_of_the_signature_is_refused() -> None:
    for place in range(len(SIGNATURE)):
        for bit in range(8):
            flipped = bytes([*SIGNATURE[:place], SIGNATURE[place] ^ 1 << bit, *SIGNATURE[place + 1 :]])
            error = refused(WHEEL, flipped)
            assert error.code in {"signature_unreadable", "signature_wrong", "signature_key_unknown"}
            assert "sign" in error.message_en or "key" in error.message_en


def test_an_unsigned_package_is_refused_and_told_how_to_sign() -> None:
    error = refused(WHEEL)
    assert error.code == "package_unsigned"
    assert all("diwan-rules sign" in message for message in (error.message_ar, error.message_fr, error.message_en))


def test_a_stranger_s_signature_is_refused_with_the_keys_that_are_known() -> None:
    stranger = PublicKey.read(signatures.new_key()[1])
    error = refused(WHEEL, SIGNATURE, (stranger,))
    assert error.code == "signature_key_unknown"
    assert KEY.id in error.message_en
    assert stranger.id in error.message_en


def test_a_signature_of_another_package_does_not_fit() -> None:
    other = a_wheel(version="1.3.0")
    assert refused(other, SIGNATURE).code == "package_altered"


def test_a_signature_that_names_another_manifest_does_not_fit() -> None:
    assert refused(WHEEL, signature_of(WHEEL, a_manifest(version="9.0"))).code == "package_altered"


@pytest.mark.parametrize(
    ("wheel", "code", "says"),
    [
        (b"not a zip", "package_no_zip", "BadZipFile"),
        (rezipped(("rules.py", b"")), "package_no_manifest", "has 0"),
        (
            rezipped(("x-1.dist-info/diwan.json", b"{}")),
            "package_manifest_wrong",
            "'name' of the manifest is not valid: Field required",
        ),
        (rezipped(("x-1.dist-info/diwan.json", b'{"format": 2}')), "kit_unfit", "need diwan-rules"),
        (rezipped(("../rules.py", b"")), "package_file_unexpected", "../rules.py"),
        (rezipped(("/etc/rules.py", b"")), "package_file_unexpected", "/etc/rules.py"),
        (rezipped(("a/../../rules.py", b"")), "package_file_unexpected", "a/../../rules.py"),
        (rezipped(("a\\rules.py", b"")), "package_file_unexpected", "rules.py"),
        (rezipped((".hidden.py", b"")), "package_file_unexpected", ".hidden.py"),
        (rezipped(("fast.so", b"")), "package_file_unexpected", "fast.so"),
        (rezipped(("start.pth", b"")), "package_file_unexpected", "start.pth"),
        (rezipped(("a.py", b""), ("A.py", b"")), "package_entry_odd", "'a.py' is in the package twice"),
        (rezipped(("a.py", b"x" * 9999), compression=zipfile.ZIP_DEFLATED), "package_entry_odd", "compressed"),
        (rezipped(*((f"a{n}.py", b"") for n in range(2001))), "package_too_large", "2001 files"),
        (b"0" * (wheels.LARGEST + 1), "package_too_large", "at most"),
        (a_wheel(FILES | {"json.py": b""}), "package_hides", "'json'"),
        (a_wheel(FILES | {"diwan_rules/__init__.py": b""}), "package_hides", "'diwan_rules'"),
        (a_wheel(kit=">=7.0,<8"), "kit_unfit", "need diwan-rules >=7.0,<8, here it is 1.1.0"),
        (a_wheel(kit=">=1.0<<2"), "kit_range_unreadable", ">=1.0<<2"),
        (a_wheel(plugins={"MCI": "a", "MJ": "b"}), "package_plugins_foreign", "not all of the ministry MCI"),
        (a_wheel(plugins={}), "package_plugins_foreign", "not all of the ministry MCI"),
        (wheels.written(a_manifest(), FILES | {"more.py": b""}), "package_files_differ", "not as its manifest says"),
    ],
)
def test_what_is_no_package_is_refused_whoever_vouches_for_it(wheel: bytes, code: str, says: str) -> None:
    error = refused_unsigned(wheel)
    assert error.code == code
    assert says in error.message_en
    assert len({error.message_ar, error.message_fr, error.message_en}) == 3


def test_installers_are_told_nothing_that_the_manifest_does_not_say() -> None:
    told = wheels.beside(a_manifest(), FILES)
    entries = {**FILES, **told, "diwan_rules_mci-1.2.0.dist-info/entry_points.txt": b"[diwan.rules]\nMJ = os\n"}
    assert "not as its manifest says" in refused_unsigned(rezipped(*entries.items())).message_en


def test_a_signed_package_for_a_newer_kit_is_refused_with_both_versions() -> None:
    wheel = a_wheel(kit=">=7.0,<8")
    error = refused(wheel, signature_of(wheel, a_manifest(kit=">=7.0,<8")))
    assert "need diwan-rules >=7.0,<8, here it is 1.1.0" in error.message_en


@given(st.integers(0, len(WHEEL) - 1), st.integers(0, 255), st.integers(0, 20))
def test_whatever_bytes_come_unsigned_they_are_opened_or_refused(place: int, byte: int, cut: int) -> None:
    mangled = bytes([*WHEEL[:place], byte, *WHEEL[place + 1 : len(WHEEL) - cut]])
    with contextlib.suppress(NotLoaded):
        assert packages.unsigned(mangled).files == FILES


def a_package(files: dict[str, bytes] = FILES, /, **facts: object) -> Package:
    return packages.unsigned(a_wheel(files, **facts))


def clash(new: Package, *loaded: Package) -> list[str]:
    with pytest.raises(NotLoaded) as raised:
        packages.fit(new, loaded)
    return [error.code for error in raised.value.errors]


def test_two_packages_that_share_nothing_stand_side_by_side() -> None:
    prisons = {"diwan_rules_prisons.py": b""}
    packages.fit(a_package(), [a_package(prisons, name="other", plugins={"MCI.prisons": "diwan_rules_prisons"})])


def test_two_packages_with_one_plugin_s_name_or_one_module_clash() -> None:
    other = a_package(name="other")
    assert clash(a_package(), other) == ["package_name_taken", "package_module_taken", "package_module_taken"]
    stranger = a_package(name="other", ministry="MJ", plugins={"MJ": "diwan_rules_mci"})
    packages.fit(a_package(), [stranger])


def test_a_second_version_does_not_replace_a_loaded_one_by_itself() -> None:
    assert clash(a_package(version="1.3.0"), a_package()) == ["package_version_loaded"]


def test_a_version_is_used_once() -> None:
    changed = replace(a_package(), sha512="0" * 128)
    assert clash(changed, a_package()) == ["package_version_reused"]


def test_a_file_that_is_no_key_is_no_key() -> None:
    for pem in (b"", b"-----BEGIN PUBLIC KEY-----\n", PRIVATE):
        with pytest.raises(KeyUnreadable):
            PublicKey.read(pem)
    with pytest.raises(KeyUnreadable):
        signatures.sign(WHEEL, b"", PUBLIC)


@pytest.mark.parametrize(
    ("wanted", "fitting", "unfit"),
    [
        (">=1.0,<2", ("1.0", "1.0.0", "1.9.9rc1"), ("0.9", "2", "2.0.0", "10.0")),
        ("~=1.2", ("1.2", "1.9"), ("1.1", "2.0")),
        ("==1.2, !=1.3", ("1.2.0",), ("1.2.1", "1.3")),
        (">1.2,<=1.10", ("1.3", "1.10.0"), ("1.2", "1.11")),
        ("", ("0.1",), ()),
    ],
)
def test_a_range_of_versions_allows_what_lies_in_it(
    wanted: str, fitting: tuple[str, ...], unfit: tuple[str, ...]
) -> None:
    assert all(allows(wanted, version) for version in fitting)
    assert not any(allows(wanted, version) for version in unfit)


@pytest.mark.parametrize(("wanted", "version"), [("1.0", "1.0"), (">=one", "1.0"), (">=1.0", "new")])
def test_what_is_no_range_or_version_is_told(wanted: str, version: str) -> None:
    with pytest.raises(RangeUnreadable):
        allows(wanted, version)


def test_every_refusal_of_a_package_says_the_same_facts_in_three_languages() -> None:
    for said in SAYINGS.values():
        facts = [{name for _, name, _, _ in Formatter().parse(each) if name} for each in said]
        assert len(said) == 3
        assert facts[0] == facts[1] == facts[2]


def test_the_kit_itself_needs_nothing_that_only_authors_have() -> None:
    said = "import sys, diwan_rules.packages, diwan_rules.records, diwan_rules.host.supervisor, diwan_rules.host.zygote"
    heavy = "{'typer', 'rich', 'cryptography', 'yaml', 'pytest'}"
    subprocess.run([sys.executable, "-c", f"{said}; assert not {heavy} & sys.modules.keys()"], check=True)
