"""The published store's files over HTTP, with ranges, types and lifetimes. Nothing is listed."""

import os
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from media_pipeline.model.keys import takedown_mark
from media_pipeline.model.mime import cache_control, content_type

PRIVATE = frozenset({"channels", "history", "journal", "presentations", "takedowns"})
"""Folders of the store that are between its programs."""

_CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "range, if-none-match",
    "access-control-expose-headers": "content-length, content-range",
    "access-control-max-age": "86400",
    "cross-origin-resource-policy": "cross-origin",
    "timing-allow-origin": "*",
    # An uploaded caption or cover is never anything but its own type.
    "x-content-type-options": "nosniff",
}


class PublishedFiles(StaticFiles):
    """An ASGI app for the local store in `folder`, below the address `prefix`."""

    def __init__(self, folder: Path, prefix: str = "/media/") -> None:
        super().__init__(directory=folder, check_dir=False)
        self._folder = folder
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_CORS)(scope, receive, send)
            return
        try:
            await super().__call__(scope, receive, send)
        except HTTPException as refusal:
            headers = {**_CORS, "cache-control": "no-store", **(refusal.headers or {})}
            answer = PlainTextResponse(f"{refusal.detail}\n", refusal.status_code, headers)
            await answer(scope, receive, send)

    async def check_config(self) -> None:
        """The folder may be made later: until then nothing is found in it."""

    def get_path(self, scope: Scope) -> str:
        """The key that is asked for."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return os.path.normpath(path.removeprefix(self._prefix).lstrip("/") or ".")

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where `path` is and what it is; raises 410 after a takedown. Runs in a thread."""
        parts = Path(path).parts
        if not parts or parts[0] in PRIVATE or any(part.startswith(".") for part in parts):
            return "", None
        if parts[0] == "publications" and len(parts) > 1 and self._is_taken_down(parts[1]):
            raise HTTPException(410, "This programme was taken down.")
        full_path, found = super().lookup_path(path)
        return str(full_path), found

    def file_response(
        self,
        full_path: Any,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file with its type and lifetime, or 304."""
        key = self.get_path(scope)
        answer = FileResponse(
            full_path,
            status_code=status_code,
            stat_result=stat_result,
            media_type=content_type(key),
            headers={**_CORS, "cache-control": cache_control(key)},
        )
        if self.is_not_modified(answer.headers, Headers(scope=scope)):
            return NotModifiedResponse(answer.headers)
        return answer

    def _is_taken_down(self, publication: str) -> bool:
        return (self._folder / takedown_mark(publication)).exists()
