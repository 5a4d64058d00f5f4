"""Names for ids: territories, bodies and topics as the directory has them, kept for some minutes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.directory.v1 import directory_service_pb2 as messages
from diwan.directory.v1.body_pb2 import Body, BodyKind
from diwan.directory.v1.territory_pb2 import Territory, TerritoryKind
from diwan.directory.v1.topic_pb2 import Topic

from services.chassis.call import epoch

if TYPE_CHECKING:
    from diwan.directory.v1.directory_service_pb2_grpc import DirectoryServiceAsyncStub

KEPT_SECONDS = 600.0
PAGE = 2000
Kept = TypeVar("Kept")


class Places:
    """What the directory says, asked once and kept for a while."""

    def __init__(self, directory: "DirectoryServiceAsyncStub") -> None:
        self._directory = directory
        self._kept: dict[object, tuple[float, object]] = {}

    async def wilayas(self) -> list[Territory]:
        """List the wilayas by their number."""
        return await self._once("wilayas", lambda: self._territories(TerritoryKind.TERRITORY_KIND_WILAYA, ""))

    async def communes(self, wilaya_id: str) -> list[Territory]:
        """List the communes of a wilaya."""
        return await self._once(
            ("communes", wilaya_id), lambda: self._territories(TerritoryKind.TERRITORY_KIND_COMMUNE, wilaya_id)
        )

    async def topics(self) -> list[Topic]:
        """List the topics."""

        async def ask() -> list[Topic]:
            return list((await self._directory.ListTopics(messages.ListTopicsRequest())).topics)

        return await self._once("topics", ask)

    async def ministries(self) -> list[Body]:
        """List the ministries of today."""
        request = messages.ListBodiesRequest(kinds=[BodyKind.BODY_KIND_MINISTRY], page_size=PAGE)
        return await self._once("ministries", lambda: self._list(request))

    async def bodies_of(self, wilaya_id: str) -> list[Body]:
        """List the bodies that are competent in a wilaya."""
        request = messages.ListBodiesRequest(wilaya_id=wilaya_id, page_size=PAGE)
        return await self._once(("bodies", wilaya_id), lambda: self._list(request))

    async def delegation_of(self, wilaya_id: str) -> str:
        """Name the body of the Mediator's delegation in a wilaya."""
        request = messages.ListBodiesRequest(kinds=[BodyKind.BODY_KIND_DELEGATION], territory_id=wilaya_id, page_size=1)
        found = await self._once(("delegation", wilaya_id), lambda: self._list(request))
        return found[0].body_id if found else ""

    async def body(self, body_id: str) -> Body | None:
        """Give one body."""
        found = await self._once(("one", body_id), lambda: self._list(messages.ListBodiesRequest(body_ids=[body_id])))
        return found[0] if found else None

    async def find_bodies(self, query: str, wilaya_id: str = "") -> list[Body]:
        """Search bodies by words of their name."""
        return await self._list(messages.ListBodiesRequest(query=query, wilaya_id=wilaya_id, page_size=30))

    async def body_names(self, language: str, body_ids: Iterable[str]) -> Mapping[str, str]:
        """Name bodies; an id that the directory does not know names itself."""
        asked = sorted({body_id for body_id in body_ids if body_id})
        unknown = [body_id for body_id in asked if self._present(("body", body_id)) is None]
        if unknown:
            for body in await self._list(messages.ListBodiesRequest(body_ids=unknown, page_size=PAGE)):
                self._kept["body", body.body_id] = (epoch() + KEPT_SECONDS, body.name)
        found = {body_id: self._present(("body", body_id)) for body_id in asked}
        return {
            body_id: named(name, language) if isinstance(name, LocalizedText) else body_id
            for body_id, name in found.items()
        }

    async def place_name(self, language: str, wilaya_id: str, commune_id: str = "") -> str:
        """Name a commune with its wilaya, or a wilaya."""
        parts = [named(each.name, language) for each in await self.wilayas() if each.territory_id == wilaya_id]
        if commune_id:
            communes = await self.communes(wilaya_id)
            parts = [named(each.name, language) for each in communes if each.territory_id == commune_id] + parts
        return ("، " if language == "ar" else ", ").join(parts) or wilaya_id

    async def topic_name(self, language: str, topic_code: str) -> str:
        """Name a topic."""
        found = (each.name for each in await self.topics() if each.topic_code == topic_code)
        return next((named(name, language) for name in found), topic_code)

    async def _territories(self, kind: TerritoryKind.ValueType, parent_id: str) -> list[Territory]:
        request = messages.ListTerritoriesRequest(kind=kind, parent_id=parent_id, page_size=PAGE)
        return list((await self._directory.ListTerritories(request)).territories)

    async def _list(self, request: messages.ListBodiesRequest) -> list[Body]:
        return list((await self._directory.ListBodies(request)).bodies)

    def _present(self, key: object) -> object | None:
        until, value = self._kept.get(key, (0.0, None))
        return value if until > epoch() else None

    async def _once(self, key: object, ask: Callable[[], Awaitable[list[Kept]]]) -> list[Kept]:
        until, value = self._kept.get(key, (0.0, None))
        if until > epoch() and isinstance(value, list):
            return value
        asked = await ask()
        if asked:
            self._kept[key] = (epoch() + KEPT_SECONDS, asked)
        return asked


def named(name: LocalizedText, language: str) -> str:
    """Choose a name's language, or what there is."""
    return (name.fr or name.ar) if language == "fr" else (name.ar or name.fr)
