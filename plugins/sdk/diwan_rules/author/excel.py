"""`to-excel` and `from-excel`: take a folder's tables to a clerk's workbook and back, every cell as it was."""

from pathlib import Path

from diwan_rules.author import terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.tables import workbook


def to_excel(folder: Path, into: Path | None) -> int:
    """Write the tables of a folder into one new workbook."""
    file = into or Path(f"{folder.resolve().name}.xlsx")
    if file.exists():
        raise Mistake("file_exists", file=file)
    tables = workbook.to_xlsx(folder, file)
    terminal.show(say("to_excel_done", file=file, tables=", ".join(tables), folder=folder))
    return 0


def from_excel(file: Path, folder: Path) -> int:
    """Write the sheets of a workbook over the tables of a folder."""
    if not file.is_file():
        raise Mistake("file_missing", file=file)
    tables = workbook.to_csv(file, folder)
    terminal.show(say("from_excel_done", folder=folder, tables=", ".join(tables)))
    return 0
