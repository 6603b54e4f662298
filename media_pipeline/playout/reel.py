"""A publication made ready for playout: columns instead of a value a segment.

A window shows fifteen segments of perhaps thousands, so their lines are written
when asked for; what is kept is about 16 bytes a segment and rendition.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import Protocol, Self

import msgspec

from media_pipeline.manifests import hls
from media_pipeline.manifests import hls_tags as tag
from media_pipeline.manifests.numbering import Pattern
from media_pipeline.model.keys import publication_folder
from media_pipeline.model.publication import Publication, Rendition, Segment, Span
from media_pipeline.model.rundown import Entry
from media_pipeline.playout.captions import language_of
from media_pipeline.playout.transport import TRANSPORT


class Track(msgspec.Struct, frozen=True):
    """One rendition. `starts` are ticks from its first segment, with the end as last value.

    `init` is its EXT-X-MAP line, `head` where that is below `base`.
    """

    name: str
    starts: array[int]
    init: str
    head: Span
    pieces: Pattern | tuple[Segment, ...]
    shared: frozenset[str]
    base: str

    def lines(self, first: int, count: int, *, gone: bool) -> Iterator[str]:
        """EXTINF and address of `count` segments from `first`; with EXT-X-GAP where `gone`."""
        for index in range(first, first + count):
            yield tag.extinf(self.starts[index + 1] - self.starts[index])
            if gone:
                # RFC 8216bis, 4.4.4.7: players pass over it instead of failing on its 410.
                yield "#EXT-X-GAP"
            if isinstance(self.pieces, Pattern):
                yield self.base + self.pieces.name(index)
                continue
            piece = self.pieces[index]
            if piece.offset or piece.uri in self.shared:
                yield tag.byterange(piece.length, piece.offset)
            yield self.base + piece.uri


class Reel(msgspec.Struct, frozen=True):
    """A publication's index. `starts` are its segments' ticks, with the end as last value.

    `gone` after a takedown, or when the publication cannot be found: the
    playlist keeps its numbers and addresses, and says that they are not there.
    `storyboard` is the name of the WebVTT of its pictures, "" where it has none.
    """

    publication: str
    starts: array[int]
    tracks: dict[str, Track]
    renditions: tuple[Rendition, ...]
    frame_rate: int
    gone: bool = False
    storyboard: str = ""

    @property
    def count(self) -> int:
        """How many segments it has."""
        return len(self.starts) - 1

    @property
    def duration(self) -> int:
        """Its length in ticks."""
        return self.starts[-1]

    def length(self, first: int, count: int) -> int:
        """Ticks of `count` segments from `first`."""
        return self.starts[first + count] - self.starts[first]

    def track(self, rendition: str) -> Track | None:
        """The track for `rendition`: of the same name, or the nearest rung below it.

        Where there is none below, the lowest. None if it has nothing of the kind.
        """
        return self.tracks.get(rendition) or self.tracks.get(nearest(rendition, self.tracks))

    def rung(self, rendition: str) -> Rendition | None:
        """What stands for `rendition` in this reel, without its segments."""
        track = self.track(rendition)
        return next((r for r in self.renditions if track and r.name == track.name), None)

    @classmethod
    def of(
        cls, publication: Publication, *, media_url: str = "/media/", gone: bool = False
    ) -> Self:
        """The reel of `publication`, whose files are found below `media_url`."""
        base = f"{media_url}{publication_folder(publication.id)}/"
        # A channel has one sound: players change it at a join only with a hole.
        others = (*publication.sounds[1:], *publication.high_sounds[1:])
        # And H.264 and AAC alone: not every programme has AV1 or Opus, and decoders cannot change.
        played = [
            r for r in publication.renditions if r not in others and not r.is_av1 and not r.is_opus
        ]
        return cls(
            publication=publication.id,
            starts=array("q", publication.ends),
            tracks={r.name: _track(r, base) for r in played},
            renditions=tuple(msgspec.structs.replace(r, segments=()) for r in played),
            frame_rate=publication.frame_rate,
            gone=gone,
            storyboard=publication.storyboard.vtt if publication.storyboard else "",
        )

    @classmethod
    def lost(cls, entry: Entry) -> Self:
        """A reel for an entry whose publication cannot be read: even segments, all gone."""
        ends = [entry.duration * n // entry.count for n in range(entry.count + 1)]
        starts = array("q", [*([0] * entry.first), *ends])
        return cls(entry.publication, starts, {}, (), 0, gone=True)


class Reels(Protocol):
    """Publication ids to reels; a dict is one."""

    def get(self, publication: str, /) -> Reel | None:
        """The reel of `publication`, or None."""


def nearest(rendition: str, rungs: Iterable[str]) -> str:
    """The nearest of `rungs` that is no higher than `rendition`, of its kind; else the lowest.

    `v0` or `a0` where there is none of that kind. Captions are themselves, one language
    stands for no other, and so is MPEG-TS.
    """
    if language_of(rendition) or rendition == TRANSPORT:
        return rendition
    kind, wanted = rendition[:1], int(rendition[1:])
    known = sorted(int(name[1:]) for name in rungs if name[:1] == kind)
    below = [rung for rung in known if rung <= wanted]
    return f"{kind}{(below or known or [0])[-1 if below else 0]}"


def reel_of(entry: Entry, reels: Reels) -> Reel:
    """The reel that `entry` plays; a lost one if it is absent or does not fit the entry."""
    reel = reels.get(entry.publication)
    if (
        reel is None
        or entry.first + entry.count > reel.count
        or reel.length(entry.first, entry.count) != entry.duration
    ):
        return Reel.lost(entry)
    return reel


def _track(rendition: Rendition, base: str) -> Track:
    shared = hls.shared_files(rendition)
    return Track(
        name=rendition.name,
        starts=array("q", rendition.ends()),
        init=hls.map_line(rendition.init, base, shared),
        head=rendition.init,
        pieces=Pattern.of(rendition) or rendition.segments,
        shared=shared,
        base=base,
    )
