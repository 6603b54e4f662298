"""Live playlists as whole answers: made once a second, sent to all who ask within it.

Everybody asks for the same few hundred bytes. So what goes over the wire is kept, head and
body in one, until the second is over (`Date`, `max-age`), the next segment is shown, or the
origin has looked at the store again. To answer is to look up an address.
"""

import re
from email.utils import format_datetime

from media_pipeline.model.ticks import TIMESCALE, moment_of
from media_pipeline.origin import replies
from media_pipeline.origin.channel import Channel
from media_pipeline.origin.channels import Channels
from media_pipeline.origin.replies import Asks, Text
from media_pipeline.playout import NotOnAir

HELD = 32_768
"""Answers of one second: a name that no quality has answers as the nearest one that is there."""

MASTER_AGE = 10
"""Seconds that caches may keep a list of qualities."""

_TARGET = re.compile(rb"/live/([\w-]{1,200})/(?:(master|[va][1-9]\d{0,3})\.m3u8|(manifest)\.mpd)\Z")


class Answer:
    """What one address answers for a while. Its bytes are made when first asked for."""

    __slots__ = ("_date", "_max_age", "_name", "_packed", "_plain", "_same", "_text", "until")

    def __init__(self, text: Text, max_age: int, name: str, date: bytes, until: int) -> None:
        self.until = until
        self._text, self._max_age, self._name, self._date = text, max_age, name, date
        self._plain = self._packed = self._same = b""

    def wire(self, asks: Asks) -> tuple[int, bytes]:
        """The status for who `asks`, and all that HTTP/1.1 sends."""
        if asks.known and self._text.is_known(asks.known):
            self._same = self._same or self._made(asks)
            return 304, self._same
        if asks.packs:
            self._packed = self._packed or self._made(asks)
            return 200, self._packed
        self._plain = self._plain or self._made(asks)
        return 200, self._plain

    def _made(self, asks: Asks) -> bytes:
        return replies.playlist(asks, self._text, self._max_age, name=self._name).wire(self._date)


class Live:
    """The answers of this second, by address."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._held: dict[bytes, Answer] = {}
        # Another dict after each look at the store: what was made before may not hold.
        self._known: dict[str, Channel] = {}
        self._second = -1
        self._date = b""

    def answer(self, target: bytes, now: int) -> Answer | None:
        """What `target` answers at `now`; None for anything but a live playlist on air."""
        if now // TIMESCALE != self._second or self._known is not self._channels.known:
            self._begin(now)
        held = self._held.get(target)
        if held is None or now >= held.until:
            held = self._made(target, now)
            if held is not None:
                if len(self._held) >= HELD:
                    self._held.clear()
                self._held[target] = held
        return held

    def _begin(self, now: int) -> None:
        self._second, self._known = now // TIMESCALE, self._channels.known
        self._date = format_datetime(moment_of(now), usegmt=True).encode()
        self._held = {}

    def _made(self, target: bytes, now: int) -> Answer | None:
        found = _TARGET.match(target)
        channel = self._known.get(found[1].decode()) if found else None
        if found is None or channel is None:
            return None
        name, second = (found[2] or found[3]).decode(), (self._second + 1) * TIMESCALE
        try:
            text, max_age, until = playlist_of(channel, name, now)
        except NotOnAir:
            return None
        return Answer(text, max_age, name, self._date, min(second, until))


def playlist_of(channel: Channel, name: str, now: int) -> tuple[Text, int, int]:
    """The live text `name` of `channel`, its seconds in caches, and until when it is so (ticks).

    Raises NotOnAir.
    """
    if name == "master":
        return channel.master, MASTER_AGE, now + MASTER_AGE * TIMESCALE
    text, until = channel.playlist(name, now)
    return text, max(1, (until - now) // TIMESCALE), until
