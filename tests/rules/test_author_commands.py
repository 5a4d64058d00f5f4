"""Each command of an author says what it found and what to do next, in the language of the terminal."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest
from diwan_rules.answers import ANSWERS
from diwan_rules.author import benching, checking, docs, excel, language, mistakes, sayings, scaffold, serving, testing
from diwan_rules.author.cases import ASKED
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.reading import needed
from diwan_rules.records import Record
from diwan_rules.tables import sheets

from tests.rules.builders import a_plugin

CLAIM = "@hookimpl\ndef claim(case):\n    return Claim(score=640, because=WHY) if case.has('hospital') else None"
SLOW = "@hookimpl\ndef claim(case):\n    return None if sum(range(200000)) else None"
CONFIG = """
from pydantic import BaseModel
class Config(BaseModel):
    days: int = 3
@hookimpl
def plugin_info():
    name = Bilingual(ar="وزارة", fr="Ministère")
    return PluginInfo(ministry="MSAN", name=name, version="1.0", owner="dsi", terms=TERMS, config_model=Config)
"""
Said = Callable[[], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command said, on one line."""
    return lambda: " ".join("".join(capsys.readouterr()).split())


def test_new_rules_of_either_kind_pass_their_own_tests(tmp_path: Path, said: Said) -> None:
    for code, table in (("MCI", False), ("MJ.prisons", True)):
        folder = tmp_path / code
        assert scaffold.new(code, folder, table=table) == 0
        assert f"Next: diwan-rules test {folder}" in said().replace("\n", "")
        assert testing.run(folder, []) == 0
        assert "2 passed, 0 failed, 0 in error" in said()


def test_new_rules_replace_nothing_and_need_a_ministry_s_code(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    with pytest.raises(Mistake, match="is not empty"):
        scaffold.new("MCI", tmp_path, table=False)
    with pytest.raises(Mistake, match="no ministry's code"):
        scaffold.new("internal trade", tmp_path / "new", table=False)


def test_check_ends_with_1_and_tells_each_mistake_with_its_place(tmp_path: Path, said: Said) -> None:
    a_plugin(tmp_path, CLAIM), a_plugin(tmp_path, "@hookimpl\ndef clam(case): ...", ministry="MEN")
    assert checking.check(tmp_path) == 1
    told = said()
    assert "MSAN 1.2.0: loads and answers claim, plugin_info (kept apart by seccomp)" in told
    assert "MEN: rules.py:12: There is no hook named 'clam'. Did you mean 'claim'?" in told
    assert checking.check(tmp_path / "msan") == 0


def test_check_warns_of_rows_that_can_match_together(tmp_path: Path, said: Said) -> None:
    scaffold.new("MCI", tmp_path / "mci", table=True)
    with (tmp_path / "mci" / "claim.csv").open("a", encoding="utf-8") as rows:
        rows.write("again,غش,,700,سبب,Motif\n")
    assert checking.check(tmp_path / "mci") == 0
    assert "claim.csv:2" in said()


def test_a_folder_without_rules_is_told_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"put a rules\.py into a folder named by a ministry's code"):
        checking.check(tmp_path)
    with pytest.raises(Mistake, match="There is no folder"):
        checking.check(tmp_path / "nowhere")


CASES = """
- {name: ours, text: مستشفى, claim: {score: 600..700}}
- {name: theirs, text: مستشفى, claim: none}
- {name: nobody's, text: شكوى, clam: none}
"""


def test_test_ends_with_2_when_a_case_cannot_be_compared_and_writes_what_junit_reads(
    tmp_path: Path, said: Said
) -> None:
    folder = a_plugin(tmp_path, CLAIM) / "msan"
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    assert testing.run(folder, [], tmp_path / "junit.xml") == 2
    told = said()
    assert "FAILED: theirs (cases.yaml:2)" in told
    assert "ERROR in the case: nobody's (cases.yaml:3): 'clam' is neither a fact nor a hook" in told
    assert "1 passed, 1 failed, 1 in error" in told

    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "score=640" in str(failure.text)


def test_test_ends_with_1_when_rules_answer_otherwise(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, CLAIM) / "msan"
    (folder / "some.csv").write_text("text,claim\nمستشفى,none\n", encoding="utf-8")
    assert testing.run(folder, [folder / "some.csv"]) == 1


@pytest.mark.parametrize(
    ("folders", "says"),
    [
        ({"MSAN": CLAIM, "MEN": CLAIM}, "several ministries (MEN, MSAN)"),
        ({"MSAN": "@hookimpl\ndef clam(case): ..."}, "do not load"),
    ],
)
def test_cases_are_put_to_one_ministry_whose_rules_load(tmp_path: Path, folders: dict[str, str], says: str) -> None:
    for ministry, body in folders.items():
        a_plugin(tmp_path, body, ministry=ministry)
    (tmp_path / "cases.yaml").write_text("- {text: غش, claim: none}", encoding="utf-8")
    with pytest.raises(Mistake) as raised:
        testing.run(tmp_path, [])
    assert says in str(raised.value)
    with pytest.raises(Mistake, match="no cases"):
        testing.run(tmp_path / "msan", [])


def test_bench_holds_each_hook_to_its_budget(tmp_path: Path, said: Said) -> None:
    folder = a_plugin(tmp_path, CLAIM) / "msan"
    assert benching.bench(folder, 60, budget_ms=10_000) == 0
    assert "kept" in said()
    a_plugin(tmp_path, SLOW)
    assert benching.bench(folder, 5, budget_ms=0.001) == 1
    assert "Too slow: MSAN claim. Look for loops" in said()


def test_bench_does_not_measure_failures(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "@hookimpl\ndef claim(case): raise KeyError") / "msan"
    with pytest.raises(Mistake, match="'claim' failed and cannot be measured: KeyError"):
        benching.bench(folder, 1, budget_ms=5)


def test_every_hook_can_be_measured_with_what_it_is_asked_besides() -> None:
    assert {name for hook in ASKED for name in needed(hook)} == set(benching._BESIDES)
    assert ASKED.keys() < ANSWERS.keys()


def test_docs_show_hooks_rules_and_the_format_of_records(tmp_path: Path, said: Said) -> None:
    assert docs.docs(None) == 0
    assert "Is this complaint yours?" in said()
    assert docs.docs(a_plugin(tmp_path, info=CONFIG)) == 0
    told = said()
    assert "MSAN 1.0: وزارة / Ministère (dsi)" in told
    assert "terms hospital: مستشفى، hôpit*" in told
    assert '"default": 3' in told
    assert docs.docs(None, records=True) == 0
    assert json.loads(said()) == Record.model_json_schema()


def test_serve_asks_again_after_a_change_and_survives_mistakes(tmp_path: Path, said: Said) -> None:
    folder = a_plugin(tmp_path, CLAIM)

    def change() -> None:
        for body in ("def (:", CLAIM.replace("640", "650")):
            time.sleep(2)
            a_plugin(tmp_path, body)

    author = threading.Thread(target=change)
    author.start()
    assert serving.serve(folder, "مستشفى", times=3) == 0
    author.join()
    told = said()
    assert told.index("claims it with 640") < told.index("not loaded") < told.index("claims it with 650")


def test_tables_go_to_excel_and_come_back_as_they_were(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scaffold.new("MCI", tmp_path / "mci", table=True)
    before = sheets.in_folder(tmp_path / "mci", "MCI")
    assert excel.to_excel(tmp_path / "mci", None) == 0
    with pytest.raises(Mistake, match="is not replaced"):
        excel.to_excel(tmp_path / "mci", None)
    assert excel.from_excel(Path("mci.xlsx"), tmp_path / "mci") == 0
    assert "Next: diwan-rules check" in said()
    after = sheets.in_folder(tmp_path / "mci", "MCI")
    assert [[cells for _, cells in each.rows] for each in after] == [
        [cells for _, cells in each.rows] for each in before
    ]
    assert checking.check(tmp_path / "mci") == 0


@pytest.mark.parametrize(
    ("spoken", "says"), [("ar_DZ.UTF-8", "لا يوجد ملف x"), ("fr_FR", "n'existe pas"), ("de_DE", "There is no file x")]
)
def test_the_terminal_s_language_is_spoken(monkeypatch: pytest.MonkeyPatch, spoken: str, says: str) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", spoken)
    assert says in say("file_missing", file="x")


def test_everything_is_said_in_three_languages_with_the_same_facts() -> None:
    for said in sayings.SAYINGS.values():
        facts = [{name for _, name, _, _ in Formatter().parse(each) if name} for each in said]
        assert len(said) == 3
        assert all(said)
        assert facts[0] == facts[1] == facts[2]


def test_every_saying_is_said_somewhere() -> None:
    folder = Path(language.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if "ings.py" not in path.name)
    sources = sources.replace(Path(mistakes.__file__).read_text(encoding="utf-8"), "")
    assert not [code for code in sayings.SAYINGS if f'"{code}"' not in sources]
