"""The programme guide: what is on, what comes, a day; from the rundown in force.

Because the origin plays from the same rundown, guide and playlist agree to the
second. Fillers and slates that follow each other are one quiet programme.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal

from django.utils.translation import gettext as _

from cms.channels import in_force
from cms.channels.models import Channel
from cms.videos.models import Video
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of, ticks_of

Kind = Literal["programme", "promotion", "filler"]


@dataclass(frozen=True)
class Programme:
    """One line of the guide; `start` and `end` are aware UTC.

    `kind` is "filler" for what only fills a gap. `rating` is SU, P, A, R or D.
    `video_key` and `slug` name the video's page; both are "" where it has none
    that the public may see.
    """

    start: datetime
    end: datetime
    title: str
    note: str
    rating: str
    kind: Kind
    video_key: str
    slug: str

    def progress(self, now: datetime) -> float:
        """Return how much of it has played at `now`, from 0 to 1."""
        whole = (self.end - self.start).total_seconds()
        return min(1.0, max(0.0, (now - self.start).total_seconds() / whole)) if whole else 1.0


def on_air(channel: Channel, now: datetime) -> Programme | None:
    """Return what `channel` shows at `now`, None when its rundown does not reach there."""
    found = in_force.read(channel.slug)
    playing = _playing(found, now) if found else None
    return _linked([playing])[0] if playing else None


def upcoming(channel: Channel, now: datetime, count: int) -> list[Programme]:
    """Return the next `count` programmes after `now`, without fillers."""
    found = in_force.read(channel.slug)
    if found is None:
        return []
    return _linked(list(islice(_coming(found, now), count)))


def now_and_next(channel: Channel, now: datetime) -> tuple[Programme | None, Programme | None]:
    """Return what plays at `now` and what comes next, without slugs: asks no database."""
    found = in_force.read(channel.slug)
    if found is None:
        return None, None
    return _playing(found, now), next(_coming(found, now), None)


def day(channel: Channel, when: date) -> list[Programme]:
    """Return what plays on `when` by the channel's own clock, fillers included.

    The programme that runs over midnight belongs to both days.
    """
    found = in_force.read(channel.slug)
    if found is None:
        return []
    begin = datetime.combine(when, time(), channel.zone)
    finish = datetime.combine(when + timedelta(days=1), time(), channel.zone)
    first = max(0, bisect_right(found.starts, ticks_of(begin)) - 1)
    last = bisect_right(found.starts, ticks_of(finish) - 1)
    programmes = _merged(found.entries[first:last])
    return _linked([p for p in programmes if p.end > begin])


def _playing(found: in_force.InForce, now: datetime) -> Programme | None:
    tick = ticks_of(now)
    first = bisect_right(found.starts, tick) - 1
    if first < 0 or found.entries[first].end <= tick:
        return None
    while first > 0 and _is_quiet(found.entries[first]) and _is_quiet(found.entries[first - 1]):
        first -= 1
    return next(_merged(islice(found.entries, first, None)))


def _coming(found: in_force.InForce, now: datetime) -> Iterator[Programme]:
    first = bisect_right(found.starts, ticks_of(now))
    return (p for p in _merged(islice(found.entries, first, None)) if p.kind != "filler")


def _is_quiet(entry: Entry) -> bool:
    return entry.kind in ("filler", "slate")


def _merged(entries: Iterable[Entry]) -> Iterator[Programme]:
    """Yield a programme an entry, neighbouring fillers and slates as one."""
    held: Programme | None = None
    for entry in entries:
        programme = _programme(entry)
        if held is not None and held.kind == programme.kind == "filler":
            held = replace(held, end=programme.end)
            continue
        if held is not None:
            yield held
        held = programme
    if held is not None:
        yield held


def _programme(entry: Entry) -> Programme:
    start, end = moment_of(entry.start), moment_of(entry.end)
    if entry.kind in ("filler", "slate"):
        return Programme(start, end, _("Pengisi"), "", "SU", "filler", "", "")
    kind: Kind = "promotion" if entry.kind == "promotion" else "programme"
    return Programme(start, end, entry.title, entry.note, entry.rating, kind, entry.programme, "")


def _linked(programmes: list[Programme]) -> list[Programme]:
    """Add the slugs of the videos that the public may see; drop the keys of the others."""
    keys = {p.video_key for p in programmes if p.video_key}
    slugs = {
        str(key): slug
        for key, slug in Video.objects.public().filter(key__in=keys).values_list("key", "slug")
    }
    return [
        replace(
            p,
            slug=slugs.get(p.video_key, ""),
            video_key=p.video_key if p.video_key in slugs else "",
        )
        for p in programmes
    ]
