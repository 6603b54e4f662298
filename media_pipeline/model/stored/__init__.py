"""A rundown as it lies in the published store: an index, and a file of columns for each day."""

from media_pipeline.model.stored.day import BrokenDay, Day, pack_day
from media_pipeline.model.stored.days import Days
from media_pipeline.model.stored.index import (
    INHERITS,
    DayRef,
    Index,
    StoredRundown,
    blocks_of,
    check_meant,
    decode_stored,
    encode_index,
    found_day,
    joined,
    pack_entries,
    split,
)
from media_pipeline.model.stored.past import recent, with_past

__all__ = [
    "INHERITS",
    "BrokenDay",
    "Day",
    "DayRef",
    "Days",
    "Index",
    "StoredRundown",
    "blocks_of",
    "check_meant",
    "decode_stored",
    "encode_index",
    "found_day",
    "joined",
    "pack_day",
    "pack_entries",
    "recent",
    "split",
    "with_past",
]
