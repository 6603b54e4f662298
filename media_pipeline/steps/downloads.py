"""Making the file that people may keep out of segments that are in the store."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.model.publication import Download
from media_pipeline.planning.supplements.downloads import download_argv, download_rung
from media_pipeline.steps.writer import PublicationWriter

NAME = "download.mp4"


def make_download(
    writer: PublicationWriter, scratch: Path, cancelled: Callable[[], bool]
) -> Download:
    """Put a low rung with the first sound in the store as one MP4, without encoding again."""
    rung = download_rung(writer.plan)
    picture, sound, made = (scratch / name for name in ("keep-v.mp4", "keep-a.mp4", NAME))
    writer.join(rung.name, picture)
    writer.join(writer.plan.audio.name, sound)
    size = picture.stat().st_size + sound.stat().st_size
    seconds = 120 + round(writer.plan.seconds)
    ended = tools.run(
        download_argv(tools.ffmpeg(), str(picture), str(sound), str(made)),
        limits=tools.Limits(
            memory=2 << 30, cpu_seconds=seconds, wall_seconds=seconds * 2, file_bytes=size * 2
        ),
        scratch=scratch,
        name="download",
        cancelled=cancelled,
    )
    if ended.code != 0 or not made.is_file():
        raise StepFailed(f"The file to keep could not be made: try again. {ended.last_words}")
    writer.put_file(NAME, made)
    return Download(NAME, made.stat().st_size, rung.width, rung.height)
