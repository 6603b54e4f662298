"""What happens to machines, as an editor sees it: named while it lasts, mended, and how it ends.

| what happens          | while it lasts                            | in the end                   |
| --------------------- | ----------------------------------------- | ---------------------------- |
| the disk is full      | Penyimpanan server penuh.                 | goes on, whenever it is over |
| scratch is full       | Ruang kerja pengode di server penuh.      | the same                     |
| the store is down     | Penyimpanan hasil tidak terjangkau.       | the same                     |
| originals are away    | Penyimpanan berkas asli tidak terjangkau. | the same                     |
| memory runs out       | Memori server tidak cukup.                | goes on, or fails after three |
| a tool breaks         | Pengodean terhenti di tengah jalan.       | the same                     |
| it needs too much     | Pengodean melebihi batas …                | the same                     |
| a tool is killed      | Pengode dihentikan dari luar …            | goes on, or fails after 50   |
| the original is gone  |                                           | fails at once                |
| a clock is set        | Jam server baru saja berubah …            | nothing else happens         |
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from cms.core import published
from cms.videos.actions import do_create_video, do_put_first
from cms.videos.encoding import endings, transcoding, worker
from cms.videos.models import Encode, EncodeTask, Media, Video
from cms.videos.models.encode import OPEN, State
from cms.videos.models.machine import originals
from cms.videos.models.task import ATTEMPTS, LONGEST_BACKOFF, LOSSES, Step
from cms.videos.words.sentences import sentence
from cms.videos.words.states import shown
from media_pipeline.errors import StepFailed, StoreUnavailable, ToolStopped
from tests.videos.conftest import NOW
from tests.videos.films import make_film

pytestmark = pytest.mark.django_db(transaction=True)
Breaks = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def video(pasar_a, tmp_path) -> Video:
    """A short film that is looked at already: its tasks wait."""
    path = make_film(tmp_path / "pagi.mp4", seconds=1)
    made = do_create_video(pasar_a, "Pagi (contoh)", path, None, NOW)
    assert worker.run_next(lambda: NOW)
    return made


@contextmanager
def full_disk(settings, monkeypatch) -> Iterator[None]:
    reserve, settings.SCRATCH_RESERVE = settings.SCRATCH_RESERVE, 2**60
    yield
    settings.SCRATCH_RESERVE = reserve


@contextmanager
def full_scratch(settings, monkeypatch) -> Iterator[None]:
    room, settings.SCRATCH_BYTES = settings.SCRATCH_BYTES, -1
    yield
    settings.SCRATCH_BYTES = room


@contextmanager
def store_down(settings, monkeypatch) -> Iterator[None]:
    def away(*_arguments: object) -> bytes:
        raise StoreUnavailable("The published store cannot be reached.")

    with monkeypatch.context() as down:
        for name in ("read", "write", "put_file"):
            down.setattr(type(published.store()), name, away)
        yield


@contextmanager
def originals_away(settings, monkeypatch) -> Iterator[None]:
    folder = Path(originals().location)
    away = folder.rename(folder.with_name("away"))
    yield
    away.rename(folder)


def breaking(error: Exception) -> Breaks:
    @contextmanager
    def broken(settings, monkeypatch) -> Iterator[None]:
        def breaks(*_arguments: object, **_given: object) -> None:
            raise error

        with monkeypatch.context() as tool:
            tool.setattr(transcoding, "run_task", breaks)
            yield

    return broken


OF_THE_PLACE = [
    (full_disk, "disk_full", "Penyimpanan server penuh."),
    (full_scratch, "scratch_full", "Ruang kerja pengode di server penuh."),
    (store_down, "store_unavailable", "Penyimpanan hasil tidak terjangkau."),
    (originals_away, "original_unreachable", "Penyimpanan berkas asli tidak terjangkau."),
]
OF_NOBODY = [
    (breaking(MemoryError()), "out_of_memory", "Memori server tidak cukup."),
    (
        breaking(ToolStopped("memory", "It needed more than there is.")),
        "out_of_memory",
        "Memori server tidak cukup.",
    ),
    (
        breaking(ToolStopped("cpu", "more")),
        "over_limit",
        "Pengodean melebihi batas waktu atau ukurannya.",
    ),
    (
        breaking(ToolStopped("crashed", "by 11")),
        "tool_crashed",
        "Pengodean terhenti di tengah jalan.",
    ),
    (breaking(StepFailed("it broke")), "step_failed", "Pengodean terhenti di tengah jalan."),
]


def newest() -> Encode:
    return Encode.objects.latest("pk")


def next_moment() -> datetime:
    """The moment at which the next task may be claimed."""
    return EncodeTask.objects.filter(state=Step.WAITING).earliest("not_before").not_before


def run_all_at(now: datetime) -> None:
    """Be the worker until nothing can be claimed at `now`."""
    while worker.run_next(lambda: now):
        pass


@pytest.mark.parametrize(("happens", "code", "said"), OF_THE_PLACE)
def test_what_is_wrong_with_the_place_is_named_and_waited_for_ever_longer_and_fails_no_title(
    video, settings, monkeypatch, happens, code, said
):
    now, waits = NOW, []
    with happens(settings, monkeypatch):
        for _attempt in range(9):
            run_all_at(now)
            seen = shown(video, now)
            assert seen.detail.startswith(f"{said} Dicoba lagi sendiri. Giliran ke-1.")
            assert (newest().state in OPEN, seen.may_retry) == (True, False)
            waits.append(next_moment() - now)
            now = max(EncodeTask.objects.filter(state=Step.WAITING).values_list("not_before"))[0]
    assert {task.error_code for task in EncodeTask.objects.filter(setbacks__gt=0)} == {code}
    assert not EncodeTask.objects.exclude(attempts=0).exists()
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_BACKOFF
    # It is over: an editor need not wait for the five minutes.
    before = now - timedelta(minutes=1)
    assert do_put_first(video, before)
    run_all_at(before)
    assert newest().state == State.READY
    assert Media.objects.get().publication == newest().publication


@pytest.mark.parametrize(("happens", "code", "said"), OF_NOBODY)
def test_what_may_be_the_files_fault_is_tried_three_times_and_then_told(
    video, settings, monkeypatch, happens, code, said
):
    now = NOW
    with happens(settings, monkeypatch):
        for attempt in range(1, ATTEMPTS):
            run_all_at(now)
            assert shown(video, now).detail.startswith(f"{said} Dicoba lagi sendiri.")
            assert next_moment() - now == timedelta(seconds=20 * attempt)
            now += timedelta(seconds=20 * attempt)
        run_all_at(now)
    assert (newest().state, newest().error_code) == (State.FAILED, code)
    seen = shown(video, now)
    assert seen.may_retry
    assert seen.detail == sentence(code)
    assert list(published.store().keys("publications")) == []


@pytest.mark.parametrize(("happens", "code", "said"), OF_NOBODY)
def test_what_was_nobodys_fault_goes_on_at_the_next_attempt(
    video, settings, monkeypatch, happens, code, said
):
    with happens(settings, monkeypatch):
        assert worker.run_next(lambda: NOW)
    task = EncodeTask.objects.get(error_code=code)
    assert task.alone is task.short is (code == "out_of_memory")
    run_all_at(NOW + timedelta(minutes=1))
    assert newest().state == State.READY


def test_a_tool_that_is_killed_time_and_again_loses_no_title_before_it_is_a_poison(
    video, settings, monkeypatch
):
    now = NOW
    with breaking(ToolStopped("killed", "by 9"))(settings, monkeypatch):
        for _kill in range(LOSSES // 2):
            run_all_at(now)
            now += timedelta(minutes=1)
        said = shown(video, now).detail
        assert said.startswith("Pengode dihentikan dari luar, mungkin karena memori server habis.")
        assert not EncodeTask.objects.exclude(attempts=0).exists()
        assert not EncodeTask.objects.filter(state=Step.WAITING, alone=False).exists()
        for _kill in range(LOSSES):
            run_all_at(now)
            endings.do_condemn(now)
            now += timedelta(minutes=1)
    assert newest().state == State.FAILED
    assert "dikarantina" in shown(video, now).detail


def test_an_original_that_is_gone_for_good_fails_its_title_at_once(video):
    name = Media.objects.get(video=video).original.name
    originals().save("another.mp4", originals().open(name))
    originals().delete(name)
    assert worker.run_next(lambda: NOW)
    assert (newest().state, newest().error_code) == (State.FAILED, "missing")
    said = shown(video, NOW).detail
    assert said == "Berkas asli tidak ditemukan. Unggah ulang videonya."
    assert list(published.store().keys("publications")) == []


@pytest.mark.parametrize("jumps", [(0, 26), (0, -26), (30, -9000, 9000, 0)])
def test_a_clock_that_jumps_hours_between_tasks_keeps_no_title_waiting(video, jumps):
    hours = cycle(jumps)
    done = 0
    while worker.run_next(lambda: NOW + timedelta(hours=next(hours))):
        done += 1
        assert done < 40
    assert newest().state == State.READY
    assert not EncodeTask.objects.exclude(setbacks=0).exists()


@pytest.mark.parametrize("hours", [9000, -9000])
def test_what_was_put_back_before_a_clock_was_set_right_is_tried_again_soon(
    video, settings, monkeypatch, hours
):
    wrong = NOW + timedelta(hours=hours)
    with full_disk(settings, monkeypatch):
        run_all_at(wrong)
    assert newest().state in OPEN
    run_all_at(NOW)
    assert newest().state == State.READY
