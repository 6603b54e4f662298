"""A title made of pieces of its file has the bytes of one made of the whole file."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from media_pipeline import pipeline, tools
from media_pipeline.errors import StepFailed, Stop, ToolStopped, UnusableSource
from media_pipeline.model import keys
from media_pipeline.planning import byte_ranges
from media_pipeline.planning.video import analysis
from media_pipeline.steps import distant, jobs, probing
from media_pipeline.stores import LocalStore
from tests.examples import deep
from tests.media_pipeline.matroska import rewoven

from .conftest import ID, ffmpeg
from .distant import DistantCopy
from .test_stopped_tools import Disturbed, Stopped

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
NOISE = "noise=alls=40:allf=t"
"""So that seconds of a small picture are as many bytes as those of a phone's."""
LONG = 60
"""Seconds."""


@pytest.fixture(autouse=True)
def _small_ends(monkeypatch):
    monkeypatch.setattr(byte_ranges, "HEAD", 200_000)
    monkeypatch.setattr(byte_ranges, "TRAIL", 2.0)
    monkeypatch.setattr(byte_ranges, "TRAIL_OF_CLUSTERS", 1.5)
    monkeypatch.setattr(byte_ranges, "APART", 1.0)
    monkeypatch.setattr(byte_ranges, "SAMPLE", 0.5)
    monkeypatch.setattr(byte_ranges, "GAP", 2_000)
    monkeypatch.setattr(distant, "_LOOK", 1_000)


@pytest.fixture(scope="module")
def heavy(film):
    """Make a film of `LONG` seconds whose container is that of `name`, by copying streams."""
    made: dict[str, Path] = {}

    def make(name: str, *flags: str) -> Path:
        if not made:
            given = ["-b:v", "3M", "-g", "25", "-bf", "2"]
            made[""] = film("heavy.mp4", size="192x144", seconds=LONG, filters=NOISE, flags=given)
        if name not in made:
            made[name] = made[""].with_name(name)
            ffmpeg("-i", str(made[""]), "-c", "copy", *flags, str(made[name]))
        return made[name]

    return make


class Reference:
    """The title as it is made of the whole file at `path`; each task is done once."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder
        self.store = store_in(folder / "store")
        self.job = prepared(path, self.store, folder)
        self._made: dict[str, dict[str, bytes]] = {}

    def published(self, *tasks: str) -> dict[str, bytes]:
        """Return what `tasks` put into the store."""
        for name in tasks:
            if name not in self._made:
                before = published(self.store)
                run(self.path, self.store, self.job, name, self.folder)
                self._made[name] = dict(published(self.store).items() - before.items())
        return {key: data for name in tasks for key, data in self._made[name].items()}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Reference]:
    """Return the reference of a file of this module's, made when it is first asked for."""
    return cache(lambda path: Reference(path, tmp_path_factory.mktemp("reference")))


def store_in(folder: Path) -> LocalStore:
    store = LocalStore(folder)
    store.create()
    return store


def prepared(path: Path, store, folder: Path, **given):
    quiet = {"cancelled": lambda: False, "now": lambda: NOW}
    return pipeline.prepare(path, store, ID, workers=4, scratch=folder, **quiet, **given)


def run(path: Path, store, job, name: str, folder: Path, **given) -> None:
    quiet = {"cancelled": lambda: False, "on_progress": lambda _part: None}
    pipeline.run_task(path, job, job.task(name), store, scratch=folder, **quiet, **given)


def published(store) -> dict[str, bytes]:
    folder = f"{keys.publication_folder(ID)}/"
    return {
        key: store.read(key) for key in store.keys(folder) if key.endswith((".m4s", "init.mp4"))
    }


CONTAINERS = pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("index-last.mp4", []),
        ("index-first.mp4", ["-movflags", "+faststart"]),
        ("index-last.mov", []),
        ("edited.mp4", ["-ss", "0.5", "-movflags", "+faststart"]),
        ("clusters.mkv", []),
        ("cues-first.mkv", ["-cues_to_front", "1"]),
    ],
)


@CONTAINERS
def test_a_film_is_planned_and_its_opening_made_of_little_of_it_as_of_the_whole(
    heavy, reference, tmp_path, name, flags
):
    path, pieces = heavy(name, *flags), store_in(tmp_path / "pieces")
    whole = reference(path).job
    copy = DistantCopy(path, tmp_path / "copy")
    job = prepared(copy.path, pieces, tmp_path, need=copy.need)
    assert msgspec.structs.replace(job, keyframes=whole.keyframes) == whole
    assert copy.share < 0.45
    assert copy.requests < 60
    run(copy.path, pieces, job, "opening", tmp_path, need=copy.need)
    assert published(pieces) == reference(path).published("opening") != {}
    assert copy.share < 0.55


@pytest.mark.parametrize("name", ["index-last.mp4", deep("clusters.mkv")])
def test_a_whole_title_of_pieces_has_the_same_bytes(heavy, reference, tmp_path, name):
    path, pieces = heavy(name), store_in(tmp_path / "pieces")
    first = DistantCopy(path, tmp_path / "first")
    job = prepared(first.path, pieces, tmp_path, need=first.need)
    shares = {}
    for task in job.tasks:
        copy = DistantCopy(path, tmp_path / "copy")  # another machine
        run(copy.path, pieces, job, task.name, tmp_path, need=copy.need)
        shares[task.name] = copy.share
    assert published(pieces) == reference(path).published(*shares) != {}
    assert shares["finish"] == 0
    assert all(share < 0.6 for name, share in shares.items() if name != "sound")


def test_sound_that_is_woven_through_a_film_is_fetched_alone(heavy, reference, tmp_path):
    path, pieces = heavy("index-last.mp4"), store_in(tmp_path / "pieces")
    whole = reference(path)
    copy = DistantCopy(path, tmp_path / "copy")
    jobs.begin(pieces, whole.job)
    run(copy.path, pieces, whole.job, "sound", tmp_path, need=copy.need)
    assert published(pieces) == whole.published("sound") != {}
    assert copy.share < 0.25


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("fragments.mp4", ["-movflags", "+frag_keyframe+empty_moov"]),
        ("radio.ts", []),
        ("old.avi", []),
        ("recorder.mkv", ["-live", "1"]),
    ],
)
def test_a_file_without_a_plain_index_is_fetched_whole_and_gives_the_same_plan(
    heavy, reference, tmp_path, name, flags
):
    path = heavy(name, *flags)
    copy = DistantCopy(path, tmp_path / "copy")
    job = prepared(copy.path, store_in(tmp_path / "pieces"), tmp_path, need=copy.need)
    assert job == reference(path).job
    assert copy.share == 1


@pytest.mark.parametrize("keep", [0.5, 0.02])
def test_a_film_that_was_cut_off_is_judged_as_it_is(heavy, tmp_path, keep):
    path = tmp_path / "cut.mp4"
    data = heavy("index-first.mp4", "-movflags", "+faststart").read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    copy = DistantCopy(path, tmp_path / "copy")
    found = []
    for where, given in ((path, {}), (copy.path, {"need": copy.need})):
        try:
            job = prepared(where, store_in(tmp_path / f"s{len(found)}"), tmp_path, **given)
            found.append((job.plan, job.source))
        except UnusableSource as refused:
            found.append(refused.code)
    assert found[0] == found[1]


def test_bytes_that_turn_out_to_be_missing_are_fetched_and_nothing_wrong_is_published(
    heavy, reference, tmp_path, monkeypatch
):
    path, pieces = heavy("index-last.mp4"), store_in(tmp_path / "pieces")
    job, expected = reference(path).job, reference(path).published("opening")
    last = job.keyframes.marks[-1][1]
    copy = DistantCopy(path, tmp_path / "copy")
    too_few = ((0, 100_000), (last, copy.size))
    monkeypatch.setattr(byte_ranges, "chunk_spans", lambda *_given: too_few)
    jobs.begin(pieces, job)
    run(copy.path, pieces, job, "opening", tmp_path, need=copy.need)
    assert copy.share == 1
    assert published(pieces) == expected != {}


def test_a_tool_that_is_killed_does_not_make_all_of_a_file_be_fetched(heavy, tmp_path, monkeypatch):
    path = heavy("index-last.mp4")
    store, copy = store_in(tmp_path / "pieces"), DistantCopy(path, tmp_path / "copy")

    def opened() -> None:
        job = prepared(copy.path, store, tmp_path, need=copy.need)
        run(copy.path, store, job, "opening", tmp_path, need=copy.need)

    for step in ("probe", "analysis", "chunk"):
        with monkeypatch.context() as patched:
            patched.setattr(tools, "run", Disturbed(step, "killed"))
            with pytest.raises(ToolStopped):
                opened()
    assert copy.share < 0.6


CLUSTERS = pytest.mark.parametrize(
    ("seconds", "offset", "most"),
    [deep(2.5, 0, 0.9), (2.5, 1.3, 0.9), deep(13, 5.5, 1), (30, 21, 1)],
)
"""How long clusters are that have many key frames, where they begin between those, and how much
of a minute is looked at."""


@CLUSTERS
def test_clusters_of_many_key_frames_give_the_plan_and_the_bytes_of_the_whole_file(
    heavy, tmp_path, monkeypatch, caplog, seconds, offset, most
):
    path = rewoven(heavy("clusters.mkv"), tmp_path / "a.mkv", seconds, offset=offset)
    monkeypatch.setattr(analysis, "_MOST_SAMPLES", 4)
    store, pieces = store_in(tmp_path / "whole"), store_in(tmp_path / "pieces")
    whole = prepared(path, store, tmp_path)
    copy = DistantCopy(path, tmp_path / "first")
    with caplog.at_level(logging.INFO):
        job = prepared(copy.path, pieces, tmp_path, need=copy.need)
        assert msgspec.structs.replace(job, keyframes=whole.keyframes) == whole
        assert copy.share <= most
        for name in [task.name for task in job.tasks if task.kind == "picture"][::3]:
            run(path, store, whole, name, tmp_path)
            copy = DistantCopy(path, tmp_path / "copy")
            run(copy.path, pieces, job, name, tmp_path, need=copy.need)
    assert published(pieces) == published(store) != {}
    assert "needs the whole original" not in caplog.text


FROM_OUTSIDE = ("killed", "disk")
"""What says nothing of the bytes that are here: all others may have met zeros, and the whole
original is looked at and encoded instead."""


@pytest.mark.parametrize(
    ("step", "how"),
    [
        (step, how) if how in ("killed", "crashed") or step == "probe" else deep(step, how)
        for step in ("probe", "packets", "analysis")
        for how in get_args(Stop)
    ],
)
def test_a_look_that_is_stopped_is_repeated_with_the_whole_file_or_by_another_attempt(
    step, how, heavy, tmp_path, monkeypatch
):
    copy = DistantCopy(heavy("index-last.mp4"), tmp_path / "copy")
    look = distant.DistantFile(copy.path, copy.need, tmp_path, lambda: False).look
    run = Stopped(step, how)
    monkeypatch.setattr(tools, "run", run)
    if how in FROM_OUTSIDE:
        with pytest.raises(ToolStopped):
            look()
    else:
        assert look() is None
    assert run.met


@pytest.mark.parametrize(
    ("task", "step", "how"),
    [
        (*task, how) if how in ("killed", "crashed") or task[0] == "sound" else deep(*task, how)
        for task in (("opening", "chunk"), ("sound", "packets"))
        for how in get_args(Stop)
    ],
)
def test_a_task_that_is_stopped_is_repeated_with_the_whole_file_or_by_another_attempt(
    task, step, how, heavy, reference, tmp_path, monkeypatch
):
    path, store = heavy("index-last.mp4"), store_in(tmp_path / "store")
    job = reference(path).job
    jobs.begin(store, job)
    copy = DistantCopy(path, tmp_path / "copy")
    stopped = Stopped(step, how)

    def stop(*argv, name: str, **given):
        if stopped.met:
            raise Whole if copy.share == 1 else AssertionError
        return stopped(*argv, name=name, **given)

    monkeypatch.setattr(tools, "run", stop)
    with pytest.raises(ToolStopped if how in FROM_OUTSIDE else Whole):
        run(copy.path, store, job, task, tmp_path, need=copy.need)


class Whole(Exception):
    """A tool is run on the whole file."""


def test_an_index_that_is_not_read_to_its_end_tells_nothing_of_the_sound(
    heavy, reference, tmp_path, monkeypatch
):
    path, pieces = heavy("index-last.mp4"), store_in(tmp_path / "pieces")
    job, expected = reference(path).job, reference(path).published("sound")
    as_it_is = tools.run

    def broken(argv, *, name: str, **given) -> tools.Finished:
        ended = as_it_is(argv, name=name, **given)
        if name != "packets":
            return ended
        lines = ended.stdout.read_text().splitlines(keepends=True)
        ended.stdout.write_text("".join(lines[: len(lines) // 2]))
        return msgspec.structs.replace(ended, code=1)

    monkeypatch.setattr(tools, "run", broken)
    copy = DistantCopy(path, tmp_path / "copy")
    jobs.begin(pieces, job)
    run(copy.path, pieces, job, "sound", tmp_path, need=copy.need)
    assert copy.share == 1
    assert published(pieces) == expected != {}
    with pytest.raises(StepFailed, match="index could not be read"):
        probing.sound_packets(path, {1}, tmp_path, lambda: False)
