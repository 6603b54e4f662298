"""What a tool says on stderr, in bounded room, however much that is."""

import re
import threading
from typing import IO

RECENT = 1 << 20
"""Bytes of the end that are kept as they are, and at most twice as many."""

_MOST_KEPT = 4 << 20
_BLOCK = 1 << 16
_PATIENCE = 5
"""Seconds to wait for the end of what was said, once the process has ended."""

_MEASURE = re.compile(
    rb"^(?:\[(?:Parsed_)?(?:silencedetect|blackdetect|freezedetect|metadata|ebur128)[@_ ].*"
    # The summary of ebur128 goes on in lines of its own.
    rb"|    (?:I|Peak): .*)\n",
    re.MULTILINE,
)
"""What filters have measured. A noisy file must not crowd it out: it is read as a result."""


class Complaint:
    """Reads `pipe` to its end in a thread of its own: a pipe that nobody reads stops a tool.

    Of what is older than the last mebibyte only the measures are kept, so that
    neither a hostile file fills memory nor a damaged one loses what was measured.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._measures, self._recent = bytearray(), bytearray()
        self._thread = threading.Thread(target=self._read, name="complaint", daemon=True)
        self._thread.start()

    def __bool__(self) -> bool:
        """Return whether anything was said so far."""
        return bool(self._recent)

    def ended(self) -> bytes:
        """Return what was said, once the process has ended."""
        # A child of the process may hold the pipe still: it is not waited for.
        self._thread.join(_PATIENCE)
        return bytes(self._measures + self._recent)

    def _read(self) -> None:
        with self._pipe:
            while block := self._pipe.read1(_BLOCK):  # type: ignore[attr-defined]
                self._recent += block
                if len(self._recent) > 2 * RECENT:
                    self._forget()

    def _forget(self) -> None:
        """Keep of the older half no more than the measures."""
        edge = self._recent.rfind(b"\n", 0, RECENT) + 1 or RECENT
        for found in _MEASURE.finditer(bytes(self._recent[:edge])):
            if len(self._measures) + len(found[0]) <= _MOST_KEPT:
                self._measures += found[0]
        del self._recent[:edge]
