"""The ASGI app that gives viewers' devices their token of a day, and takes their posts.

    POST /seen/token/   "2026-11-25" -> the token of that day, or 204 where there is none to give
    POST /seen/         what was seen (`navigator.sendBeacon`) -> 204

Before Django, which would write each body to disk and run all its middleware for it. What
is not to be counted is answered like what is: nobody reads the answers of a beacon, and
who forges learns nothing. A device without a token loses nothing but being counted.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from cms.audience import networks, spool, visits
from cms.audience.events.messages import MOST_BYTES, Message, Seen, open_days, read
from cms.audience.events.pace import Pace
from cms.audience.events.salts import Salts, hashed
from cms.audience.events.tokens import CHANCE, is_of, token_of
from cms.audience.places import is_on_air
from cms.core.threads import in_thread
from cms.core.visitors import address_behind, network_of
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


ASKED = "/seen/token/"
"""Where a device asks for its token."""
REFUSALS = 20_000
"""Networks that are remembered as having no room, so that asking again costs no database."""


def create_app(clock: Callable[[], datetime]) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the ASGI app that answers `/seen/`: 204, whatever it thinks of the post."""
    pace, salts, full = Pace(), Salts(), Full()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, token = 204, ""
        if scope["method"] != "POST":
            status = 405
        elif (body := await _body(receive)) is None:
            status = 413
        elif scope["path"] == ASKED:
            token = await _issue(Request.of(scope), _peer(scope), body, full, salts, clock())
            status = 200 if token else 204
        else:
            await _take(Request.of(scope), _peer(scope), body, pace, salts, clock())
        headers = [(b"cache-control", b"no-store")]
        if token:
            headers += [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(token))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": token.encode()})

    return app


class Full:
    """Which addresses were refused within this minute; one a process."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._refused: set[int] = set()

    def knows(self, address: str, now: datetime) -> bool:
        """Return whether `address` was refused in the minute of `now`."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._refused = minute, set()
        return hash(address) in self._refused or len(self._refused) > REFUSALS

    def note(self, address: str) -> None:
        """Remember that `address` was refused."""
        self._refused.add(hash(address))


async def _issue(
    request: Request, peer: str, body: bytes, full: Full, salts: Salts, now: datetime
) -> str:
    """Return a token of the day that `body` names; "" where none is given."""
    day = next((day for day in open_days(now) if day.isoformat().encode() == body), None)
    address = address_behind(request.headers.get("x-forwarded-for", ""), peer)
    if day is None or full.knows(address, now) or not _is_a_viewers(request):
        return ""
    try:
        token = await in_thread(_issued, address, day, salts, now)
    except DatabaseError:
        # The viewer needs it: the page works without a token.
        logger.exception("no token could be given")
        return ""
    if not token:
        full.note(address)
    return token


def _issued(address: str, day: date, salts: Salts, now: datetime) -> str:
    if not networks.do_use(networks.hidden(address, salts, now), "token", now):
        return ""
    return token_of(salts.fetch(day, now), secrets.token_bytes(CHANCE))


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
    if not pace.allows(message.token, network_of(address), len(message.seen), now):
        return
    if not _is_a_viewers(request):
        return
    try:
        salt = await _salt(message, salts, now)
        if salt is not None:
            _write(message, salt, now)
    except (OSError, DatabaseError):
        # The viewer needs it: neither a full disk nor a database that is away is theirs.
        logger.exception("what a device saw could not be noted")


def _is_a_viewers(request: Request) -> bool:
    """Whether a browser sent it, from our pages."""
    agent = request.headers.get("user-agent", "")
    return _is_from_our_pages(request) and bool(agent) and not visits.is_machine(agent)


def _is_from_our_pages(request: Request) -> bool:
    """A browser always says from where a beacon comes; programs rarely do."""
    return "origin" in request.headers and from_our_pages(request)


async def _salt(message: Message, salts: Salts, now: datetime) -> bytes | None:
    """Return the secret that the token was signed with; None for one that we never gave.

    Without a day it may be that of any date that it is somewhere.
    """
    for day in [message.day] if message.day else open_days(now):
        salt = salts.known(day)
        if salt is None:
            salt = await in_thread(salts.fetch, day, now)
        if is_of(salt, message.token):
            return salt
    return None


def _write(message: Message, salt: bytes, now: datetime) -> None:
    on_air = [seen for seen in message.seen if is_on_air(seen.place)]
    others = [seen for seen in message.seen if not is_on_air(seen.place)]
    for where, some in ((on_air_folder(), on_air), (folder(), others)):
        if some:
            spool.append_all(where, _lines(message, some, salt), now)


def _lines(message: Message, seen: Iterable[Seen], salt: bytes) -> list[tuple[str, ...]]:
    """A line for each card: key, place, day, who, what makes a repetition the same, and airing."""
    who = hashed(salt, message.token) if message.day else NOBODY
    day = message.day.isoformat() if message.day else NOBODY
    return [
        (key, place, day, who, hashed(salt, message.token, airing, key), airing or NOBODY)
        for key, place, airing in seen
    ]


def folder() -> Path:
    """Where what was seen on pages waits for being counted."""
    return Path(settings.SPOOL_FOLDER) / "seen"


def on_air_folder() -> Path:
    """Where what was seen on a channel waits until the as-run knows of that time."""
    return Path(settings.SPOOL_FOLDER) / "seen-on-air"
