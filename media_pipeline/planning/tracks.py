"""Which of a file's sounds are published, and how each is called. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from media_pipeline.model.languages import UNKNOWN, name_of, tag_of
from media_pipeline.model.plan import Audio
from media_pipeline.model.source import AudioStream, Source

MAIN = "a48"
"""The sound that plays by itself, and the only one of a channel. Its name is older than its rate:
players and playlists of channels ask for it by this name."""

BITRATE = 56_000
"""What the encoder is asked for. It gives 56 to 58 kbit/s: it spends more on clean speech."""

MOST = 6
"""Sounds of one title: each costs an encoder, and a menu of more helps nobody."""

_TECHNICAL = re.compile(
    r"handler\b|\b(stereo|mono|surround|aac|e?-?ac-?3|dts|pcm|opus|mp3|kbps|khz)\b", re.I
)
"""Titles that programs write, and that say nothing of what is heard."""


def sounds_of(source: Source, samples: int) -> tuple[Audio, ...]:
    """Return the sounds of the publication, each `samples` long, the one that plays first.

    Without any in the file there is a silent one.
    """
    chosen = tuple(_chosen(source))
    if not chosen:
        return (Audio(MAIN, BITRATE, samples, None),)
    names, labels = _names(chosen), _labels(chosen)
    return tuple(
        Audio(name, BITRATE, samples, track, language=tag_of(track.language), label=label)
        for track, name, label in zip(chosen, names, labels, strict=True)
    )


def _chosen(source: Source) -> Iterable[AudioStream]:
    """Yield the main track, then the others; one that repeats another's language is left out.

    Discs carry the same speech once more as 5.1: both would be the same stereo.
    """
    first = source.voice
    known: set[tuple[str, str]] = set()
    kept = 0
    for track in [first, *(track for track in source.audio if track is not first)]:
        if track is None or kept == MOST:
            return
        tag, title = tag_of(track.language), _title(track)
        if tag != UNKNOWN and (tag, title) in known:
            continue
        known.add((tag, title))
        kept += 1
        yield track


def _names(tracks: Sequence[AudioStream]) -> list[str]:
    """Return `a48`, then names such as `a48-jv`; a number tells two of one language apart."""
    names = [MAIN]
    for number, track in enumerate(tracks[1:], 2):
        tag = tag_of(track.language)
        plain = f"{MAIN}-{tag}" if tag != UNKNOWN else f"{MAIN}-{number}"
        names.append(plain if plain not in names else f"{plain}-{number}")
    return names


def _labels(tracks: Sequence[AudioStream]) -> list[str]:
    """Return what a menu shows for each: the language, the file's own title, or a number.

    No two are alike (RFC 8216, 4.3.4.1.1).
    """
    names = [name_of(tag_of(track.language)) for track in tracks]
    often = Counter(names)
    labels: list[str] = []
    for number, (track, name) in enumerate(zip(tracks, names, strict=True), 1):
        title = _title(track)
        label = name or title or (f"Suara {number}" if len(tracks) > 1 else "Suara")
        if name and often[name] > 1 and title and title != name:
            label = f"{name} ({title})"
        labels.append(label if label not in labels else f"{label} {number}")
    return labels


def _title(track: AudioStream) -> str:
    """Return the title that a person gave the track, or ""."""
    title = " ".join(track.title.split())[:60]
    return "" if _TECHNICAL.search(title) or not title.isprintable() else title
