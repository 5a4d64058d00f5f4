"""Imports that import-linter cannot see: what a domain, a plugin, the kit and the chassis may name."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STANDARD = sys.stdlib_module_names
PLUGINS = sorted(path for path in (ROOT / "plugins").iterdir() if path.is_dir() and path.name != "sdk")


def imports(source: str) -> Iterator[str]:
    """Yield every module that a source names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}"
            yield module
            if module in {"services", "services.chassis", "diwan", "services.routing", "services.intake"}:
                yield from (f"{module}.{alias.name}" for alias in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def standard(name: str) -> bool:
    return name.split(".")[0] in STANDARD


def domain_may(name: str, path: Path) -> bool:
    service = path.relative_to(ROOT / "services").parts[0]
    return (
        standard(name)
        or within(name, f"services.{service}.domain", "services.chassis.refusals")
        or (name in {"services.chassis", f"services.{service}"})
    )


def chassis_may(name: str, path: Path) -> bool:
    return not within(name, "diwan_rules") and (
        not within(name, "diwan") or within(name, "diwan.common", "diwan.common.v1")
    )


def kit_may(name: str, path: Path) -> bool:
    return not within(name, "services", "diwan", "grpc", "google")


def plugin_may(name: str, path: Path) -> bool:
    own = {
        entry.name.removesuffix(".py")
        for plugin in PLUGINS
        if path.is_relative_to(plugin)
        for entry in plugin.rglob("*")
    }
    testing = "tests" in path.parts and name.split(".")[0] == "pytest"
    return (
        standard(name)
        or within(name, "diwan_rules", "pydantic")
        or name.split(".")[0] in own
        or name.startswith(".")
        or testing
    )


def files(pattern: str) -> list[Path]:
    return [path for path in sorted(ROOT.glob(pattern)) if "__pycache__" not in path.parts]


LAWS: list[tuple[str, list[Path], Callable[[str, Path], bool], str]] = [
    ("domain", files("services/*/domain/**/*.py") + files("services/*/domain.py"), domain_may, "import asyncpg"),
    ("domain", files("services/*/domain/**/*.py"), domain_may, "from services.chassis.call import Call"),
    ("chassis", files("services/chassis/**/*.py"), chassis_may, "from diwan.intake.v1 import complaint_pb2"),
    ("kit", files("plugins/sdk/diwan_rules/**/*.py"), kit_may, "import grpc"),
    ("kit", files("plugins/sdk/diwan_rules/**/*.py"), kit_may, "from services.chassis import call"),
    ("plugins", [path for plugin in PLUGINS for path in plugin.rglob("*.py")], plugin_may, "import requests"),
    (
        "plugins",
        [path for plugin in PLUGINS for path in plugin.rglob("*.py")],
        plugin_may,
        "import services.chassis.call",
    ),
]


@pytest.mark.parametrize(("law", "sources", "may", "violation"), LAWS, ids=[f"{law[0]}: {law[3]}" for law in LAWS])
def test_sources_import_only_what_they_may(
    law: str, sources: list[Path], may: Callable[[str, Path], bool], violation: str
) -> None:
    assert sources, f"no sources are under the law of {law}"
    broken = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources
        for name in imports(path.read_text(encoding="utf-8"))
        if not may(name, path)
    }
    assert not broken
    assert not all(may(name, sources[0]) for name in imports(violation)), "the law does not see a violation"
