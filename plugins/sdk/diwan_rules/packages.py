"""Opens a ministry's package: checks who signed it and that nothing was altered, and only then looks into it."""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from diwan_rules import __version__, signatures, wheels
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.signatures import PublicKey
from diwan_rules.versions import RangeUnreadable, allows
from diwan_rules.wheels import Manifest


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package of rules that was looked into; `key` names who signed it and is empty when nobody did."""

    manifest: Manifest
    files: Mapping[str, bytes]
    sha512: str
    key: str = ""

    def unpack(self, folder: Path) -> Path:
        """Write the package into a folder of its own, whole or not at all, so that `sources.find` finds its plugins."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unpacking-") as new:
            whole = Path(new) / "package"
            for path, body in {**self.files, **wheels.beside(self.manifest, self.files)}.items():
                (whole / path).parent.mkdir(parents=True, exist_ok=True)
                (whole / path).write_bytes(body)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(whole, folder)  # noqa: PTH105 - the rename is what makes it whole
        return folder


def opened(wheel: bytes, signature: bytes, keys: Sequence[PublicKey]) -> Package:
    """Return a package that one of these keys signed and nobody altered; raise NotLoaded with what to do otherwise."""
    if not signature:
        raise NotLoaded([mistake("package_unsigned", "package", Place())])
    signed = signatures.verified(signature, keys)
    sha512 = hashlib.sha512(wheel).hexdigest()
    if sha512 != signed.package:
        raise _altered(sha512, signed.package)
    manifest, files = wheels.read(wheel)
    if (found := hashlib.sha512(manifest.text()).hexdigest()) != signed.manifest:
        raise _altered(found, signed.manifest)
    return _checked(Package(manifest=manifest, files=files, sha512=sha512, key=signed.key))


def unsigned(wheel: bytes) -> Package:
    """Return a package that nobody vouches for: for the author's own machine, and for a house that says so loudly."""
    manifest, files = wheels.read(wheel)
    return _checked(Package(manifest=manifest, files=files, sha512=hashlib.sha512(wheel).hexdigest()))


def fit(new: Package, loaded: Iterable[Package]) -> None:
    """Raise NotLoaded when a package cannot stand beside those that are loaded in the same place."""
    errors = [error for other in loaded for error in _clashes(new, other)]
    if errors:
        raise NotLoaded(errors)


def _clashes(new: Package, old: Package) -> Iterator[LoadError]:
    """Yield why two packages cannot be loaded together."""
    mine, theirs = new.manifest, old.manifest
    if mine.name == theirs.name:
        reused = mine.version == theirs.version and new.sha512 != old.sha512
        code = "package_version_reused" if reused else "package_version_loaded"
        facts = {"name": mine.name, "version": mine.version, "other": theirs.version}
        yield mistake(code, mine.ministry, Place(), **facts)
        return
    for name in sorted(mine.plugins.keys() & theirs.plugins.keys()):
        yield mistake("package_name_taken", mine.ministry, Place(), name=name, other=theirs.stem)
    if mine.ministry == theirs.ministry:
        for module in sorted(mine.modules & theirs.modules):
            yield mistake("package_module_taken", mine.ministry, Place(), module=module, other=theirs.stem)


def _checked(package: Package) -> Package:
    """Return a package when it can be loaded by this kit."""
    manifest = package.manifest
    errors = [*_kit(manifest), *_hidden(manifest)]
    if {name.partition(".")[0] for name in manifest.plugins} != {manifest.ministry}:
        plugins = ", ".join(manifest.plugins) or "—"
        told = mistake(
            "package_plugins_foreign", manifest.ministry, Place(), plugins=plugins, ministry=manifest.ministry
        )
        raise NotLoaded([told])
    if errors:
        raise NotLoaded(errors)
    return package


def _kit(manifest: Manifest) -> Iterator[LoadError]:
    """Yield a mistake when the package is for another kit."""
    try:
        if not allows(manifest.kit, __version__):
            yield mistake("kit_unfit", manifest.ministry, Place(), wanted=manifest.kit, found=__version__)
    except RangeUnreadable:
        yield mistake("kit_range_unreadable", manifest.ministry, Place(), wanted=manifest.kit)


def _hidden(manifest: Manifest) -> Iterator[LoadError]:
    """Yield a mistake for each module whose name is taken by Python or by the kit and what it needs."""
    taken = {*sys.stdlib_module_names, "diwan_rules", "pluggy", "pydantic", "pydantic_core"}
    for module in sorted(manifest.modules & taken):
        yield mistake("package_hides", manifest.ministry, Place(), module=module, ministry=manifest.ministry.lower())


def _altered(found: str, signed: str) -> NotLoaded:
    """Say that a package is not the one that was signed."""
    return NotLoaded([mistake("package_altered", "package", Place(), found=found[:16], signed=signed[:16])])
