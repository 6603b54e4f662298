"""Whose turn it is: the order in which workers take the tasks that wait. Pure.

1. Titles that an editor put first, unless they were put back TRIES times since: an
   editor's wish wins over setbacks, but a poison does not win for ever by it.
2. What was tried and put back goes after what was not, those put first before the others.
3. New titles before those that play already and are only encoded again, however many: at
   a new one somebody waits.
4. What makes titles playable (opening, sound), then the other rungs of the openings,
   then the bodies, so that no film keeps a clip from its first picture.
5. The title with the least work left: short ones are soon out of the way.

Alone, this would let a stream of clips starve a film, a film that was put first all
others, and new titles what is encoded again. So every fourth turn goes to the oldest of the titles that nobody has served
for a minute, to openings before the rest: under any load it gets on, sooner or later
every title is the oldest, and the others lose a quarter at most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

SHARE = 4
"""One turn in so many goes to the oldest."""
PATIENCE = timedelta(minutes=1)
TRIES = 3
"""Setbacks through which a title that an editor put first stays before all others."""
_BODY = 2
"""The rank from which on the work left decides, also between body and end."""


@dataclass(frozen=True)
class Waiting:
    """A task that may be claimed, and what is to be known of its title.

    `left` is the work that the title still needs, in seconds of picture times share;
    `served` the moment at which a worker last took a task of it, or of its coming.
    `setbacks` is how often the task was put back, since an editor `raised` its title if
    one has; one that is `alone` shares its process with no other that can wait, one that is
    `short` as well with none at all: it lacked memory. `again` is one that has a publication
    in use already.
    """

    task: int
    encode: int
    rank: int
    left: float
    served: datetime
    raised: bool = False
    setbacks: int = 0
    alone: bool = False
    short: bool = False
    again: bool = False

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits for it: it makes a title playable that was not."""
        return self.rank == 0 and not self.again


def in_order(waiting: Iterable[Waiting], now: datetime, turn: int) -> list[Waiting]:
    """Return `waiting`, the next to be claimed first; `turn` counts the claims so far."""
    ordered = sorted(waiting, key=_place)
    if turn % SHARE == SHARE - 1:
        ordered.sort(key=lambda each: _age(each) if _is_forgotten(each, now) else (True, inf))
    return ordered


def _age(each: Waiting) -> tuple[bool, float]:
    return each.rank > 0 or each.setbacks > 0, each.encode


def _place(each: Waiting) -> tuple[bool, bool, bool, bool, int, float, int, int, int]:
    wished = each.raised and each.setbacks < TRIES
    tried, rank = each.setbacks > 0 and not wished, min(each.rank, _BODY)
    late = (rank, each.left, each.encode, each.rank, each.task)
    return not wished, tried, not each.raised, each.again, *late


def _is_forgotten(each: Waiting, now: datetime) -> bool:
    """Return whether nobody has served its title for long.

    A moment that lies far ahead is of a clock that was wrong: whose it is, has waited too.
    """
    return abs(now - each.served) > PATIENCE
