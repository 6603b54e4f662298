"""What planning speaks of. All times are 90 kHz ticks, moments are ticks since 1970."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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


Interrupts = Literal["resumes", "shortened", "moves"]
"""What a call to prayer does to a programme that is on at its moment.

resumes    it stops at its last segment before the call, and goes on after it
shortened  it ends there; what follows in the plan comes next
moves      it waits until after the call, unless it would wait too long: then it resumes
"""


@dataclass(frozen=True)
class Lock:
    """A moment that nothing moves: the call to prayer, and what Ramadan adds to it.

    `item` begins at the last segment's border that is not after `start`, and plays up to
    `length` ticks, in turns if it is shorter, less if the next lock comes first. `id` names
    the lock for ever, and its first turn.
    """

    id: str
    start: int
    length: int
    item: Item


Returns = Literal["rejoins", "resumes", "restarts"]
"""How the plan goes on after a cut-in.

rejoins   as if it had run on: times of the plan stay, what was covered is not shown
resumes   what was cut goes on where it was cut; what follows is late until a gap takes it up
restarts  what was cut begins anew; what follows is late until a gap takes it up
"""


@dataclass(frozen=True)
class CutIn:
    """What an editor put over the plan: from the border at tick `at`, up to `end` if they ended it.

    `item` is None once it may not play any more. `id` names its entries for ever. With
    `must_carry` it goes through all channels that inherit.
    """

    id: str
    at: int
    item: Item | None
    returns: Returns
    end: int | None = None
    must_carry: bool = False
    note: str = ""


CautionKind = Literal[
    "gap",
    "slate",
    "overlap",
    "not_ready",
    "dropped",
    "outside",
    "azan_split",
    "azan_cut",
    "azan_moved",
    "azan_late",
]


@dataclass(frozen=True)
class Caution:
    """Something an editor may want to mend.

    gap        fillers play from `at` for `ticks`
    slate      the still card plays from `at` for `ticks`: there is no filler to use
    overlap    the wish starts `ticks` late, because what stands before it is longer
    not_ready  the wish's video cannot play, so others fill its place
    dropped    the wish would start `ticks` late, which is too late to be of use
    outside    the wish is in no own window of a channel that inherits
    azan_split the wish stops for a call to prayer and goes on after it; `ticks` are to come
    azan_cut   the wish ends at a call to prayer; `ticks` of it are not shown
    azan_moved the wish waits until after a call to prayer
    azan_late  the wish starts `ticks` late, because of a call to prayer before it
    """

    kind: CautionKind
    at: int
    ticks: int = 0
    wish: str = ""
    title: str = ""


@dataclass(frozen=True)
class Request:
    """What a rundown is made of.

    `wishes` and `locks` stand in order of start. `barred` are publications that may no
    longer play: withdrawn or taken down. The plan reaches at least to `until` (ticks) and
    keeps entries that ended after `keep_from`. `durations` are the segment lengths of
    publications that the previous rundown uses and that may have to be cut. `boundary` is the
    tick before which nothing changes, where it is another than `boundary_of` says.
    """

    channel: str
    name: str
    zone: str
    wishes: Sequence[Wish]
    fillers: Sequence[Item]
    slate: Item
    now: datetime
    until: int
    keep_from: int = 0
    barred: Collection[str] = frozenset()
    durations: Mapping[str, Sequence[int]] = field(default_factory=dict)
    locks: Sequence[Lock] = ()
    interrupts: Interrupts = "resumes"
    cut_ins: Sequence[CutIn] = ()
    boundary: int | None = None


@dataclass(frozen=True)
class Plan:
    """A rundown, and what an editor should know of it. Everything before `frozen` stands."""

    rundown: Rundown
    cautions: tuple[Caution, ...]
    frozen: int
