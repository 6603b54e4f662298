"""From what editors want to a rundown. Pure: values in, values out, time an argument.

planned entries --days--> wishes --compose--> entries --> Rundown and warnings
                                    ^
                      fillers, slate (gaps)
"""

from cms.channels.planning.compose import MARGIN, Request, boundary_of, compose
from cms.channels.planning.days import Planned, source_day, wishes
from cms.channels.planning.values import Caution, Item, Plan, Wish

__all__ = [
    "MARGIN",
    "Caution",
    "Item",
    "Plan",
    "Planned",
    "Request",
    "Wish",
    "boundary_of",
    "compose",
    "source_day",
    "wishes",
]
