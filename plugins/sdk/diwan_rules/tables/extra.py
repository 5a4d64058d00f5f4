"""The packages that only tables need, imported when a table is read: the extra `diwan-rules[tables]`."""

import importlib
from pathlib import Path
from typing import Any

from diwan_rules.load_errors import NotLoaded, Place, mistake


def needed(package: str, plugin: str, file: Path) -> Any:
    """Import a package, or say how to install it."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise NotLoaded([mistake("extra_missing", plugin, Place(file), package=package)]) from error
