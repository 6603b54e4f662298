"""A day as it would be, for planning to look at. Pure."""

from dataclasses import dataclass
from datetime import date

from cms.channels.planning.differences import Wanted


@dataclass(frozen=True)
class Instead:
    """What `day` has in the place of what the rows say: a plan of its own."""

    day: date
    plan: tuple[Wanted, ...]
