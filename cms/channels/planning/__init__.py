"""From what editors want to a rundown. Pure: values in, values out, time an argument.

planned entries --days-->     wishes --compose--> entries --> Rundown and warnings
weekly template --template-->    ^          ^
blocks --rotation--> turns ------|          |
         fillers, slate (gaps); calls to prayer (locks)
"""

from cms.channels.planning.blocks import Blocks, Run, compose_blocks
from cms.channels.planning.compose import LEAD, MARGIN, boundary_of, compose
from cms.channels.planning.cutins import carried, interrupted
from cms.channels.planning.days import Planned, source_day, together, wishes
from cms.channels.planning.template import Slot, weekly
from cms.channels.planning.values import Caution, CutIn, Item, Lock, Plan, Request, Returns, Wish
from cms.channels.planning.work import LATEST

__all__ = [
    "LATEST",
    "LEAD",
    "MARGIN",
    "Blocks",
    "Caution",
    "CutIn",
    "Item",
    "Lock",
    "Plan",
    "Planned",
    "Request",
    "Returns",
    "Run",
    "Slot",
    "Wish",
    "boundary_of",
    "carried",
    "compose",
    "compose_blocks",
    "interrupted",
    "source_day",
    "together",
    "weekly",
    "wishes",
]
