"""What planning speaks of. All times are 90 kHz ticks, moments are ticks since 1970."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from media_pipeline.model.rundown import Card, EntryKind, Rundown


@dataclass(frozen=True)
class Item:
    """Something that can play: a whole publication and what is said of it.

    `durations` are its segments' lengths; `programme` is the key of its video.
    """

    publication: str
    durations: tuple[int, ...]
    title: str = ""
    rating: str = "SU"
    programme: str = ""
    kind: EntryKind = "programme"
    cards: tuple[Card, ...] = ()

    @cached_property
    def borders(self) -> tuple[int, ...]:
        """Length of its first 0, 1, 2 … segments, up to all of them."""
        return (0, *accumulate(self.durations))

    @property
    def duration(self) -> int:
        """Length of the whole."""
        return self.borders[-1]


@dataclass(frozen=True)
class Wish:
    """This item at this moment. `item` is None while the video cannot play.

    `id` names the wish for ever: the same video at the same moment is the same wish,
    however it came to be planned.
    """

    id: str
    start: int
    title: str
    item: Item | None
    note: str = ""


CautionKind = Literal["gap", "slate", "overlap", "not_ready", "dropped"]


@dataclass(frozen=True)
class Caution:
    """Something an editor may want to mend.

    gap        fillers play from `at` for `ticks`
    slate      the still card plays from `at` for `ticks`: there is no filler to use
    overlap    the wish starts `ticks` late, because what stands before it is longer
    not_ready  the wish's video cannot play, so others fill its place
    dropped    the wish would start `ticks` late, which is too late to be of use
    """

    kind: CautionKind
    at: int
    ticks: int = 0
    wish: str = ""
    title: str = ""


@dataclass(frozen=True)
class Plan:
    """A rundown, and what an editor should know of it. Everything before `frozen` stands."""

    rundown: Rundown
    cautions: tuple[Caution, ...]
    frozen: int
