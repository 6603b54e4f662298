"""One segment of a title as MPEG-TS, for players that cannot follow CMAF over a join."""

import ffmpeg

from media_pipeline.planning.commands import compiled
from media_pipeline.planning.inputs import GUARDS, address

BEGINS = 10
"""Seconds at which a title begins: pictures are decoded up to a few frames before they are
shown, and MPEG-TS has no times below nought."""


def transport_argv(tool: str, picture: str, sound: str, output: str, *, late: float) -> list[str]:
    """Return the command that puts a segment of picture and one of sound into one file.

    Both are files of init and segment. Times are those of the title, BEGINS later. `late` is
    how many seconds ffmpeg reads the picture too late: by its most negative composition offset.
    """
    made = ffmpeg.output(
        ffmpeg.input(address(picture), **GUARDS, itsoffset=f"{-late:.6f}")["v:0"],
        ffmpeg.input(address(sound), **GUARDS)["a:0"],
        address(output),
        c="copy",
        copyts=None,  # else each segment would begin at nought
        avoid_negative_ts="disabled",
        output_ts_offset=BEGINS,
        muxdelay=0,  # else the muxer puts 0.7 s between the clock and the times
        muxpreload=0,
        mpegts_copyts=1,
        mpegts_flags="+initial_discontinuity",  # each segment counts its packets from nought
        map_metadata=-1,
        fflags="+bitexact",
        f="mpegts",
        **{"bsf:v": "h264_mp4toannexb"},  # as MPEG-TS has it, with start codes
    )
    return compiled(tool, made)
