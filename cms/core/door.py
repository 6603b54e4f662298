"""What stands in front of Django: where a request goes, and how large it may be."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

_PLAYLIST = re.compile(r"/(live|vod)/.+\.(m3u8|mpd|vtt|ts)|/live/clock\.txt")
_YEAR = "public, max-age=31536000, immutable"


class Door:
    """Sends each request to the app that owns its address; answers `lifespan` itself."""

    def __init__(
        self, *, origin: App, uploads: App, seen: App, static: App, files: App, django: App
    ) -> None:
        self._origin = origin
        self._django = django
        self._folders = (
            ("/media/", origin),
            ("/uploads/", uploads),
            ("/seen/", seen),
            ("/static/", static),
            ("/files/", files),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            # Django answers no lifespan; the origin starts and stops its reload with it.
            await self._origin(scope, receive, send)
            return
        if scope.get("method") == "TRACE":
            # Nobody needs it, and an answer may tell a script headers that it must not read.
            await PlainTextResponse("405\n", status_code=405)(scope, receive, send)
            return
        await self._owner(scope["path"])(scope, receive, send)

    def _owner(self, path: str) -> App:
        if _PLAYLIST.fullmatch(path):
            return self._origin
        return next((app for prefix, app in self._folders if path.startswith(prefix)), self._django)


def capped(app: App, most: int) -> App:
    """Return `app` with request bodies of more than `most` bytes answered by 413.

    Django under ASGI writes the whole body to disk before any middleware runs.
    """

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            await _too_large(scope, receive, send)
            return
        body = _Counted(receive, most)
        task = asyncio.ensure_future(app(scope, body, send))
        over = asyncio.ensure_future(body.over.wait())
        try:
            await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
            if body.over.is_set() and not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await _too_large(scope, receive, send)
            else:
                await task
        finally:
            over.cancel()
            task.cancel()

    return limited


class _Counted:
    """A `receive` that stops handing on a body that was declared smaller than it is."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self.over = asyncio.Event()

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over.set()
            await asyncio.Event().wait()  # until the request is cancelled
        return message


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    sentence = "Kiriman terlalu besar. / This request is too large.\n"
    await PlainTextResponse(sentence, status_code=413)(scope, receive, send)


class _Static(StaticFiles):
    """Static files under names that carry their hash: kept by browsers for a year.

    `collectstatic` leaves a packed one beside each that gains by it; viewers pay by the
    megabyte, so it is what they get.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        packed = f"{path}.gz"
        accepts = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if not accepts or not (await to_thread.run_sync(self.lookup_path, packed))[0]:
            response = await super().get_response(path, scope)
        else:
            response = await super().get_response(packed, scope)
            response.headers["content-encoding"] = "gzip"
            response.headers["content-type"] = _type_of(path)
        response.headers["vary"] = "Accept-Encoding"
        return response

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = _YEAR
        response.headers["x-content-type-options"] = "nosniff"
        return response


def _type_of(path: str) -> str:
    kind = guess_type(path)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


class _Images(StaticFiles):
    """Renditions of editors' images, and nothing else of the media folder.

    Originals and documents are private; a document goes through Wagtail's own view.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.startswith("images/"):
            raise HTTPException(status_code=404)
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = _YEAR
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["content-security-policy"] = "default-src 'none'; sandbox"
        return response


def static_files(folder: Path) -> App:
    """Return the app that answers /static/."""
    return _Under("/static", _Static(directory=folder, check_dir=False))


def public_files(folder: Path) -> App:
    """Return the app that answers /files/."""
    return _Under("/files", _Images(directory=folder, check_dir=False))


class _Under:
    """Mounts an app below a prefix and turns its HTTPException into a response."""

    def __init__(self, prefix: str, app: App) -> None:
        self._prefix = prefix
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app({**scope, "root_path": self._prefix}, receive, send)
        except HTTPException as error:
            response = PlainTextResponse(f"{error.detail}\n", status_code=error.status_code)
            await response(scope, receive, send)
