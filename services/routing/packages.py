"""Opens wheels of rules that ministries send: who may sign for which ministry, and each refusal of the kit as one of ours."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from diwan_rules import packages
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.packages import Package
from diwan_rules.signatures import KeyUnreadable, PublicKey

from services.routing.domain import release as refusals
from services.routing.domain.release import LARGEST_WHEEL, ReleaseTooLarge

REFUSALS = {
    "package_unsigned": refusals.ReleaseUnsigned,
    "signature_unreadable": refusals.ReleaseAltered,
    "signature_wrong": refusals.ReleaseAltered,
    "package_altered": refusals.ReleaseAltered,
    "signature_key_unknown": refusals.ReleaseKeyUnknown,
    "kit_unfit": refusals.ReleaseKitUnfit,
    "kit_range_unreadable": refusals.ReleaseKitUnfit,
    "package_name_taken": refusals.ReleaseNameTaken,
    "package_module_taken": refusals.ReleaseNameTaken,
    "package_version_loaded": refusals.ReleaseNameTaken,
    "package_version_reused": refusals.ReleaseVersionReused,
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A wheel that may be installed."""

    release_id: str
    package: Package
    wheel: bytes
    signature: bytes

    @property
    def ministry_id(self) -> str:
        """Return the ministry whose rules it holds."""
        return self.package.manifest.ministry.lower()


@dataclass(frozen=True, kw_only=True)
class Doorkeeper:
    """Lets in what a trusted key signed: `<CODE>.pub` or `<CODE>.<name>.pub` in a folder, read anew each time."""

    folder: Path
    lets_unsigned_in: bool = False

    def open(self, wheel: bytes, signature: bytes) -> Opened:
        """Open a wheel, or refuse it."""
        if len(wheel) > LARGEST_WHEEL:
            raise ReleaseTooLarge(size=len(wheel), most=LARGEST_WHEEL)
        try:
            package = self._opened(wheel, signature)
        except NotLoaded as refused:
            raise _refusal(refused.errors[0]) from refused
        release_id = hashlib.sha256(wheel).hexdigest()
        return Opened(release_id=release_id, package=package, wheel=wheel, signature=signature)

    def _opened(self, wheel: bytes, signature: bytes) -> Package:
        if self.lets_unsigned_in and not signature:
            package = packages.unsigned(wheel)
            _log.warning("an unsigned wheel is let in", extra={"package": package.manifest.stem})
            return package
        trusted = self._trusted()
        package = packages.opened(wheel, signature, list({key.id: key for _, key in trusted}.values()))
        ministry = package.manifest.ministry
        own = [key.id for code, key in trusted if code == ministry]
        if package.key not in own:
            known = ", ".join(own) or "—"
            raise NotLoaded([mistake("signature_key_unknown", ministry, Place(), key=package.key, known=known)])
        return package

    def _trusted(self) -> list[tuple[str, PublicKey]]:
        """Return the public keys and whose they are; a file that holds none is left aside, loudly."""
        found = []
        for path in sorted(self.folder.glob("*.pub")):
            try:
                found.append((path.name.partition(".")[0].upper(), PublicKey.read(path.read_bytes())))
            except KeyUnreadable:
                _log.error("no public key in %s", path.name)
        return found


def must_fit(opened: Opened, others: Iterable[bytes]) -> None:
    """Refuse a wheel that cannot stand beside others, or is called like one of another ministry."""
    mine = opened.package.manifest
    try:
        for other in map(packages.unsigned, others):
            theirs = other.manifest
            if theirs.ministry != mine.ministry:
                raise NotLoaded([mistake("package_name_taken", "package", Place(), name=mine.name, other=theirs.stem)])
            packages.fit(opened.package, [other])
    except NotLoaded as refused:
        raise _refusal(refused.errors[0]) from refused


def _refusal(error: LoadError) -> Exception:
    kind = REFUSALS.get(error.code, refusals.ReleaseUnreadable)
    return kind(ar=error.message_ar, fr=error.message_fr, en=error.message_en)
