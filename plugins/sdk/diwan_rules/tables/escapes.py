"""Keeps spreadsheet programs from computing what was written as text: `=1+1` is exported as `'=1+1`, and read back."""

_COMPUTED = ("=", "+", "-", "@")
_QUOTE = "'"


def escaped(cell: str) -> str:
    """Return a cell as it is safe in a CSV file."""
    return f"{_QUOTE}{cell}" if _is_computed(cell) else cell


def unescaped(cell: str) -> str:
    """Return the cell that was made safe."""
    return cell[1:] if cell.startswith(_QUOTE) and _is_computed(cell[1:]) else cell


def _is_computed(cell: str) -> bool:
    """Tell whether a program would compute this, however often it was made safe already; a plain number is itself."""
    return cell.lstrip(_QUOTE).startswith(_COMPUTED) and not cell.lstrip("+-").isdecimal()
