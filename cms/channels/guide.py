"""The programme guide: what is on, what comes, a day; from the rundown in force.

Because the origin plays from the same rundown, guide and playlist agree to the
second. Fillers and slates that follow each other are one quiet programme, which has their titles.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Literal

from django.db.models import Exists, OuterRef

from cms.channels import in_force, past
from cms.channels.models import Channel
from cms.videos.models import Video
from media_pipeline.model.rundown import Entry, title_of_run
from media_pipeline.model.ticks import moment_of, ticks_of

Kind = Literal["programme", "promotion", "filler", "azan"]


@dataclass(frozen=True)
class Programme:
    """One line of the guide; `start` and `end` are aware UTC.

    `kind` is "filler" for what only fills a gap. `rating` is SU, P, A, R or D.
    `video_key` and `slug` name the video's page; both are "" where it has none
    that the public may see. `gone` says that its video was withdrawn, taken down or
    deleted: it is not to be watched again. `id` is its entry's, which stays when it moves.
    """

    start: datetime
    end: datetime
    title: str
    note: str
    rating: str
    kind: Kind
    video_key: str
    slug: str
    gone: bool = False
    id: str = ""

    def progress(self, now: datetime) -> float:
        """Return how much of it has played at `now`, from 0 to 1."""
        whole = (self.end - self.start).total_seconds()
        return min(1.0, max(0.0, (now - self.start).total_seconds() / whole)) if whole else 1.0


def on_air(channel: Channel, now: datetime) -> Programme | None:
    """Return what `channel` shows at `now`, None when its rundown does not reach there."""
    found = in_force.shown(channel.slug)
    playing = _playing(found, now) if found else None
    return _linked([playing])[0] if playing else None


def upcoming(channel: Channel, now: datetime, count: int) -> list[Programme]:
    """Return the next `count` programmes after `now`, without fillers."""
    found = in_force.shown(channel.slug)
    if found is None:
        return []
    return _linked(list(islice(_coming(found, now), count)))


def around(channel: Channel, now: datetime, count: int) -> list[Programme]:
    """Return what plays at `now` and what follows, `count` in all, fillers included."""
    found = in_force.shown(channel.slug)
    if found is None:
        return []
    first = _run_start(found, max(found.place_at(ticks_of(now)), 0))
    return _linked(list(islice((p for p in _merged(_from(found, first)) if p.end > now), count)))


def now_and_next(channel: Channel, now: datetime) -> tuple[Programme | None, Programme | None]:
    """Return what plays at `now` and what comes next, without slugs: asks no database."""
    found = in_force.shown(channel.slug)
    if found is None:
        return None, None
    return _playing(found, now), next(_coming(found, now), None)


def day(channel: Channel, when: date) -> list[Programme]:
    """Return what plays on `when` by the channel's own clock, fillers included.

    The programme that runs over midnight belongs to both days.
    """
    return _linked(unlinked_day(channel, when))


def unlinked_day(channel: Channel, when: date) -> list[Programme]:
    """Return the same with the keys of all videos and no slugs: asks no database."""
    begin = datetime.combine(when, time(), channel.zone)
    finish = datetime.combine(when + timedelta(days=1), time(), channel.zone)
    return between(channel, begin, finish)


def between(channel: Channel, start: datetime, end: datetime) -> list[Programme]:
    """Return what plays from `start` to `end`, with keys and without slugs: asks no database."""
    entries = past.entries_between(channel.slug, ticks_of(start), ticks_of(end))
    return [p for p in _merged(entries) if p.end > start]


def begins(channel: Channel) -> datetime | None:
    """Return from when on, at the latest, there is something to watch; None before launch."""
    found = in_force.shown(channel.slug)
    return moment_of(found.start) if found and found.entries else None


def linked_between(channel: Channel, start: datetime, end: datetime) -> list[Programme]:
    """Return the same with slugs, as `day` has them."""
    return _linked(between(channel, start, end))


def beginning_at(channel: Channel, second: int) -> Programme | None:
    """Return what began within that second since 1970; None if nothing did, or a filler."""
    start = datetime.fromtimestamp(second, UTC)
    found = between(channel, start, start + timedelta(seconds=1))
    begun = [p for p in found if int(p.start.timestamp()) == second and p.kind != "filler"]
    return _linked(begun[:1])[0] if begun else None


def _playing(found: in_force.InForce, now: datetime) -> Programme | None:
    tick = ticks_of(now)
    first = found.place_at(tick)
    if first < 0 or found.entries[first].end <= tick:
        return None
    return next(_merged(_from(found, _run_start(found, first))))


def _run_start(found: in_force.InForce, place: int) -> int:
    """Return where the run of fillers and slates begins that has the entry at `place`, or `place`."""
    while place > 0 and _is_quiet(found.entries[place]) and _is_quiet(found.entries[place - 1]):
        place -= 1
    return place


def _coming(found: in_force.InForce, now: datetime) -> Iterator[Programme]:
    first = found.place_at(ticks_of(now)) + 1
    return (p for p in _merged(_from(found, first)) if p.kind != "filler")


def _from(found: in_force.InForce, first: int) -> Iterator[Entry]:
    """Yield the entries from place `first` on, each made when it is asked for."""
    return (found.entries[place] for place in range(first, len(found.entries)))


def _is_quiet(entry: Entry) -> bool:
    return entry.kind in ("filler", "slate")


def _merged(entries: Iterable[Entry]) -> Iterator[Programme]:
    """Yield a programme an entry, neighbouring fillers, slates and calls of a name as one."""
    for _line, neighbours in groupby(entries, _line_of):
        yield _programme(list(neighbours))


def _line_of(entry: Entry) -> tuple[str, str]:
    """Return what neighbours of one line share: fillers, and the countdown minute by minute."""
    if _is_quiet(entry):
        return ("filler", "")
    return ("azan", entry.title) if entry.kind == "azan" else (entry.kind, entry.id)


def _programme(run: Sequence[Entry]) -> Programme:
    first = run[0]
    start, end = moment_of(first.start), moment_of(run[-1].end)
    if first.kind == "filler" or first.kind == "slate":
        return Programme(start, end, title_of_run(run), "", "SU", "filler", "", "")
    return Programme(
        start,
        end,
        first.title,
        first.note,
        first.rating,
        first.kind,
        first.programme,
        "",
        id=first.id,
    )


def _linked(programmes: list[Programme]) -> list[Programme]:
    """Add the slugs of the videos that the public may see; drop the keys of the others."""
    found = links_of({p.video_key for p in programmes})
    return [linked(p, found) for p in programmes]


@dataclass(frozen=True)
class Link:
    """What the site may say of a video: its page ("" for none), and whether it is gone."""

    slug: str
    gone: bool


GONE = Link("", gone=True)


def links_of(keys: set[str]) -> dict[str, Link]:
    """Return what may be said of the videos `keys`; one that was deleted is not in it."""
    public = Video.objects.public().filter(pk=OuterRef("pk"))
    rows = Video.objects.filter(key__in=keys - {""}).annotate(is_public=Exists(public))
    taken = "media__withdrawn_at", "media__taken_down_at"
    return {
        str(key): Link(slug if is_public else "", gone=any(moments))
        for key, slug, is_public, *moments in rows.values_list("key", "slug", "is_public", *taken)
    }


def linked(programme: Programme, links: Mapping[str, Link]) -> Programme:
    """Return `programme` with what `links` say of its video."""
    if not programme.video_key:
        return programme
    link = links.get(programme.video_key, GONE)
    key = programme.video_key if link.slug else ""
    return replace(programme, slug=link.slug, video_key=key, gone=link.gone)
