"""A title that is being made, as any reader finds it: its job and its parts in the store."""

import msgspec

from media_pipeline.model.growth import grown
from media_pipeline.model.keys import job_file, parts_folder
from media_pipeline.model.publication import Publication
from media_pipeline.model.work import Job, Part, decode_job, decode_part
from media_pipeline.stores import Store


class Growing(msgspec.Struct, frozen=True):
    """What was read of a title, with the store's marks of it; `publication` is made of that."""

    job_mark: str
    job: Job
    parts: dict[str, tuple[str, Part]]
    publication: Publication


def look(store: Store, publication: str, before: Growing | None) -> Growing | None:
    """Return what `publication` has grown to, reading only what `before` has not; None if ended.

    Raises StoreUnavailable, and msgspec.DecodeError for what is none of ours.
    """
    mark = store.version(job_file(publication))
    if mark is None:
        return None
    if before is not None and before.job_mark == mark:
        job, known = before.job, before.parts
    else:
        data = store.read(job_file(publication))
        if data is None:
            return None
        job, known = decode_job(data), {}
    parts = _parts(store, job, known)
    if before is not None and parts == before.parts and job is before.job:
        return before
    return Growing(mark, job, parts, grown(job, [part for _, part in parts.values()]))


def _parts(
    store: Store, job: Job, known: dict[str, tuple[str, Part]]
) -> dict[str, tuple[str, Part]]:
    """Return each part of `job` with the store's mark of it, by its key."""
    found: dict[str, tuple[str, Part]] = {}
    for key, mark in store.versions(parts_folder(job.publication, job.mark)):
        if key in known and known[key][0] == mark:
            found[key] = known[key]
        elif (data := store.read(key)) is not None:
            found[key] = (mark, decode_part(data))
    return found
