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
    path: Path, plan: EncodePlan, shelf: Shelf, scratch: Path, cancelled: Callable[[], bool]
) -> tuple[Poster, ...]:
    """Put the candidate covers on the shelf and return them.

    A moment at which a damaged file shows nothing is left out.
    """
    rung = pictures.poster_rung(plan)
    made = []
    for number, at in enumerate(pictures.poster_moments(plan), 1):
        name = f"poster-{number}.jpg"
        tools.run(
            pictures.poster_argv(tools.ffmpeg(), str(path.resolve()), plan, at, name),
            limits=_LIMITS,
            scratch=scratch,
            name="poster",
            cancelled=cancelled,
        )
        picture = scratch / name
        if picture.is_file() and picture.stat().st_size:
            shelf.put(name, picture.read_bytes())
            made.append(Poster(uri=name, at=at, width=rung.width, height=rung.height))
    return tuple(made)


def make_storyboard(
    plan: EncodePlan, shelf: Shelf, scratch: Path, cancelled: Callable[[], bool]
) -> Storyboard:
    """Put the sprites and their WebVTT on the shelf and return what they are."""
    film = scratch / "storyboard.mp4"
    with film.open("wb") as file:
        for which in range(-1, len(plan.segments)):
            file.write(shelf.lowest_segment(which))
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
        sheet = scratch / name
        if not sheet.is_file():
            raise StepFailed(f"The storyboard could not be made: try again. {ended.complaint}")
        shelf.put(name, sheet.read_bytes())
    shelf.put("storyboard.vtt", pictures.storyboard_vtt(plan, names).encode())
    width, height = pictures.tile_size(plan)
    return Storyboard("storyboard.vtt", names, width, height, SEGMENT_SECONDS)
