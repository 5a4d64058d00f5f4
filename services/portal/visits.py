"""Each request as a visit: the language from the path, the sealed cookie in and out, and the headers that guard every page."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from opentelemetry.trace import SpanKind
from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.incoming import acting
from services.chassis.tracing import span
from services.portal import words
from services.portal.sessions import COOKIE, Kept, Seal, Session, new_visit

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
GUARDS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
FRENCH = "/fr"
FOR_CITIZENS = ("file", "track")  # whoever signed in acts as a citizen there


@dataclass
class Visit:
    """Who visits, in which language."""

    language: str
    path: str
    query: str
    seal: Seal
    kept: Kept | None
    secure: bool
    changed: bool = field(default=False)

    @property
    def session(self) -> Session | None:
        """The officer's session, if one signed in."""
        return self.kept.session if self.kept else None

    @property
    def form_token(self) -> str:
        """The token for a form of this visit; the first form begins the visit."""
        if self.kept is None:
            self.keep(Kept(visit=new_visit()))
        return self.seal.form_token(self.kept.visit) if self.kept else ""

    def keep(self, kept: Kept) -> None:
        """Have the browser keep this from now on."""
        self.kept, self.changed = kept, True

    def say(self, message: str, **facts: object) -> str:
        """Say a sentence of the sources in the visitor's language."""
        return words.say(self.language, message, **facts)

    def link(self, path: str, **query: object) -> str:
        """Write a link that stays in the visitor's language."""
        return _spelt(self.language, path, urlencode({name: value for name, value in query.items() if value}))

    def same_page(self, language: str) -> str:
        """Write the link to this very page in another language."""
        return _spelt(language, self.path, self.query)


def visit_of(request: Request) -> Visit:
    """Return the visit of a request."""
    visit: Visit = request.scope["visit"]
    return visit


class Visits:
    """Opens the visit before a page is made and guards the answer."""

    def __init__(self, app: ASGIApp, *, seal: Seal) -> None:
        self._app = app
        self._seal = seal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope, **_spoken(scope)}
        visit = scope["visit"] = self._visit(scope)
        session = None if visit.path.split("/")[1] in FOR_CITIZENS else visit.session
        token = session.token if session else ""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _guard(MutableHeaders(scope=message), visit)
            await send(message)

        with acting(actor_token=token, language=visit.language), span("portal", kind=SpanKind.SERVER) as current:
            await self._app(scope, receive, guarded)
            current.update_name(f"portal.{getattr(scope.get('endpoint'), '__name__', 'nothing')}")

    def _visit(self, scope: Scope) -> Visit:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        sealed = cookie_parser(headers.get(b"cookie", "")).get(COOKIE, "")
        secure = headers.get(b"x-forwarded-proto", scope["scheme"]) == "https"
        return Visit(
            language=scope["language"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            seal=self._seal,
            kept=self._seal.open(sealed) if sealed else None,
            secure=secure,
        )


def _spoken(scope: Scope) -> dict[str, Any]:
    path = scope["path"]
    if path == FRENCH or path.startswith(FRENCH + "/"):
        return {"language": "fr", "path": path.removeprefix(FRENCH) or "/"}
    return {"language": "ar"}


def _spelt(language: str, path: str, query: str) -> str:
    path = "/" + path.lstrip("/\\")  # "//name" would lead to another site
    address = path if language == "ar" else FRENCH + (path if path != "/" else "")
    return f"{address}?{query}" if query else address


def _guard(headers: MutableHeaders, visit: Visit) -> None:
    for name, value in GUARDS.items():
        headers[name] = value
    if "cache-control" not in headers:
        headers["cache-control"] = "no-store"
    if visit.secure:
        headers["strict-transport-security"] = "max-age=31536000"
    if visit.changed and visit.kept:
        attributes = "; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if visit.secure else "")
        headers.append("set-cookie", f"{COOKIE}={visit.seal.close(visit.kept)}{attributes}")
