"""`pack`: makes of a folder of rules one wheel, the same bytes for the same files on every machine, without a network."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from diwan_rules import __version__, packages, wheels
from diwan_rules.author import terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.trial import Trial
from diwan_rules.host.ministry import Ministry
from diwan_rules.sources import HERE, Source, authored
from diwan_rules.tables import settings
from diwan_rules.tables.columns import KINDS
from diwan_rules.wheels import Manifest

_LEFT_OUT = re.compile(r"^(setup|conftest|test_.*|.*_test)\.py$|^(tests?|build|dist|.*\.egg-info)$")
_KIT = re.compile(r"^diwan[-_.]rules\s*(\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Project:
    """What the author says of the distribution."""

    name: str
    version: str
    kit: str


def pack(folder: Path, into: Path) -> int:
    """Write the wheel of a folder whose rules load, and say what is in it."""
    with Trial(folder) as trial:
        ministry = trial.only()
    wheel, manifest = made(ministry)
    packages.unsigned(wheel)
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{manifest.stem}-py3-none-any.whl"
    path.write_bytes(wheel)
    for file, digest in manifest.files.items():
        terminal.show(f"  {digest[:16]}  {file}")
    terminal.show(say("pack_done", file=path, bytes=len(wheel)))
    return 0


def made(ministry: Ministry) -> tuple[bytes, Manifest]:
    """Return the wheel of a ministry's loaded rules with its manifest."""
    source = ministry.sources[0]
    if folders := sorted({each.folder.name for each in ministry.sources} - {source.folder.name}):
        raise Mistake("folders_several", found=", ".join([source.folder.name, *folders]))
    project = _project(ministry, source)
    contents, targets = _packed(ministry)
    try:
        manifest = Manifest(
            name=project.name,
            version=project.version,
            ministry=ministry.code,
            plugins=targets,
            kit=project.kit,
            files=wheels.digests(contents),
        )
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)[0]
        raise Mistake("project_wrong", field=".".join(map(str, wrong["loc"])), error=wrong["msg"]) from error
    return wheels.written(manifest, contents), manifest


def _project(ministry: Ministry, source: Source) -> Project:
    """Return what pyproject.toml says, or what follows from a plain folder; its version is that of the rules."""
    said = set(str(ministry.described["version"]).split("+"))
    version, path = min(said), source.folder / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"] if path.is_file() else {}
    if said != {project.get("version", version)}:
        raise Mistake("versions_differ", project=project.get("version", version), rules=", ".join(sorted(said)))
    name = re.sub(r"[-_.]+", "-", project.get("name", f"diwan-rules-{ministry.code}")).lower()
    major, minor = __version__.split(".")[:2]
    kit = _kit(project["dependencies"]) if "dependencies" in project else f">={major}.{minor},<{int(major) + 1}"
    return Project(name=name, version=version, kit=kit)


def _kit(dependencies: list[str]) -> str:
    """Return the range of the kit; the worker has nothing but the kit, so nothing else can be needed."""
    found = [(dependency, _KIT.match(dependency)) for dependency in dependencies]
    if others := [dependency for dependency, match in found if not match]:
        raise Mistake("needs_others", found=", ".join(others))
    return ",".join(match[2].replace(" ", "") for _, match in found if match)


def _packed(ministry: Ministry) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of the wheel, and where in it each plugin is; tables get a folder of their own."""
    contents: dict[str, bytes] = {}
    targets = {}
    for source in ministry.sources:
        if source.target == HERE:
            module = f"diwan_rules_{source.name.lower().replace('.', '_')}"
            contents |= {f"{module}/{path.name}": path.read_bytes() for path in _tables(source)}
            targets[source.name] = module
        else:
            contents |= _modules(source)
            targets[source.name] = source.target
    return contents, targets


def _tables(source: Source) -> list[Path]:
    """Return the settings and tables of a folder, without its cases and notes."""
    kept = {settings.FILE, *(f"{table}{ending}" for table in KINDS for ending in (".csv", ".xlsx"))}
    return [path for path in authored(source.folder) if path.name in kept and path.parent == source.folder]


def _modules(source: Source) -> dict[str, bytes]:
    """Return the modules and packages beside the entry point, without tests."""
    contents = {}
    for path in authored(source.path):
        inner = path.relative_to(source.path)
        top = source.path / inner.parts[0]
        importable = top.suffix == ".py" or (top / "__init__.py").is_file()
        if importable and not any(_LEFT_OUT.match(part) for part in inner.parts):
            if not path.name.endswith(wheels.ENDINGS):
                raise wheels.unexpected(inner.as_posix())
            contents[inner.as_posix()] = path.read_bytes()
    return contents
