"""Finds the traces of a complaint in this machine's store and draws them: `python -m services.chassis.traces NUMBER`."""

import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.chassis.settings import Settings
from services.chassis.spans import bare

FIND = """
    SELECT trace_id, span_id, parent_id, process, pid, name, kind, start, "end", status, attributes FROM span
    WHERE trace_id IN (SELECT trace_id FROM span WHERE complaint_number = :key OR complaint_id = :key)
    ORDER BY start
"""
NANOSECONDS_PER_MILLISECOND = 1_000_000
WIDTH = 40
LONGEST_PROCESS = len("correspondence")
WIDTH_OF_A_PIPE = 140


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A span as it was kept; moments in nanoseconds since 1970."""

    trace_id: str
    span_id: str
    parent_id: str
    process: str
    pid: int
    name: str
    kind: str
    start: int
    end: int
    status: str
    attributes: Mapping[str, str]

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.end - self.start) / NANOSECONDS_PER_MILLISECOND


def find(home: Path, typed: str) -> list[Kept]:
    """Return all spans of the traces that speak of a register number or complaint id, however it was typed."""
    path = home / "traces.sqlite"
    if not bare(typed) or not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
    connection.row_factory = sqlite3.Row
    try:
        rows = connection.execute(FIND, {"key": bare(typed)}).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()
    return [Kept(**{**dict(row), "attributes": json.loads(row["attributes"])}) for row in rows]


def by_trace(spans: Sequence[Kept]) -> list[list[tuple[int, Kept]]]:
    """Arrange spans as trees, one a trace, each span with its depth; one whose parent is missing is a root."""
    traces: dict[str, list[Kept]] = {}
    for span in spans:
        traces.setdefault(span.trace_id, []).append(span)
    return [_tree(each) for each in traces.values()]


def _tree(spans: Sequence[Kept]) -> list[tuple[int, Kept]]:
    known = {span.span_id for span in spans}
    below: dict[str, list[Kept]] = {}
    for span in spans:
        below.setdefault(span.parent_id if span.parent_id in known else "", []).append(span)
    found: list[tuple[int, Kept]] = []
    waiting = [(0, span) for span in reversed(below.get("", []))]
    while waiting:
        depth, span = waiting.pop()
        found.append((depth, span))
        waiting.extend((depth + 1, child) for child in reversed(below.get(span.span_id, [])))
    return found


def draw(tree: Sequence[tuple[int, Kept]]) -> Table:
    """Draw one trace as a waterfall."""
    start, end = min(span.start for _, span in tree), max(span.end for _, span in tree)
    processes = {span.process for _, span in tree}
    table = Table(
        title=f"trace {tree[0][1].trace_id}: {len(tree)} spans, {len(processes)} processes", title_justify="left"
    )
    table.add_column("process", no_wrap=True, min_width=LONGEST_PROCESS)
    table.add_column("span", no_wrap=True)
    table.add_column("", width=WIDTH, no_wrap=True)
    table.add_column("ms", justify="right")
    for depth, span in tree:
        style = "" if span.status in {"OK", "UNSET"} else "red"
        bar = _bar(span, start, end)
        table.add_row(
            span.process, Text("  " * depth + span.name, style), Text(bar, style or "cyan"), f"{span.milliseconds:.1f}"
        )
    return table


def _bar(span: Kept, start: int, end: int) -> str:
    whole = max(end - start, 1)
    before = min(WIDTH - 1, (span.start - start) * WIDTH // whole)
    return " " * before + "█" * max(1, min(WIDTH - before, round((span.end - span.start) * WIDTH / whole)))


def main(typed: str) -> int:
    """Draw what is found; say so when nothing is."""
    width = None if sys.stdout.isatty() else WIDTH_OF_A_PIPE
    console, settings = Console(highlight=False, width=width), Settings.read("operator")
    trees = by_trace(find(settings.home, typed))
    for tree in trees:
        console.print(draw(tree))
    if not trees:
        console.print(
            f"No trace speaks of {typed} in {settings.home / 'traces.sqlite'}; is the number right, was it sampled?"
        )
    return 0 if trees else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
