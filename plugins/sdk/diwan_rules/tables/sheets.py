"""Reads a table's cells as text, with the line of each row: from CSV, or from a sheet of an XLSX workbook."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.tables.columns import KINDS
from diwan_rules.tables.escapes import unescaped
from diwan_rules.tables.extra import needed
from diwan_rules.tables.suggestions import nearest

WORKBOOK = "tables.xlsx"
MOST_ROWS = 1_000


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The cells of one table: rows of text, each with the line where it begins."""

    table: str
    file: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def in_folder(folder: Path, plugin: str) -> list[Sheet]:
    """Return the sheets of a folder: claim.csv or claim.xlsx, and those of tables.xlsx; each table once."""
    sheets: dict[str, Sheet] = {}
    errors = list(_misnamed(folder, plugin))
    for sheet in _all(folder, plugin, errors):
        if other := sheets.get(sheet.table):
            place = Place(folder / sheet.file)
            errors.append(mistake("table_twice", plugin, place, table=sheet.table, other=other.file))
        elif len(sheet.rows) > MOST_ROWS:
            errors.append(mistake("table_long", plugin, Place(folder / sheet.file), most=str(MOST_ROWS)))
        sheets[sheet.table] = sheet
    if not sheets and not errors:
        known = ", ".join(f"{table}.csv" for table in KINDS)
        errors.append(mistake("tables_missing", plugin, Place(folder / "plugin.yaml"), known=known))
    if errors:
        raise NotLoaded(errors)
    return list(sheets.values())


def _all(folder: Path, plugin: str, errors: list[LoadError]) -> Iterator[Sheet]:
    """Yield every sheet that can be read, and note why others cannot."""
    for table in KINDS:
        for path, reads in ((folder / f"{table}.csv", csv_sheets), (folder / f"{table}.xlsx", _only_sheet)):
            if path.is_file():
                try:
                    yield from reads(path, table, plugin)
                except NotLoaded as not_loaded:
                    errors += not_loaded.errors
    if (folder / WORKBOOK).is_file():
        try:
            yield from workbook_sheets(folder / WORKBOOK, plugin)
        except NotLoaded as not_loaded:
            errors += not_loaded.errors


def _misnamed(folder: Path, plugin: str) -> Iterator[LoadError]:
    """Yield the files that look like tables and are named otherwise."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".csv", ".xlsx"} and path.name not in {f"{t}{path.suffix}" for t in KINDS}:
            hints = nearest(path.stem.lower(), KINDS)
            if path.name != WORKBOOK and hints["hint_en"]:
                known = ", ".join(KINDS)
                yield mistake("table_unknown", plugin, Place(path, 1), table=path.stem, known=known, **hints)


def csv_sheets(path: Path, table: str, plugin: str) -> Iterator[Sheet]:
    """Yield the sheet of a CSV file: UTF-8 with or without BOM, `;` or `,` between cells."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise NotLoaded([mistake("table_not_utf8", plugin, Place(path, line))]) from error
    heading = text.partition("\n")[0]
    separator = ";" if heading.count(";") >= heading.count(",") else ","
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for record in records:
            rows.append((line, tuple(unescaped(cell.strip()) for cell in record)))
            line = records.line_num + 1
    except csv.Error as error:
        raise NotLoaded([mistake("table_unreadable", plugin, Place(path, line), error=str(error))]) from error
    yield Sheet(table=table, file=path.name, rows=tuple(rows))


def workbook_sheets(path: Path, plugin: str) -> Iterator[Sheet]:
    """Yield the sheets of a workbook that are named like tables."""
    for name, rows in _opened(path, plugin):
        if not any(any(cells) for _, cells in rows):
            continue
        if name not in KINDS:
            known = ", ".join(KINDS)
            place = Place(path)
            raise NotLoaded([mistake("table_unknown", plugin, place, table=name, known=known, **nearest(name, KINDS))])
        yield Sheet(table=name, file=f"{path.name}#{name}", rows=rows)


def _only_sheet(path: Path, table: str, plugin: str) -> Iterator[Sheet]:
    """Yield the first sheet of a workbook that holds one table."""
    for _, rows in _opened(path, plugin)[:1]:
        yield Sheet(table=table, file=path.name, rows=rows)


def _opened(path: Path, plugin: str) -> list[tuple[str, tuple[tuple[int, tuple[str, ...]], ...]]]:
    """Return the name and the rows of each sheet of a workbook."""
    calamine = needed("python_calamine", plugin, path)
    try:
        with calamine.load_workbook(path) as workbook:
            return [(name, _rows(workbook.get_sheet_by_name(name))) for name in workbook.sheet_names]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise NotLoaded([mistake("table_unreadable", plugin, Place(path, 1), error=type(error).__name__)]) from error


def _rows(sheet: Any) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the rows of a sheet; the first line is the heading, whatever stands empty before."""
    rows = sheet.to_python(skip_empty_area=False)
    return tuple((number, tuple(map(_text, row))) for number, row in enumerate(rows, start=1))


def _text(cell: object) -> str:
    """Return a cell as its reader sees it: 500, not 500.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
