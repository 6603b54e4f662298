"""A channel made of values, and a reader of playlists that knows nothing of its maker."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from media_pipeline.model.publication import Publication
from media_pipeline.model.rundown import Rundown
from media_pipeline.model.ticks import ticks_of
from media_pipeline.playout import Item, Reel, append

S = 90_000
LAUNCH = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))


@dataclass
class Line:
    """A segment as a player knows it."""

    msn: int
    disc: int
    map: str
    uri: str
    duration: str
    gap: bool = False


@dataclass
class Playlist:
    segments: list[Line] = field(default_factory=list)
    moments: dict[int, datetime] = field(default_factory=dict)
    discontinuities: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def read(text: str) -> Playlist:
    """RFC 8216, section 6.2.2: numbers are counted from the two sequence tags."""
    found = Playlist(tags=text.splitlines())
    msn = disc = 0
    init = duration = ""
    gap = False
    for line in found.tags:
        name, _, value = line.partition(":")
        match name:
            case "#EXT-X-MEDIA-SEQUENCE":
                msn = int(value)
            case "#EXT-X-DISCONTINUITY-SEQUENCE":
                disc = int(value)
            case "#EXT-X-DISCONTINUITY":
                disc += 1
                found.discontinuities.append(msn)
            case "#EXT-X-MAP":
                init = value
            case "#EXT-X-PROGRAM-DATE-TIME":
                found.moments[msn] = datetime.fromisoformat(value)
            case "#EXTINF":
                duration = value
            case "#EXT-X-GAP":
                gap = True
            case _ if not line.startswith("#"):
                found.segments.append(Line(msn, disc, init, line, duration, gap))
                msn, gap = msn + 1, False
    return found


@pytest.fixture(scope="session")
def reader():
    return read


class Channel:
    """Reels by a letter, and a rundown that plays them from LAUNCH."""

    def __init__(self, make) -> None:
        self.make = make
        self.reels: dict[str, Reel] = {}
        self.add("s", 4, 4)

    def add(self, name: str, *seconds: float, rungs=(144, 240, 360)) -> Reel:
        lengths = tuple(round(s * S) for s in seconds)
        return self.keep(self.make(name, lengths, rungs))

    def keep(self, publication: Publication) -> Reel:
        reel = Reel.of(publication)
        self.reels[publication.id] = reel
        return reel

    def item(self, name: str, entry: str = "", **more) -> Item:
        reel = self.reels[name * 32]
        return Item(id=entry or name, reel=reel, kind="programme", title=name.upper(), **more)

    def rundown(self, *items: Item, version: int = 1) -> Rundown:
        empty = Rundown(
            channel="contoh",
            name="Saluran Contoh",
            zone="Asia/Jakarta",
            version=version,
            written=datetime(2026, 11, 24, tzinfo=UTC),
            entries=(),
            slate="s" * 32,
        )
        return append(empty, *items, start=LAUNCH)


@pytest.fixture
def channel(publication) -> Channel:
    return Channel(publication)
