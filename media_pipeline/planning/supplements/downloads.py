"""The file that people may keep: a low rung and its sound as one plain MP4."""

import ffmpeg

from media_pipeline.model.plan import EncodePlan, Rung
from media_pipeline.planning.commands import compiled
from media_pipeline.planning.inputs import GUARDS, address

_LINES = 360
"""Its quality: two minutes of it fit into what one of 720 takes."""


def download_rung(plan: EncodePlan) -> Rung:
    """Return the rung of the file: the highest that is not above 360 lines."""
    low = [rung for rung in plan.rungs if min(rung.width, rung.height) <= _LINES]
    return (low or plan.rungs[:1])[-1]


def download_argv(tool: str, picture: str, sound: str, output: str) -> list[str]:
    """Return the command that puts our own segments, joined in two files, into one MP4."""
    made = ffmpeg.output(
        ffmpeg.input(address(picture), **GUARDS)["v:0"],
        ffmpeg.input(address(sound), **GUARDS)["a:0"],
        address(output),
        c="copy",  # what was encoded once is good enough, and costs nothing more
        map_metadata=-1,
        fflags="+bitexact",  # no version in the file: the same bytes when made again
        f="mp4",
        # faststart: messengers and phones play it before it is all there.
        movflags="+faststart",
    )
    return compiled(tool, made)
