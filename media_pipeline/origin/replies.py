"""What goes back to a client: text that was packed once, and its headers."""

import gzip
from hashlib import blake2b
from typing import Any

import msgspec

Headers = list[tuple[bytes, bytes]]

PLAYLIST = b"application/vnd.apple.mpegurl"
DASH = b"application/dash+xml"
CORS: Headers = [(b"access-control-allow-origin", b"*"), (b"timing-allow-origin", b"*")]

# Below it the gzip header outweighs what is saved, or nearly.
_WORTHWHILE = 400


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


class Reply(msgspec.Struct, frozen=True):
    """A status, its headers and a body."""

    status: int
    headers: Headers
    body: bytes = b""

    async def send(self, scope: dict[str, Any], send: Any) -> None:
        """Answer one ASGI request; HEAD has the headers alone."""
        head = [*self.headers, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": head})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


def playlist(scope: dict[str, Any], text: Text, max_age: int, *, kind: bytes = PLAYLIST) -> Reply:
    """`text` as a playlist or manifest, or 304 for who has it; `max_age` in seconds."""
    known = packs = b""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            packs = value
    headers: Headers = [
        *CORS,
        (b"content-type", kind),
        (b"cache-control", b"public, max-age=%d" % max_age),
        (b"etag", text.etag),
        (b"vary", b"accept-encoding"),
    ]
    if known and (known == b"*" or text.etag.removeprefix(b"W/") in known):
        return Reply(304, headers)
    if text.packed is not None and b"gzip" in packs:
        return Reply(200, [*headers, (b"content-encoding", b"gzip")], text.packed)
    return Reply(200, headers, text.body)


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


def preflight() -> Reply:
    """The answer to a browser that asks whether another site may read this."""
    headers: Headers = [
        *CORS,
        (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
        (b"access-control-allow-headers", b"range, if-none-match"),
        (b"access-control-max-age", b"86400"),
    ]
    return Reply(204, headers)
