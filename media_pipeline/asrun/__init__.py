"""As-run: what of a rundown was on air, from the origins' journals and its history. Pure."""

from media_pipeline.asrun.airing import Airing, AiringKind, CardAiring, CardWhy, Status, Why
from media_pipeline.asrun.coverage import (
    Coverage,
    coverage_of,
    decode_coverage,
    encode_coverage,
    together,
    within,
)
from media_pipeline.asrun.judging import Evidence, Record, as_run, record
from media_pipeline.asrun.lines import Line, Minute, decode_minute, encode_minute
from media_pipeline.asrun.makegoods import Told, settled
from media_pipeline.asrun.timeline import Slot, Written, followed

__all__ = [
    "Airing",
    "AiringKind",
    "CardAiring",
    "CardWhy",
    "Coverage",
    "Evidence",
    "Line",
    "Minute",
    "Record",
    "Slot",
    "Status",
    "Told",
    "Why",
    "Written",
    "as_run",
    "coverage_of",
    "decode_coverage",
    "decode_minute",
    "encode_coverage",
    "encode_minute",
    "followed",
    "record",
    "settled",
    "together",
    "within",
]
