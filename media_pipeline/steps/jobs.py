"""A title's folder in the store, whoever is at it: its job, the parts of that, and the whole.

| in the folder           | is                                                                  |
| ----------------------- | ------------------------------------------------------------------- |
| `job.json`              | the job in force: of those who write it at once, one succeeds       |
| `parts/<mark>/`         | what tasks of one job have made; nobody reads it for another job    |
| `<mark>/<rendition>/`   | the segments of one job                                             |
| `publication.json`      | the end: the first to write it has made the title                   |
"""

import msgspec

from media_pipeline.errors import NewerJob
from media_pipeline.model import keys, work
from media_pipeline.model.publication import Publication, decode_publication
from media_pipeline.model.work import Job, Part
from media_pipeline.stores import Store


def remove(store: Store, publication_id: str) -> None:
    """Remove the publication's folder and all that is in it."""
    store.delete_folder(keys.publication_folder(publication_id))


def clear_work(store: Store, whole: Publication) -> None:
    """Remove what is not of the publication: parts, what other jobs made, and the job.

    The job last: a reader finds either job and parts or the whole.
    """
    folder = keys.publication_folder(whole.id)
    named = {rendition.init.uri.partition("/")[0] for rendition in whole.renditions}
    found = (key.removeprefix(f"{folder}/") for key in store.keys(folder))
    folders = {top for top, slash, _ in (name.partition("/") for name in found) if slash}
    for top in sorted(folders - named):
        store.delete_folder(f"{folder}/{top}")
    store.delete(keys.job_file(whole.id))


def remove_of(store: Store, publication_id: str, mark: str) -> None:
    """Remove what the tasks of the job `mark` have made."""
    store.delete_folder(f"{keys.publication_folder(publication_id)}/{mark}")
    store.delete_folder(keys.parts_folder(publication_id, mark))


def found_whole(store: Store, publication_id: str) -> Publication | None:
    """Return the publication under this id if it is whole already, or None."""
    data = store.read(keys.publication_file(publication_id))
    try:
        found = decode_publication(data) if data is not None else None
    except msgspec.DecodeError:
        return None
    return found if found is not None and found.state == "whole" else None


def found_job(store: Store, publication_id: str) -> Job | None:
    """Return the job under this id if it is there and of today's format, or None.

    Raises NewerJob if it is of a later one.
    """
    return _job_in(store.read(keys.job_file(publication_id)))


def is_older(store: Store, publication_id: str) -> bool:
    """Whether there is a job under this id that an earlier version of Siar has written."""
    data = store.read(keys.job_file(publication_id))
    try:
        return data is not None and work.job_format(data) < work.FORMAT
    except msgspec.DecodeError:
        return False


def _job_in(data: bytes | None) -> Job | None:
    try:
        if data is None:
            return None
        if work.job_format(data) > work.FORMAT:
            raise NewerJob
        return work.decode_job(data)
    except msgspec.DecodeError:
        return None


def begin(store: Store, job: Job) -> Job:
    """Put `job` in the store; return it, or the one of the same file that is there.

    Of those who begin one title at once, one succeeds, and all return its job. A job of
    another file or of an earlier format is replaced; what was made for it goes when the
    title is whole, since its last task may be about to end it. Raises NewerJob.
    """
    key = keys.job_file(job.publication)
    while True:
        before = store.version(key)
        found = _job_in(store.read(key)) if before is not None else None
        if found is not None and found.source == job.source:
            return found
        if store.write_if_unchanged(key, work.encode_work(job), before):
            _remove_growing(store, job.publication)
            return job


def _remove_growing(store: Store, publication_id: str) -> None:
    """Remove a description of a title that grows: of the first release; readers go by it."""
    key = keys.publication_file(publication_id)
    if store.version(key) is not None and found_whole(store, publication_id) is None:
        store.delete(key)


def part_names(store: Store, job: Job) -> frozenset[str]:
    """Return the names of the parts of `job` that are there."""
    found = store.keys(keys.parts_folder(job.publication, job.mark))
    return frozenset(key.rpartition("/")[2].removesuffix(".json") for key in found)


def read_parts(store: Store, job: Job) -> tuple[Part, ...]:
    """Return the parts of `job` that are there."""
    names = store.keys(keys.parts_folder(job.publication, job.mark))
    found = (store.read(key) for key in names)
    return tuple(work.decode_part(data) for data in found if data is not None)


def ended(store: Store, publication_id: str) -> Publication | None:
    """Return the publication if it is whole, without a job and parts that nobody needs.

    A process that was killed, or one that had lost its lease, may have left them.
    """
    found = found_whole(store, publication_id)
    if found is not None:
        clear_work(store, found)
    return found


def clear_if_over(store: Store, job: Job) -> None:
    """Remove what was made for `job` after others had ended its title, or had given it up.

    This worker had lost its lease then, and was at it still.
    """
    over = store.version(keys.job_file(job.publication)) is None
    # In this order: the last task writes what is whole before it removes the job.
    if ended(store, job.publication) is None and over:
        remove_of(store, job.publication, job.mark)
