"""Two jobs of one publication: of another version, of another plan, at once. One is published."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from media_pipeline import pipeline
from media_pipeline.errors import Cancelled, NewerJob, StepFailed
from media_pipeline.model import keys, work
from media_pipeline.model.work import Job
from media_pipeline.steps import jobs, writer
from media_pipeline.stores import LocalStore
from media_pipeline.verify import InStore, verify

from .conftest import ID, Film, publish_at
from .conftest import publish as publish_in

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def clip(film: Film) -> Path:
    return film("twice.mp4", size="426x240", seconds=9)


@pytest.fixture
def store(tmp_path) -> LocalStore:
    made = LocalStore(tmp_path / "store")
    made.create()
    return made


def test_another_film_under_the_same_id_has_a_job_of_its_own(film, store, tmp_path):
    asked = {"scratch": tmp_path, "cancelled": lambda: False, "now": lambda: NOW}
    first, again, other = (
        pipeline.prepare(film(name, seconds=seconds), store, ID, **asked)
        for name, seconds in (("one.mp4", 1), ("one.mp4", 1), ("other.mp4", 2))
    )
    assert again == first
    assert other.source.duration > first.source.duration
    assert other.mark != first.mark


class Version:
    """A worker of one version of Siar, with what is that version's: format, moment, plan."""

    def __init__(self, film: Path, store: LocalStore, scratch: Path, *, later: int = 0) -> None:
        self.film, self.store, self.scratch = film, store, scratch
        self.now = NOW + timedelta(minutes=later)
        scratch.mkdir()

    def prepare(self, **given) -> Job:
        given = {"cancelled": lambda: False, "scratch": self.scratch, **given}
        return pipeline.prepare(self.film, self.store, ID, now=lambda: self.now, **given)

    def do(self, job: Job, *names: str) -> None:
        for task in job.tasks:
            if task.name in names or not names:
                pipeline.run_task(
                    self.film,
                    job,
                    task,
                    self.store,
                    scratch=self.scratch,
                    cancelled=lambda: False,
                    on_progress=lambda _: None,
                )


def replace_job(store: LocalStore, **changed: object) -> None:
    """Let the job in force be one of other values, as another version would write it."""
    job = pipeline.found_job(store, ID)
    assert job is not None
    store.write(keys.job_file(ID), work.encode_work(msgspec.structs.replace(job, **changed)))


def older(store: LocalStore) -> None:
    """Let the job in force be of the format before."""
    replace_job(store, format=work.FORMAT - 1)


def of_another_plan(job: Job) -> Job:
    """Return `job` with every rung made by another CRF, as after a change of the ladder."""
    rungs = tuple(msgspec.structs.replace(rung, crf=rung.crf + 12) for rung in job.plan.rungs)
    plan = msgspec.structs.replace(job.plan, rungs=rungs)
    mark = work.mark_of(job.created, job.source, plan)
    return msgspec.structs.replace(job, plan=plan, mark=mark)


def folder(store: LocalStore) -> dict[str, bytes]:
    top = f"publications/{ID}/"
    return {key.removeprefix(top): store.read(key) for key in store.keys(top)}


def test_a_part_of_a_stale_worker_is_not_taken_into_the_job_begun_anew(clip, store, tmp_path):
    """It was at a chunk of the old job when another version began the title anew."""
    stale = Version(clip, store, tmp_path / "stale")
    old = of_another_plan(stale.prepare())
    store.write(keys.job_file(ID), work.encode_work(old))
    stale.do(old, "opening")
    older(store)
    new = Version(clip, store, tmp_path / "new", later=5)
    job = new.prepare()
    assert job.mark != old.mark
    assert pipeline.done(store, job) == frozenset()
    new.do(job, "sound", "opening")
    before = folder(store)
    stale.do(old, "picture-0001", "opening-rest", "opening-next")
    after = folder(store)
    assert {name: after[name] for name in before} == before
    assert pipeline.done(store, job) == {"sound", "opening"}
    new.do(job)
    alone = tmp_path / "alone"
    alone.mkdir()
    assert folder(store) == folder(publish_in(clip, alone, now=lambda: new.now).store)
    assert verify(InStore(store, ID)) == ()


def test_what_a_stale_worker_makes_after_the_end_goes_with_it(clip, store, tmp_path):
    stale = Version(clip, store, tmp_path / "stale")
    old = stale.prepare()
    older(store)
    new = Version(clip, store, tmp_path / "new", later=5)
    job = new.prepare()
    ended = jobs.ended
    new.do(job, *(task.name for task in job.tasks if task.kind != "finish"))
    begun = pipeline.jobs.ended
    try:
        # The stale one has begun before the end, so it does not look.
        pipeline.jobs.ended = lambda *_: None
        stale.do(old, "opening")
    finally:
        pipeline.jobs.ended = begun
    assert any(name.startswith(old.mark) for name in folder(store))
    new.do(job)
    whole = folder(store)
    assert not [name for name in whole if old.mark in name or name == "job.json"]
    for name, data in (("parts/x/opening.json", b"{}"), (f"{old.mark}/v144/00001.m4s", b"x")):
        store.write(f"publications/{ID}/{name}", data)
    assert ended(store, ID) is not None
    assert folder(store) == whole


def test_what_is_made_of_a_title_that_was_given_up_meanwhile_goes_as_well(clip, store, tmp_path):
    worker = Version(clip, store, tmp_path / "scratch")
    job = worker.prepare()
    jobs.remove(store, ID)
    worker.do(job, "opening")
    assert folder(store) == {}


def test_the_last_task_of_a_stale_worker_publishes_nothing(clip, store, tmp_path, monkeypatch):
    """Its title was begun anew while it made the covers."""
    stale = Version(clip, store, tmp_path / "stale")
    old = stale.prepare()
    stale.do(old, *(task.name for task in old.tasks if task.kind != "finish"))
    join, begun = writer.PublicationWriter.join, []

    def slow(*given):
        join(*given)
        if not begun:
            older(store)
            begun.append(Version(clip, store, tmp_path / "new", later=5).prepare())

    monkeypatch.setattr(writer.PublicationWriter, "join", slow)
    with pytest.raises(StepFailed, match="begun this title anew"):
        stale.do(old, "finish")
    assert pipeline.found_whole(store, ID) is None
    assert pipeline.found_job(store, ID) == begun[0]
    assert not [name for name in folder(store) if "/" not in name and name != "job.json"]


def test_two_plans_that_run_at_once_never_share_a_name_and_one_is_published(clip, store, tmp_path):
    first, second = (Version(clip, store, tmp_path / name) for name in ("one", "two"))
    one = first.prepare()
    two = of_another_plan(one)
    store.write(keys.job_file(ID), work.encode_work(two))
    names = [task.name for task in one.tasks if task.kind != "finish"]
    threads = [
        threading.Thread(target=version.do, args=(job, *names))
        for version, job in ((first, one), (second, two))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pipeline.done(store, one) == pipeline.done(store, two) == set(names)
    with pytest.raises(StepFailed):
        first.do(one, "finish")
    second.do(two, "finish")
    whole = pipeline.found_whole(store, ID)
    assert whole is not None
    uris = {r.init.uri for r in whole.renditions} | {
        segment.uri for r in whole.renditions for segment in r.segments
    }
    assert {uri.partition("/")[0] for uri in uris} == {two.mark}
    assert verify(InStore(store, ID)) == ()


def test_of_two_who_prepare_at_once_both_have_the_job_of_one(clip, store, tmp_path, monkeypatch):
    """Both found nothing, and both are about to write what they will do."""
    versions = [Version(clip, store, tmp_path / str(n), later=n) for n in range(2)]
    together, made = threading.Barrier(2), {}
    begin = jobs.begin

    def at_once(*given):
        together.wait(60)
        return begin(*given)

    monkeypatch.setattr(jobs, "begin", at_once)

    def prepare(version: Version) -> None:
        made[version.now] = version.prepare()

    threads = [threading.Thread(target=prepare, args=(each,)) for each in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one, other = made.values()
    assert one == other == pipeline.found_job(store, ID)


def test_a_job_of_a_newer_version_is_left_alone(clip, store, tmp_path):
    version = Version(clip, store, tmp_path / "scratch")
    job = version.prepare()
    version.do(job, "opening")
    replace_job(store, format=work.FORMAT + 1)
    before = folder(store)
    with pytest.raises(NewerJob):
        version.prepare()
    with pytest.raises(NewerJob):
        pipeline.found_job(store, ID)
    with pytest.raises(NewerJob):
        publish_in(clip, tmp_path)
    assert folder(store) == before


def test_who_is_stopped_removes_nothing_of_what_another_has_ended(clip, store, tmp_path):
    ended = []

    def look(progress: pipeline.Progress) -> None:
        if progress.publication is not None and not ended:
            ended.append(publish_at(clip, store, tmp_path / "other"))

    with pytest.raises(Cancelled):
        publish_in(clip, tmp_path, on_progress=look, cancelled=lambda: bool(ended))
    assert pipeline.found_whole(store, ID) == ended[0]
    assert verify(InStore(store, ID)) == ()


def test_who_is_stopped_removes_nothing_of_the_job_that_took_its_place(clip, store, tmp_path):
    newer: list[Job] = []

    def look(progress: pipeline.Progress) -> None:
        if progress.publication is not None and not newer:
            older(store)
            newer.append(Version(clip, store, tmp_path / "new", later=5).prepare())

    with pytest.raises(Cancelled):
        publish_in(clip, tmp_path, on_progress=look, cancelled=lambda: bool(newer))
    assert pipeline.found_job(store, ID) == newer[0]
    assert set(folder(store)) == {"job.json"}
