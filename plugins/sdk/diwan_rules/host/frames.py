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
        self._frames: deque[Frame] = deque()
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

    async def next(self, seconds: float) -> Frame:
        """Return the next frame; raise TimeoutError after so many seconds, Ended when none will come."""
        loop = asyncio.get_running_loop()
        if not self._frames and not self.ended:
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, _release, self._waiting)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        if self._frames:
            return self._frames.popleft()
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
        """Cut frames out of the stream; close on what is none, for a worker is not trusted."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._buffer)
            if size > LONGEST:
                return self.close()
            if len(self._buffer) < _LENGTH.size + size:
                break
            body = bytes(self._buffer[_LENGTH.size : _LENGTH.size + size])
            del self._buffer[: _LENGTH.size + size]
            if not self._keep(body):
                return self.close()
        return None

    def _keep(self, body: bytes) -> bool:
        """Keep a frame for the one who waits; tell whether it was one."""
        try:
            frame = json.loads(str(body, "utf-8"))
        except ValueError:
            return False
        if not isinstance(frame, dict):
            return False
        self._frames.append(frame)
        _release(self._waiting)
        return True


def _release(waiting: "asyncio.Future[None] | None") -> None:
    """Wake the one who waits, once."""
    if waiting and not waiting.done():
        waiting.set_result(None)
