"""A rundown and a moment to the playlist that a channel shows. Pure."""

from media_pipeline.playout.captions import language_of, offered
from media_pipeline.playout.checks import check_rundown, check_successor
from media_pipeline.playout.excerpt import DVR, Excerpt, behind, stretch
from media_pipeline.playout.lookup import between, following, on_air, publications_between
from media_pipeline.playout.mpd import CLOCK, manifest
from media_pipeline.playout.numbering import (
    Item,
    append,
    cut,
    fill,
    forget,
    publications_of,
    with_slate,
)
from media_pipeline.playout.reel import Reel, Reels, nearest
from media_pipeline.playout.storyboard import storyboard
from media_pipeline.playout.timeline import (
    HOLD_BACK,
    MARGIN,
    WINDOW,
    Edge,
    NotOnAir,
    Timeline,
)
from media_pipeline.playout.transport import TRANSPORT
from media_pipeline.playout.window import Skip, channel_master, playlist, window, window_at

__all__ = [
    "CLOCK",
    "DVR",
    "HOLD_BACK",
    "MARGIN",
    "TRANSPORT",
    "WINDOW",
    "Edge",
    "Excerpt",
    "Item",
    "NotOnAir",
    "Reel",
    "Reels",
    "Skip",
    "Timeline",
    "append",
    "behind",
    "between",
    "channel_master",
    "check_rundown",
    "check_successor",
    "cut",
    "fill",
    "following",
    "forget",
    "language_of",
    "manifest",
    "nearest",
    "offered",
    "on_air",
    "playlist",
    "publications_between",
    "publications_of",
    "storyboard",
    "stretch",
    "window",
    "window_at",
    "with_slate",
]
