"""What the demo files: our own samples, which must fit the reference data, and files of others."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.demo.texts import CHANNELS, OWN, NoTexts, read

REFERENCE = Path(__file__).parents[2] / "services" / "directory" / "reference"


def column(file: str, name: str) -> set[str]:
    """Read one column of a reference table."""
    with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
        return {row[name] for row in csv.DictReader(lines)}


def test_our_samples_are_many_and_in_four_languages() -> None:
    with OWN.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 120
    assert len({row["text"] for row in rows}) == len(rows)
    assert min(Counter(row["language"] for row in rows).values()) >= 20
    assert {row["language"] for row in rows} == {"ar", "dz", "fr", "arabizi"}


def test_our_samples_fit_the_reference_data() -> None:
    samples = read()
    assert {each.topic for each in samples} - {""} <= column("topics.csv", "topic_code")
    assert {each.ministry for each in samples} - {""} <= column("ministries.csv", "body_id")
    assert {each.commune for each in samples} <= column("territories.csv", "territory_id")
    assert {each.channel for each in samples} == set(CHANNELS)


def test_any_file_with_a_column_of_texts_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("id,النص,ministry_dz\n1,الماء مقطوع,MH\n2, ,MH\n3,L'eau est coupée,\n", encoding="utf-8-sig")
    first, second = read(path)
    assert (first.text, first.ministry, second.ministry) == ("الماء مقطوع", "mh", "")
    assert [each.text for each in read(path, column="id", at_most=2)] == ["1", "2"]


def test_a_file_without_such_a_column_says_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(NoTexts, match=r"--column; there are a, b"):
        read(path)
    with pytest.raises(NoTexts, match="has no column c"):
        read(path, column="c")
