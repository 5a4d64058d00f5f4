"""Writes the columns of the tables down for a reader, from the columns themselves."""

from diwan_rules.tables.columns import KINDS, Column


def table() -> str:
    """Write every column as a row of a table in Markdown: its headings, where it stands, and what to write."""
    rows = ["| Column | Arabic | French | In | You write |", "|---|---|---|---|---|"]
    for column in dict.fromkeys(column for kind in KINDS.values() for column in kind.columns):
        rows.append(f"| `{column.name}` | {column.ar} | {column.fr} | {_where(column)} | {column.says} |")
    return "\n".join(rows)


def _where(column: Column) -> str:
    """Name the tables that have a column; bold those whose every row fills it."""
    having = [kind for kind in KINDS.values() if column in kind.columns]
    if len(having) == len(KINDS):
        return "**all**" if column.name in having[0].filled else "all"
    return ", ".join(f"**{kind.name}**" if column.name in kind.filled else kind.name for kind in having)
