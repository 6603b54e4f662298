"""One title made by many workers: in any order, twice, killed at any moment, the bytes are the same."""

import fcntl
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.errors import Cancelled
from media_pipeline.model import keys
from media_pipeline.model.publication import Publication
from media_pipeline.model.work import Job, Task
from media_pipeline.stores import LocalStore

from .conftest import ID, Film

MADE_AT = datetime(2026, 11, 24, 6, tzinfo=UTC)

WORKER = """
import sys, pathlib, datetime
from media_pipeline import pipeline
from media_pipeline.stores import LocalStore
film, folder, name, task = sys.argv[1:]
folder = pathlib.Path(folder)
store = LocalStore(folder / "store")
job = pipeline.found_job(store, name)
pipeline.run_task(pathlib.Path(film), job, job.task(task), store, scratch=folder / "scratch",
    cancelled=lambda: False, on_progress=lambda fraction: None)
"""


class Title:
    """A title in a store of its own, made task by task."""

    def __init__(
        self, film: Path, folder: Path, workers: int = 1, shared: Path | None = None
    ) -> None:
        self.film, self.folder = film, folder
        self.store = LocalStore(folder / "store")
        self.store.create()
        self.scratch = folder / "scratch"
        self.scratch.mkdir(parents=True)
        self.workers, self.shared = workers, shared
        self.job = self.prepare()

    def prepare(self) -> Job:
        return pipeline.prepare(
            self.film,
            self.store,
            ID,
            workers=self.workers,
            scratch=self.scratch,
            cancelled=lambda: False,
            now=lambda: MADE_AT,
            shared=self.shared,
        )

    def do(self, task: Task, **given) -> list[float]:
        told: list[float] = []
        arguments = {"cancelled": lambda: False, "on_progress": told.append, **given}
        pipeline.run_task(self.film, self.job, task, self.store, scratch=self.scratch, **arguments)
        return told

    def whole(self) -> Publication | None:
        return pipeline.found_whole(self.store, ID)

    def files(self) -> dict[str, bytes]:
        folder = self.store.path(keys.publication_folder(ID))
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture(scope="module")
def clip(film: Film) -> Path:
    return film("tasks.mp4", size="480x480", seconds=8.2)


@pytest.fixture(scope="module")
def in_order(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Title:
    title = Title(clip, tmp_path_factory.mktemp("order"))
    for task in title.job.tasks:
        title.do(task)
    return title


def test_a_title_is_an_opening_a_body_its_sound_and_an_end(in_order):
    assert [(t.name, t.rank, t.rungs) for t in in_order.job.tasks] == [
        ("sound", 0, ()),
        ("opening", 0, ("v144", "v240")),
        ("opening-next", 1, ("v360",)),
        ("opening-rest", 1, ("v480",)),
        ("picture-0001", 2, ("v144", "v240", "v360", "v480")),
        ("sound-late", 3, ("a112",)),
        ("finish", 3, ()),
    ]
    assert abs(sum(t.weight for t in in_order.job.tasks) - 1) < 1e-9
    assert in_order.whole().state == "whole"


def test_the_order_of_the_tasks_changes_no_byte(clip, in_order, tmp_path):
    title = Title(clip, tmp_path)
    tasks = [task for task in title.job.tasks if not task.needs]
    random.Random(7).shuffle(tasks)
    for task in (*reversed(tasks), *(task for task in title.job.tasks if task.needs)):
        title.do(task)
    assert title.files() == in_order.files()


def test_job_and_parts_are_gone_at_the_end_and_nothing_is_left_in_scratch(in_order):
    names = in_order.files()
    assert "publication.json" in names
    assert not [name for name in names if "job" in name or "part" in name]
    assert not list(in_order.scratch.iterdir())


def test_a_task_that_is_done_is_not_done_again(clip, tmp_path):
    title = Title(clip, tmp_path)
    opening = title.job.task("opening")
    assert title.do(opening)
    before = title.files()
    assert title.do(opening) == []
    assert title.files() == before
    assert pipeline.done(title.store, title.job) == {"opening"}


def test_a_job_is_found_again_and_a_whole_title_needs_nothing_more(clip, in_order, tmp_path):
    title = Title(clip, tmp_path)
    assert title.prepare() == title.job
    assert pipeline.done(in_order.store, in_order.job) == {t.name for t in in_order.job.tasks}
    before = in_order.files()
    in_order.do(in_order.job.task("finish"))
    assert in_order.files() == before


def test_progress_of_a_task_goes_up_to_its_end(clip, tmp_path):
    title = Title(clip, tmp_path)
    for name in ("picture-0001", "sound"):
        told = title.do(title.job.task(name))
        assert told == sorted(told)
        assert 0 <= told[0] <= told[-1] <= 1


def test_a_cancelled_task_leaves_no_part_no_process_and_no_scratch(clip, tmp_path):
    title = Title(clip, tmp_path)
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(bool(list(title.scratch.glob("*/*/chunk.out"))))  # the encoder is at it
        return asked[-1]

    with pytest.raises(Cancelled):
        title.do(title.job.task("picture-0001"), cancelled=cancelled)
    assert asked.count(True) == 1  # the first look that hears it ends all
    assert pipeline.done(title.store, title.job) == frozenset()
    assert not list(title.scratch.iterdir())


def test_workers_that_are_killed_again_and_again_change_no_byte(clip, in_order, tmp_path):
    """Each task in a process that is killed after a while, longer each time, until it ends."""
    title, chance = Title(clip, tmp_path), random.Random(3)
    kills = 0
    for task in title.job.tasks:
        patience = 0.1
        while task.name not in pipeline.done(title.store, title.job):
            process = start(title, task)
            try:
                process.wait(chance.uniform(patience / 2, patience))
                assert process.returncode == 0
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                kills += 1
            patience *= 2.5
    assert kills >= len(title.job.tasks)
    assert title.files() == in_order.files()
    assert not list(title.scratch.iterdir())


def test_two_workers_at_the_same_task_do_no_harm(clip, in_order, tmp_path):
    title = Title(clip, tmp_path)
    for task in title.job.tasks:
        both = [start(title, task, folder=f"scratch-{n}") for n in range(2)]
        assert [process.wait() for process in both] == [0, 0]
    assert title.files() == in_order.files()


def start(title: Title, task: Task, folder: str = "scratch") -> subprocess.Popen[bytes]:
    code = WORKER.replace('"scratch"', f'"{folder}"')
    return subprocess.Popen(
        [sys.executable, "-c", code, str(title.film), str(title.folder), ID, task.name],
        cwd=Path(__file__).parents[3],
    )


@pytest.fixture(scope="module")
def stream(film: Film) -> Path:
    """A film without an index, of which a copy is made that can be sought in."""
    return film("stream.ts", size="256x144", seconds=9)


def test_a_copy_to_seek_in_is_made_once_on_each_machine(stream, tmp_path, monkeypatch):
    """Two machines share a title: each makes its own copy, all its tasks read that one."""
    copied, run = [], tools.run

    def counted(argv, *, name: str, **given):
        if name == "remux":
            copied.append(name)
        return run(argv, name=name, **given)

    monkeypatch.setattr(tools, "run", counted)
    title, alone = Title(stream, tmp_path), tmp_path / "alone"
    alone.mkdir()
    assert len(copied) == 1
    copied.clear()
    for number, task in enumerate(title.job.tasks):
        title.do(task, shared=tmp_path / f"machine-{number % 2}")
    assert len(copied) == 2
    assert [len(list((tmp_path / f"machine-{k}").glob("*.mkv"))) for k in range(2)] == [1, 1]
    other = Title(stream, alone)
    for task in other.job.tasks:
        other.do(task)
    assert title.files() == other.files()


def test_a_copy_of_another_file_is_not_taken_and_makes_room(stream, film, tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "0123456789abcdef.part").write_bytes(b"left by a killed worker")
    Title(stream, tmp_path / "one", shared=shared)
    before = list(shared.glob("*.mkv"))
    other = Title(film("other.ts", size="128x96", seconds=1), tmp_path / "two", shared=shared)
    after = list(shared.glob("*.mkv"))
    assert (len(before), len(after)) == (1, 1)
    assert before != after
    assert not list(shared.glob("*.part"))
    for task in other.job.tasks:
        other.do(task, shared=shared)
    assert other.whole().duration == 90_000


def test_who_waits_for_the_copy_of_another_can_be_stopped(stream, tmp_path):
    title, shared = Title(stream, tmp_path), tmp_path / "shared"
    shared.mkdir()
    with (shared / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asked: list[int] = []

        def cancelled() -> bool:
            asked.append(1)
            return len(asked) == 3

        with pytest.raises(Cancelled):
            title.do(title.job.task("opening"), shared=shared, cancelled=cancelled)
    assert not list(title.scratch.iterdir())
