"""The bridge between nameko's green threads and the event loop that gRPC and asyncpg live on."""

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

from eventlet.event import Event

Result = TypeVar("Result")


class CutOff(Exception):
    """The coroutine was cancelled from elsewhere, as the end of the bus does."""


def wait(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine on the hub's event loop and wait for it in this green thread, inside the same trace."""
    done = Event()
    task = asyncio.get_running_loop().create_task(coroutine, context=contextvars.copy_context())
    task.add_done_callback(lambda _: done.send())
    try:
        done.wait()
    except BaseException:
        task.cancel()
        raise
    if task.cancelled():
        raise CutOff
    return task.result()
