"""What goes back to a client: text that was packed once, and its headers."""

import gzip
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, Self

import msgspec

Headers = list[tuple[bytes, bytes]]

PLAYLIST = b"application/vnd.apple.mpegurl"
MANIFEST = b"application/dash+xml"
DASH = "manifest"
"""The name of a DASH manifest, among those of playlists."""
CAPTIONS = "captions"
"""The same of a segment of captions."""
STORYBOARD = "storyboard"
"""And of the pictures for scrubbing through a window."""
_VTT = b"text/vtt; charset=utf-8"
_TYPES = {DASH: MANIFEST, CAPTIONS: _VTT, STORYBOARD: _VTT}
CORS: Headers = [(b"access-control-allow-origin", b"*"), (b"timing-allow-origin", b"*")]

# Below it the gzip header outweighs what is saved, or nearly.
_WORTHWHILE = 400

_UNWANTED = re.compile(rb"\s*q\s*=\s*0(\.0*)?\s*\Z")


class Text(msgspec.Struct, frozen=True):
    """A body as it is sent, plain and packed, with the mark by which clients ask again."""

    body: bytes
    packed: bytes | None
    etag: bytes

    @classmethod
    def of(cls, text: str) -> "Text":
        """Pack `text` once for all who ask for it."""
        body = text.encode()
        # Weak, since plain and packed bytes share it (RFC 9110, 8.8.1).
        etag = b'W/"%s"' % blake2b(body, digest_size=9).hexdigest().encode()
        # mtime 0: every origin packs to the same bytes.
        packed = gzip.compress(body, 6, mtime=0) if len(body) > _WORTHWHILE else None
        return cls(body, packed, etag)

    def is_known(self, known: bytes) -> bool:
        """Whether a client with the marks `known` (If-None-Match) has this text."""
        return bool(known) and (known == b"*" or self.etag.removeprefix(b"W/") in known)


class Asks(msgspec.Struct, frozen=True):
    """What an answer depends on, of a request's headers: which text is known, what is unpacked."""

    known: bytes = b""
    packs: bool = False

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> Self:
        """Read `headers`, whose names are in lower case."""
        known, packs = b"", False
        for header, value in headers:
            if header == b"if-none-match":
                known = value
            elif header == b"accept-encoding":
                packs = any(map(_is_gzip, value.lower().split(b",")))
        return cls(known, packs)


def _is_gzip(wish: bytes) -> bool:
    """Whether a coding, with or without its weight, is gzip and wanted (RFC 9110, 12.5.3)."""
    coding, _, weight = wish.partition(b";")
    return coding.strip() == b"gzip" and not _UNWANTED.match(weight)


class Reply(msgspec.Struct, frozen=True):
    """A status, its headers and a body."""

    status: int
    headers: Headers
    body: bytes = b""

    @property
    def head(self) -> Headers:
        """All headers; what has no body says nothing of its length (RFC 9110, 8.6)."""
        if self.status in (204, 304):
            return self.headers
        return [*self.headers, (b"content-length", b"%d" % len(self.body))]

    async def send(self, scope: dict[str, Any], send: Any) -> None:
        """Answer one ASGI request; HEAD has the headers alone."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.head})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})

    def wire(self, date: bytes) -> bytes:
        """The answer to a GET as HTTP/1.1 sends it, with `date` as its moment."""
        status = b"HTTP/1.1 %d %s" % (self.status, HTTPStatus(self.status).phrase.encode())
        lines = [status, b"date: " + date, *(b"%s: %s" % each for each in self.head)]
        return b"\r\n".join([*lines, b"", self.body])


def playlist(
    asks: Asks,
    text: Text,
    max_age: int,
    *,
    name: str = "",
    lasting: bool = False,
) -> Reply:
    """`text` as the playlist, manifest or segment `name`, or 304 for who has it; `max_age` in seconds.

    What is `lasting` is not asked for again on reload either (RFC 8246).
    """
    headers: Headers = [
        *CORS,
        (b"content-type", _TYPES.get(name, PLAYLIST)),
        (b"cache-control", b"public, max-age=%d%s" % (max_age, b", immutable" * lasting)),
        (b"etag", text.etag),
        (b"vary", b"accept-encoding"),
    ]
    if text.is_known(asks.known):
        return Reply(304, headers)
    if text.packed is not None and asks.packs:
        return Reply(200, [*headers, (b"content-encoding", b"gzip")], text.packed)
    return Reply(200, headers, text.body)


def segment(data: bytes) -> Reply:
    """A segment of media, which never changes."""
    headers: Headers = [
        *CORS,
        (b"content-type", b"video/mp2t"),
        (b"cache-control", b"public, max-age=86400, immutable"),
    ]
    return Reply(200, headers, data)


def plain(status: int, sentence: str, *, max_age: int = 0, retry_after: int = 0) -> Reply:
    """One sentence with a status; kept by caches for `max_age` seconds.

    `retry_after` says in how many seconds asking again may help; 0: it is not said.
    """
    keep = b"public, max-age=%d" % max_age if max_age else b"no-store"
    headers: Headers = [
        *CORS,
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", keep),
    ]
    if retry_after:
        headers.append((b"retry-after", b"%d" % retry_after))
    if status == 405:
        headers.append((b"allow", b"GET, HEAD, OPTIONS"))
    return Reply(status, headers, sentence.encode() + b"\n")


def moment(now: datetime) -> Reply:
    """What time it is, in ISO 8601 and nothing else: players refuse a line end after it."""
    text = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers: Headers = [*CORS, (b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    return Reply(200, headers, text.encode())


def preflight() -> Reply:
    """The answer to a browser that asks whether another site may read this."""
    headers: Headers = [
        *CORS,
        (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
        (b"access-control-allow-headers", b"range, if-none-match"),
        (b"access-control-max-age", b"86400"),
    ]
    return Reply(204, headers)
