"""The ASGI app that takes the posts of viewers' devices (`navigator.sendBeacon`).

Before Django, which would write each body to disk and run all its middleware for it. What
is not to be counted is answered like what is: nobody reads the answers of a beacon, and
who forges learns nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from cms.audience import spool, visits
from cms.audience.events.messages import MOST_BYTES, Message, read
from cms.audience.events.pace import Pace
from cms.audience.events.salts import Salts, hashed
from cms.core.threads import in_thread
from cms.core.visitors import address_behind
from cms.videos.uploads.body import BodyTooLarge, Gone, Stalled, receive_small
from cms.videos.uploads.headers import Request
from cms.videos.uploads.people import from_our_pages

logger = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

NOBODY = "-"
"""Stands in a line for a device that has no token for the whole day."""
PATIENCE = 10.0
"""Seconds for the body of a post, which is one packet."""


def create_app(clock: Callable[[], datetime]) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the ASGI app that answers `/seen/`: 204, whatever it thinks of the post."""
    pace, salts = Pace(), Salts()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status = 204
        if scope["method"] != "POST":
            status = 405
        elif (body := await _body(receive)) is None:
            status = 413
        else:
            await _take(Request.of(scope), _peer(scope), body, pace, salts, clock())
        headers = [(b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return app


def _peer(scope: Scope) -> str:
    return str((scope.get("client") or ("", 0))[0])


async def _body(receive: Receive) -> bytes | None:
    """Return the body; None if it is too large, stalls or never ends."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await receive_small(receive, MOST_BYTES)
    except (TimeoutError, BodyTooLarge, Stalled, Gone):
        return None


async def _take(
    request: Request, peer: str, body: bytes, pace: Pace, salts: Salts, now: datetime
) -> None:
    """Write to the spool what of `body` is to be counted."""
    message = read(body, now)
    if message is None or not message.seen or not _is_from_our_pages(request):
        return
    address = address_behind(request.headers.get("x-forwarded-for", ""), peer)
    if not pace.allows(message.token, address, len(message.seen), now):
        return
    agent = request.headers.get("user-agent", "")
    if not agent or visits.is_machine(agent):
        return
    try:
        salt = await _salt(message, salts, now)
        spool.append_all(folder(), _lines(message, salt), now)
    except (OSError, DatabaseError):
        # The viewer needs it: neither a full disk nor a database that is away is theirs.
        logger.exception("what a device saw could not be noted")


def _is_from_our_pages(request: Request) -> bool:
    """A browser always says from where a beacon comes; programs rarely do."""
    return "origin" in request.headers and from_our_pages(request)


async def _salt(message: Message, salts: Salts, now: datetime) -> bytes:
    day = message.day or now.date()
    known = salts.known(day)
    return known if known is not None else await in_thread(salts.fetch, day, now)


def _lines(message: Message, salt: bytes) -> list[tuple[str, ...]]:
    """A line for each card: key, place, day, who, and what makes a repetition of it the same."""
    who = hashed(salt, message.token) if message.day else NOBODY
    day = message.day.isoformat() if message.day else NOBODY
    return [
        (key, place, day, who, hashed(salt, message.token, airing, key))
        for key, place, airing in message.seen
    ]


def folder() -> Path:
    """Where what was seen waits for being counted."""
    return Path(settings.SPOOL_FOLDER) / "seen"
