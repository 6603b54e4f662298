"""File names that count: one pattern in the place of a name a segment."""

import re
from typing import NamedTuple, Self

from media_pipeline.model.publication import Rendition

_NUMBERED = re.compile(r"(?P<before>.*/)(?P<number>\d+)(?P<after>\.\w+)\Z")


class Pattern(NamedTuple):
    """Names like `v360/00001.m4s`: `before`, `start` + n in `width` digits, `after`."""

    before: str
    start: int
    width: int
    after: str

    def name(self, index: int) -> str:
        """The name of the segment `index`, from 0."""
        return f"{self.before}{self.start + index:0{self.width}d}{self.after}"

    @classmethod
    def of(cls, rendition: Rendition) -> Self | None:
        """The pattern that names all segments of `rendition`, or None if none does."""
        segments = rendition.segments
        found = _NUMBERED.match(segments[0].uri) if segments else None
        if found is None or any(segment.offset for segment in segments):
            return None
        before, number, after = found.group("before", "number", "after")
        pattern = cls(before, int(number), len(number), after)
        fits = [s.uri for s in segments] == [pattern.name(n) for n in range(len(segments))]
        return pattern if fits and rendition.init.offset == 0 else None
