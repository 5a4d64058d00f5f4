"""What all answers share: the office, and one transaction for a request that may come again."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from services.chassis import requests
from services.chassis.checks import require_uuid
from services.chassis.database import Connection
from services.chassis.server import current_call
from services.intake.actions.office import Office

Answer = TypeVar("Answer", bound=Message)
Act = Callable[[Connection], Awaitable[Answer]]
Context = grpc.aio.ServicerContext[Any, Any]


class Answering:
    """Answers from one office."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def _once(self, request: requests.Request, response_type: type[Answer], act: Act[Answer]) -> Answer:
        """Act in one transaction, or answer as before."""
        require_uuid("request_id", request.request_id)
        async with self._office.database.transaction() as connection:
            return await requests.once(connection, current_call(), request, response_type, act=lambda: act(connection))
