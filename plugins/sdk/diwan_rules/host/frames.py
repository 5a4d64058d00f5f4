"""Carries JSON frames with a length in front over a socket between the parent and its workers."""

import asyncio
import json
import socket
import struct
from collections import deque
from typing import Any

_LENGTH = struct.Struct("!I")
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
LONGEST = 64 * 1024 * 1024
Frame = dict[str, Any]


class Ended(Exception):
    """The other side has closed, or sends what is no frame."""


def pack(frame: Frame) -> bytes:
    """Return a frame as it travels."""
    body = _WRITER.encode(frame).encode("utf-8", "replace")
    return _LENGTH.pack(len(body)) + body


def receive(channel: socket.socket) -> Frame | None:
    """Wait for the next frame; None when the other side has closed."""
    head = _exactly(channel, _LENGTH.size)
    if head is None:
        return None
    body = _exactly(channel, *_LENGTH.unpack(head))
    return None if body is None else json.loads(str(body, "utf-8"))


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    """Read so many bytes, or None when the other side closes before."""
    body = bytearray(size)
    view, got = memoryview(body), 0
    while got < size:
        read = channel.recv_into(view[got:])
        if read == 0:
            return None
        got += read
    return bytes(body)


class Channel(asyncio.Protocol):
    """The parent's end of a worker's socket: sends without waiting, and waits for the next frame with a limit."""

    def __init__(self) -> None:
        self._bodies: deque[bytes] = deque()
        self._buffer = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self.ended = False

    @classmethod
    async def over(cls, end: socket.socket) -> "Channel":
        """Return a channel over a connected socket."""
        _, channel = await asyncio.get_running_loop().create_unix_connection(cls, sock=end)
        return channel

    def send(self, *pieces: bytes) -> None:
        """Send what `pack` made."""
        if self._transport and not self.ended:
            self._transport.writelines(pieces)

    async def next(self, seconds: float) -> bytes:
        """Return the body of the next frame, unread, for a worker is not trusted; raise TimeoutError after so many seconds, Ended when none will come."""
        loop = asyncio.get_running_loop()
        if not self._bodies and not self.ended:
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, _release, self._waiting)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        if self._bodies:
            return self._bodies.popleft()
        raise Ended if self.ended else TimeoutError

    def close(self) -> None:
        """Close this end."""
        self.ended = True
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the one who waits know that nothing will come."""
        self.ended = True
        _release(self._waiting)

    def data_received(self, data: bytes) -> None:
        """Cut frames out of the stream; close on one that is too long."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._buffer)
            if size > LONGEST:
                return self.close()
            if len(self._buffer) < _LENGTH.size + size:
                break
            self._bodies.append(bytes(self._buffer[_LENGTH.size : _LENGTH.size + size]))
            del self._buffer[: _LENGTH.size + size]
            _release(self._waiting)
        return None


def _release(waiting: "asyncio.Future[None] | None") -> None:
    """Wake the one who waits, once."""
    if waiting and not waiting.done():
        waiting.set_result(None)
