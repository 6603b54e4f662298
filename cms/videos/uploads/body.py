"""The bytes of a PATCH, onto the disk as they come: what arrived before a break is kept."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds without a byte after which a body counts as stalled."""
LOOK = 0.1
"""Seconds between two questions whether a body is still wanted."""
BLOCK = 2**20
"""Bytes that are gathered before they are written: memory per upload, and loss at a crash."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Stalled(Exception):
    """No byte came for PATIENCE seconds."""


class Gone(Exception):
    """The other side has closed the connection."""


class BodyTooLarge(Exception):
    """More bytes came than the upload has left; nothing of this body is kept."""


SMALL = 64 * 1024
"""Bytes of a body that is read into memory: names and numbers, no media."""


async def receive_small(receive: Receive, most: int = SMALL) -> bytes:
    """Return a body of up to `most` bytes; raise BodyTooLarge, Stalled or Gone."""
    body = b""
    async for piece in _pieces(receive):
        body += piece
        if len(body) > most:
            raise BodyTooLarge
    return body


async def receive_into(
    path: Path,
    receive: Receive,
    offset: int,
    length: int,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Write the body to `path` from `offset` on; on the disk for good if it is complete.

    `check` is called every LOOK seconds. What it raises ends the body; what came before is kept.
    """
    handle = os.open(path, os.O_WRONLY)
    sink = _Sink(handle, offset)
    try:
        try:
            await _copy(sink, receive, length, check)
        finally:
            await _to_the_end(sink.flush)
        if sink.position == length:
            await _to_the_end(os.fsync, handle)
    except BodyTooLarge:
        os.ftruncate(handle, offset)
        raise
    finally:
        os.close(handle)


async def _pieces(
    receive: Receive, check: Callable[[], None] = lambda: None
) -> AsyncIterator[bytes]:
    """Yield what comes of a body; raise Stalled, Gone or what `check` raises."""
    loop, more = asyncio.get_running_loop(), True
    looked = loop.time()
    while more:
        waiting = asyncio.ensure_future(receive())
        try:
            since = loop.time()
            while True:
                await asyncio.wait([waiting], timeout=min(LOOK, PATIENCE))
                if loop.time() - looked >= LOOK:
                    looked = loop.time()
                    check()
                if waiting.done():
                    break
                if loop.time() - since >= PATIENCE:
                    raise Stalled
        finally:
            waiting.cancel()
        message = waiting.result()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def _copy(sink: "_Sink", receive: Receive, length: int, check: Callable[[], None]) -> None:
    async for piece in _pieces(receive, check):
        sink.take(piece)
        if sink.position > length:
            raise BodyTooLarge
        if sink.waiting >= BLOCK:
            await _to_the_end(sink.flush)


async def _to_the_end(work: Callable[..., None], *arguments: int) -> None:
    """Run `work` in a thread; a cancellation comes through once the thread has ended.

    The handle is closed next, and its number may be another file's by the time of a late write.
    """
    running = asyncio.get_running_loop().run_in_executor(None, work, *arguments)
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as wish:
            cancelled = wish
    if cancelled:
        raise cancelled from running.exception()
    running.result()


class _Sink:
    """Gathers bytes and writes them at their place."""

    def __init__(self, handle: int, offset: int) -> None:
        self._handle = handle
        self._written = offset
        self._parts: list[bytes] = []
        self.waiting = 0

    @property
    def position(self) -> int:
        """The offset after everything taken so far."""
        return self._written + self.waiting

    def take(self, data: bytes) -> None:
        """Keep `data` for the next flush."""
        if data:
            self._parts.append(data)
            self.waiting += len(data)

    def flush(self) -> None:
        """Write what was gathered."""
        data = memoryview(b"".join(self._parts))
        self._parts, self.waiting = [], 0
        while data:
            count = os.pwrite(self._handle, data, self._written)
            self._written += count
            data = data[count:]
