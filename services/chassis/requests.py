"""Writes that can be repeated: the same request_id with the same content gets the same answer."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import asyncpg
from google.protobuf.message import Message

from services.chassis.call import Call
from services.chassis.database import Connection
from services.chassis.refusals import Conflict, TryAgain

Response = TypeVar("Response", bound=Message)


class Request(Protocol):
    """A message that carries a request_id."""

    @property
    def request_id(self) -> str:
        """The caller's own id of this request, a UUID."""

    def SerializeToString(self, *, deterministic: bool = ...) -> bytes:
        """Write the message as bytes."""


class RequestIdReused(Conflict):
    """The request_id {request_id} was used before with another content; use a new one."""

    ar = "استُعمل المعرّف {request_id} من قبل بمحتوى آخر؛ استعمل معرّفا جديدا."
    fr = "L'identifiant {request_id} a déjà servi avec un autre contenu ; utilisez-en un nouveau."
    field = "request_id"


def digest(call: Call, request: Request) -> bytes:
    """Condense who asks for what."""
    content = request.SerializeToString(deterministic=True)
    return hashlib.sha256(f"{call.actor}\n{type(request).__name__}\n".encode() + content).digest()


async def recall(
    connection: "Connection", call: Call, request: Request, response_type: type[Response]
) -> Response | None:
    """Return the answer given before, if this request was answered."""
    row = await connection.fetchrow("SELECT digest, response FROM request WHERE request_id = $1", request.request_id)
    if row is None:
        return None
    if row["digest"] != digest(call, request):
        raise RequestIdReused(request_id=request.request_id)
    return response_type.FromString(row["response"])


async def remember(connection: "Connection", call: Call, request: Request, response: Message) -> None:
    """Keep the answer in the transaction of its effect; of two equal requests at once one tries again."""
    try:
        await connection.execute(
            "INSERT INTO request (request_id, digest, response, answered_at) VALUES ($1, $2, $3, $4)",
            request.request_id,
            digest(call, request),
            response.SerializeToString(),
            call.now,
        )
    except asyncpg.UniqueViolationError:
        raise TryAgain from None


async def once(
    connection: "Connection",
    call: Call,
    request: Request,
    response_type: type[Response],
    *,
    act: Callable[[], Awaitable[Response]],
) -> Response:
    """Answer as before, or act and keep the answer."""
    if (answered := await recall(connection, call, request, response_type)) is not None:
        return answered
    response = await act()
    await remember(connection, call, request, response)
    return response
