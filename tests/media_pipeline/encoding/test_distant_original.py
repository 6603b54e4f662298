"""A title made of pieces of its file has the bytes of one made of the whole file."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from media_pipeline import pipeline, tools
from media_pipeline.errors import ToolStopped, UnusableSource
from media_pipeline.model import keys
from media_pipeline.planning import byte_ranges
from media_pipeline.steps import distant
from media_pipeline.stores import LocalStore

from .conftest import ID, ffmpeg
from .distant import DistantCopy
from .test_stopped_tools import Disturbed

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
NOISE = "noise=alls=40:allf=t"
"""So that seconds of a small picture are as many bytes as those of a phone's."""
LONG = 60
"""Seconds."""


@pytest.fixture(autouse=True)
def _small_ends(monkeypatch):
    monkeypatch.setattr(byte_ranges, "HEAD", 200_000)
    monkeypatch.setattr(byte_ranges, "TRAIL", 2.0)
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
def test_a_film_is_looked_at_by_little_of_it_and_gives_the_same_plan(heavy, tmp_path, name, flags):
    path = heavy(name, *flags)
    whole = prepared(path, store_in(tmp_path / "whole"), tmp_path)
    copy = DistantCopy(path, tmp_path / "copy")
    job = prepared(copy.path, store_in(tmp_path / "pieces"), tmp_path, need=copy.need)
    assert msgspec.structs.replace(job, keyframes=whole.keyframes) == whole
    assert copy.share < 0.45
    assert copy.requests < 60


@CONTAINERS
def test_the_opening_begins_when_little_has_come_and_has_the_same_bytes(
    heavy, tmp_path, name, flags
):
    path = heavy(name, *flags)
    store, pieces = store_in(tmp_path / "whole"), store_in(tmp_path / "pieces")
    whole = prepared(path, store, tmp_path)
    run(path, store, whole, "opening", tmp_path)
    copy = DistantCopy(path, tmp_path / "copy")
    job = prepared(copy.path, pieces, tmp_path, need=copy.need)
    run(copy.path, pieces, job, "opening", tmp_path, need=copy.need)
    assert published(pieces) == published(store) != {}
    assert copy.share < 0.55


@pytest.mark.parametrize("name", ["index-last.mp4", "clusters.mkv"])
def test_a_whole_title_of_pieces_has_the_same_bytes(heavy, tmp_path, name):
    path = heavy(name)
    store, pieces = store_in(tmp_path / "whole"), store_in(tmp_path / "pieces")
    whole = prepared(path, store, tmp_path)
    for task in whole.tasks:
        run(path, store, whole, task.name, tmp_path)
    first = DistantCopy(path, tmp_path / "first")
    job = prepared(first.path, pieces, tmp_path, need=first.need)
    shares = {}
    for task in job.tasks:
        copy = DistantCopy(path, tmp_path / "copy")  # another machine
        run(copy.path, pieces, job, task.name, tmp_path, need=copy.need)
        shares[task.name] = copy.share
    assert published(pieces) == published(store) != {}
    assert shares["finish"] == 0
    assert all(share < 0.6 for name, share in shares.items() if name != "sound")


def test_sound_that_is_woven_through_a_film_is_fetched_alone(heavy, tmp_path):
    path = heavy("woven.mp4")
    store, pieces = store_in(tmp_path / "whole"), store_in(tmp_path / "pieces")
    whole = prepared(path, store, tmp_path)
    run(path, store, whole, "sound", tmp_path)
    copy = DistantCopy(path, tmp_path / "copy")
    run(copy.path, pieces, whole, "sound", tmp_path, need=copy.need)
    assert published(pieces) == published(store) != {}
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
    heavy, tmp_path, name, flags
):
    path = heavy(name, *flags)
    whole = prepared(path, store_in(tmp_path / "whole"), tmp_path)
    copy = DistantCopy(path, tmp_path / "copy")
    assert prepared(copy.path, store_in(tmp_path / "p"), tmp_path, need=copy.need) == whole
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
    heavy, tmp_path, monkeypatch
):
    path = heavy("index-last.mp4")
    store, pieces = store_in(tmp_path / "whole"), store_in(tmp_path / "pieces")
    job = prepared(path, store, tmp_path)
    run(path, store, job, "opening", tmp_path)
    last = job.keyframes.marks[-1][1]
    copy = DistantCopy(path, tmp_path / "copy")
    too_few = ((0, 100_000), (last, copy.size))
    monkeypatch.setattr(byte_ranges, "chunk_spans", lambda *_given: too_few)
    run(copy.path, pieces, job, "opening", tmp_path, need=copy.need)
    assert copy.share == 1
    assert published(pieces) == published(store) != {}


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
