"""The author's terminal: what was found goes to standard output, progress and mistakes to standard error."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)
Each = TypeVar("Each")


def show(line: str, style: str = "") -> None:
    """Show a line of the result."""
    OUT.print(escape(line), style=style or None)


def warn(line: str) -> None:
    """Show a line beside the result: a mistake, a warning, what to do next."""
    ERR.print(escape(line), style="yellow")


def shout(line: str) -> None:
    """Show what went wrong beside the result."""
    ERR.print(escape(line), style="red")


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Show a table, its first column as text and the others as figures."""
    grid = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        grid.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        grid.add_row(*(escape(str(cell)) for cell in row))
    OUT.print(grid)


def followed(each: Iterable[Each], title: str, total: int | None = None) -> Iterator[Each]:
    """Yield what is worked through, with a bar that shows how far it is where somebody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        yield from progress.track(each, description=title, total=total)
