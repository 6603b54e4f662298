"""Whether a new publication of a file can have the pictures of an earlier one. Pure."""

from collections.abc import Iterable

import msgspec

from media_pipeline.model.plan import EncodePlan, Rung
from media_pipeline.model.publication import Publication, Rendition


def with_pictures_of(plan: EncodePlan, earlier: Publication) -> EncodePlan | None:
    """Return `plan` with the rungs that `earlier` has; None where its pictures do not fit.

    They fit where they are cut at the same moments, each is one that `plan` would make, and
    the largest is among them.
    """
    pictures = (*earlier.videos, *earlier.av1_videos)
    if earlier.frame_rate != plan.frame_rate or not all(map(_is_in_files_of_its_own, pictures)):
        return None
    lengths = [frames * plan.frame_ticks for frames in plan.segments]
    if any(list(picture.ticks()) != lengths for picture in pictures):
        return None
    rungs = _kept(plan.rungs, earlier.videos)
    av1_rungs = _kept(plan.av1_rungs, earlier.av1_videos)
    if rungs[-1:] != plan.rungs[-1:] or len(rungs) + len(av1_rungs) < len(pictures):
        return None
    return msgspec.structs.replace(plan, rungs=rungs, av1_rungs=av1_rungs)


def _is_in_files_of_its_own(picture: Rendition) -> bool:
    return not any(segment.offset for segment in picture.segments)


def _kept(rungs: Iterable[Rung], pictures: Iterable[Rendition]) -> tuple[Rung, ...]:
    """Return those of `rungs` that are among `pictures`."""
    known = {(picture.name, picture.width, picture.height) for picture in pictures}
    return tuple(rung for rung in rungs if (rung.name, rung.width, rung.height) in known)
