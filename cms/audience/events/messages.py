"""A device's post about the cards that it showed, read. Pure.

    {"k": "q3…", "d": "2026-11-25", "t": 1795646400, "e": [["siaran-jatim 7f…", 12], …]}

`k` is the token that the server gave the device for its local day `d`; `d` is "" where it can
remember none, and then nobody is counted, only what was seen. `t` is when it was sent, in
seconds since 1970. Each of `e` says what was seen and how many seconds before `t`: a
place, then the card: a product's key, or whatever tells an airing from another followed
by the key of its featured segment.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

import msgspec

MOST_BYTES = 2_000
"""Of one post; the sender (frontend/src/seen) keeps to a third of it."""
OLD = 300
"""Seconds after which what was seen no longer counts, a slow clock of the device included."""
AHEAD = 120
"""Seconds that a device's clock may be fast."""
MOST_AIRINGS = 6
"""Of one card in a post: a device that makes airings up adds no more."""

_SEEN = re.compile(
    r"(?P<place>[A-Za-z0-9_-]{1,64}) (?P<airing>[!-~]{0,120}?)(?P<key>[0-9a-f]{32})", re.ASCII
)


class _Post(msgspec.Struct, forbid_unknown_fields=True):
    k: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{24}$")]
    d: Annotated[str, msgspec.Meta(max_length=10)]
    t: int
    e: Annotated[list[tuple[str, int]], msgspec.Meta(max_length=40)]


class Seen(NamedTuple):
    """A card that was seen: of which product or segment, where, in which of its airings."""

    key: str
    place: str
    airing: str


class Message(NamedTuple):
    """What a device tells; `day` is None where it has no token for the whole day."""

    token: str
    day: date | None
    seen: list[Seen]


def open_days(now: datetime) -> list[date]:
    """Return the dates that it is somewhere on earth at `now`: two or three."""
    first, last = (now - timedelta(hours=12)).date(), (now + timedelta(hours=14)).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def read(body: bytes, now: datetime) -> Message | None:
    """Return what `body` tells; None for what no sender of ours has sent just now.

    Single events that are too old, in the future or unreadable are left out.
    """
    if len(body) > MOST_BYTES:
        return None
    try:
        post = msgspec.json.decode(body, type=_Post)
        day = date.fromisoformat(post.d) if post.d else None
    except ValueError:  # msgspec's own errors are ValueErrors too
        return None
    late = int(now.timestamp()) - post.t
    if not -AHEAD <= late <= OLD or (day and day not in open_days(now)):
        return None
    seen = (_seen(text) for text, age in post.e if 0 <= age <= OLD and late + age <= OLD)
    return Message(post.k, day, _plausible(each for each in seen if each))


def _plausible(seen: Iterable[Seen]) -> list[Seen]:
    """Leave out of each card what is beyond MOST_AIRINGS."""
    times, kept = Counter[str](), []
    for each in seen:
        times[each.key] += 1
        if times[each.key] <= MOST_AIRINGS:
            kept.append(each)
    return kept


def _seen(text: str) -> Seen | None:
    form = _SEEN.fullmatch(text)
    return Seen(form["key"], form["place"], form["airing"]) if form else None
