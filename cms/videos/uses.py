"""Where a video is used, for whoever is about to take it away; rooms above say so of theirs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from cms.videos.models import Video

MOST = 5
"""Places of one kind that are named; the others are counted."""


@dataclass(frozen=True)
class Use:
    """One kind of use. `heading` names it and counts; `places` are the first MOST of them."""

    heading: str
    places: tuple[str, ...] = ()


Source = Callable[[Video, datetime], Iterable[Use]]
_sources: list[Source] = []


def register_uses(source: Source) -> Source:
    """Let `source(video, now)` name where a room uses the video; of what the public may know."""
    if source not in _sources:
        _sources.append(source)
    return source


def uses_of(video: Video, now: datetime) -> list[Use]:
    """Return where `video` is used, in the active language."""
    return [use for source in _sources for use in source(video, now)]
