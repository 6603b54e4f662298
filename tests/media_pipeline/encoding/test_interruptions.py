"""Work that is stopped, killed, or fails half-way."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from media_pipeline import pipeline, tools
from media_pipeline.cli import main
from media_pipeline.errors import Cancelled, StoreUnavailable, ToolStopped
from media_pipeline.model import growth, keys
from media_pipeline.model.growth import grown
from media_pipeline.model.publication import Publication, encode_publication
from media_pipeline.model.work import decode_job, decode_part
from media_pipeline.steps import writer
from media_pipeline.steps.telling import Telling
from media_pipeline.stores import LocalStore

from .conftest import ID, Film, publish

# With the fast preset a title may be whole before a test looks at it.
pytestmark = pytest.mark.usefixtures("real_presets")


@pytest.fixture(scope="module")
def long_film(film: Film) -> Path:
    return film("long.mp4", size="128x96", seconds=21)


@pytest.fixture(scope="module")
def short_film(film: Film) -> Path:
    return film("short.mp4", size="128x96", seconds=1)


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def held(folder: Path) -> Publication:
    """What the store in `folder` holds of a growing publication, as any reader finds it."""
    store = LocalStore(folder / "store")
    job = decode_job(store.read(keys.job_file(ID)) or b"")
    names = store.keys(keys.parts_folder(ID, job.mark))
    return grown(job, [decode_part(store.read(name) or b"") for name in names])


def growing(publication: Publication | None) -> bool:
    return publication is not None and publication.state == "growing"


def test_progress_goes_from_probing_to_finishing_and_never_back(long_film, tmp_path):
    told: list[pipeline.Progress] = []
    clock = iter(range(100_000))
    publish(
        long_film,
        tmp_path,
        on_progress=told.append,
        now=lambda: datetime.fromtimestamp(next(clock), UTC),
    )
    assert list(dict.fromkeys(p.stage for p in told)) == ["probing", "encoding", "finishing"]
    fractions = [p.fraction for p in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert told[-1].publication.state == "whole"
    assert any(p.eta_seconds for p in told)
    assert all(p.eta_seconds is None or p.eta_seconds >= 0 for p in told)


def test_a_growing_publication_can_be_played_as_far_as_it_says(long_film, tmp_path):
    lengths = []

    def look(progress: pipeline.Progress) -> None:
        if not growing(progress.publication):
            return
        folder = tmp_path / "store" / "publications" / ID
        for rendition in progress.publication.renditions:
            for segment in rendition.segments:
                assert (folder / segment.uri).stat().st_size == segment.length
        lengths.append(progress.publication.duration / 90_000)

    publish(long_film, tmp_path, on_progress=look)
    # Two looks may see the same, and the last chunk is not seen before all is whole.
    assert lengths == sorted(lengths)
    assert {4} <= set(lengths) <= {4, 16, 21}


def test_cancelling_is_heard_at_the_next_look_and_leaves_nothing(long_film, tmp_path):
    """Looks are at most a quarter of a second apart (tools/test_run.py counts them)."""
    told: list[pipeline.Progress] = []
    heard: list[bool] = []

    def wished() -> bool:
        return any(growing(progress.publication) for progress in told)

    def cancelled() -> bool:
        heard.append(wished())
        return heard[-1]

    with pytest.raises(Cancelled):
        publish(long_film, tmp_path, on_progress=told.append, cancelled=cancelled)
    assert heard.count(True) == 1
    assert [growing(progress.publication) for progress in told].count(True) == 1
    assert files(tmp_path) == []


def test_every_tool_of_a_title_hears_the_wish_to_stop(film, tmp_path, monkeypatch):
    """One that hangs, at whatever step, must not keep a worker."""
    deaf: list[str] = []
    run = tools.run

    def heard(argv, *, name: str, cancelled=None, **given):
        if cancelled is None or not isinstance(cancelled(), bool):
            deaf.append(name)
        return run(argv, name=name, cancelled=cancelled or (lambda: False), **given)

    monkeypatch.setattr(tools, "run", heard)
    publish(film("heard.ts", size="128x96", seconds=1), tmp_path, download=True)
    assert deaf == []


def test_cancelling_before_the_start_leaves_nothing(long_film, tmp_path):
    with pytest.raises(Cancelled):
        publish(long_film, tmp_path, cancelled=lambda: True)
    assert files(tmp_path) == []


class LostLease(Exception):
    """Another worker has the job."""


def test_a_callers_own_exception_leaves_the_growing_publication(long_film, tmp_path):
    def look(progress: pipeline.Progress) -> None:
        if growing(progress.publication):
            raise LostLease

    with pytest.raises(LostLease):
        publish(long_film, tmp_path, on_progress=look)
    assert held(tmp_path).duration >= 4 * 90_000
    assert list((tmp_path / "scratch").iterdir()) == []


def test_interrupted_work_goes_on_where_it_was_and_gives_the_same_bytes(long_film, tmp_path):
    def look(progress: pipeline.Progress) -> None:
        if growing(progress.publication) and progress.publication.duration >= 16 * 90_000:
            raise LostLease

    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with pytest.raises(LostLease):
        publish(long_film, first, on_progress=look)
    (early,) = (first / "store" / "publications" / ID).glob("*/v*/00001.m4s")
    made_at = early.stat().st_mtime_ns
    resumed, whole = publish(long_film, first), publish(long_film, second)
    assert early.stat().st_mtime_ns == made_at
    assert files(resumed.folder) == files(whole.folder)
    for name in files(whole.folder):
        assert (resumed.folder / name).read_bytes() == (whole.folder / name).read_bytes()


def test_a_growing_publication_of_another_film_is_not_continued(film, long_film, tmp_path):
    def look(progress: pipeline.Progress) -> None:
        if growing(progress.publication):
            raise LostLease

    with pytest.raises(LostLease):
        publish(long_film, tmp_path, on_progress=look)
    made = publish(film("other.mp4", size="320x180", seconds=2), tmp_path)
    assert made.publication.duration == 2 * 90_000
    assert [path.name for path in made.folder.glob("**/v144/*.m4s")] == ["00001.m4s"]


def test_a_job_of_another_format_is_begun_anew(short_film, tmp_path):
    store = LocalStore(tmp_path / "store")
    store.create()
    store.write(keys.job_file(ID), b'{"format":0,"publication":"of another age"}')
    store.write(keys.part_file(ID, "a" * 12, "opening"), b'{"task":"opening"}')
    store.write(f"publications/{ID}/v144/00099.m4s", b"left over")
    made = publish(short_film, tmp_path)
    assert made.publication.state == "whole"
    assert not list(made.folder.glob("**/00099.m4s"))


def test_a_growing_publication_of_the_first_format_is_begun_anew(short_film, tmp_path):
    store = LocalStore(tmp_path / "store")
    store.create()
    whole = publish(short_film, tmp_path / "before").publication
    old = msgspec.structs.replace(whole, state="growing")
    store.write(keys.publication_file(ID), encode_publication(old))
    assert publish(short_film, tmp_path).publication == whole


def test_a_whole_publication_is_returned_as_it_is(film, tmp_path):
    path = film("other.mp4", size="320x180", seconds=2)
    made = publish(path, tmp_path)
    before = {name: (made.folder / name).stat().st_mtime_ns for name in files(made.folder)}
    assert publish(path, tmp_path).publication == made.publication
    assert {n: (made.folder / n).stat().st_mtime_ns for n in files(made.folder)} == before


class FullStore(LocalStore):
    """A store that cannot be reached from the twentieth write on."""

    writes = 0

    def write(self, key: str, data: bytes) -> None:
        self.writes += 1
        if self.writes > 20:
            raise StoreUnavailable("The published store cannot be reached: try again.")
        super().write(key, data)


def test_a_store_that_goes_away_can_be_retried(long_film, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    store = FullStore(tmp_path / "store")
    store.create()
    with pytest.raises(StoreUnavailable) as failure:
        pipeline.publish(
            long_film,
            store,
            ID,
            on_progress=lambda _progress: None,
            cancelled=lambda: False,
            scratch=scratch,
            now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
        )
    assert failure.value.retryable
    assert list(scratch.iterdir()) == []
    assert publish(long_film, tmp_path).publication.state == "whole"


def test_a_process_that_is_killed_loses_at_most_its_chunk(long_film, tmp_path):
    """kill -9 in the second chunk: another process ends the work from there."""
    code = (
        "import sys, pathlib, datetime\n"
        "from media_pipeline import pipeline\n"
        "from media_pipeline.stores import LocalStore\n"
        "film, folder, name = sys.argv[1:]\n"
        "folder = pathlib.Path(folder)\n"
        "pipeline.publish(pathlib.Path(film), LocalStore(folder / 'store'), name,\n"
        "    on_progress=lambda p: None, cancelled=lambda: False, scratch=folder / 'scratch',\n"
        "    now=lambda: datetime.datetime.now(datetime.UTC))\n"
    )
    (tmp_path / "scratch").mkdir()
    (tmp_path / "store").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(long_film), str(tmp_path), ID],
        cwd=Path(__file__).parents[3],
    )
    folder = tmp_path / "store" / "publications" / ID
    deadline = time.monotonic() + 60
    while not list(folder.glob("parts/*/opening.json")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (early,) = folder.glob("*/v*/00001.m4s")
    made_at = early.stat().st_mtime_ns
    made = publish(long_film, tmp_path)
    assert made.publication.duration == 21 * 90_000
    assert early.stat().st_mtime_ns == made_at


def test_a_publication_that_grows_by_two_threads_never_shrinks(long_film, tmp_path, monkeypatch):
    """The thread that has the older parts is slow: what the other one tells must stay."""
    publish_until_growing(long_film, tmp_path)
    store = LocalStore(tmp_path / "store")
    job = decode_job(store.read(keys.job_file(ID)) or b"")
    parts = [
        decode_part(store.read(name) or b"") for name in store.keys(keys.parts_folder(ID, job.mark))
    ]
    first, *rest = sorted(parts, key=lambda part: part.task != "opening")
    told: list[pipeline.Progress] = []
    telling = Telling(job, rest, told.append, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    reckon, slow, go_on = growth.grown, threading.Event(), threading.Event()

    def grown(work, known):
        found = reckon(work, known)
        if threading.current_thread() is not threading.main_thread():
            slow.set()
            go_on.wait(5)
        return found

    monkeypatch.setattr(growth, "grown", grown)
    sound = next(part for part in rest if part.task.startswith("sound"))
    thread = threading.Thread(target=telling.add, args=[sound])
    thread.start()
    slow.wait(5)
    other = threading.Timer(0.2, go_on.set)
    other.start()
    telling.add(first)
    thread.join()
    other.join()
    telling.tell("encoding", {})
    assert growing(told[-1].publication)


def publish_until_growing(film: Path, folder: Path) -> None:
    def look(progress: pipeline.Progress) -> None:
        if growing(progress.publication):
            raise LostLease

    with pytest.raises(LostLease):
        publish(film, folder, on_progress=look)


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, "No space left on device"), ToolStopped("killed", "It was killed.")],
    ids=["a full disk", "a killed tool"],
)
def test_the_command_line_leaves_nothing_that_nobody_would_go_on_with(
    film, tmp_path, monkeypatch, failure
):
    """It gives each publication a new id, so what is done of one is lost with its process."""

    def fail(*_given):
        raise failure

    monkeypatch.setattr(writer.PublicationWriter, "join", fail)
    path = film("short.mp4", size="128x96", seconds=1)
    assert main(["publish", str(path), str(tmp_path / "store"), "--store"]) == 1
    assert files(tmp_path) == []
