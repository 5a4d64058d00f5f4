"""Turns the cells of a sheet into rows, and tells every mistake with its file, line and column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diwan_rules.load_errors import LoadError, Place, mistake
from diwan_rules.tables.cells import CellInvalid
from diwan_rules.tables.columns import KINDS, Column, HitPolicy, TableKind
from diwan_rules.tables.rows import Cell, Conditions, Row, Table
from diwan_rules.tables.sheets import Sheet
from diwan_rules.tables.suggestions import nearest
from diwan_rules.verdicts import Basis

_WORDS = frozenset({"any_of", "all_of", "none_of"})
_WHEN = frozenset(Conditions.__dataclass_fields__)


@dataclass
class Reader:
    """Reads one sheet; `errors` gathers what is wrong with it."""

    sheet: Sheet
    folder: Path
    plugin: str
    policy: HitPolicy
    errors: list[LoadError] = field(default_factory=list)

    def table(self) -> Table:
        """Return the sheet's rows, as far as they can be read."""
        rows = [row for row in self._rows() if row]
        self._check_ids(rows)
        terms = {
            cell.group: cell.terms
            for row in rows
            for cell in (row.when.any_of, row.when.all_of, row.when.none_of)
            if cell.terms
        }
        return Table(name=self.sheet.table, file=self.sheet.file, rows=tuple(rows), terms=terms)

    @property
    def kind(self) -> TableKind:
        """Return what this table decides."""
        return KINDS[self.sheet.table]

    def wrong(self, code: str, line: int, **facts: str) -> None:
        """Note a mistake on a line of this sheet."""
        self.errors.append(mistake(code, self.plugin, Place(self.folder / self.sheet.file, line), **facts))

    def _rows(self) -> Iterator[Row | None]:
        """Yield each row that holds anything."""
        filled = [(line, cells) for line, cells in self.sheet.rows if any(cells)]
        if not filled:
            self.wrong("table_empty", 1)
            return
        columns = self._columns(*filled[0])
        if columns is None:
            return
        if len(filled) == 1:
            self.wrong("table_empty", filled[0][0])
        for line, cells in filled[1:]:
            yield self._row(line, cells, columns)

    def _columns(self, line: int, headings: tuple[str, ...]) -> list[Column | None] | None:
        """Read the headings; None when rows cannot be read by them."""
        columns: list[Column | None] = []
        before = len(self.errors)
        for heading in headings:
            column = self.kind.column(heading)
            if heading and not column:
                self._unknown(line, heading)
            elif column and column in columns:
                self.wrong("column_twice", line, column=heading)
            columns.append(column)
        missing = [str(each) for each in self.kind.columns if each.name in self.kind.filled and each not in columns]
        if missing and len(self.errors) == before:
            self.wrong("column_missing", line, column=", ".join(missing))
        return columns if len(self.errors) == before else None

    def _unknown(self, line: int, heading: str) -> None:
        """Note a heading that is none, with the nearest and with all of them."""
        headings = [spelling for each in self.kind.columns for spelling in (each.name, each.ar, each.fr)]
        known = ", ".join(map(str, self.kind.columns))
        self.wrong("column_unknown", line, column=heading, known=known, **nearest(heading, headings))

    def _row(self, line: int, cells: tuple[str, ...], columns: list[Column | None]) -> Row | None:
        """Read one row, or note what is wrong with it."""
        before = len(self.errors)
        values: dict[str, Any] = {}
        for column, cell in zip(columns, cells, strict=False):
            if column and cell:
                self._read(line, column, cell, values)
        if surplus := [cell for cell in cells[len(columns) :] if cell] + [
            cell for column, cell in zip(columns, cells, strict=False) if cell and not column
        ]:
            self.wrong("cell_surplus", line, cell=surplus[0][:80])
        if len(self.errors) > before:
            return None
        for column in self.kind.columns:
            if column.name in self.kind.filled and column.name not in values:
                self.wrong("cell_empty", line, column=str(column))
        self._check_claim(line, values)
        if len(self.errors) > before:
            return None
        when = Conditions(**{name: values.pop(name) for name in _WHEN & values.keys()})
        return Row(line=line, when=when, **values)

    def _read(self, line: int, column: Column, cell: str, values: dict[str, Any]) -> None:
        """Read one cell into a row's values."""
        try:
            value = column.read(cell)
        except CellInvalid as invalid:
            self.wrong(invalid.code, line, column=column.name, cell=cell[:80], **invalid.facts)
            return
        values[column.name] = Cell(self._group(line, column.name), value) if column.name in _WORDS else value  # type: ignore[arg-type]

    def _group(self, line: int, column: str) -> str:
        """Name the terms of a cell; parts of one ministry do not collide."""
        return f"{self.plugin.partition('.')[2]}.{self.sheet.table}.{line}.{column}".removeprefix(".")

    def _check_claim(self, line: int, values: dict[str, Any]) -> None:
        """Note what only a claim can have wrong."""
        if self.sheet.table != "claim":
            return
        if values.get("score", 0) < 0 and self.policy is not HitPolicy.COLLECT:
            self.wrong("score_negative", line)
        if values.get("basis") is Basis.STATUTORY and "legal_reference" not in values:
            self.wrong("reference_missing", line)
        if not _WHEN & values.keys():
            self.wrong("row_of_everything", line)

    def _check_ids(self, rows: list[Row]) -> None:
        """Note rows that have the identifier of an earlier row."""
        first: dict[str, int] = {}
        for row in rows:
            if row.id and first.setdefault(row.id, row.line) != row.line:
                self.wrong("id_twice", row.line, id=row.id, other=str(first[row.id]))
