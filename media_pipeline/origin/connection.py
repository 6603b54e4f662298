"""A connection to the origin alone: HTTP by uvicorn, and a short way for live playlists.

What a request's bytes mean is found out by uvicorn and its parser (llhttp), once for each
wording of headers: a head whose bytes are known already, for an address whose answer is
ready, is answered at once, in the one thread and with the one write that it takes. All else
goes through the ASGI app.
"""

import re
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from media_pipeline.origin.replies import Asks

type Ready = Callable[[bytes, Asks], bytes | None]

WORDINGS = 4096
"""Heads that are known; each of at most LONGEST bytes. Thousands of browsers share a few dozen,
and a proxy that adds an address for each viewer fills it, and it begins anew."""
LONGEST = 2048

HEAD_MOST = 65_536
"""Bytes of a head, after which nobody waits for its end."""

SWEEP, SWEEPS = 15.0, 5
"""Seconds between two looks for connections that ask nothing, or never end what they ask, and
looks after which they are closed: longer than proxies keep theirs (nginx: 60 s), so that none is
closed under a request."""

_END = b"\r\n\r\n"
_MORE = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})
_KNOWN = re.compile(rb"(?i)\r\nif-none-match: ([!-~ ]{1,200})(?=\r\n)")


class Wordings:
    """What heads of requests ask, by the bytes that follow the address."""

    def __init__(self) -> None:
        self._asks: dict[bytes, Asks] = {}

    def __len__(self) -> int:
        return len(self._asks)

    def asks(self, tail: bytes) -> Asks | None:
        """What `tail` asks; None if it was not learnt."""
        found = self._asks.get(tail)
        if found is None and (mark := _KNOWN.search(tail)) is not None:
            # It changes with each text, and the rest of the head does not.
            found = self._asks.get(tail[: mark.start()] + tail[mark.end() :])
            return found and Asks(mark[1], found.packs)
        return found

    def learn(self, tail: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        """Keep what `tail` asks, which was parsed as `headers`, if there is nothing else to it."""
        if len(tail) > LONGEST or any(_is_more(*header) for header in headers):
            return
        mark = _KNOWN.search(tail)
        if [v for name, v in headers if name == b"if-none-match"] != ([mark[1]] if mark else []):
            return  # several, or one that is written in a way of its own
        if len(self._asks) >= WORDINGS:
            self._asks.clear()
        if mark is not None:
            tail = tail[: mark.start()] + tail[mark.end() :]
        self._asks[tail] = Asks(b"", Asks.of(headers).packs)


def _is_more(name: bytes, value: bytes) -> bool:
    """Whether a header asks for more than an answer: a body, another protocol, an end."""
    return name in _MORE or (name == b"connection" and value.lower() != b"keep-alive")


class Connection(HttpToolsProtocol):
    """One client's connection."""

    ready: Ready
    wordings: Wordings

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        super().connection_made(transport)
        self._quiet = 0
        self._open = False
        self._complete = self._head = 0

    def data_received(self, data: bytes) -> None:
        """Answer what is ready, and hand on the rest."""
        waits = self.cycle is not None and not self.cycle.response_complete
        alone = not (self._open or waits or self.flow.write_paused) and data[:4] == b"GET "
        end = data.find(b" ", 4) if alone else -1
        if end > 0:
            asks = self.wordings.asks(data[end:])
            sent = self.ready(data[4:end], asks) if asks is not None else None
            if sent is not None:
                self._quiet = 0
                # Only `sweep` knows of this answer: uvicorn's timer would end the connection.
                self._unset_keepalive_if_required()
                self.transport.write(sent)
                return
        self._parse(data, end)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._open = True

    def on_headers_complete(self) -> None:
        """It is whole."""
        self._head = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """So is its body, if there was one."""
        super().on_message_complete()
        self._open = False
        self._complete += 1
        self._quiet = 0

    def sweep(self) -> None:
        """Close it after SWEEPS calls between which it asked for nothing, or read nothing."""
        answers = self.cycle is not None and not self.cycle.response_complete
        stuck = self.flow.write_paused
        self._quiet += stuck or not answers or self._open
        if self._quiet > SWEEPS:
            # Who does not read would keep what waits for them.
            self.transport.abort() if stuck else self.transport.close()

    def resume_writing(self) -> None:
        """Who waits for bytes has read some."""
        super().resume_writing()
        self._quiet = 0

    def _parse(self, data: bytes, end: int) -> None:
        complete = self._complete
        self._head += len(data)
        super().data_received(data)
        if self._open and self._head > HEAD_MOST:
            self.transport.close()
        if end > 0 and not self._open and self._complete == complete + 1:
            whole = data.endswith(_END) and data.count(_END) == 1
            if whole and self.scope["http_version"] == "1.1" and self.parser is not None:
                self.wordings.learn(data[end:], self.headers)
