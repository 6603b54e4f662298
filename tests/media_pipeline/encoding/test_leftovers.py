"""What killed workers, and those that lost their lease without knowing, leave in the store."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_pipeline import pipeline
from media_pipeline.model import keys
from media_pipeline.model.work import Job, Task, encode_work
from media_pipeline.steps import analysis as look
from media_pipeline.steps import writer
from media_pipeline.stores import LocalStore

from .conftest import ID, Film, publish


@pytest.fixture(scope="module")
def long_film(film: Film) -> Path:
    return film("long.mp4", size="128x96", seconds=9)


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_what_a_worker_left_that_was_killed_at_the_very_end_is_cleared(long_film, tmp_path):
    """Between publication.json and the removal of job and parts."""
    clear, writer.clear_work = writer.clear_work, lambda *_: None
    try:
        made = publish(long_film, tmp_path)
    finally:
        writer.clear_work = clear
    assert (made.folder / "job.json").is_file()
    job = pipeline.found_job(made.store, ID)
    assert job is not None
    left = files(made.folder)
    again: dict[str, Callable[[], object]] = {
        "publish": lambda: publish(long_film, tmp_path),
        "prepare": lambda: prepare(long_film, made.store, tmp_path),
        "the last task": lambda: run_task(long_film, job, job.tasks[-1], made.store, tmp_path),
        "another task": lambda: run_task(long_film, job, job.tasks[1], made.store, tmp_path),
    }
    for name, act in again.items():
        act()
        kept = files(made.folder)
        assert kept == [f for f in left if f != "job.json" and not f.startswith("parts")], name
        for path in left:  # as before
            if path not in kept:
                (made.folder / path).parent.mkdir(exist_ok=True, parents=True)
                (made.folder / path).write_bytes(encode_work(job) if path == "job.json" else b"{}")


def prepare(film: Path, store: LocalStore, folder: Path, **given) -> Job:
    arguments = {
        "scratch": folder / "scratch",
        "cancelled": lambda: False,
        "now": lambda: datetime(2026, 11, 24, 6, tzinfo=UTC),
        **given,
    }
    return pipeline.prepare(film, store, ID, **arguments)


def run_task(film: Path, job: Job, task: Task, store: LocalStore, folder: Path) -> None:
    pipeline.run_task(
        film,
        job,
        task,
        store,
        scratch=folder / "scratch",
        cancelled=lambda: False,
        on_progress=lambda _fraction: None,
    )


@pytest.mark.parametrize("ended", [False, True], ids=["at work", "ended"])
def test_who_prepares_with_a_lost_lease_removes_nothing_of_the_newer_job(
    long_film, tmp_path, monkeypatch, ended
):
    """It was slow: while it looked, another worker prepared the title, and did all or some of it."""
    store = LocalStore(tmp_path / "store")
    store.create()
    here, there = tmp_path / "here", tmp_path / "there"  # two machines
    analyse = look.analyse

    def slow(*given):
        monkeypatch.setattr(look, "analyse", analyse)
        newer = prepare(long_film, store, there)
        for task in newer.tasks if ended else newer.tasks[:2]:
            run_task(long_film, newer, task, store, there)
        made.update(versions(store))
        return analyse(*given)

    made: dict[str, str] = {}
    monkeypatch.setattr(look, "analyse", slow)
    job = prepare(long_film, store, here, now=lambda: datetime(2026, 11, 25, tzinfo=UTC))
    assert versions(store) == made
    assert pipeline.done(store, job) == {task.name for task in job.tasks[: 9 if ended else 2]}


def versions(store: LocalStore) -> dict[str, str]:
    return dict(store.versions(keys.publication_folder(ID)))


def test_a_part_that_comes_after_the_end_is_cleared_away(long_film, tmp_path):
    """Of a worker that had lost its lease and did not know."""
    made = publish(long_film, tmp_path)
    before = files(made.folder)
    job = prepare(long_film, made.store, tmp_path)
    assert files(made.folder) == before
    publication = made.folder / "publication.json"
    whole = publication.read_bytes()
    publication.unlink()

    class Late(LocalStore):
        def write(self, key: str, data: bytes) -> None:
            super().write(key, data)
            if "/parts/" in key:
                publication.write_bytes(whole)

    run_task(long_film, job, job.task("opening"), Late(tmp_path / "store"), tmp_path)
    assert files(made.folder) == before
