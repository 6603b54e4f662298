"""The lanes of a worker process with real films: side by side, stopped, cancelled."""

import threading

import pytest
from django.db import OperationalError

from cms.core import clock, published
from cms.videos import publications
from cms.videos.actions import do_cancel_encode, do_create_video
from cms.videos.encoding import endings, owners, transcoding
from cms.videos.encoding.lanes import Lanes
from cms.videos.encoding.queueing.claims import ClaimGate
from cms.videos.models import Encode, EncodeTask, WorkerProcess
from cms.videos.models.encode import State
from cms.videos.models.task import Step
from media_pipeline.errors import StoreUnavailable
from tests.videos.films import make_film
from tests.videos.jobs import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lanes():
    """Lanes that are stopped after the test, whatever happens."""
    made = Lanes(clock.now, 1)
    yield made
    made.stop()
    wait_until(lambda: not any(thread.is_alive() for thread in made._threads))


@pytest.fixture
def long_video(pasar_a, long_film):
    """A video whose encode takes longer than a test."""
    return do_create_video(pasar_a, "Panjang (contoh)", long_film, None, clock.now())


def at_work() -> set[str]:
    return set(EncodeTask.objects.filter(state=Step.WORKING).values_list("name", flat=True))


def left_over(folders) -> list[str]:
    scratch = [path.name for path in (folders / "scratch").glob("*")]
    return [*published.store().keys("publications"), *scratch]


def test_a_cancel_stops_all_lanes_of_a_title_and_leaves_nothing(lanes, long_video, folders):
    lanes.start()
    wait_until(lambda: EncodeTask.objects.filter(rank=2, state=Step.WORKING).exists())
    assert left_over(folders)
    assert do_cancel_encode(long_video, clock.now())
    wait_until(lambda: not Encode.objects.get().leftover)
    assert left_over(folders) == []
    assert at_work() == set()


def test_sound_and_opening_are_made_side_by_side_and_nothing_beside_them(
    lanes, long_video, monkeypatch
):
    begun = {name: threading.Event() for name in ("sound", "opening")}
    active: set[str] = set()
    seen: list[frozenset[str]] = []
    run_task = transcoding.run_task

    def spy(original, publication, name, **given):
        active.add(name)
        seen.append(frozenset(active))
        try:
            if name in begun:
                begun[name].set()
                assert all(event.wait(120) for event in begun.values())
            run_task(original, publication, name, **given)
        finally:
            active.discard(name)

    monkeypatch.setattr(transcoding, "run_task", spy)
    lanes.start()
    wait_until(lambda: any("picture-0001" in names for names in seen))
    assert frozenset({"sound", "opening"}) in seen
    assert {name for names in seen if "opening" in names for name in names} == set(begun)


def test_a_process_that_is_asked_to_end_gives_back_its_tasks_and_blames_nobody(lanes, long_video):
    lanes.start()
    wait_until(lambda: EncodeTask.objects.filter(rank=2, state=Step.WORKING).exists())
    lanes.stop()
    wait_until(lambda: not at_work())
    assert not EncodeTask.objects.exclude(setbacks=0, alone=False).exists()
    assert Encode.objects.get().state == State.ENCODING


def test_a_lane_outlives_a_database_that_is_away_for_a_moment(
    lanes, monkeypatch, pasar_a, tmp_path
):
    asked = threading.Event()
    claim = ClaimGate.claim

    def away_at_first(*arguments):
        if not asked.is_set():
            asked.set()
            raise OperationalError("the database is away")
        return claim(*arguments)

    monkeypatch.setattr(ClaimGate, "claim", away_at_first)
    lanes.start()
    assert asked.wait(120)
    path = make_film(tmp_path / "pagi.mp4", seconds=1)
    do_create_video(pasar_a, "Pagi (contoh)", path, None, clock.now())
    wait_until(lambda: Encode.objects.get().state == State.READY)


def test_a_store_that_does_not_answer_holds_up_neither_the_watch_nor_the_reports(
    lanes, monkeypatch, pasar_a, make_video
):
    asked, answers = threading.Event(), threading.Event()

    def waits(_publication):
        asked.set()
        assert answers.wait(240)
        raise StoreUnavailable("away")

    monkeypatch.setattr(publications, "remove_files", waits)
    ended, other = (Encode.objects.get(video=make_video(pasar_a)) for _ in range(2))
    Encode.objects.filter(pk=other.pk).update(video=None)  # nobody is to begin it
    Encode.objects.filter(pk=ended.pk).update(state=State.FAILED, leftover=True)
    lanes.start()
    try:
        assert asked.wait(120)
        lost = owners.new_owner().partition("|")[0] + f"|{2**22 + 1}|gone|1"
        EncodeTask.objects.filter(encode=other).update(state=Step.WORKING, lease_owner=lost)
        wait_until(lambda: not at_work())
        WorkerProcess.objects.all().delete()
        lanes._reported = None  # its time has come
        wait_until(WorkerProcess.objects.exists)
    finally:
        answers.set()


def test_a_store_that_is_away_is_asked_once_a_round_and_each_title_has_its_turn(
    monkeypatch, pasar_a, make_video
):
    titles = [Encode.objects.get(video=make_video(pasar_a)) for _ in range(3)]
    Encode.objects.update(state=State.CANCELLED, leftover=True)
    asked = []

    def away(publication):
        asked.append(publication)
        raise StoreUnavailable("away")

    after = 0
    with monkeypatch.context() as broken:
        broken.setattr(publications, "remove_files", away)
        for _round in range(4):
            after = endings.do_clear_all(after)
    assert asked == [each.publication for each in [*titles, titles[0]]]
    assert endings.do_clear_all(after) == 0
    assert not Encode.objects.filter(leftover=True).exists()
