"""Takes tables to Excel and back: every table of a folder in one workbook, every cell as text, nothing lost."""

import csv
from pathlib import Path

from diwan_rules.tables.escapes import escaped
from diwan_rules.tables.extra import needed
from diwan_rules.tables.sheets import Sheet, in_folder, workbook_sheets

_ARABIC = "\u0600", "\u06ff"
_WIDTH, _WIDEST = 12, 60


def to_xlsx(folder: Path, workbook: Path) -> list[str]:
    """Write the tables of a folder into one workbook, a sheet for each; return their names."""
    sheets = in_folder(folder, folder.name.upper())
    xlsxwriter = needed("xlsxwriter", folder.name.upper(), workbook)
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(workbook), options) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = book.add_format({"num_format": "@", "bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.table)
            if any(_ARABIC[0] <= char <= _ARABIC[1] for _, cells in sheet.rows[:1] for cell in cells for char in cell):
                page.right_to_left()
            page.freeze_panes(1, 0)
            for column, width in enumerate(_widths(sheet)):
                page.set_column(column, column, width, text)
            for number, (_, cells) in enumerate(sheet.rows):
                for column, cell in enumerate(cells):
                    page.write_string(number, column, cell, text if number else heading)
    return [sheet.table for sheet in sheets]


def to_csv(workbook: Path, folder: Path) -> list[str]:
    """Write each sheet of a workbook as a CSV file into a folder: UTF-8 with BOM and `;`, as Excel opens it."""
    sheets = list(workbook_sheets(workbook, folder.name.upper()))
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        with (folder / f"{sheet.table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([escaped(cell) for cell in cells] for _, cells in sheet.rows)
    return [sheet.table for sheet in sheets]


def _widths(sheet: Sheet) -> list[int]:
    """Return the width of each column: as wide as its longest cell, within reason."""
    columns = max((len(cells) for _, cells in sheet.rows), default=0)
    longest = [max((len(cells[n]) for _, cells in sheet.rows if n < len(cells)), default=0) for n in range(columns)]
    return [min(max(width + 2, _WIDTH), _WIDEST) for width in longest]
