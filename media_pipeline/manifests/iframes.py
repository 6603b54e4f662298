"""Playlists of key frames alone, for running through a programme (RFC 8216, 4.3.3.6 and 4.3.4.3).

Every segment starts with a key frame, so each is one entry: the bytes from its
`moof` to the end of its first picture, which players decode by itself.
"""

from collections.abc import Callable, Iterator

import msgspec

from media_pipeline.manifests import hls_tags as tag
from media_pipeline.manifests.hls_tags import Value, Word
from media_pipeline.model.publication import Publication, Rendition
from media_pipeline.model.rates import average_rate, peak_rate

_LINES = 360
"""Rungs up to here are offered: a picture that flies past needs no more, and costs by the byte."""


def name_of(rendition: str) -> str:
    """What the playlist of key frames of `rendition` is called."""
    return f"{rendition}-iframes"


def videos(publication: Publication) -> tuple[Rendition, ...]:
    """The renditions that have a playlist of key frames: H.264, low, all key frames known.

    None of a growing publication: players read its master once, and would keep to
    what there was then.
    """
    if publication.state != "whole":
        return ()
    known = [v for v in publication.videos if v.codec.startswith("avc1") and _known(v)]
    low = [video for video in known if min(video.width, video.height) <= _LINES]
    return tuple(low or known[:1])


def _known(video: Rendition) -> bool:
    return bool(video.segments) and all(segment.key for segment in video.segments)


def streams(publication: Publication, uri: Callable[[str], str]) -> Iterator[str]:
    """EXT-X-I-FRAME-STREAM-INF of each; `uri` gives the address of a playlist by its name."""
    for video in videos(publication):
        peak, average = _bandwidths(video)
        pairs: dict[str, Value] = {
            "BANDWIDTH": peak,
            "AVERAGE-BANDWIDTH": average,
            "CODECS": video.codec,
            "RESOLUTION": Word(f"{video.width}x{video.height}"),
            "URI": uri(name_of(video.name)),
        }
        yield tag.iframe_stream_inf(pairs)


def _bandwidths(video: Rendition) -> tuple[int, int]:
    """Bits per second of the key frames, each standing for its segment: the most, and over all."""
    frames = [msgspec.structs.replace(s, length=s.key) for s in video.segments]
    return peak_rate(frames, video.timescale), average_rate(frames, video.timescale)


def playlist(video: Rendition, *, base: str = "") -> str:
    """The playlist of key frames of `video`; `base` stands before each address."""
    durations = video.ticks()
    lines = [
        *tag.head(),
        tag.target_duration(max(durations)),
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-I-FRAMES-ONLY",
        _map(video, base),
    ]
    for segment, ticks in zip(video.segments, durations, strict=True):
        lines += [
            tag.extinf(ticks),
            tag.byterange(segment.key, segment.offset),
            base + segment.uri,
        ]
    return tag.text([*lines, "#EXT-X-ENDLIST"])


def _map(video: Rendition, base: str) -> str:
    """EXT-X-MAP as the rendition's own playlist has it, so that players load it once."""
    init = video.init
    if init.offset or init.uri in {segment.uri for segment in video.segments}:
        return tag.init_map(base + init.uri, length=init.length, offset=init.offset)
    return tag.init_map(base + init.uri)
