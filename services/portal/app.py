"""The portal put together: routes, static files, the guard of visits, and calm pages for what goes wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.chassis.keys import private_key
from services.chassis.settings import Settings
from services.portal import trouble, words
from services.portal.neighbours import open_house
from services.portal.page import STATIC, environment
from services.portal.pages import (
    citizen,
    classifier,
    complaint,
    delegate,
    desk,
    figures,
    history,
    keeper,
    letters,
    operator,
    rules,
    unit,
)
from services.portal.sessions import Seal
from services.portal.visits import Visits

YEAR_SECONDS = 31_536_000


class KeptFiles(StaticFiles):
    """Style and fonts, which browsers may keep."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = f"public, max-age={YEAR_SECONDS}"
        return response


async def healthz(request: Request) -> Response:
    """Say that the process serves."""
    return PlainTextResponse("serving\n")


def build(settings: Settings) -> Starlette:
    """Put the portal together."""

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        app.state.house, app.state.settings = open_house(settings), settings
        for language in words.LANGUAGES:
            environment(language)
        yield
        await app.state.house.close()

    key = private_key(settings.keys, settings.process).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    pages = (citizen, classifier, complaint, delegate, desk, figures, history, keeper, letters, operator, rules, unit)
    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Mount("/static", KeptFiles(directory=STATIC)),
            *(route for module in pages for route in module.routes),
        ],
        middleware=[
            Middleware(Visits, seal=Seal(key)),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(trouble.Faults),
        ],
        exception_handlers=trouble.HANDLERS,
        lifespan=living,
    )
