"""A client of the upload app at the level of ASGI messages, so that a test can cut the line."""

import asyncio
import base64
from dataclasses import dataclass

from cms.videos.uploads import create_app


@dataclass
class Reply:
    """A response; `status` is None when the app said nothing."""

    status: int | None
    headers: dict[str, str]
    text: str


class Uploads:
    """Speaks tus to the app, signed in by `cookie`."""

    def __init__(self, cookie: str = "") -> None:
        self._app = create_app()
        self._cookie = cookie

    def ask(self, method, path="/uploads/", body=(b"",), *, cut=False, **headers) -> Reply:
        """Send a request. `body` are chunks; `cut` breaks the connection after them.

        A header is named with underscores; None leaves it out.
        """
        return asyncio.run(self.ask_async(method, path, body, cut=cut, **headers))

    async def ask_async(self, method, path="/uploads/", body=(b"",), *, cut=False, **headers):
        """Send a request inside a loop that runs; `body` may be an async iterator of messages."""
        names = {"host": "siar.test", "tus_resumable": "1.0.0", "cookie": self._cookie, **headers}
        pairs = [
            (name.replace("_", "-").encode(), str(value).encode())
            for name, value in names.items()
            if value is not None
        ]
        sent: list[dict] = []

        async def send(message):
            sent.append(message)

        receive = body if callable(body) else _messages(list(body), cut=cut)
        scope = {"type": "http", "method": method, "path": path, "headers": pairs}
        await self._app(scope, receive, send)
        return _reply(sent)

    def create(self, length, cooperative, name="pagi di pasar.mp4", **headers) -> Reply:
        """Ask for an upload."""
        metadata = f"filename {b64(name)},cooperative {b64(str(cooperative.pk))}"
        return self.ask("POST", upload_length=length, **{"upload_metadata": metadata, **headers})

    def patch(self, path, offset, body, *, cut=False, **headers) -> Reply:
        """Send bytes from `offset` on."""
        kind = {"content_type": "application/offset+octet-stream", "upload_offset": offset}
        return self.ask("PATCH", path, body, cut=cut, **{**kind, **headers})


def b64(text: str) -> str:
    """Return `text` as tus metadata wants it."""
    return base64.b64encode(text.encode()).decode()


def _messages(chunks, *, cut):
    async def receive():
        if chunks:
            chunk = chunks.pop(0)
            more = bool(chunks) or cut
            return {"type": "http.request", "body": chunk, "more_body": more}
        return {"type": "http.disconnect"}

    return receive


def _reply(sent) -> Reply:
    if not sent:
        return Reply(None, {}, "")
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, sent[1]["body"].decode())
