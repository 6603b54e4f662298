"""What ffmpeg says of a file in pieces makes the whole of it be fetched; of the whole one, nothing."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest

from media_pipeline import pipeline, tools
from media_pipeline.model import keys
from media_pipeline.planning import byte_ranges
from media_pipeline.steps import distant, probing
from media_pipeline.stores import LocalStore
from tests.examples import deep

from .conftest import ID, ffmpeg
from .distant import DistantCopy

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
TWO_SOUNDS = (
    *("-f", "lavfi", "-i", "testsrc2=s=192x144:r=25:d=30"),
    *("-f", "lavfi", "-i", "sine=frequency=440:duration=30"),
    *("-f", "lavfi", "-i", "sine=frequency=660:beep_factor=4:duration=30"),
    *("-map", "0", "-map", "1", "-map", "2", "-vf", "noise=alls=40:allf=t"),
    *("-metadata:s:a:0", "language=ind", "-metadata:s:a:1", "language=jav"),
    *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
    *("-b:v", "3M", "-g", "25", "-bf", "2"),
)


@pytest.fixture(autouse=True)
def _small_ends(monkeypatch):
    for name, value in {"HEAD": 200_000, "TRAIL": 2.0, "APART": 1.0, "SAMPLE": 0.5}.items():
        monkeypatch.setattr(byte_ranges, name, value)
    monkeypatch.setattr(byte_ranges, "GAP", 2_000)
    monkeypatch.setattr(distant, "_LOOK", 1_000)


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Make a film of half a minute with two sounds in the container of `name`."""
    folder = tmp_path_factory.mktemp("two")

    def make(name: str, *flags: str) -> Path:
        path = folder / name
        if not path.exists():
            ffmpeg(*TWO_SOUNDS, *flags, str(path))
        return path

    return make


class Made:
    """What comes out of a film, on one machine or of pieces."""

    def __init__(self, path: Path, folder: Path, need=None) -> None:
        self._path, self._folder, self._need = path, folder, need
        self.store = LocalStore(folder / "store")
        self.store.create()
        quiet = {"cancelled": lambda: False, "now": lambda: NOW}
        self.job = pipeline.prepare(
            path, self.store, ID, workers=4, scratch=folder, need=need, **quiet
        )

    def move_to(self, copy: DistantCopy) -> None:
        """Go on at another machine."""
        self._path, self._need = copy.path, copy.need

    def run(self, *names: str) -> dict[str, bytes]:
        """Do the tasks `names` and return the segments that are in the store then."""
        quiet = {"cancelled": lambda: False, "on_progress": lambda _part: None}
        for name in names:
            task = self.job.task(name)
            pipeline.run_task(
                *(self._path, self.job, task, self.store),
                scratch=self._folder,
                need=self._need,
                **quiet,
            )
        store, folder = self.store, f"{keys.publication_folder(ID)}/"
        return {
            key: store.read(key) for key in store.keys(folder) if key.endswith((".m4s", "init.mp4"))
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Callable[[Path], Made]:
    """Return what comes out of a film of this module's on one machine, planned once."""
    return cache(lambda path: Made(path, tmp_path_factory.mktemp("whole")))


def of_pieces(path: Path, folder: Path) -> tuple[Made, DistantCopy]:
    copy = DistantCopy(path, folder / "copy")
    return Made(copy.path, folder, copy.need), copy


def beside(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "flags", "most"),
    [
        ("woven.mp4", ["-c:a", "aac"], 0.3),
        deep("first.mp4", ["-c:a", "aac", "-movflags", "+faststart"], 0.3),
        ("plain.mov", ["-c:a", "pcm_s16le"], 0.7),
        ("woven.mkv", ["-c:a", "aac"], 1),
    ],
)
def test_several_sounds_of_pieces_have_the_bytes_of_those_of_the_whole_film(
    films, whole, tmp_path, caplog, name, flags, most
):
    path = films(name, *flags)
    here = whole(path)
    there, _ = of_pieces(path, tmp_path / "pieces")
    assert len(here.job.plan.sounds) == 2
    assert msgspec.structs.replace(there.job, keyframes=here.job.keyframes) == here.job
    there.move_to(other := DistantCopy(path, tmp_path / "other"))
    with caplog.at_level(logging.INFO):
        assert there.run("sound") == here.run("sound") != {}
    assert other.share <= most
    assert ("needs the whole" in caplog.text) == (most == 1 and "mkv" not in name)


def test_a_hole_that_only_the_demuxer_sees_does_not_make_another_ladder(
    films, whole, tmp_path, monkeypatch
):
    path = films("woven.mkv", "-c:a", "aac")
    here = whole(path)
    monkeypatch.setattr(byte_ranges, "sample_spans", lambda *_given: ())
    there, copy = of_pieces(path, tmp_path / "pieces")
    assert there.job == here.job
    assert copy.share == 1


def test_sound_that_lacks_bytes_is_made_of_the_whole_film(films, whole, tmp_path, monkeypatch):
    path = films("woven.mp4", "-c:a", "aac")
    here = whole(path)
    there, _ = of_pieces(path, tmp_path / "pieces")
    there.move_to(copy := DistantCopy(path, tmp_path / "other"))
    spans = byte_ranges.sound_spans
    monkeypatch.setattr(
        byte_ranges, "sound_spans", lambda *given: spans(*given)[:10] + spans(*given)[20:]
    )
    assert there.run("sound") == here.run("sound") != {}
    assert copy.share == 1


def test_a_list_of_packets_that_ends_early_is_not_believed(films, whole, tmp_path, monkeypatch):
    path = films("plain.mov", "-c:a", "pcm_s16le")  # whose zeros are silence
    here = whole(path)
    there, copy = of_pieces(path, tmp_path / "pieces")
    run = tools.run

    def ends_early(argv, *, name: str, **given) -> tools.Finished:
        ended = run(argv, name=name, **given)
        if name != "packets":
            return ended
        lines = ended.stdout.read_bytes().splitlines(keepends=True)
        ended.stdout.write_bytes(b"".join(lines[: len(lines) // 2]))
        return msgspec.structs.replace(ended, code=1)

    with monkeypatch.context() as patched:
        patched.setattr(tools, "run", ends_early)
        found = there.run("sound")
    assert found == here.run("sound") != {}
    assert copy.share == 1


def damaged(path: Path, data: bytes, folder: Path) -> bytes:
    """Return a film of which a hundred bytes are zeros in each tenth and in twenty packets of sound."""
    step = len(data) // 10
    heard = probing.sound_packets(path, {1, 2}, folder, lambda: False) or []
    for at in (*range(3 * step, 9 * step, step), *(first + 20 for first, _ in heard[100::60])):
        data = data[:at] + bytes(100) + data[at + 100 :]
    return data


@pytest.mark.parametrize("name", ["woven.mp4", deep("woven.mkv")])
def test_a_film_that_complains_whole_as_well_comes_out_as_on_one_machine(films, tmp_path, name):
    good = films(name, "-c:a", "aac")
    path = beside(tmp_path / name, damaged(good, good.read_bytes(), tmp_path))
    here, (there, copy) = Made(path, tmp_path / "whole"), of_pieces(path, tmp_path / "pieces")
    assert msgspec.structs.replace(there.job, keyframes=here.job.keyframes) == here.job
    tasks = [task.name for task in here.job.tasks]
    found, wanted = there.run(*tasks), here.run(*tasks)
    assert found.keys() == wanted.keys()
    # A decoder conceals what is damaged in another way each time, also on one machine.
    sounds = {key: data for key, data in wanted.items() if "/a48" in key}
    assert sounds
    assert sounds.items() <= found.items()
    assert copy.share == 1
