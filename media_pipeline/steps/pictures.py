"""Watching the whole title once, its storyboard and its covers, put in the store."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.publication import Poster, Storyboard
from media_pipeline.model.report import Look, Watched
from media_pipeline.planning.supplements import pictures, watching
from media_pipeline.steps.writer import PublicationWriter

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=300, wall_seconds=600, file_bytes=64 << 20)


def watch(
    plan: EncodePlan, writer: PublicationWriter, scratch: Path, cancelled: Callable[[], bool]
) -> tuple[Storyboard, Watched]:
    """Watch the lowest rung from end to end; put the sprites and their WebVTT in the store."""
    film = scratch / "storyboard.mp4"
    writer.join(plan.rungs[0].name, film)
    # A minute of 144 lines takes a fifth of a second.
    seconds = _LIMITS.cpu_seconds + round(plan.seconds)
    ended = tools.run(
        # A name without a folder: a % in the scratch folder's name would be a number.
        watching.watch_argv(tools.ffmpeg(), str(film), plan, "storyboard-%03d.jpg"),
        limits=msgspec.structs.replace(_LIMITS, cpu_seconds=seconds, wall_seconds=seconds * 2),
        scratch=scratch,
        name="storyboard",
        cancelled=cancelled,
    )
    names = tuple(f"storyboard-{k:03d}.jpg" for k in range(1, pictures.sprite_count(plan) + 1))
    for name in names:
        writer.put(name, _made(scratch / name, ended))
    writer.put("storyboard.vtt", pictures.storyboard_vtt(plan, names).encode())
    width, height = pictures.tile_size(plan)
    board = Storyboard("storyboard.vtt", names, width, height, pictures.interval(plan))
    light, edges = (scratch / name for name in (watching.LIGHT, watching.EDGES))
    said = ended.stderr.read_text("utf-8", "replace")
    return board, watching.read_watched(plan, said, light.read_text(), edges.read_text())


def make_posters(
    plan: EncodePlan,
    looks: Sequence[Look],
    writer: PublicationWriter,
    scratch: Path,
    cancelled: Callable[[], bool],
) -> tuple[Poster, ...]:
    """Put the best of `looks` in the store as covers, and return them, the best first."""
    rung = pictures.poster_rung(plan)
    part = scratch / "poster.mp4"
    made = []
    for number, look in enumerate(pictures.covers(plan, looks), 1):
        moment = pictures.poster_moment(plan, look)
        part.write_bytes(writer.inits[rung.name] + writer.segment(rung.name, moment.segment))
        name = f"poster-{number}.jpg"
        ended = tools.run(
            pictures.poster_argv(tools.ffmpeg(), str(part), moment, name),
            limits=_LIMITS,
            scratch=scratch,
            name="poster",
            cancelled=cancelled,
        )
        writer.put(name, _made(scratch / name, ended))
        made.append(Poster(uri=name, at=look.at, width=rung.width, height=rung.height))
    return tuple(made)


def _made(picture: Path, ended: tools.Finished) -> bytes:
    """Return the bytes of `picture`; raise StepFailed if ffmpeg did not write it."""
    if ended.code != 0 or not picture.is_file() or not picture.stat().st_size:
        raise StepFailed(f"{picture.stem} could not be made: try again. {ended.last_words}".strip())
    return picture.read_bytes()
