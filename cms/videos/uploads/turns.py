"""Of several requests for one upload the newest wins, in whatever process they arrive.

A request that was cut off on a slow line still delivers its last bytes when the browser has
long begun the next one. The newer one leaves its claim in the upload's folder; the older one
sees it within LOOK seconds, writes what it has gathered and lets go of the lock. Bytes are
written under the lock alone, so the two never write at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from cms.videos.uploads.folder import Locked, Upload

LOOK = 0.1
"""Seconds between two looks for a newer claim, and for the lock."""
PATIENCE = 10.0
"""Seconds that a newer request waits for the lock: the older one may be making the video."""


class TakenOver(Exception):
    """A newer request for the same upload has come."""


class Turn:
    """One request's claim on an upload."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._token = upload.claim()

    def check(self) -> None:
        """Raise TakenOver if a newer request has come."""
        if not self._upload.is_claimed_by(self._token):
            raise TakenOver


@asynccontextmanager
async def newest(upload: Upload) -> AsyncIterator[Turn]:
    """Take the upload over from older requests and hold it.

    Raises TakenOver if a newer request comes meanwhile, Locked if the holder does not let go,
    FileNotFoundError if the upload is gone.
    """
    turn = Turn(upload)
    with ExitStack() as stack:
        await _hold(upload, turn, stack)
        yield turn


async def _hold(upload: Upload, turn: Turn, stack: ExitStack) -> None:
    for _ in range(round(PATIENCE / LOOK)):
        try:
            stack.enter_context(upload.locked())
            return
        except Locked:
            turn.check()
        await asyncio.sleep(LOOK)
    raise Locked
