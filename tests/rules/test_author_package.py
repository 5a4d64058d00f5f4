"""What `pack` makes is the same on every machine, loads where it is unpacked, and is trusted only as it was signed."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from diwan_rules import packages
from diwan_rules.author import keys, packing, scaffold, testing
from diwan_rules.author.language import Mistake
from diwan_rules.author.trial import Trial
from diwan_rules.load_errors import NotLoaded

from tests.rules.builders import a_plugin

Said = Callable[[], str]
EXAMPLES = Path(__file__).parents[2] / "plugins"
PROJECT = """
[project]
name = "Diwan_Rules.MSAN"
version = "{version}"
dependencies = {dependencies}
[project.entry-points."diwan.rules"]
MSAN = "rules"
"""


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command said, on one line."""
    return lambda: " ".join("".join(capsys.readouterr()).split())


def packed(folder: Path, into: Path) -> Path:
    assert packing.pack(folder, into) == 0
    (wheel,) = into.glob("*.whl")
    return wheel


def a_project(folder: Path, *, version: str = "1.2.0", dependencies: str = '["diwan-rules>=1.0, <2"]') -> Path:
    plugin = a_plugin(folder) / "msan"
    (plugin / "pyproject.toml").write_text(PROJECT.format(version=version, dependencies=dependencies), encoding="utf-8")
    return plugin


def test_the_same_rules_make_the_same_bytes_wherever_they_lie(tmp_path: Path) -> None:
    one, other = a_project(tmp_path / "one"), a_project(tmp_path / "some" / "where")
    (other / "__pycache__").mkdir()
    (other / "__pycache__" / "rules.pyc").write_bytes(b"x")
    first, second = packed(one, tmp_path / "a"), packed(other, tmp_path / "b")
    assert first.name == second.name == "diwan_rules_msan-1.2.0-py3-none-any.whl"
    assert first.read_bytes() == second.read_bytes()


def test_a_package_holds_what_rules_import_and_no_tests(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "lists").mkdir(), (folder / "tests").mkdir(), (folder / "notes").mkdir()
    for name in ("words.py", "lists/__init__.py", "lists/places.csv", "test_rules.py", "conftest.py", "setup.py"):
        (folder / name).write_text("", encoding="utf-8")
    for name in ("tests/test_more.py", "notes/idea.py", "cases.yaml", "README.md"):
        (folder / name).write_text("", encoding="utf-8")
    package = packages.unsigned(packed(folder, tmp_path / "dist").read_bytes())

    assert list(package.manifest.files) == ["lists/__init__.py", "lists/places.csv", "rules.py", "words.py"]
    assert (package.manifest.name, package.manifest.kit) == ("diwan-rules-msan", ">=1.0,<2")


@pytest.mark.parametrize("table", [False, True])
def test_what_was_packed_answers_where_it_is_unpacked_as_where_it_was_written(tmp_path: Path, table: bool) -> None:
    folder = tmp_path / "mci"
    scaffold.new("MCI", folder, table=table)
    wheel = packed(folder, tmp_path / "dist")
    installed = packages.unsigned(wheel.read_bytes()).unpack(tmp_path / "installed")
    (cases,) = folder.glob("cases.*")

    assert testing.run(installed, [cases]) == 0
    with Trial(installed) as trial:
        assert trial.only().described["version"] == "0.1.0"


def test_a_package_is_asked_as_it_is_and_answers_as_its_installation(tmp_path: Path) -> None:
    wheel = packed(a_project(tmp_path), tmp_path / "dist")
    installed = packages.unsigned(wheel.read_bytes()).unpack(tmp_path / "installed")
    with Trial(wheel) as one, Trial(installed) as other:
        assert one.only().digest == other.only().digest
    with pytest.raises(NotLoaded, match="is no package"), Trial(tmp_path / "msan" / "rules.py"):
        pass


def test_every_worked_example_can_be_packed() -> None:
    with Trial(EXAMPLES) as trial:
        made = {ministry.code: packages.unsigned(packing.made(ministry)[0]) for ministry in trial.ministries}
    assert len(made) >= 10
    assert all(package.manifest.ministry == code for code, package in made.items())
    assert "diwan_rules_mci/units.csv" in made["MCI"].files


def test_a_plain_folder_can_be_packed(tmp_path: Path) -> None:
    package = packages.unsigned(packed(a_plugin(tmp_path / "rules") / "msan", tmp_path / "dist").read_bytes())
    assert (package.manifest.stem, package.manifest.plugins) == ("diwan_rules_msan-1.2.0", {"MSAN": "rules"})


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"version": "1.3.0"}, "in pyproject.toml is 1.3.0, in plugin_info 1.2.0"),
        ({"dependencies": '["diwan-rules", "requests>=2"]'}, "cannot need: requests>=2. Copy what you need"),
    ],
)
def test_a_project_that_cannot_run_as_it_says_is_not_packed(tmp_path: Path, facts: dict[str, str], says: str) -> None:
    with pytest.raises(Mistake, match=says):
        packing.pack(a_project(tmp_path, **facts), tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_rules_that_do_not_load_or_lie_apart_are_not_packed(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="do not load"):
        packing.pack(a_plugin(tmp_path / "wrong", "@hookimpl\ndef clam(case): ...") / "msan", tmp_path / "dist")
    for part in ("courts", "prisons"):
        scaffold.new(f"MJ.{part}", tmp_path / "mj" / part, table=True)
    with pytest.raises(Mistake, match="in several folders"):
        packing.pack(tmp_path / "mj", tmp_path / "dist")


def test_a_file_of_another_kind_among_the_modules_is_refused(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "fast").mkdir()
    (folder / "fast" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "fast" / "fast.so").write_bytes(b"\x7fELF")
    with pytest.raises(NotLoaded, match=r"fast/fast\.so"):
        packing.pack(folder, tmp_path / "dist")


def test_a_key_signs_and_its_public_half_verifies(tmp_path: Path, said: Said) -> None:
    wheel = packed(a_project(tmp_path), tmp_path / "dist")
    assert keys.keygen(tmp_path / "me") == 0
    assert "secret: never send it" in said()
    assert stat.S_IMODE((tmp_path / "me.key").stat().st_mode) == 0o600
    assert keys.sign(wheel, tmp_path / "me.key") == 0
    assert keys.verify(wheel, tmp_path / "me.pub") == 0
    assert "diwan_rules_msan-1.2.0: MSAN, for the kit >=1.0,<2, signed by" in said()


def test_an_altered_or_unsigned_package_is_not_verified(tmp_path: Path) -> None:
    wheel = packed(a_project(tmp_path), tmp_path / "dist")
    keys.keygen(tmp_path / "me"), keys.keygen(tmp_path / "other")
    with pytest.raises(NotLoaded, match="is not signed"):
        keys.verify(wheel, tmp_path / "me.pub")
    keys.sign(wheel, tmp_path / "me.key")
    with pytest.raises(NotLoaded, match="Ask the operator to add your public key"):
        keys.verify(wheel, tmp_path / "other.pub")
    body = bytearray(wheel.read_bytes())
    body[100] ^= 1
    wheel.write_bytes(body)
    with pytest.raises(NotLoaded, match="not the package that was signed"):
        keys.verify(wheel, tmp_path / "me.pub")


def test_keys_are_never_replaced_or_taken_for_one_another(tmp_path: Path) -> None:
    wheel = packed(a_project(tmp_path), tmp_path / "dist")
    keys.keygen(tmp_path / "me")
    with pytest.raises(Mistake, match="exists and is not replaced"):
        keys.keygen(tmp_path / "me")
    with pytest.raises(Mistake, match=r"\.key signs"):
        keys.sign(wheel, tmp_path / "me.pub")
    with pytest.raises(Mistake, match=r"\.pub verifies"):
        keys.verify(wheel, tmp_path / "me.key")
    with pytest.raises(Mistake, match="There is no file"):
        keys.sign(wheel, tmp_path / "nowhere.key")
