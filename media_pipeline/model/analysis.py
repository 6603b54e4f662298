"""What a look at samples of the picture found out. Values only."""

from typing import Literal

import msgspec

from media_pipeline.model.source import Scan

Content = Literal["slides", "talking", "ordinary", "busy"]
"""What kind of picture a title is, by how much of it changes between frames.

`slides` stands still for most of the time; `talking` moves in one place before
a still background; `busy` changes everywhere at once (sport, crowds, water).
"""


class Bars(msgspec.Struct, frozen=True):
    """Black borders, in parts of the picture's width and height (0 to 1)."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0

    @property
    def area(self) -> float:
        """The part of the picture that is border."""
        return 1 - max(0, 1 - self.left - self.right) * max(0, 1 - self.top - self.bottom)


class Analysis(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is in a title's picture, from short samples spread over it.

    The defaults describe a title that nobody looked at: an ordinary one.
    """

    frames: int = 0
    """Frames looked at; 0: none, so all else is a guess."""

    content: Content = "ordinary"

    complexity: float = 1.5
    """Bits a pixel of a key frame at 180 lines, by a trial encode at constant quality."""

    motion: float = 0.15
    """Bits a pixel of the frames between key frames: what motion search cannot foretell.

    Slides have 0.02, a speaker who sits 0.06, animation 0.10 to 0.15, a walk through a
    market 0.20, a match 0.30.
    """

    duplicates: float = 0
    """The part (0 to 1) of frames that show the same as the one before."""

    cuts: float = 0
    """Scene changes a minute."""

    interlaced: float = 0
    """The part (0 to 1) of frames that look woven from two fields, whatever their flags say."""

    scan: Scan = "told"
    """What that means for decoding, where samples and flags contradict each other."""

    luma: float = 0.45
    """Mean brightness of the picture: 0 black, 1 white."""

    dark: float = 0
    """The part (0 to 1) of frames whose mean brightness is below 0.12."""

    bars: Bars | None = None
    """Black borders that all samples have, if any."""
