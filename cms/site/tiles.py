"""What the components in `templates/parts` show, as values.

The components know no models: rooms below this one, and the API's widgets, may
fill them with values of their own that have the same names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.articles import queries as articles
from cms.articles.models import ArticlePage
from cms.channels.guide import Programme
from cms.core.formats import jam, lama, tanggal
from cms.site import words
from cms.videos.covers import cover_url
from cms.videos.models import Video


@dataclass(frozen=True)
class VideoTile:
    """parts/video.html"""

    url: str
    title: str
    cover: str
    length: str
    note: str
    promoted: bool = False


@dataclass(frozen=True)
class StoryTile:
    """parts/story.html"""

    url: str
    title: str
    note: str


@dataclass(frozen=True)
class Progress:
    """parts/progress.html; seconds."""

    max: int
    value: int
    running: str
    left: str

    @property
    def label(self) -> str:
        return f"{self.running}, {self.left}"


@dataclass(frozen=True)
class ProgrammeRow:
    """parts/programme.html; `more` says what opens, for a row that stands for many or is over.

    `remind` is the address of a calendar file, "" for what is not to come.
    """

    url: str
    time: str
    moment: str
    title: str
    note: str
    rating: str
    more: str = ""
    current: bool = False
    progress: Progress | None = None
    azan: bool = False
    remind: str = ""


def video_url(slug: str) -> str:
    """Return the path of a video's page."""
    return reverse("video", args=[slug])


def video_tile(video: Video) -> VideoTile:
    """Return the tile of a public video; lists select "media", "category", "cover_image"."""
    when = video.first_published_at
    day = tanggal(words.day_of(when, "Asia/Jakarta"), weekday=False) if when else ""
    rubrik = video.category.name if video.category else ""
    return VideoTile(
        url=video.page_url,
        title=video.title,
        cover=cover_url(video),
        length=lama(video.media.duration_ms / 1000),
        note=" · ".join(filter(None, (rubrik, day))),
        promoted=getattr(video, "is_promotion", False),
    )


def video_tiles(videos: Iterable[Video]) -> list[VideoTile]:
    """Return tiles of public videos."""
    return [video_tile(video) for video in videos]


def story_tile(article: ArticlePage) -> StoryTile:
    """Return the tile of an article: its region, and when it appeared."""
    when = article.first_published_at
    zone = article.cooperative.zone if article.cooperative else "Asia/Jakarta"
    date = tanggal(words.day_of(when, zone), weekday=False) if when else ""
    moment = f"{date}, {jam(when, zone)}" if when else ""
    place = article.region.name if article.region else ""
    note = " · ".join(filter(None, (place, moment)))
    return StoryTile(url=article.url or "", title=article.title, note=note)


def story_tiles(found: Iterable[ArticlePage]) -> list[StoryTile]:
    """Return tiles of articles."""
    return [story_tile(article) for article in articles.with_sections(found)]


def progress(programme: Programme, now: datetime) -> Progress:
    """Return how far a programme is at `now`."""
    whole = programme.end - programme.start
    passed = min(max(now - programme.start, now - now), whole)
    return Progress(
        max=max(1, round(whole.total_seconds())),
        value=round(passed.total_seconds()),
        running=_("%(span)s berjalan") % {"span": words.span(passed)},
        left=_("sisa %(span)s") % {"span": words.span(whole - passed)},
    )


def programme_row(programme: Programme, zone: str, now: datetime | None = None) -> ProgrammeRow:
    """Return a programme as a row by the clock of `zone`; with `now` it shows whether it is on."""
    current = now is not None and programme.start <= now < programme.end
    notes = [programme.note, words.span(programme.end - programme.start)]
    if programme.kind == "promotion":
        notes.insert(0, _("Promosi"))
    return ProgrammeRow(
        url=video_url(programme.slug) if programme.slug else "",
        time=words.hour(programme.start, zone),
        moment=programme.start.isoformat(),
        title=programme.title,
        note=" · ".join(filter(None, notes)),
        rating="" if programme.kind in ("filler", "azan") else programme.rating,
        current=current,
        progress=progress(programme, now) if current and now else None,
    )
