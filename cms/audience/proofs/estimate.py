"""How sure a reach is: its margin, and the days that stand out. Pure."""

from collections.abc import Mapping
from datetime import date
from math import ceil
from statistics import median

MARGIN = 0.05
"""Part of a reach: what ten addresses can add in an hour (2 % of a thousand), devices that count
twice, and the error of the sketch (docs/decisions/057-few-of-a-network.md)."""

FEWEST = 5
"""Days with viewers that are needed to say which one stands out."""
TIMES = 4
"""A day stands out from so many times the median of all days."""
LEAST = 20
"""Viewers by which it must be above the median too: among few, four times is chance."""


def margin_of(reach: int) -> int:
    """Return by how many viewers `reach` may be off."""
    return ceil(reach * MARGIN)


def outliers_of(days: Mapping[date, int]) -> tuple[date, ...]:
    """Return the days whose reach is far above that of the others, ascending."""
    if len(days) < FEWEST:
        return ()
    usual = median(days.values())
    return tuple(
        day
        for day, reach in sorted(days.items())
        if reach >= TIMES * usual and reach >= usual + LEAST
    )
