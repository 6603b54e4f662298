"""A stretch of a film to a film of its own, encoded again at once, so nearly without loss."""

from media_pipeline.model.source import Source
from media_pipeline.planning.commands import guarded
from media_pipeline.planning.inputs import address

LONGEST_SIDE = 1920
"""Pixels: more than that is on no rung."""
SHORTEST = 3.0
"""Seconds: less than that is nothing to show."""


def is_inside(source: Source, begin: float) -> bool:
    """Return whether a stretch that begins `begin` seconds into the film has anything to show."""
    return 0 <= begin <= source.duration - SHORTEST


def cut_argv(
    tool: str, path: str, source: Source, begin: float, seconds: int, target: str
) -> list[str]:
    """Return the command that takes `seconds` of the film from `begin` on, to the frame."""
    voice = source.voice
    # Never larger than it is: the comma is quoted, or it would end the filter.
    fit = f"'min(iw,{LONGEST_SIDE})':'min(ih,{LONGEST_SIDE})'"
    guards = {name: value for name, value in guarded().items() if name != "copyts"}
    return [
        tool,
        *("-y", "-nostdin", "-hide_banner", "-loglevel", "error"),
        # Damaged films are cut as far as they decode.
        *("-max_error_rate", "1"),
        *(part for name, value in guards.items() for part in (f"-{name}", str(value))),
        # Before the input: decoding starts at the key frame before it, not at the start.
        *("-ss", f"{begin:.3f}", "-t", str(seconds), "-i", address(path)),
        *("-map", f"0:{source.video.index}"),
        *(("-map", f"0:{voice.index}") if voice else ()),
        # Depth and colours stay as they are, or a phone's HDR would be shown pale.
        *("-vf", f"scale={fit}:force_original_aspect_ratio=decrease:force_divisible_by=2"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "14"),
        # Each thread has its own frames: on many cores they would not fit the limit of memory.
        *("-threads", "2"),
        *("-c:a", "aac", "-b:a", "192k", "-ac", "2"),
        # Phones write where a film was taken.
        *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"),
        *("-movflags", "+faststart", address(target)),
    ]
