"""From the spool to the counts: by the minute, one transaction for each batch, no row an event.

What was seen on a channel waits until journals say what was on air, and counts only if the
card was. What was seen on a page counts at once if the page has such a card.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cms.audience import places, spool
from cms.audience.batches import AT_ONCE, do_count_once
from cms.audience.events import reach, repeats, salts
from cms.audience.events.beacon import NOBODY, folder, on_air_folder
from cms.audience.hours import Totals, do_add_hours
from cms.audience.networks import do_forget_networks
from cms.audience.on_air import Claim, known_until, proven
from cms.traders.models import FeaturedSegment, Product

MOST_PLACES = 500
"""Different places that are looked up for one minute; what comes beyond counts as elsewhere."""
_LINE = re.compile(
    r"(?P<key>[0-9a-f]{32}) (?P<place>[\w-]{1,64}) (?P<day>\d{4}-\d\d-\d\d|-)"
    r" (?P<who>[0-9a-f]{16}|-) (?P<mark>[0-9a-f]{16}) (?P<airing>[!-~]{1,120})",
    re.ASCII,
)


class _Line(NamedTuple):
    key: UUID
    place: str
    day: date | None
    who: str
    mark: int
    airing: str

    @property
    def claim(self) -> Claim:
        """What it says was on air. The sender's name of an airing ends with a slash."""
        return Claim(self.key, self.place, self.airing.removesuffix("/"))


type _Check = Callable[[spool.Batch, list[_Line]], list[_Line]]
"""Returns which lines of a batch count."""


def do_roll_up_seen(now: datetime) -> int:
    """Count what devices saw in all minutes that are over, close days; return impressions."""
    counted = _roll_up(folder(), now, now, _on_pages)
    # Before what needs the store: secrets go when their day is over, whatever is away.
    salts.do_delete_salts(now)
    do_forget_networks(now)
    counted += _roll_up(on_air_folder(), known_until(now), now, _on_channels)
    reach.do_close_days(now)
    return counted


def _roll_up(spooled: Path, until: datetime, now: datetime, check: _Check) -> int:
    """Count the minutes in `spooled` that were over at `until`."""
    with spool.taken(spooled, until) as batches:
        counted = sum(_count(batch, now, check) for batch in batches)
        repeats.do_forget(spooled, until)
    return counted


def _count(batch: spool.Batch, now: datetime, check: _Check) -> int:
    """Count one batch; return its impressions."""
    lines = [line for line in map(_line, batch.lines()) if line]
    new = repeats.first_times(batch, [line.mark for line in lines])
    fresh = check(batch, [line for line, first in zip(lines, new, strict=True) if first])
    totals, viewers = _totals(fresh), _viewers(fresh)

    def add() -> int:
        do_add_hours(batch.minute, totals)
        reach.do_add_viewers(viewers)
        return len(fresh)

    return do_count_once(batch, add, now)


def _on_channels(batch: spool.Batch, lines: list[_Line]) -> list[_Line]:
    """Those whose card was on air on that channel, in that entry of its rundown."""
    claims = {line.claim for line in lines if line.airing != NOBODY}
    shown = proven(claims, batch.minute)
    return [line for line in lines if line.claim in shown]


def _on_pages(_: spool.Batch, lines: list[_Line]) -> list[_Line]:
    """Those of products, and of segments that show in the video whose page it was."""
    known = _known({line.key for line in lines})
    return [line for line in lines if known.get(line.key) in ("", line.place)]


def _line(text: str) -> _Line | None:
    """What a line says; None if a full disk or somebody else's hand has cut it."""
    form = _LINE.fullmatch(text)
    if form is None:
        return None
    day = None if form["day"] == "-" else date.fromisoformat(form["day"])
    who, mark, airing = form["who"], int(form["mark"], 16), form["airing"]
    return _Line(UUID(form["key"]), form["place"], day, who, mark, airing)


def _known(keys: set[UUID]) -> dict[UUID, str]:
    """Of each key that exists, the one place where its card is; "" for a product: anywhere."""
    found: dict[UUID, str] = {}
    for some in batched(keys, AT_ONCE):
        found |= dict.fromkeys(
            Product.objects.filter(key__in=some).values_list("key", flat=True), ""
        )
        showing = FeaturedSegment.objects.showing().filter(key__in=some)
        for key, video in showing.values_list("key", "video__key"):
            found[key] = f"video-{video.hex}"
    return found


def _totals(lines: Iterable[_Line]) -> dict[tuple[UUID, str], Totals]:
    seen = Counter((line.key, line.place) for line in lines)
    codes: dict[str, str] = {}
    totals: dict[tuple[UUID, str], Totals] = {}
    for (key, place), count in seen.items():
        if place not in codes:
            wanted = place if len(codes) < MOST_PLACES else ""
            codes[place] = places.resolve(wanted).code
        before = totals.get((key, codes[place]), Totals())
        totals[key, codes[place]] = before.plus(impressions=count)
    return totals


def _viewers(lines: Iterable[_Line]) -> reach.Viewers:
    viewers: dict[tuple[UUID, date], set[str]] = defaultdict(set)
    for line in lines:
        if line.day is not None and line.who != "-":
            viewers[line.key, line.day].add(line.who)
    return viewers
