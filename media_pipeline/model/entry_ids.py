"""What the ids of entries say: of what an entry is a part, and what broke into the programme.

sela-17      a cut-in, by its row
12-1795600   a wish
12-1795600+1 its second part, after a call to prayer or a cut-in
…~4711       either, joined in progress by a channel that inherits
"""

CUT_IN = "sela-"
"""What the ids of breaking cut-ins begin with; no wish has such an id."""


def part_id(identity: str, part: int) -> str:
    """Return the entry id of a part of something interrupted, from 0."""
    return f"{identity}+{part}" if part else identity


def part_of(identity: str) -> str:
    """Return the id that the plan knows an entry by that a channel joined in progress."""
    return identity.partition("~")[0]


def whole_of(identity: str) -> str:
    """Return the id of what an entry is a part of: what was interrupted goes on as another one."""
    return part_of(identity).partition("+")[0]


def is_cut_in(identity: str) -> bool:
    """Return whether an editor broke into the programme with an entry, here or in a parent."""
    return identity.startswith(CUT_IN)
