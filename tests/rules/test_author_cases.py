"""Cases are read from YAML and CSV; what cannot be asked is told with the remedy and never passes."""

import contextlib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from diwan_rules import Channel, Reply, Stage
from diwan_rules.author import cases
from diwan_rules.author.cases import ASKED, Expected, Scenario
from diwan_rules.author.language import Mistake
from diwan_rules.author.reading import BESIDES, FACTS
from hypothesis import given, settings
from hypothesis import strategies as st


def read(folder: Path, text: str, name: str = "cases.yaml") -> list[Scenario]:
    (folder / name).write_text(text, encoding="utf-8")
    return cases.read(folder / name)


def mistake_in(folder: Path, row: str) -> str:
    (scenario,) = read(folder, f"- {{text: غش, {row}}}")
    return scenario.mistake


def test_a_case_has_facts_and_expectations(tmp_path: Path) -> None:
    (scenario,) = read(
        tmp_path,
        """
        units:
          - {body_id: dcp-alger, kind: DCP, name_ar: م, name_fr: D, wilaya_id: wilaya-alger}
        cases:
          - name: fraud
            text: غش
            wilaya_id: 16
            channel: register
            received_on: 2026-10-30
            declined_by: [MJ]
            stage: final_answer
            claim: {score: 700.., rule: fraud}
            deadline: none
        """,
    )
    assert (scenario.name, scenario.place, scenario.mistake) == ("fraud", "cases.yaml:1", "")
    assert (scenario.case.wilaya_id, scenario.case.channel) == ("16", Channel.REGISTER)
    assert (scenario.case.received_on, scenario.case.declined_by) == (date(2026, 10, 30), ("MJ",))
    assert scenario.units[0].body_id == "dcp-alger"
    assert scenario.besides == {"stage": Stage.FINAL_ANSWER}
    assert scenario.expected == (
        Expected(hook="claim", field="score", value="700.."),
        Expected(hook="claim", field="rule", value="fraud"),
        Expected(hook="deadline", field="", value="none"),
    )


def test_a_sheet_says_the_same_in_columns(tmp_path: Path) -> None:
    head = "name,text,declined_by,reply.text,claim,claim.score,review_reply\n"
    scenarios = read(
        tmp_path, f"{head}fraud,غش,MJ|MEN,تم,claim,700..900,none\n,,,,,,\nquiet,شكوى,,,none,,\n", "cases.csv"
    )

    assert [each.place for each in scenarios] == ["cases.csv:2", "cases.csv:4"]
    assert scenarios[0].case.declined_by == ("MJ", "MEN")
    assert scenarios[0].besides == {"reply": Reply(text="تم")}
    assert [(each.hook, each.field, each.value) for each in scenarios[0].expected] == [
        ("claim", "", "claim"),
        ("claim", "score", "700..900"),
        ("review_reply", "", "none"),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("clam: none", "neither a fact nor a hook. The nearest: claim"),
        ("wilaya: 16, claim: none", "The nearest: wilaya_id"),
        ("plugin_info: none", "neither a fact nor a hook"),
        ("claim: {scor: 700}", "has no 'scor'. It has: basis, because, category"),
        ("claim: yes_please", "cannot answer 'yes_please'. Possible: claim, decline, none"),
        ("deadline: none", "is asked with 'stage'"),
        ("stage: never, deadline: none", "not valid"),
        ("channel: pigeon, claim: none", "'channel' is not valid"),
        ("wilaya_id: 16", "expects nothing"),
    ],
)
def test_a_case_that_cannot_be_asked_says_what_to_change(tmp_path: Path, row: str, says: str) -> None:
    assert says in mistake_in(tmp_path, row)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is no case"),
        ("cases: 5", "cannot be read"),
        ("case: []", "cannot be read"),
        ("- {text: [", "cannot be read"),
        ("- just a text", "cannot be read"),
        ("- text: غش\n  claim: {rule: a}\n  claim: none", "claim is there twice, line 3"),
        ("units: [{body_id: x}]\ncases: []", "kind"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Mistake, match=says):
        read(tmp_path, text)


def test_a_sheet_of_excel_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes('text;claim\r\n"غش، غش;\nثم";none\r\n'.encode("utf-8-sig"))
    (scenario,) = cases.read(tmp_path / "cases.csv")
    assert (scenario.case.text, scenario.mistake) == ("غش، غش;\nثم", "")


@pytest.mark.parametrize("body", [b"text,claim\n\xff,none\n", b'text,claim\n"open,none\n'])
def test_a_sheet_that_is_no_text_is_told(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "cases.csv").write_bytes(body)
    with pytest.raises(Mistake, match="cannot be read"):
        cases.read(tmp_path / "cases.csv")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates() | st.text(max_size=8)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))
KEYS = st.sampled_from(["name", "text", *FACTS, *BESIDES, *ASKED, "claim.score", "reply.text"]) | st.text(max_size=8)


@settings(max_examples=40)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=5), min_size=1, max_size=2))
def test_whatever_a_case_says_it_is_read_or_told(rows: list[dict[str, object]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.yaml"
        path.write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")
        with contextlib.suppress(Mistake):
            assert all(each.mistake or each.expected for each in cases.read(path))


def test_cells_without_a_heading_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="Line 2 has more cells"):
        read(tmp_path, "text,claim\nغش, ثم غش,claim\n", "cases.csv")
