"""Tables go to Excel and come back: every cell the same, every verdict the same, and nothing that computes."""

import zipfile
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from diwan_rules import Case, Claim
from diwan_rules.loader import Plugin
from diwan_rules.tables.escapes import escaped, unescaped
from diwan_rules.tables.sheets import Sheet, in_folder
from diwan_rules.tables.workbook import to_csv, to_xlsx
from diwan_rules.testing import a_case
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.table_builders import CLAIM, a_table_plugin, loaded, mistakes

TRADE = Path(__file__).parents[2] / "plugins" / "trade"
TEXTS = ("غلاء الأسعار في السوق", "Produit périmé chez le commerçant", "garantie refusée", "المستشفى بعيد")


def cells(sheet: Sheet) -> list[list[str]]:
    """Return the cells of a sheet without the empty ones at the end of a row."""
    return [" \t".join(row).rstrip(" \t").split(" \t") for _, row in sheet.rows]


def verdicts(plugin: Plugin) -> list[Claim]:
    """Return what a plugin claims, but for the name of the file that said so."""
    said = (plugin.hooks["claim"].function(a_case(plugin.info, text)) for text in TEXTS)
    return [claim and claim.model_copy(update={"rule": claim.rule.count("+")}) for claim in said]


def copied(folder: Path, plugin: Path) -> Path:
    """Return another folder with the same plugin.yaml and no table."""
    folder.mkdir()
    (folder / "plugin.yaml").write_bytes((plugin / "plugin.yaml").read_bytes())
    return folder


def test_tables_go_to_a_workbook_and_back(tmp_path: Path) -> None:
    excel, back = copied(tmp_path / "excel", TRADE), copied(tmp_path / "back", TRADE)

    assert to_xlsx(TRADE, excel / "tables.xlsx") == ["claim", "units", "deadlines", "documents"]
    assert to_csv(excel / "tables.xlsx", back) == ["claim", "units", "deadlines", "documents"]

    ours, excels, returned = (in_folder(folder, "MCI") for folder in (TRADE, excel, back))
    assert list(map(cells, ours)) == list(map(cells, excels)) == list(map(cells, returned))
    assert verdicts(loaded(TRADE)) == verdicts(loaded(excel)) == verdicts(loaded(back))
    assert any(verdicts(loaded(TRADE)))


def test_a_claim_from_a_workbook_names_its_sheet_and_row(tmp_path: Path) -> None:
    excel = copied(tmp_path / "excel", TRADE)
    to_xlsx(TRADE, excel / "tables.xlsx")
    plugin = loaded(excel)
    claim = plugin.hooks["claim"].function(a_case(plugin.info, "garantie refusée"))
    assert claim.rule.startswith("tables.xlsx#claim:8@")


def test_an_arabic_sheet_runs_from_right_to_left(tmp_path: Path) -> None:
    to_xlsx(TRADE, tmp_path / "tables.xlsx")
    folder = a_table_plugin(tmp_path / "french", claim=CLAIM)
    to_xlsx(folder, tmp_path / "french.xlsx")

    def right_to_left(workbook: Path) -> bool:
        return b'rightToLeft="1"' in zipfile.ZipFile(workbook).read("xl/worksheets/sheet1.xml")

    assert (right_to_left(tmp_path / "tables.xlsx"), right_to_left(tmp_path / "french.xlsx")) == (True, False)


@pytest.mark.parametrize("written", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "'=1+1"])
def test_what_would_compute_stays_text(tmp_path: Path, written: str) -> None:
    folder = a_table_plugin(tmp_path / "mci", claim=f'{CLAIM}سوق;300;لأن;"{escaped(written)}"\n')

    to_xlsx(folder, tmp_path / "tables.xlsx")
    with python_calamine.load_workbook(tmp_path / "tables.xlsx") as workbook:
        sheet = workbook.get_sheet_by_name("claim")
        assert sheet.to_python()[2][3] == written
    to_csv(tmp_path / "tables.xlsx", tmp_path / "back")

    assert f";'{written}\r\n" in (tmp_path / "back" / "claim.csv").read_bytes().decode("utf-8-sig")
    assert in_folder(tmp_path / "back", "MCI")[0].rows[2][1][3] == written


@given(st.text(alphabet="'=+-@1a ", max_size=6))
def test_making_safe_loses_nothing(cell: str) -> None:
    assert unescaped(escaped(cell)) == cell
    assert unescaped(cell) == cell or escaped(unescaped(cell)) == cell


def test_a_sheet_as_excel_writes_it_is_read(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci")
    (folder / "claim.csv").unlink()
    with xlsxwriter.Workbook(str(folder / "claim.xlsx")) as book:
        page = book.add_worksheet("Feuil1")
        page.write_row(0, 0, ["un des termes", "wilaya", "commune", "points", "motif en arabe", "motif en français"])
        page.write_row(2, 0, ["prix\nghla", 6, 1601, 500.0, "لأن", "Car"])
    plugin = loaded(folder)
    here = Case(complaint_id="c", text="", wilaya_label="06", commune_id="commune-1601")

    assert plugin.hooks["claim"].function(a_case(plugin.info, "el ghla", here)).rule.startswith("claim.xlsx:3@")


def test_a_table_stands_in_one_file(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci")
    to_xlsx(folder, folder / "tables.xlsx")
    (error,) = mistakes(folder)
    assert (error.code, error.file) == ("table_twice", "tables.xlsx#claim")
    assert "also in claim.csv" in error.message_en


def test_a_sheet_that_is_no_table_is_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "tables.xlsx")) as book:
        book.add_worksheet("claims").write(0, 0, "score")
        book.add_worksheet("empty")
    folder = a_table_plugin(tmp_path / "mci")
    (tmp_path / "tables.xlsx").rename(folder / "tables.xlsx")
    (error,) = mistakes(folder)
    assert error.code == "table_unknown"
    assert "Did you mean 'claim'?" in error.message_en
