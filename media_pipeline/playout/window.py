"""What a channel shows at a moment: a pure function, so any origin gives the same text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from media_pipeline.manifests import hls
from media_pipeline.manifests import hls_tags as tag
from media_pipeline.model.languages import name_of
from media_pipeline.model.notice import Notice
from media_pipeline.model.plan import HIGH_LINES
from media_pipeline.model.publication import Rendition
from media_pipeline.model.rundown import Caption, Entry, Lineup
from media_pipeline.model.ticks import TIMESCALE
from media_pipeline.playout import dateranges
from media_pipeline.playout.captions import captions_in, language_of
from media_pipeline.playout.excerpt import Excerpt, Part, behind, recent
from media_pipeline.playout.reel import Reel, Reels
from media_pipeline.playout.timeline import WINDOW, Edge, Timeline
from media_pipeline.playout.transport import TRANSPORT

SKIP = WINDOW
"""What began earlier than so many ticks before the edge is left out of a delta update; six
target durations at least (RFC 8216bis, 4.4.3.8). Players ask for one within half of it."""

type Skip = Literal["", "YES", "v2"]
"""`v2` leaves out old EXT-X-DATERANGE as well."""


def window(rundown: Lineup, reels: Reels, rendition: str, now: int) -> str:
    """The media playlist of `rendition` at `now` (ticks since 1970).

    `rendition` is any name of the ladder (`v360`, `a48`). Raises NotOnAir before
    the first segment has ended.
    """
    timeline = Timeline(rundown, reels)
    return window_at(timeline, rendition, timeline.edge(now))


def window_at(timeline: Timeline, rendition: str, edge: Edge) -> str:
    """The live playlist of `rendition` whose newest segment is `edge`.

    It depends on nothing else: the text changes when the edge does.
    """
    return playlist(behind(timeline, edge), rendition)


def playlist(
    excerpt: Excerpt, rendition: str, skip: Skip = "", notices: Sequence[Notice] = ()
) -> str:
    """The media playlist of `rendition` for `excerpt`, with the `notices` over it.

    With `skip`, the value of `_HLS_skip`, a delta update (RFC 8216bis, 6.2.5.1): who has the
    playlist of seconds ago is sent its last minute again and not its four hours.
    """
    new = recent(excerpt, SKIP) if skip and _has_deltas(excerpt) else ()
    skipped = new[0].msn - excerpt.msn if new else 0
    parts = new if skipped else excerpt.parts
    told = parts if skip == "v2" else excerpt.parts
    if language_of(rendition) or rendition == TRANSPORT:
        # Who reads captions has read them with the picture; boxes for MPEG-TS show no cards.
        told, notices = (), ()
    lines = [
        *tag.head(9 if _has_deltas(excerpt) else 7),
        # Segments of up to 4.49 s round to 4, and a live playlist never changes it.
        "#EXT-X-TARGETDURATION:4",
        *_kind_lines(excerpt),
        f"#EXT-X-MEDIA-SEQUENCE:{excerpt.msn}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{excerpt.parts[0].entry.dsn}",
        *_dateranges(told, excerpt.start, excerpt.edge),
        *dateranges.notices(notices, excerpt.start, excerpt.edge.end),
        *([_skip(skipped, excerpt.removed if told else (), skip)] if skipped else []),
    ]
    for number, part in enumerate(parts):
        if number or (skipped and not part.index):
            lines.append("#EXT-X-DISCONTINUITY")
        lines += part.lines(rendition)
    if excerpt.kind == "vod":
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _has_deltas(excerpt: Excerpt) -> bool:
    return excerpt.kind in ("dvr", "event")


def _kind_lines(excerpt: Excerpt) -> Iterator[str]:
    if _has_deltas(excerpt):
        yield f"#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL={SKIP // TIMESCALE},CAN-SKIP-DATERANGES=YES"
    if excerpt.kind in ("event", "vod"):
        yield f"#EXT-X-PLAYLIST-TYPE:{excerpt.kind.upper()}"
    if excerpt.kind == "event":
        # Players join what has no end where it is live; who asks for a start wants the start.
        yield "#EXT-X-START:TIME-OFFSET=0"


def _skip(skipped: int, removed: Sequence[Entry], skip: Skip) -> str:
    """EXT-X-SKIP (4.4.5.2); with `v2` it has to name the ranges that are no longer told.

    Of `removed` they were; a playlist that never tells any names none.
    """
    pairs: dict[str, tag.Value] = {"SKIPPED-SEGMENTS": skipped}
    if skip == "v2":
        ids = [
            name
            for entry in removed
            for name in (entry.id, *(f"{entry.id}/{card.id}" for card in entry.cards))
        ]
        pairs["RECENTLY-REMOVED-DATERANGES"] = "\t".join(ids)
    return f"#EXT-X-SKIP:{tag.attributes(pairs)}"


def _dateranges(shown: Sequence[Part], first: int, edge: Edge) -> Iterator[str]:
    for part in shown:
        entry = part.entry
        yield from dateranges.programme(entry, first, entry.end)
        # To the end of the entry, not of the window: a card's length is known when it begins.
        bounds = (max(first, entry.start), entry.end)
        begun = [c for c in entry.cards if part.zero + c.offset < edge.end]
        yield from dateranges.cards(begun, part.zero, bounds, of=f"{entry.id}/")


def channel_master(
    reels: Iterable[Reel],
    uri: Callable[[str], str] = hls.playlist_name,
    *,
    airtime: Mapping[str, int] | None = None,
    languages: Sequence[str] = (),
) -> str:
    """The multivariant playlist of a channel that plays `reels`.

    It offers each rung that any of them has, and the better sound if all of them have it.
    BANDWIDTH covers whatever stands for a rung in the others, so that it holds across every
    join. AVERAGE-BANDWIDTH is what watching costs: each reel weighs as long as it airs, which
    `airtime` gives in ticks by publication, or as long as it is. Captions are offered in
    `languages`.
    """
    usable = [reel for reel in reels if reel.renditions]
    weights = [airtime.get(r.publication, 0) if airtime else r.duration for r in usable]
    if any(weights):
        # What waits unaired (the slate, mostly) has no say in rungs and prices.
        aired = [(reel, weight) for reel, weight in zip(usable, weights, strict=True) if weight]
    else:
        aired = [(reel, 1) for reel in usable]
    names = {r.name for reel, _ in aired for r in reel.renditions}
    sounds = {r.name: r.high for reel, _ in aired for r in reel.renditions if r.kind == "audio"}
    audio = _largest([_weighed(aired, n) for n in sorted(sounds) if not sounds[n]])
    everywhere = [n for n in sorted(sounds) if sounds[n] and all(n in r.tracks for r, _ in aired)]
    high = _largest([_weighed(aired, n) for n in everywhere])
    rate = max((reel.frame_rate for reel, _ in aired), default=0)
    lines = tag.head()
    if audio is not None:
        lines += [hls.audio_media(one, uri(one.name)) for one in (audio, high) if one]
    for tagged in languages:
        words = Caption(tagged, name_of(tagged), uri(captions_in(tagged)))
        lines.append(hls.caption_media(words))
    for name in sorted((n for n in names if n[0] == "v"), key=lambda n: int(n[1:])):
        rungs = _weighed(aired, name)
        rates = [rung.frame_rate or rate for rung in rungs]
        heard = high if high is not None and int(name[1:]) >= HIGH_LINES else audio
        lines += hls.variant(rungs, heard, max(rates), uri(name), captioned=bool(languages))
    if audio is not None:
        lines += hls.variant([], audio, 0, uri(audio.name), captioned=False)
    return "\n".join(lines) + "\n"


def _weighed(aired: Iterable[tuple[Reel, int]], name: str) -> list[Rendition]:
    """What stands for the rung `name` in each reel, all with the average over their airtime."""
    found = [(rung, weight) for reel, weight in aired if (rung := reel.rung(name))]
    bits = sum(rung.average_bandwidth * weight for rung, weight in found)
    average = bits // max(1, sum(weight for _, weight in found))
    return [msgspec.structs.replace(rung, average_bandwidth=average) for rung, _ in found]


def _largest(groups: Iterable[list[Rendition]]) -> Rendition | None:
    """One rendition with the highest bandwidths of all."""
    known = [rendition for group in groups for rendition in group]
    if not known:
        return None
    top = max(known, key=lambda r: r.bandwidth)
    languages = {r.language for r in known}
    return msgspec.structs.replace(
        top,
        average_bandwidth=max(r.average_bandwidth for r in known),
        language=top.language if len(languages) == 1 else "und",
        label=top.label if len(languages) == 1 else "",
    )
