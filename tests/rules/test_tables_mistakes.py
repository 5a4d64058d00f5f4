"""A mistake in a table is told to its clerk in three languages, with the file, the line and what to write instead."""

from pathlib import Path

import pytest
from diwan_rules.tables.plugin import warnings

from tests.rules.table_builders import CLAIM, SETTINGS, a_table_plugin, loaded, mistakes, with_policy

HEAD = "id;any_of;none_of;wilaya;commune;channel;addressed;topic;basis;legal_reference;score;why_ar;why_fr"


def a_row(**cells: str) -> str:
    """Return one line of a claim table: a good one but for these cells."""
    good = {"any_of": "غلاء", "score": "500", "why_ar": "لأن", "why_fr": "Car"}
    return ";".join({**good, **cells}.get(column, "") for column in HEAD.split(";"))


def claims(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


@pytest.mark.parametrize(
    ("cells", "code", "says"),
    [
        ({"score": "5.5"}, "number_invalid", "'5.5' in the column score is no whole number from -1000 to 1000"),
        ({"score": "1001"}, "number_invalid", "1000"),
        ({"score": "1_0"}, "number_invalid", "1_0"),
        ({"score": "-5"}, "score_negative", "COLLECT"),
        ({"score": ""}, "cell_empty", "score (النقاط, points)"),
        ({"why_ar": " "}, "cell_empty", "why_ar"),
        ({"why_fr": "x" * 701}, "text_long", "700"),
        ({"wilaya": "Oran"}, "wilaya_invalid", "16, or its id such as wilaya-alger"),
        ({"wilaya": "116"}, "wilaya_invalid", "'116' is no wilaya"),
        ({"wilaya": "16|0"}, "wilaya_invalid", "'0' is no wilaya"),
        ({"commune": "alger centre"}, "commune_invalid", "1601"),
        ({"channel": "fax"}, "word_unknown", "Write one of: السجل / registre / register"),
        ({"addressed": "peut-être"}, "word_unknown", "oui"),
        ({"topic": "السكن"}, "code_invalid", "housing.social"),
        ({"any_of": "غلاء|x"}, "term_invalid", "The term 'x'"),
        ({"any_of": "مست*شفى"}, "term_invalid", "* only at the end"),
        ({"basis": "légal"}, "reference_missing", "legal_reference"),
        ({"any_of": ""}, "row_of_everything", "Set a condition"),
        ({"any_of": "périmés|périmée", "none_of": "périmé*"}, "row_never", "asks for what it excludes"),
        ({"addressed": "لا", "basis": "موجه"}, "row_never", "asks for what it excludes"),
        ({"score": "0"}, "row_below_minimum", "under the minimum 1"),
    ],
)
def test_a_wrong_cell_is_told_with_its_line(tmp_path: Path, cells: dict[str, str], code: str, says: str) -> None:
    rows = claims(a_row(any_of="سوق"), a_row(**cells))
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", claim=rows))

    assert (error.code, error.file, error.line) == (code, "claim.csv", 3)
    assert says in error.message_en
    assert len({error.message_ar, error.message_fr, error.message_en}) == 3


@pytest.mark.parametrize(
    ("heading", "code", "says"),
    [
        ("any_off;score;why_ar;why_fr", "column_unknown", "Did you mean 'any_of'? The columns are: id (المعرف, identifiant)"),
        ("النقط;السبب بالعربية;السبب بالفرنسية", "column_unknown", "Did you mean 'النقاط'?"),
        ("any_of;why_ar;why_fr", "column_missing", "score (النقاط, points)"),
        ("any_of;أحد الألفاظ;score;why_ar;why_fr", "column_twice", "Make them one"),
    ],
)  # fmt: skip
def test_a_wrong_heading_is_told_with_the_columns(tmp_path: Path, heading: str, code: str, says: str) -> None:
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", claim=f"{heading}\nx;1;y;z\n"))

    assert (error.code, error.line) == (code, 1)
    assert says in error.message_en


def test_a_cell_without_a_heading_is_not_passed_over(tmp_path: Path) -> None:
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", claim=f"{CLAIM}سوق;400;لأن;Car;encore\n"))
    assert (error.code, error.line) == ("cell_surplus", 3)
    assert "'encore'" in error.message_en


def test_one_id_stands_for_one_row(tmp_path: Path) -> None:
    rows = claims(a_row(id="p", any_of="سوق"), a_row(id="q"), a_row(id="p", any_of="prix"))
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", claim=rows))
    assert (error.code, error.line) == ("id_twice", 4)
    assert "already on line 2" in error.message_en


def test_all_mistakes_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    units = "unit;why_ar;why_fr\nDcp;لأن;Car\n"
    deadlines = "stage;deadline;why_ar;why_fr\nbientôt;500;لأن;Car\n"
    documents = "document;why_ar;why_fr\nreceipt;لأن;Car\nÉtat;لأن;Car\n"
    folder = a_table_plugin(tmp_path / "mci", claim=CLAIM, units=units, deadlines=deadlines, documents=documents)

    told = {(error.code, error.file, error.line) for error in mistakes(folder)}

    assert told == {
        ("unit_invalid", "units.csv", 2),
        ("word_unknown", "deadlines.csv", 2),
        ("number_invalid", "deadlines.csv", 2),
        ("document_invalid", "documents.csv", 3),
        ("document_undescribed", "documents.csv", 2),
    }


@pytest.mark.parametrize(
    ("change", "code", "line", "says"),
    [
        (("ministry: MCI", "ministry: trade"), "setting_wrong", 2, "'ministry'"),
        (("owner: rules@example.dz", ""), "setting_missing", 1, "'owner'"),
        (("owner:", "onwer:"), "setting_unknown", 7, "Did you mean 'owner'?"),
        (("version: 1.10", "version: soon"), "setting_wrong", 6, "'version'"),
        (("version: 1.10", "version: [1, 2]"), "settings_unreadable", 1, "a list stands at version, line 6"),
        (("version: 1.10", "version: *v"), "settings_unreadable", 6, "found undefined alias"),
        (("name:", "name: &n"), "settings_unreadable", 1, "an *alias stands at owner"),
        (("  ar:", "\tar:"), "settings_unreadable", 4, "plugin.yaml cannot be read"),
        (("version: 1.10", "version: 1.10\npolicy: {claim: {hit_policy: FRIST}}"), "hit_policy_unknown", 7, "'FIRST'?"),
        (("version: 1.10", "version: 1.10\npolicy: {units: {hit_policy: COLLECT}}"), "hit_policy_unknown", 7, "FIRST, UNIQUE"),
        (("version: 1.10", "version: 1.10\npolicy: {claim: {minimum: 0}}"), "setting_wrong", 7, "1 … 1000"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told(tmp_path: Path, change: tuple[str, str], code: str, line: int, says: str) -> None:
    settings = SETTINGS.replace(*change).replace("rules@example.dz", "*n" if "&n" in change[1] else "rules@example.dz")
    told = mistakes(a_table_plugin(tmp_path / "mci", settings=settings))
    error = next(each for each in told if each.code == code)
    assert (error.file, error.line) == ("plugin.yaml", line)
    assert says in error.message_en


def test_a_version_stays_as_it_is_written(tmp_path: Path) -> None:
    assert loaded(a_table_plugin(tmp_path / "mci")).info.version == "1.10"


@pytest.mark.parametrize(
    ("file", "cells", "code", "line"),
    [
        ("claim", CLAIM.encode("cp1256"), "table_not_utf8", 2),
        ("claim", "any_of;score\n\"a\"b;1\n", "table_unreadable", 2),
        ("claim", "", "table_empty", 1),
        ("claim", CLAIM.partition("\n")[0], "table_empty", 1),
        ("claims", CLAIM, "table_unknown", 1),
        ("claim", CLAIM + "سوق;1;لأن;Car\n" * 1000, "table_long", 0),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_told(tmp_path: Path, file: str, cells: str | bytes, code: str, line: int) -> None:
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", **{file: cells}))
    assert (error.code, error.file, error.line) == (code, f"{file}.csv", line)


def test_a_folder_without_a_table_is_told(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci")
    (folder / "claim.csv").unlink()
    assert [error.code for error in mistakes(folder)] == ["tables_missing"]


def test_a_workbook_that_is_none_is_told(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci")
    (folder / "tables.xlsx").write_bytes(b"PK no workbook")
    (error,) = mistakes(folder)
    assert (error.code, error.file) == ("table_unreadable", "tables.xlsx")


TWO_PLACES = claims(a_row(any_of="", wilaya="16"), a_row(any_of="", wilaya="31, 16"), a_row(any_of="", wilaya="06"))


def test_rows_that_can_match_together_are_refused_under_unique(tmp_path: Path) -> None:
    settings = with_policy("claim", "UNIQUE")
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", settings=settings, claim=TWO_PLACES))
    assert (error.code, error.file, error.line) == ("rows_overlap", "claim.csv", 2)
    assert "the lines: 3." in error.message_en


@pytest.mark.parametrize("policy", ["MAX_SCORE", "FIRST"])
def test_elsewhere_they_are_only_shown(tmp_path: Path, policy: str) -> None:
    folder = a_table_plugin(tmp_path / "mci", settings=with_policy("claim", policy), claim=TWO_PLACES)
    assert [(error.code, error.line) for error in warnings(folder, "MCI")] == [("rows_overlap", 2)]


def test_where_rows_add_up_nothing_is_shown(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci", settings=with_policy("claim", "COLLECT"), claim=TWO_PLACES)
    assert warnings(folder, "MCI") == []


def test_a_row_behind_a_wider_one_is_told_where_the_first_counts(tmp_path: Path) -> None:
    rows = claims(a_row(any_of="سوق|périmé*"), a_row(any_of="périmées", wilaya="16"))
    folder = a_table_plugin(tmp_path / "mci", settings=with_policy("claim", "FIRST"), claim=rows)
    (error,) = mistakes(folder)
    assert (error.code, error.line) == ("row_hidden", 3)
    assert "line 2 takes all its cases" in error.message_en
