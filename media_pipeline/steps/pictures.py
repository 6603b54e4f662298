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
    plan: EncodePlan,
    writer: PublicationWriter,
    scratch: Path,
    cancelled: Callable[[], bool],
    *,
    on_seconds: Callable[[float], None],
) -> tuple[Storyboard, Watched]:
    """Watch the lowest rung from end to end; put the sprites and their WebVTT in the store.

    `on_seconds` is told how many seconds of the title were watched.
    """
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
        on_poll=lambda listing: on_seconds(tools.last_told(listing, "out_time_us") / 1e6),
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
    chosen = [pictures.poster_moment(plan, look) for look in pictures.covers(plan, looks)]
    posters = tuple(
        Poster(uri=f"poster-{number}.jpg", at=moment.at, width=rung.width, height=rung.height)
        for number, moment in enumerate(chosen, 1)
    )
    parts = [scratch / f"{poster.uri}.mp4" for poster in posters]
    for part, moment in zip(parts, chosen, strict=True):
        part.write_bytes(writer.inits[rung.name] + writer.segment(rung.name, moment.segment))
    names = [poster.uri for poster in posters]
    ended = tools.run(
        pictures.posters_argv(tools.ffmpeg(), list(map(str, parts)), chosen, names),
        limits=_LIMITS,
        scratch=scratch,
        name="posters",
        cancelled=cancelled,
    )
    for name in names:
        writer.put(name, _made(scratch / name, ended))
    return posters


def _made(picture: Path, ended: tools.Finished) -> bytes:
    """Return the bytes of `picture`; raise StepFailed if ffmpeg did not write it."""
    if ended.code != 0 or not picture.is_file() or not picture.stat().st_size:
        raise StepFailed(f"{picture.stem} could not be made: try again. {ended.last_words}".strip())
    return picture.read_bytes()
