"""HLS playlists of one publication, from values.

The static files in a publication's folder are these with the default addresses;
the origin renders the same functions with its own addresses and with cards.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from media_pipeline.manifests import hls_tags as tag
from media_pipeline.manifests import iframes
from media_pipeline.manifests.hls_tags import Value, Word, text
from media_pipeline.model.languages import UNKNOWN, name_of, tag_of
from media_pipeline.model.plan import HIGH_LINES
from media_pipeline.model.publication import Publication, Rendition, Segment, Span
from media_pipeline.model.rundown import Caption
from media_pipeline.model.ticks import TIMESCALE

AUDIO_GROUP, HIGH_GROUP = "audio", "audio-high"
OPUS_GROUP, OPUS_HIGH_GROUP = "opus", "opus-high"
CAPTION_GROUP = "captions"
STATE = "id.siar.state"
"""Session data that a growing title has, and a whole one has not."""


def playlist_name(rendition: str) -> str:
    """The file name of a rendition's playlist."""
    return f"{rendition}.m3u8"


def caption_playlist_name(number: int) -> str:
    """The file name of the playlist of the caption track `number`, from 0."""
    return f"captions-{number}.m3u8"


def master(
    publication: Publication,
    *,
    uri: Callable[[str], str] = playlist_name,
    captions: Sequence[Caption] = (),
) -> str:
    """The multivariant playlist of `publication` (RFC 8216, 4.3.4), lowest rung first.

    `uri` gives the address of a rendition's playlist. One audio group serves all
    rungs, with every sound that a viewer may choose; where there is a better one, it serves
    those from 480 lines on, with the same members (RFC 8216, 4.3.4.1.1). The last variant has sound
    alone; it comes first where the picture is a still one. All of it comes once more with
    Opus in place of AAC. Of a whole publication
    the low rungs have playlists of key frames as well.
    AV1 comes after H.264, and Opus after AAC: players choose by CODECS.
    """
    lines = tag.head()
    if publication.state == "growing":
        # A player that knows it asks for no quality that has not begun.
        lines.append(tag.session_data(STATE, "growing"))
    aac = publication.sounds, publication.high_sounds
    opus = publication.opus_sounds, publication.opus_high_sounds
    for sounds in (*aac, *opus):
        lines += sound_lines(sounds, uri)
    for number, caption in enumerate(captions):
        named = msgspec.structs.replace(caption, uri=caption_playlist_name(number))
        lines.append(caption_media(named))
    lines += _variants(publication, *aac, uri, captioned=bool(captions))
    if publication.opus_sounds:
        lines += _variants(publication, *opus, uri, captioned=bool(captions))
    lines += iframes.streams(publication, uri)
    return text(lines)


def _variants(
    publication: Publication,
    sounds: Sequence[Rendition],
    high: Sequence[Rendition],
    uri: Callable[[str], str],
    *,
    captioned: bool,
) -> Iterator[str]:
    """Yield the variants of every picture with `sounds`, of large ones with `high`, and sound alone."""
    heard = _dearest(sounds)
    alone = list(variant([], heard, 0, uri(sounds[0].name), captioned=False)) if sounds else []
    if publication.sound_only:
        # Players begin with the first: a still picture is not worth its bytes unasked.
        yield from alone
    for video in (*publication.videos, *publication.av1_videos):
        rate = video.frame_rate or publication.frame_rate
        large = min(video.width, video.height) >= HIGH_LINES
        with_it = (_dearest(high) if large else None) or heard
        yield from variant([video], with_it, rate, uri(video.name), captioned=captioned)
    if not publication.sound_only:
        yield from alone


def _dearest(sounds: Sequence[Rendition]) -> Rendition | None:
    """What stands for the audio group in a variant's bandwidth: its most expensive sound."""
    return max(sounds, key=lambda sound: sound.bandwidth, default=None)


def sound_lines(sounds: Sequence[Rendition], uri: Callable[[str], str]) -> Iterator[str]:
    """EXT-X-MEDIA of each of `sounds`; the first plays unless a viewer chooses another."""
    for number, sound in enumerate(sounds):
        yield audio_media(sound, uri(sound.name), default=not number)


def variant(
    videos: Sequence[Rendition],
    audio: Rendition | None,
    frame_rate: int,
    uri: str,
    *,
    captioned: bool,
) -> Iterator[str]:
    """EXT-X-STREAM-INF and its address, for renditions that take turns in one variant.

    Bandwidths are the largest of `videos` with the audio added, since players
    choose by what a variant costs at most (RFC 8216, 4.3.4.2).
    """
    with_audio = [*videos, audio] if audio is not None else list(videos)
    sound = (audio.bandwidth, audio.average_bandwidth) if audio is not None else (0, 0)
    pairs: dict[str, Value] = {
        "BANDWIDTH": max((v.bandwidth for v in videos), default=0) + sound[0],
        "AVERAGE-BANDWIDTH": max((v.average_bandwidth for v in videos), default=0) + sound[1],
        "CODECS": codecs([r.codec for r in with_audio]),
    }
    if videos:
        largest = max(videos, key=lambda v: v.width * v.height)
        pairs["RESOLUTION"] = Word(f"{largest.width}x{largest.height}")
        pairs["FRAME-RATE"] = Word(f"{frame_rate:.3f}")
        # Without it shaka learns the range from the files of the first variant alone. It then takes
        # the others for another range, and does not choose between H.264 and AV1 by their bytes.
        pairs["VIDEO-RANGE"] = Word("SDR")
    if audio is not None:
        pairs["AUDIO"] = _group_of(audio)
    if captioned:
        pairs["SUBTITLES"] = CAPTION_GROUP
    yield tag.stream_inf(pairs)
    yield uri


def _group_of(sound: Rendition) -> str:
    if sound.is_opus:
        return OPUS_HIGH_GROUP if sound.high else OPUS_GROUP
    return HIGH_GROUP if sound.high else AUDIO_GROUP


def codecs(names: Iterable[str]) -> str:
    """The CODECS attribute (RFC 6381) that covers all of `names`.

    Of one family the highest profile and level stand for the others: players
    read one codec a family, and reject what they cannot decode.
    """
    highest: dict[str, str] = {}
    for name in names:
        family, _, detail = name.partition(".")
        highest[family] = max(highest.get(family, ""), detail, key=_demand)
    return ",".join(f"{family}.{detail}".rstrip(".") for family, detail in highest.items())


def _demand(detail: str) -> tuple[str, str]:
    """Profile, then level of `64001f`; the constraint bits between them ask for less, not more."""
    return detail[:2], detail[4:]


def media_playlist(
    publication: Publication,
    rendition: Rendition | str,
    *,
    base: str = "",
    starts: datetime | None = None,
    dateranges: Iterable[str] = (),
) -> str:
    """The playlist of one rendition: VOD when whole, EVENT without an end while growing.

    `base` stands before each segment's address; `starts` is the moment that
    `dateranges` (finished EXT-X-DATERANGE lines) count from.
    """
    if isinstance(rendition, str):
        found = publication.rendition(rendition)
        if found is None:
            raise KeyError(rendition)
        rendition = found
    whole = publication.state == "whole"
    durations = rendition.ticks()
    lines = [
        *tag.head(),
        tag.target_duration(max(durations, default=0)),
        "#EXT-X-MEDIA-SEQUENCE:0",
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if whole else 'EVENT'}",
        *([tag.program_date_time(starts)] if starts is not None else []),
        *dateranges,
        *segment_lines(rendition, rendition.segments, durations, base),
        *(["#EXT-X-ENDLIST"] if whole else []),
    ]
    return text(lines)


def segment_lines(
    rendition: Rendition, segments: Iterable[Segment], durations: Iterable[int], base: str
) -> Iterator[str]:
    """EXT-X-MAP, then EXTINF and address of each of `segments` of `rendition`.

    Byte ranges are named only where a file holds more than one piece.
    """
    shared = shared_files(rendition)
    yield map_line(rendition.init, base, shared)
    for segment, ticks in zip(segments, durations, strict=True):
        yield tag.extinf(ticks)
        if segment.offset or segment.uri in shared:
            yield tag.byterange(segment.length, segment.offset)
        yield base + segment.uri


def map_line(init: Span, base: str, shared: frozenset[str]) -> str:
    """EXT-X-MAP of `init`, with its byte range if it shares its file."""
    if init.offset or init.uri in shared:
        return tag.init_map(base + init.uri, length=init.length, offset=init.offset)
    return tag.init_map(base + init.uri)


def shared_files(rendition: Rendition) -> frozenset[str]:
    """The files that hold more than one piece of `rendition`."""
    uris = [rendition.init.uri, *[segment.uri for segment in rendition.segments]]
    if len(set(uris)) == len(uris):
        return frozenset()
    uses = Counter(uris)
    return frozenset(uri for uri, count in uses.items() if count > 1)


def caption_playlist(publication: Publication, uri: str) -> str:
    """A WebVTT track as a playlist of one segment (RFC 8216, 3.5); for whole publications."""
    duration = publication.duration
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        # Rounded up: a file of captions is as long as its programme.
        f"#EXT-X-TARGETDURATION:{-(-duration // TIMESCALE)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        tag.extinf(duration),
        uri,
        "#EXT-X-ENDLIST",
    ]
    return text(lines)


def audio_media(audio: Rendition, uri: str, *, default: bool = True) -> str:
    """EXT-X-MEDIA of a sound of its audio group."""
    tagged = tag_of(audio.language)
    pairs: dict[str, Value] = {
        "TYPE": Word("AUDIO"),
        "GROUP-ID": _group_of(audio),
        "NAME": label_of(audio),
        **({"LANGUAGE": tagged} if tagged != UNKNOWN else {}),
        "DEFAULT": Word("YES" if default else "NO"),
        "AUTOSELECT": Word("YES"),
        "CHANNELS": str(audio.channels or 2),
        "URI": uri,
    }
    return tag.media(pairs)


def label_of(sound: Rendition) -> str:
    """What a menu of sounds calls `sound`; publications from before labels have none."""
    return sound.label or name_of(tag_of(sound.language)) or "Suara"


def caption_media(caption: Caption) -> str:
    """EXT-X-MEDIA of captions whose playlist is at `uri`; they are off until somebody wants them."""
    pairs: dict[str, Value] = {
        "TYPE": Word("SUBTITLES"),
        "GROUP-ID": CAPTION_GROUP,
        "NAME": caption.label,
        "LANGUAGE": caption.language,
        "DEFAULT": Word("NO"),
        "AUTOSELECT": Word("YES"),
        "URI": caption.uri,
    }
    return tag.media(pairs)
