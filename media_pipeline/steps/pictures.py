"""Posters and the storyboard, put on the shelf."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.model.plan import SEGMENT_SECONDS, EncodePlan
from media_pipeline.model.publication import Poster, Storyboard
from media_pipeline.planning import pictures
from media_pipeline.steps.shelf import Shelf

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=300, wall_seconds=600, file_bytes=64 << 20)


def make_posters(
    plan: EncodePlan, shelf: Shelf, scratch: Path, cancelled: Callable[[], bool]
) -> tuple[Poster, ...]:
    """Put the candidate covers on the shelf and return them."""
    rung = pictures.poster_rung(plan)
    part = scratch / "poster.mp4"
    made = []
    for number, look in enumerate(pictures.poster_looks(plan), 1):
        part.write_bytes(shelf.inits[rung.name] + shelf.segment(rung.name, look.segment))
        name = f"poster-{number}.jpg"
        ended = tools.run(
            pictures.poster_argv(tools.ffmpeg(), str(part), plan, look, name),
            limits=_LIMITS,
            scratch=scratch,
            name="poster",
            cancelled=cancelled,
        )
        shelf.put(name, _made(scratch / name, ended))
        made.append(Poster(uri=name, at=look.at, width=rung.width, height=rung.height))
    return tuple(made)


def make_storyboard(
    plan: EncodePlan, shelf: Shelf, scratch: Path, cancelled: Callable[[], bool]
) -> Storyboard:
    """Put the sprites and their WebVTT on the shelf and return what they are."""
    film = scratch / "storyboard.mp4"
    with film.open("wb") as file:
        file.write(shelf.inits[plan.rungs[0].name])
        for which in range(len(plan.segments)):
            file.write(shelf.segment(plan.rungs[0].name, which))
    ended = tools.run(
        # A name without a folder: a % in the scratch folder's name would be a number.
        pictures.storyboard_argv(tools.ffmpeg(), str(film), plan, "storyboard-%03d.jpg"),
        limits=_LIMITS,
        scratch=scratch,
        name="storyboard",
        cancelled=cancelled,
    )
    names = tuple(f"storyboard-{k:03d}.jpg" for k in range(1, pictures.sprite_count(plan) + 1))
    for name in names:
        shelf.put(name, _made(scratch / name, ended))
    shelf.put("storyboard.vtt", pictures.storyboard_vtt(plan, names).encode())
    width, height = pictures.tile_size(plan)
    return Storyboard("storyboard.vtt", names, width, height, SEGMENT_SECONDS)


def _made(picture: Path, ended: tools.Finished) -> bytes:
    """Return the bytes of `picture`; raise StepFailed if ffmpeg did not write it."""
    if ended.code != 0 or not picture.is_file() or not picture.stat().st_size:
        raise StepFailed(f"{picture.stem} could not be made: try again. {ended.last_words}".strip())
    return picture.read_bytes()
