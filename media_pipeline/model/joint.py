"""Where a channel that inherits goes over from one source to another."""

from typing import Literal

import msgspec

Source = Literal["relay", "own", "cover"]
"""What a channel that inherits plays: its parent, its own entries, or slate that stands
before what is never relayed (the parent's azan)."""


class Joint(msgspec.Struct, frozen=True, omit_defaults=True):
    """From `start` (ticks since 1970) on, the segments of a source as far as the next joint.

    The first of them has the number `msn` and the discontinuity `dsn` here, `at` and
    `turn` in its source, and plays `shift` ticks later than there. `block` is the
    planned start of the own entries; of a relay, of those that it interrupts, with their
    `shift` as `lag`; of a cover, the parent's number of what is covered. `slate` is
    the publication of a cover.

    It holds whatever the parent edits: a joint is written down when what it says is frozen.
    """

    source: Source
    start: int
    msn: int
    dsn: int
    at: int
    turn: int
    shift: int = 0
    block: int = 0
    lag: int = 0
    slate: str = ""
