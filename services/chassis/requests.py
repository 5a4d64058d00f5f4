"""Writes that can be repeated: the same request_id with the same content gets the same answer, which is kept sealed."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import asyncpg
from google.protobuf.message import Message

from services.chassis.call import Call
from services.chassis.database import Connection
from services.chassis.refusals import Conflict, TryAgain
from services.chassis.sealing import KEY, KeyRing, RecordKey

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


class _Keys:
    """What keeps answers unreadable, and contents unguessable, to whoever holds the database alone."""

    def __init__(self, secret: bytes) -> None:
        ring = KeyRing(secret)
        self.marks = ring.derive("request marks")
        self.answers = RecordKey(ring.derive("request answers"))


_keys = _Keys(secrets.token_bytes(KEY))  # of this run alone, until the process names its own


def keep_under(secret: bytes) -> None:
    """Keep answers under a secret of this process from now on, so that they can be given again after a restart."""
    global _keys
    _keys = _Keys(secret)


def digest(call: Call, request: Request) -> bytes:
    """Condense who asks for what; stored under a key only, because it would confirm a guess of the content."""
    content = request.SerializeToString(deterministic=True)
    return hashlib.sha256(f"{call.actor}\n{type(request).__name__}\n".encode() + content).digest()


def _mark(call: Call, request: Request) -> bytes:
    return hmac.digest(_keys.marks, digest(call, request), "sha256")


async def recall(
    connection: "Connection", call: Call, request: Request, response_type: type[Response]
) -> Response | None:
    """Return the answer given before, if this request was answered."""
    row = await connection.fetchrow("SELECT digest, response FROM request WHERE request_id = $1", request.request_id)
    if row is None:
        return None
    if not hmac.compare_digest(row["digest"], _mark(call, request)):
        raise RequestIdReused(request_id=request.request_id)
    return response_type.FromString(_keys.answers.open(row["response"], purpose=request.request_id))


async def remember(connection: "Connection", call: Call, request: Request, response: Message) -> None:
    """Keep the answer in the transaction of its effect; of two equal requests at once one tries again."""
    try:
        await connection.execute(
            "INSERT INTO request (request_id, digest, response, answered_at) VALUES ($1, $2, $3, $4)",
            request.request_id,
            _mark(call, request),
            _keys.answers.seal(response.SerializeToString(), purpose=request.request_id),
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
