"""A chunk made of pieces of a file has the bytes of one made of the whole file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_pipeline import pipeline
from media_pipeline.errors import StepFailed
from media_pipeline.model import keys
from media_pipeline.planning import byte_ranges
from media_pipeline.stores import LocalStore

from .conftest import ID

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
NOISE = "noise=alls=40:allf=t"
"""So that seconds of a small picture are as many bytes as those of a phone's."""


@pytest.fixture(autouse=True)
def _small_ends(monkeypatch):
    monkeypatch.setattr(byte_ranges, "HEAD", 200_000)
    monkeypatch.setattr(byte_ranges, "TRAIL", 2.0)
    monkeypatch.setattr(byte_ranges, "APART", 1.0)


def prepared(path: Path, folder: Path):
    store = LocalStore(folder)
    store.create()
    given = {"scratch": folder, "cancelled": lambda: False, "now": lambda: NOW}
    return store, pipeline.prepare(path, store, ID, workers=4, **given)


def run(path: Path, store, job, task, folder: Path, **given) -> None:
    quiet = {"cancelled": lambda: False, "on_progress": lambda _part: None}
    pipeline.run_task(path, job, task, store, scratch=folder, **quiet, **given)


def sparse(path: Path, spans, copy: Path) -> int:
    """Make a file that has `spans` of `path` and nothing else; return their bytes."""
    with path.open("rb") as source, copy.open("wb") as target:
        target.truncate(path.stat().st_size)
        for first, end in spans:
            source.seek(first)
            target.seek(first)
            target.write(source.read(end - first))
    return sum(end - first for first, end in spans)


def published(store) -> dict[str, bytes]:
    folder = f"{keys.publication_folder(ID)}/"
    return {
        key: store.read(key) for key in store.keys(folder) if key.endswith((".m4s", "init.mp4"))
    }


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("index-last.mp4", ["-g", "50"]),
        ("index-first.mov", ["-g", "50", "-movflags", "+faststart"]),
        ("clusters.mkv", ["-g", "50", "-bf", "3"]),
    ],
)
def test_chunks_of_pieces_are_the_same_bytes_and_fewer_are_fetched(film, tmp_path, name, flags):
    path = film(name, size="192x144", seconds=30, filters=NOISE, flags=["-b:v", "3M", *flags])
    store, job = prepared(path, tmp_path / "whole")
    pieces, again = prepared(path, tmp_path / "pieces")
    assert again == job
    assert job.keyframes is not None
    tasks = [task for task in job.tasks if task.kind == "picture"]
    assert len(tasks) >= 2
    fetched = []
    for task in tasks:
        run(path, store, job, task, tmp_path)
        spans = pipeline.task_spans(job, task)
        copy = tmp_path / f"copy{path.suffix}"
        fetched.append(sparse(path, spans, copy) / path.stat().st_size)
        run(copy, pieces, job, task, tmp_path, partial=True)
    assert published(pieces) == published(store) != {}
    assert fetched[0] < 0.6
    assert fetched[-1] < 0.9


def test_bytes_that_are_missing_are_noticed_and_nothing_is_published(film, tmp_path):
    path = film(
        "hole.mp4", size="192x144", seconds=9, filters=NOISE, flags=["-b:v", "3M", "-g", "25"]
    )
    store, job = prepared(path, tmp_path / "store")
    copy = tmp_path / "copy.mp4"
    last = job.keyframes.marks[-1][1]
    sparse(path, [(0, 300_000), (last, path.stat().st_size)], copy)
    with pytest.raises(StepFailed, match="not here"):
        run(copy, store, job, job.task("opening"), tmp_path, partial=True)
    assert published(store) == {}


def test_sound_and_streams_without_an_index_need_the_whole_file(film, tmp_path):
    path = film("radio.ts", size="192x144", seconds=3, flags=["-f", "mpegts"])
    _store, job = prepared(path, tmp_path / "ts")
    assert {pipeline.task_spans(job, task) for task in job.tasks} == {None}
    path = film("sound.mp4", size="192x144", seconds=3)
    _store, job = prepared(path, tmp_path / "mp4")
    assert pipeline.task_spans(job, job.task("sound")) is None
    assert pipeline.task_spans(job, job.task("finish")) is not None
