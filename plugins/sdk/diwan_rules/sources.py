"""Finds plugins: in installed wheels, in projects with a pyproject.toml, and in plain folders with a rules.py or tables."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import diwan_rules
from diwan_rules.checking import wrong_kit
from diwan_rules.hooks import GROUP
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.tables import settings

HERE = "."  # the target of tables: no module, but the folder itself
_CODE = re.compile(r"^[A-Z][A-Z0-9]{0,15}(\.[a-z0-9_]+)?$")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One plugin on disk: `MSAN`, or `MJ.prisons` where a ministry has several."""

    name: str
    folder: Path
    path: Path
    target: str
    broken: LoadError | None = None

    @property
    def ministry(self) -> str:
        """Return the ministry's code."""
        return self.name.partition(".")[0]


def find(*folders: Path) -> list[Source]:
    """Return the plugins in these folders, each a plugin or a folder of plugins; a later folder replaces earlier names."""
    found: dict[str, Source] = {}
    for folder in folders:
        found.update(_unique(folder.resolve()))
    return [found[name] for name in sorted(found)]


def digest(*folders: Path) -> str:
    """Return the SHA-256 over the files of a ministry's plugins and their names."""
    total = hashlib.sha256()
    for folder in folders:
        for path in authored(folder):
            total.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def authored(folder: Path) -> list[Path]:
    """Return the files of a plugin's folder that are its author's, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _is_residue(path.relative_to(folder)))


def _is_residue(path: Path) -> bool:
    """Tell whether a file is none of the author's: caches and hidden files."""
    return any(part == "__pycache__" or part.startswith(".") for part in path.parts)


def _unique(folder: Path) -> dict[str, Source]:
    """Return one folder's plugins by name; two of one name are both broken."""
    found: dict[str, Source] = {}
    for source in _below(folder):
        if other := found.get(source.name):
            clash = mistake("name_taken", source.name, Place(), name=source.name, other=str(other.folder.name))
            source = Source(name=source.name, folder=source.folder, path=source.path, target="", broken=clash)
        found[source.name] = source
    return found


def _below(folder: Path) -> Iterator[Source]:
    """Yield the plugin that a folder is, or else those in its folders."""
    own = list(_of(folder))
    yield from own
    if not own and folder.is_dir():
        for inner in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "_"))):
            yield from _of(inner)


def _of(folder: Path) -> Iterator[Source]:
    """Yield the plugins of one folder, by whichever of the four ways it declares them."""
    if any(folder.glob("*.dist-info")):
        for installed in distributions(path=[str(folder)]):
            for point in installed.entry_points.select(group=GROUP):
                yield _source(point.name, folder, folder, point.value)
    elif (project := folder / "pyproject.toml").is_file():
        yield from _of_project(folder, project)
    elif (folder / "rules.py").is_file():
        yield _source(folder.name.upper(), folder, folder, "rules")
    elif (folder / settings.FILE).is_file():
        yield _of_tables(folder)


def _of_project(folder: Path, project: Path) -> Iterator[Source]:
    """Yield the entry points that a pyproject.toml names."""
    try:
        points = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("entry-points", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        name = folder.name.upper()
        broken = mistake("project_unreadable", name, Place(project), error=str(error))
        yield Source(name=name, folder=folder, path=folder, target="", broken=broken)
        return
    path = folder / "src" if (folder / "src").is_dir() else folder
    for name, target in points.get(GROUP, {}).items():
        yield _source(name, folder, path, target)


def _of_tables(folder: Path) -> Source:
    """Return the tables of a folder, under the name that their plugin.yaml gives."""
    name, broken = folder.name.upper(), None
    try:
        said = settings.ministry_of(folder)
    except NotLoaded as unreadable:
        said, broken = "", unreadable.errors[0]
    return Source(name=said if _CODE.match(said) else name, folder=folder, path=folder, target=HERE, broken=broken)


def _source(name: str, folder: Path, path: Path, target: str) -> Source:
    """Return a source, broken when its name is no ministry's code or when it was written for another kit."""
    named = _CODE.match(name) is not None
    unfit = next(wrong_kit(name, folder, diwan_rules.__version__), None)
    broken = unfit if named else mistake("name_invalid", name, Place(), name=name)
    return Source(name=name, folder=folder, path=path, target=target, broken=broken)
