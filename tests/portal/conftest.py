"""A portal on a real port, with the neighbours that a test gives it, or with none at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import pytest
import uvicorn

from services.chassis.settings import Settings
from services.portal.app import build

NOBODY = "127.0.0.1:9"


@dataclass(frozen=True)
class Answer:
    """What the portal answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()


@dataclass
class Portal:
    """A portal that serves, and the cookies that a browser would keep."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Answer:
        """Ask for a page."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, body: bytes = b"", **fields: str) -> Answer:
        """Send a form."""
        return await self._ask("POST", path, body or urlencode(fields).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\nCookie: {cookies}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        raw = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        top, _, content = raw.partition(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if kept := headers.get("set-cookie"):
            name, _, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(int(first.split()[1]), headers, content)


@pytest.fixture
async def portal_beside(
    settings_of: Callable[[str], Settings],
) -> AsyncIterator[Callable[..., Awaitable[Portal]]]:
    """Serve a portal: `portal = await portal_beside(directory=address)`; other neighbours are out of reach."""
    async with AsyncExitStack() as held:

        async def serve(**addresses: str) -> Portal:
            settings = settings_of("portal")
            known = dict.fromkeys(settings.addresses, NOBODY) | addresses
            app = build(replace(settings, addresses=known))
            server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, server_header=False))
            server.config.load()
            server.lifespan = server.config.lifespan_class(server.config)
            await server.startup()
            running = asyncio.create_task(server.main_loop())

            async def stop() -> None:
                server.should_exit = True
                await running
                await server.shutdown()

            held.push_async_callback(stop)
            return Portal(server.servers[0].sockets[0].getsockname()[1])

        yield serve
