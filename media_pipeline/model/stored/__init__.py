"""A rundown as it lies in the published store: an index, and a file of columns for each day."""

from media_pipeline.model.stored.day import BrokenDay, Day, pack_day
from media_pipeline.model.stored.days import Days
from media_pipeline.model.stored.index import (
    DayRef,
    Index,
    StoredRundown,
    decode_stored,
    encode_index,
    joined,
    split,
)

__all__ = [
    "BrokenDay",
    "Day",
    "DayRef",
    "Days",
    "Index",
    "StoredRundown",
    "decode_stored",
    "encode_index",
    "joined",
    "pack_day",
    "split",
]
