"""Writes and reads the wheel of a package: a stored zip whose every byte follows from its manifest and its files."""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from diwan_rules import __version__
from diwan_rules.hooks import GROUP
from diwan_rules.load_errors import NotLoaded, Place, mistake

LARGEST = 16 * 2**20
MOST_FILES = 2000
ENDINGS = (".py", ".pyi", ".typed", ".csv", ".xlsx", ".yaml", ".json", ".txt", ".md", ".jinja")
MANIFEST = "diwan.json"
_PATH = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,8}$")
_LONGEST_PATH = 200
_EPOCH = (1980, 1, 1, 0, 0, 0)

Ministry = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_.][a-z0-9]+)*$", max_length=80)]
Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?[a-z0-9.+]*$", max_length=40)]
Plugin = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}(\.[a-z0-9_]+)?$")]
Target = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*)?$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Range = Annotated[str, StringConstraints(pattern=r"^[0-9.,<>=!~ ]*$", max_length=80)]


class Manifest(BaseModel):
    """What a package holds: whose rules, which version, for which kit, and the SHA-256 of each file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal[1] = 1
    name: Name
    version: Version
    ministry: Ministry
    plugins: dict[Plugin, Target]
    kit: Range
    files: dict[str, Digest]

    @property
    def stem(self) -> str:
        """Return how the package is called among files."""
        return f"{re.sub('[-_.]+', '_', self.name)}-{self.version}"

    @property
    def modules(self) -> frozenset[str]:
        """Return the names that the package's modules are imported by."""
        return frozenset(path.partition("/")[0].partition(".")[0] for path in self.files)

    def text(self) -> bytes:
        """Return the manifest as it stands in the wheel."""
        return (self.model_dump_json(indent=1) + "\n").encode()


def digests(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file, in the order of their names."""
    return {path: hashlib.sha256(contents[path]).hexdigest() for path in sorted(contents)}


def written(manifest: Manifest, contents: Mapping[str, bytes]) -> bytes:
    """Return the wheel: the same bytes for the same manifest and files, on every machine."""
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        for path, body in {**{path: contents[path] for path in sorted(contents)}, **beside(manifest, contents)}.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, body)
    return wheel.getvalue()


def beside(manifest: Manifest, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that tell installers about the package."""
    folder = f"{manifest.stem}.dist-info"
    points = "".join(f"{name} = {target}\n" for name, target in manifest.plugins.items())
    metadata = f"Metadata-Version: 2.1\nName: {manifest.name}\nVersion: {manifest.version}\nRequires-Dist: diwan-rules"
    told = {
        f"{folder}/METADATA": f"{metadata}{f' ({manifest.kit})' if manifest.kit else ''}\n".encode(),
        f"{folder}/WHEEL": b"Wheel-Version: 1.0\nGenerator: diwan-rules\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{folder}/{MANIFEST}": manifest.text(),
        f"{folder}/entry_points.txt": f"[{GROUP}]\n{points}".encode(),
    }
    rows = (f"{path},sha256={_short(body)},{len(body)}\n" for path, body in {**contents, **told}.items())
    return {**told, f"{folder}/RECORD": "".join([*sorted(rows), f"{folder}/RECORD,,\n"]).encode()}


def read(wheel: bytes) -> tuple[Manifest, dict[str, bytes]]:
    """Return the manifest and the files of a wheel; raise NotLoaded when it is not just as `written` makes it."""
    if len(wheel) > LARGEST:
        raise _wrong("package_too_large", found=f"{len(wheel)} bytes", most=f"{LARGEST} bytes")
    found = _files(wheel)
    manifests = [path for path in found if path.endswith(f".dist-info/{MANIFEST}")]
    if len(manifests) != 1:
        raise _wrong("package_no_manifest", found=str(len(manifests)))
    manifest = _manifest(found[manifests[0]])
    folder = f"{manifest.stem}.dist-info/"
    contents = {path: body for path, body in found.items() if not path.startswith(folder)}
    if digests(contents) != manifest.files:
        raise _wrong("package_files_differ")
    if {path: body for path, body in found.items() if path.startswith(folder)} != beside(manifest, contents):
        raise _wrong("package_files_differ")
    return manifest, contents


def _manifest(text: bytes) -> Manifest:
    """Read a manifest; one of a later format was made by a newer kit."""
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, wrong["loc"]))
        if where == "format":
            raise _wrong("kit_unfit", wanted="> " + __version__, found=__version__) from error
        raise _wrong("package_manifest_wrong", field=where, error=wrong["msg"]) from error


def _wrong(code: str, **facts: str) -> NotLoaded:
    """Say what is wrong with a package."""
    return NotLoaded([mistake(code, "package", Place(), **facts)])


def _files(wheel: bytes) -> dict[str, bytes]:
    """Return what lies in a zip, when every name in it is harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            entries = archive.infolist()
            _refuse(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise _wrong("package_no_zip", error=type(error).__name__) from error


def _refuse(entries: list[zipfile.ZipInfo]) -> None:
    """Raise NotLoaded for what is too much, packed otherwise, or could be written outside its folder."""
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
        most = f"{MOST_FILES} files, {LARGEST} bytes"
        raise _wrong("package_too_large", found=f"{len(entries)} files", most=most)
    names = [entry.filename.lower() for entry in entries]
    for entry in entries:
        path = entry.filename
        told = path.partition("/")[0].endswith(".dist-info")
        if not _PATH.match(path) or len(path) > _LONGEST_PATH or not (told or path.endswith(ENDINGS)):
            raise unexpected(path)
        if names.count(path.lower()) > 1 or entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
            raise _wrong("package_entry_odd", file=path)


def unexpected(path: str) -> NotLoaded:
    """Say that a file has no place in a package."""
    file = path.encode("ascii", "replace").decode()[:_LONGEST_PATH]
    return _wrong("package_file_unexpected", file=file, known=" ".join(f"*{end}" for end in ENDINGS))


def _short(body: bytes) -> str:
    """Return a SHA-256 as RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")
