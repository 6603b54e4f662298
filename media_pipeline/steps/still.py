"""A film of one still picture with a low tone: the card that stands between programmes."""

from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import StepFailed

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=120, wall_seconds=120, file_bytes=64 << 20)


def film_still(still: Path, seconds: int, target: Path, scratch: Path) -> Path:
    """Write the picture at `still` as an MP4 of `seconds` to `target`, and return it.

    Its tone stays below the level that encoding raises (−50 LUFS): it tells a
    listener that the sound is not broken, and no more. Raises StepFailed.
    """
    argv = still_argv(tools.ffmpeg(), str(still.resolve()), seconds, str(target.resolve()))
    ended = tools.run(argv, limits=_LIMITS, scratch=scratch, name="still")
    if ended.code != 0:
        raise StepFailed(f"ffmpeg did not film the still picture: {ended.last_words}")
    return target


_AGAIN = "loop=loop=-1:size=1"
"""One frame again and again."""


def still_argv(tool: str, still: str, seconds: int, target: str) -> list[str]:
    """Return the command; all it names are files of ours."""
    return [
        tool,
        *("-y", "-nostdin", "-hide_banner", "-loglevel", "error"),
        *("-framerate", "25"),
        # A picture is drawn, whatever it says that it is.
        *("-protocol_whitelist", "file", "-format_whitelist", "image2,png_pipe,jpeg_pipe"),
        *("-i", still),
        # A low fifth, amplitude 1/8 by itself; the volume below brings it to about −53 LUFS.
        *("-f", "lavfi", "-i", "aevalsrc=0.08*sin(220*2*PI*t)+0.05*sin(330*2*PI*t):s=48000"),
        *("-af", "volume=-29dB", "-t", str(seconds)),
        # Encoded again at once: fast, and no artefacts on flat colour.
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage", "-crf", "14"),
        # Each thread has its own frames: on many cores they would not fit the limit of memory.
        *("-threads", "2"),
        # Untagged RGB would be turned with BT.601 and shown as BT.709. Shown again only once it
        # is turned: to read and turn the picture for each frame was most of the work.
        *("-vf", f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{_AGAIN}"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-c:a", "aac", "-b:a", "96k", "-ac", "2", target),
    ]
