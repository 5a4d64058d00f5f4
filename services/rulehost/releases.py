"""Loads releases into the slots of a running host; what runs where is known here only as long as the process lives."""

from diwan.rules.v1 import ministry_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan_rules import packages
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.supervisor import Host
from diwan_rules.load_errors import NotLoaded
from diwan_rules.packages import Package

from services.chassis.checks import require_text
from services.chassis.refusals import FieldInvalid

FOLDER = "folder"
CANDIDATE = ministry_pb2.SLOT_CANDIDATE


class Releases:
    """The releases that routing ordered, by slot and ministry."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._named: dict[tuple[bool, str], str] = {}

    def name_of(self, code: str, *, candidate: bool = False) -> str:
        """Name the release that a slot runs; empty for the rules of the host's own folders."""
        return self._named.get((candidate, code), "")

    async def load(self, request: pb2.LoadReleaseRequest) -> Ministry:
        """Run a release in a slot; one that runs there already stays."""
        code, candidate = request.ministry, request.slot == CANDIDATE
        wanted = "" if request.release_id == FOLDER else require_text("release_id", request.release_id, limit=64)
        running = (self._host.candidates if candidate else self._host.ministries).get(code)
        if running is not None and self.name_of(code, candidate=candidate) == wanted:
            return running
        if not wanted and code not in self._host.folders:
            raise FieldInvalid(field="ministry")
        package = _opened(code, request.wheel) if wanted else None
        ministry = await self._host.put(code, package, candidate=candidate)
        self._named[candidate, code] = wanted
        return ministry

    def unload(self, request: pb2.UnloadReleaseRequest) -> None:
        """Run nothing in a slot."""
        candidate = request.slot == CANDIDATE
        self._host.take_away(request.ministry, candidate=candidate)
        self._named.pop((candidate, request.ministry), None)


def _opened(code: str, wheel: bytes) -> Package:
    """Open a wheel of which routing has checked who signed it."""
    try:
        package = packages.unsigned(wheel)
    except NotLoaded as error:
        raise FieldInvalid(field="wheel") from error
    if package.manifest.ministry != code:
        raise FieldInvalid(field="ministry")
    return package
