"""A rundown and a moment to the playlist that a channel shows. Pure."""

from media_pipeline.playout.checks import check_rundown, check_successor
from media_pipeline.playout.lookup import between, following, on_air, publications_between
from media_pipeline.playout.numbering import (
    Item,
    append,
    cut,
    fill,
    forget,
    publications_of,
    with_slate,
)
from media_pipeline.playout.reel import Reel, Reels
from media_pipeline.playout.timeline import (
    HOLD_BACK,
    MARGIN,
    WINDOW,
    Edge,
    NotOnAir,
    Timeline,
)
from media_pipeline.playout.window import channel_master, window, window_at

__all__ = [
    "HOLD_BACK",
    "MARGIN",
    "WINDOW",
    "Edge",
    "Item",
    "NotOnAir",
    "Reel",
    "Reels",
    "Timeline",
    "append",
    "between",
    "channel_master",
    "check_rundown",
    "check_successor",
    "cut",
    "fill",
    "following",
    "forget",
    "on_air",
    "publications_between",
    "publications_of",
    "window",
    "window_at",
    "with_slate",
]
