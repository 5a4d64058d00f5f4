"""A plugin is checked before it is asked, and every mistake is told in three languages with its place."""

from pathlib import Path

import diwan_rules
import pytest
from diwan_rules.load_errors import _SAYINGS, LoadError, NotLoaded
from diwan_rules.loader import load
from diwan_rules.sources import digest, find

from tests.rules.builders import INFO, a_plugin


def mistakes(folder: Path) -> list[LoadError]:
    with pytest.raises(NotLoaded) as raised:
        load(find(folder)[0])
    return raised.value.errors


def test_a_plain_folder_is_a_plugin(tmp_path: Path) -> None:
    plugin = load(find(a_plugin(tmp_path, "@hookimpl\ndef claim(case):\n    return None"))[0])

    assert (plugin.name, plugin.info.version) == ("MSAN", "1.2.0")
    assert set(plugin.hooks) == {"plugin_info", "claim"}
    assert plugin.hooks["claim"].parameters == ("case",)


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ("@hookimpl\ndef clam(case): ...", "hook_unknown", "Did you mean 'claim'?"),
        ("@hookimpl\ndef zzz(case): ...", "hook_unknown", "The hooks are: plugin_info, categories, letter_"),
        ("@hookimpl\ndef claim(complaint): ...", "parameter_unknown", "It offers: case, ctx"),
        ("@hookimpl\ndef claim(case, ctx=None): ...", "parameter_default", "has a default"),
        ("@hookimpl\ndef claim(*args): ...", "parameter_star", "*args"),
        ("@hookimpl\ndef claim(**kwargs): ...", "parameter_star", "*kwargs"),
        ("@hookimpl\nasync def claim(case): ...", "hook_async", "plain function"),
        ("@hookimpl\ndef claim(case):\n    yield", "hook_async", "plain function"),
        ("def claim(case): ...", "hook_unmarked", "@hookimpl"),
        (
            "@hookimpl\ndef claim(case) -> int: ...",
            "annotation_wrong",
            "answers int; it must answer Claim | Decline | None",
        ),
        ("@hookimpl\ndef claim(case) -> Claim | str: ...", "annotation_wrong", "answers Claim | str"),
        ("@hookimpl\ndef claim(case) -> list[Claim]: ...", "annotation_wrong", "answers list[Claim]"),
        (
            "@hookimpl\ndef validate(case) -> Finding: ...",
            "annotation_wrong",
            "answers Finding; it must answer list[Finding]",
        ),
        ("@hookimpl\ndef documents() -> None: ...", "annotation_wrong", "must answer list[DocumentDefinition]"),
        ("@hookimpl\ndef case_event(event) -> bool: ...", "annotation_wrong", "must answer None"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, body: str, code: str, says: str) -> None:
    (error,) = mistakes(a_plugin(tmp_path, body))

    assert error.code == code
    assert says in error.message_en
    assert (error.file, error.line) == ("rules.py", 12)
    assert error.message_ar != error.message_fr != error.message_en


@pytest.mark.parametrize(
    "body",
    [
        "@hookimpl\ndef claim(case) -> Claim: ...",
        "@hookimpl\ndef claim(case) -> 'Claim | Decline | None': ...",
        "from typing import Optional\n@hookimpl\ndef claim(case) -> Optional[Decline]: ...",
        "from typing import Any\n@hookimpl\ndef claim(case) -> Any: ...",
        "@hookimpl\ndef claim(case) -> 'NameOfATypeChecker': ...",
        "@hookimpl\ndef validate(case) -> list[Finding] | None: ...",
        "@hookimpl\ndef validate(case) -> tuple[Finding, ...]: ...",
        "@hookimpl\ndef validate(case) -> list: ...",
        "@hookimpl\ndef case_event(event) -> None: ...",
    ],
)
def test_an_annotation_that_says_the_truth_is_no_mistake(tmp_path: Path, body: str) -> None:
    assert load(find(a_plugin(tmp_path, body))[0]).name == "MSAN"


@pytest.mark.parametrize(
    ("wanted", "code", "says"),
    [
        (">=1.2,<2", "kit_unfit", f"need diwan-rules >=1.2,<2, here it is {diwan_rules.__version__}"),
        ("[author] (<1)", "kit_unfit", "need diwan-rules <1,"),
        (">=one", "kit_range_unreadable", ">=one"),
    ],
)
def test_rules_for_another_kit_are_told_both_numbers_and_the_line(
    tmp_path: Path, wanted: str, code: str, says: str
) -> None:
    project(tmp_path / "source", name="MJ", needs=f"diwan-rules{wanted}")
    (error,) = mistakes(tmp_path / "source")
    assert (error.code, error.file, error.line) == (code, "pyproject.toml", 3)
    assert says in error.message_en


def test_an_installed_wheel_for_another_kit_is_told_too(tmp_path: Path) -> None:
    wheel = tmp_path / "diwan_rules_y-1.0.dist-info"
    wheel.mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: diwan-rules-y\nVersion: 1.0\nRequires-Dist: Diwan_Rules >=7.0\n"
    (wheel / "METADATA").write_text(metadata, encoding="utf-8")
    (wheel / "entry_points.txt").write_text("[diwan.rules]\nMEN = diwan_rules_y\n", encoding="utf-8")
    (error,) = mistakes(tmp_path)
    assert (error.code, error.file) == ("kit_unfit", "METADATA")
    assert "need diwan-rules >=7.0, here" in error.message_en


@pytest.mark.parametrize(
    ("info", "code", "says"),
    [
        ("", "info_missing", "There is no plugin_info"),
        ("@hookimpl\ndef plugin_info(): return 5", "declared_wrong", "plugin_info must answer PluginInfo, not int"),
        ("@hookimpl\ndef plugin_info(): return 1 / 0", "declared_failed", "ZeroDivisionError"),
        (INFO.replace("%s", "MEN"), "ministry_differs", "names the ministry MEN, but the name is MSAN"),
        ("import nowhere", "import_failed", "No module named 'nowhere'"),
        ("raise SystemExit(3)", "import_failed", "SystemExit"),
        ("def (:", "import_failed", "SyntaxError"),
        ("X = Claim(score=3000, because=WHY)", "import_failed", "less than or equal to 1000"),
    ],
)
def test_a_plugin_must_say_who_it_is(tmp_path: Path, info: str, code: str, says: str) -> None:
    (error,) = mistakes(a_plugin(tmp_path, info=info))

    assert error.code == code
    assert says in error.message_en


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    body = "@hookimpl\ndef clam(case): ...\n@hookimpl\ndef deadline(case, stag): ..."
    assert {error.code for error in mistakes(a_plugin(tmp_path, body))} == {"hook_unknown", "parameter_unknown"}


def test_a_folder_named_otherwise_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "my-rules").mkdir()
    (tmp_path / "my-rules" / "rules.py").write_text("", encoding="utf-8")
    assert mistakes(tmp_path)[0].code == "name_invalid"


def test_an_unreadable_project_is_told(tmp_path: Path) -> None:
    (tmp_path / "msan").mkdir()
    (tmp_path / "msan" / "pyproject.toml").write_text("[project", encoding="utf-8")
    assert mistakes(tmp_path)[0].code == "project_unreadable"


def test_two_of_one_name_in_one_folder_are_refused(tmp_path: Path) -> None:
    a_plugin(tmp_path)
    project(tmp_path / "other", name="MSAN")
    assert mistakes(tmp_path)[0].code == "name_taken"


def project(folder: Path, *, name: str, needs: str = "diwan-rules>=1.0,<2") -> None:
    folder.mkdir()
    text = f'[project]\nname = "x"\ndependencies = ["{needs}"]\n'
    text += f'[project.entry-points."diwan.rules"]\n"{name}" = "diwan_rules_x"\n'
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    (folder / "diwan_rules_x.py").write_text("", encoding="utf-8")


def test_projects_and_wheels_name_their_plugins_by_entry_points(tmp_path: Path) -> None:
    project(tmp_path / "source", name="MJ.prisons")
    wheel = tmp_path / "wheel" / "diwan_rules_y-1.0.dist-info"
    wheel.mkdir(parents=True)
    (wheel / "METADATA").write_text("Metadata-Version: 2.1\nName: diwan-rules-y\nVersion: 1.0\n", encoding="utf-8")
    (wheel / "entry_points.txt").write_text("[diwan.rules]\nMEN = diwan_rules_y\n", encoding="utf-8")

    assert [(s.name, s.ministry, s.target) for s in find(tmp_path)] == [
        ("MEN", "MEN", "diwan_rules_y"),
        ("MJ.prisons", "MJ", "diwan_rules_x"),
    ]


def test_a_later_folder_replaces_an_earlier_ministry(tmp_path: Path) -> None:
    a_plugin(tmp_path / "examples"), a_plugin(tmp_path / "own")
    assert [source.folder for source in find(tmp_path / "examples", tmp_path / "own")] == [tmp_path / "own" / "msan"]


def test_the_digest_changes_with_the_rules_and_not_with_caches(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path) / "msan"
    before = digest(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "rules.pyc").write_bytes(b"x")
    assert digest(folder) == before
    a_plugin(tmp_path, "X = 1")
    assert digest(folder) != before


def test_every_mistake_is_said_in_three_languages() -> None:
    assert all(len(saying) == 3 and all(saying) for saying in _SAYINGS.values())
