"""Where on Siar something was tapped: a code to count by, and words for the message.

A code is `<kind>` or `<kind>-<which>`. Only what exists counts as itself, so that
made-up codes can neither fill the table nor put words into a message.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from wagtail.models import Page

from cms.channels.models import Channel
from cms.videos.models import Video

FORM = re.compile(r"(?P<kind>[a-z]{3,10})(?:-(?P<which>[A-Za-z0-9_-]{1,50}))?")
ON_AIR = "siaran"
"""Where a clip is seen: on any channel."""
PLAIN = {
    "lapak": "halaman lapak di Siar",
    "pasar": "direktori pasar Siar",
    "cari": "pencarian Siar",
    "beranda": "halaman depan Siar",
    "layar": "layar pasar Siar",
    ON_AIR: "siaran Siar",
    "video": "video Siar",
    "kabar": "artikel Siar",
    "api": "Siar",
    "lain": "Siar",
}
"""Kinds of places, and how the message names one of which no more is known."""


class Place(NamedTuple):
    """`seen` continues "saya melihat … di": Indonesian always, the trader reads it."""

    code: str
    seen: str


def is_on_air(place: str) -> bool:
    """Return whether `place` is a channel, rather than a page."""
    return place.partition("-")[0] == ON_AIR


def resolve(text: str) -> Place:
    """Return the place that `text` (from the address) names; "lain" for what is not one."""
    form = FORM.fullmatch(text)
    if form is None or form["kind"] not in PLAIN:
        return Place("lain", PLAIN["lain"])
    kind, which = form["kind"], form["which"]
    seen = NAMED[kind](which) if which and kind in NAMED else ""
    return Place(text, seen) if seen else Place(kind, PLAIN[kind])


def _channel(slug: str) -> str:
    channel = Channel.objects.public().filter(slug=slug).first()
    return f"siaran {channel.name}" if channel else ""


def _video(key: str) -> str:
    try:
        video = Video.objects.public().filter(key=UUID(hex=key)).first()
    except ValueError:
        return ""
    return f"acara “{video.title}” di Siar" if video else ""


def _article(pk: str) -> str:
    page = Page.objects.live().public().filter(pk=int(pk)).first() if _is_pk(pk) else None
    return f"artikel “{page.title}” di Siar" if page else ""


def _is_pk(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


NAMED: dict[str, Callable[[str], str]] = {
    ON_AIR: _channel,
    "video": _video,
    "kabar": _article,
}
