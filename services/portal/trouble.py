"""What goes wrong, told calmly: nothing inner is shown, and what was typed is kept."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import grpc
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis import client, tracing
from services.chassis.faults import described
from services.portal.acts import SessionMissing
from services.portal.forms import N_, Form, FormNotOurs
from services.portal.page import render, turn_to
from services.portal.visits import visit_of

LOG = logging.getLogger("diwan.portal")
NOT_FOUND = (N_("There is nothing here"), N_("The address is wrong, or what was here is not yours to see."))
FORBIDDEN = (N_("This is not open to you"), N_("Your appointment does not cover it."))
TOO_LARGE = (
    N_("That is too much at once"),
    N_("What you sent is larger than can be taken. Go back, shorten it, and send it again."),
)
NOT_READ = (N_("This could not be read"), N_("Go back and send the form again."))
BUSY = (
    N_("Please try again in a moment"),
    N_("A part of the service does not answer at this moment. What was sent before is safe; nothing is lost."),
)
STALE_FORM = (
    N_("Please send it once more"),
    N_("This page was open for long, or cookies are off. What you typed is kept; press the button to send it."),
)
SIGN_IN = (
    N_("Your session has ended"),
    N_("Sign in again in a new window, then come back here and send. What you typed is kept."),
)
BROKEN = (N_("Something went wrong on our side"), N_("The fault has been noted. What was entered before is safe."))
BY_KIND = {
    "INVALID_ARGUMENT": (404, NOT_FOUND),
    "FAILED_PRECONDITION": (404, NOT_FOUND),
    "NOT_FOUND": (404, NOT_FOUND),
    "PERMISSION_DENIED": (403, FORBIDDEN),
    "UNAVAILABLE": (503, BUSY),
    "DEADLINE_EXCEEDED": (503, BUSY),
    "RESOURCE_EXHAUSTED": (503, BUSY),
    "CANCELLED": (503, BUSY),
}
BY_STATUS = {404: NOT_FOUND, 405: NOT_FOUND, 413: TOO_LARGE, 400: NOT_READ}
Explained = tuple[str, str]


def _page(
    request: Request, status: int, explained: Explained, *, retry: bool = False, sign_in: bool = False
) -> Response:
    visit = visit_of(request)
    form: Form | None = request.scope.get("form") if retry or sign_in else None
    return render(
        request,
        "trouble.html",
        status=status,
        heading=visit.say(explained[0]),
        explained=visit.say(explained[1]),
        again=form,
        retry=retry,
        sign_in=sign_in,
        trace_id=tracing.trace_id() if status >= 500 else "",
    )


async def of_http(request: Request, error: Exception) -> Response:
    """Answer what the router refuses."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    return _page(request, status, BY_STATUS.get(status, NOT_READ))


async def of_neighbour(request: Request, error: Exception) -> Response:
    """Answer when a service refuses a whole page or does not answer."""
    kind = client.refused(error).kind if isinstance(error, grpc.aio.AioRpcError) else ""
    if kind == "UNAUTHENTICATED":
        return await of_session(request, error)
    status, explained = BY_KIND.get(kind, (500, BROKEN))
    return _page(request, status, explained, retry=status == 503)


async def of_session(request: Request, error: Exception) -> Response:
    """Ask for a new session, with what was typed kept."""
    visit = visit_of(request)
    if request.method == "GET":
        return turn_to(request, "/sign-in", next=visit.path + (f"?{visit.query}" if visit.query else ""))
    return _page(request, 401, SIGN_IN, sign_in=True)


async def of_form(request: Request, error: Exception) -> Response:
    """Give the form a token of this visit, with what was typed kept."""
    return _page(request, 403, STALE_FORM, retry=True)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Any]] = {
    HTTPException: of_http,
    grpc.aio.AioRpcError: of_neighbour,
    SessionMissing: of_session,
    FormNotOurs: of_form,
}


class Faults:
    """Shows a calm page for an exception that nobody expected; its kind and place go to the log, its text to nobody."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        began = False

        async def watched(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 (the outermost wall)
            LOG.error("internal error", extra={"fault": described(error), "trace": tracing.trace_id()})
            if not began:
                await _page(Request(scope, receive), 500, BROKEN)(scope, receive, send)
