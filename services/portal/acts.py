"""What every officer's page shares: who may come in, how an act is done, and what is said after it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import grpc
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms
from services.portal.forms import Form
from services.portal.neighbours import house_of, renewed
from services.portal.page import turn_to
from services.portal.sessions import Kept, Session
from services.portal.visits import visit_of

Endpoint = Callable[[Request], Awaitable[Response]]


class SessionMissing(Exception):
    """The page is for officers, and nobody has signed in."""


class Again(Protocol):
    """Shows the page of a form once more."""

    def __call__(self, request: Request, form: Form) -> Awaitable[Response]:
        """Show it with what was typed and what is wrong."""


def session_of(request: Request) -> Session:
    """Return the officer's session."""
    session = visit_of(request).session
    if session is None:
        raise SessionMissing
    return session


def desk(path: str, endpoint: Endpoint, *methods: str) -> Route:
    """Serve a page to officers who signed in."""

    async def guarded(request: Request) -> Response:
        visit = visit_of(request)
        if visit.session is None:
            if request.method == "POST":
                await forms.read(request)
            raise SessionMissing
        if visit.session and (fresh := await renewed(house_of(request), visit.session)):
            visit.keep(Kept(visit=visit.kept.visit if visit.kept else "", session=fresh))
        return await endpoint(request)

    guarded.__name__ = endpoint.__name__
    return Route(path, guarded, methods=list(methods) or ["GET"])


async def act(
    request: Request,
    form: Form,
    call: Callable[[], Awaitable[object]],
    *,
    fields: Sequence[str],
    again: Again,
    to: str,
    done: str,
) -> Response:
    """Do what a form asks for and go on, or show the form again with what was refused."""
    if not form.problems:
        try:
            await call()
        except grpc.aio.AioRpcError as error:
            form.refuse(error, fields, elsewhere=fields[0])
        else:
            return turn_to(request, to, done=done)
    return await again(request, form)


async def own_bodies(request: Request) -> list[str]:
    """List the bodies for which the officer acts."""
    found: list[str] = []
    for role, scope in session_of(request).appointments:
        kind, _, name = scope.partition(":")
        if kind == "body":
            found.append(name)
        elif kind == "wilaya" and role == "delegate":
            found.append(await house_of(request).places.delegation_of(name))
        elif kind == "national" and role == "mediator":
            found.append("mediator")
    return found


def own_wilaya(request: Request) -> str:
    """Name the wilaya of the officer's first appointment in one; empty for national officers."""
    scopes = (scope for _, scope in session_of(request).appointments)
    return next((scope.removeprefix("wilaya:") for scope in scopes if scope.startswith("wilaya:")), "")
