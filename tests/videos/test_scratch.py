"""Scratch files: whose they are, who removes what is left, and how many bytes they may be."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from cms.videos.actions import do_create_video
from cms.videos.encoding import endings, leases, owners, scratch, worker
from cms.videos.encoding.heartbeat import Heartbeat
from cms.videos.encoding.queueing.claims import do_claim
from cms.videos.encoding.worker import do_plan
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import State
from cms.videos.models.task import LONGEST_BACKOFF, Step
from cms.videos.words.states import shown
from tests.videos.conftest import NOW
from tests.videos.films import make_film
from tests.videos.jobs import job_of, run_all

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
KILOBYTES = 1000


@pytest.fixture
def encode(make_video, pasar_a) -> Encode:
    """A title whose tasks are known."""
    encode = Encode.objects.get(video=make_video(pasar_a))
    do_plan(do_claim(EncodeTask.objects.get().pk, encode.pk, "a", NOW), job_of("0" * 32), NOW)
    return encode


def claimed(encode, name, at=NOW) -> EncodeTask:
    task = EncodeTask.objects.get(encode=encode, name=name)
    return do_claim(task.pk, encode.pk, owners.new_owner(), at)


def fill(folder: Path, kilobytes: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bytes").write_bytes(os.urandom(kilobytes * KILOBYTES))


def test_a_folder_says_whose_it_is_and_goes_when_its_task_is_over(encode, folders):
    task = claimed(encode, "opening")
    with scratch.own_folder(task) as folder:
        assert folder.is_dir()
        assert scratch.owner_of(folder) == task.lease_owner
    assert list((folders / "scratch").iterdir()) == []


def test_what_a_dead_worker_has_left_goes_and_what_is_at_work_stays(encode, folders):
    dead, alive = claimed(encode, "opening"), claimed(encode, "sound")
    gone = scratch.folder_of(encode) / f"opening@{dead.lease_owner.replace('/', '%2F')}"
    fill(gone, 1)
    fill(folders / "scratch" / ("f" * 32) / "sound@somebody", 1)  # of a title that nobody knows
    with scratch.own_folder(alive) as mine:
        scratch.do_clean()
        assert gone.is_dir()  # its lease holds still
        EncodeTask.objects.take_back(dead.pk, dead.lease_owner, dead.beats, NOW)
        again = claimed(encode, "opening")
        with scratch.own_folder(again) as theirs:
            scratch.do_clean()
            assert not gone.exists()
            assert mine.is_dir()
            assert theirs.is_dir()
    assert list((folders / "scratch").iterdir()) == []


def test_the_watch_clears_up_after_a_worker_that_was_killed(encode, monkeypatch, folders):
    dead = claimed(encode, "opening")
    left = scratch.folder_of(encode) / f"opening@{dead.lease_owner.replace('/', '%2F')}"
    fill(left, 1)
    monkeypatch.setattr("cms.videos.encoding.owners.is_dead", lambda owner: True)
    assert leases.do_take_back(leases.Watch(), NOW)
    endings.do_sweep(NOW)
    assert not left.exists()


def test_work_that_needs_more_room_than_there_may_be_waits_with_its_name(
    pasar_a, tmp_path, settings, folders
):
    path = make_film(tmp_path / "pagi.mp4", seconds=1)
    video = do_create_video(pasar_a, "Pagi (contoh)", path, None, NOW)
    settings.SCRATCH_BYTES = 100 * KILOBYTES
    fill(folders / "scratch" / ("f" * 32) / "sound@somebody", 120)
    moment = [NOW]
    for _turn in range(3):
        assert worker.run_next(lambda: moment[0])
        moment[0] += LONGEST_BACKOFF
    encode = Encode.objects.get(video=video)
    assert encode.state == State.WAITING
    assert EncodeTask.objects.get(encode=encode).error_code == "scratch_full"
    said = shown(video, NOW).detail
    assert said.startswith("Ruang kerja pengode di server penuh. Dicoba lagi sendiri.")
    scratch.do_clean()  # whose it was is known no more
    moment[0] += LONGEST_BACKOFF
    assert worker.run_next(lambda: moment[0])
    assert Encode.objects.get(video=video).state == State.ENCODING


def test_copies_of_originals_that_nobody_is_at_make_room(encode, make_video, pasar_a, settings):
    settings.SCRATCH_BYTES = 1000 * KILOBYTES
    idle, busy = encode, Encode.objects.get(video=make_video(pasar_a))
    claimed(busy, "prepare")
    for title in (idle, busy):
        fill(scratch.folder_of(title) / scratch.ORIGINAL, 400)
    scratch.do_check_room(scratch.folder_of(busy), 100 * KILOBYTES)
    assert (scratch.folder_of(idle) / scratch.ORIGINAL).is_dir()  # there is room for all
    scratch.do_check_room(scratch.folder_of(busy), 400 * KILOBYTES)
    assert not (scratch.folder_of(idle) / scratch.ORIGINAL).exists()
    assert (scratch.folder_of(busy) / scratch.ORIGINAL).is_dir()
    with pytest.raises(scratch.ScratchFull, match="SIAR_SCRATCH_BYTES=1000000"):
        scratch.do_check_room(scratch.folder_of(busy), 800 * KILOBYTES)


def test_a_hole_in_a_file_takes_no_room(folders):
    (folders / "scratch").mkdir()
    with (folders / "scratch" / "hole").open("wb") as file:
        file.truncate(10**9)
    assert scratch.used() < 10**5


def test_of_those_that_fill_the_room_the_youngest_gives_way(encode, settings):
    first = claimed(encode, "opening", NOW)
    second = claimed(encode, "sound", NOW + timedelta(seconds=5))
    settings.SCRATCH_BYTES = 100 * KILOBYTES
    with scratch.own_folder(first) as one, scratch.own_folder(second) as two:
        fill(one, 60)
        assert not scratch.must_give_way(second)
        fill(two, 60)
        assert scratch.must_give_way(second)
        assert not scratch.must_give_way(first)


def test_nobody_gives_way_to_a_copy_that_nobody_is_at(encode, make_video, pasar_a, settings):
    task = claimed(encode, "opening", NOW)
    idle = Encode.objects.get(video=make_video(pasar_a))
    settings.SCRATCH_BYTES = 100 * KILOBYTES
    fill(scratch.folder_of(idle) / scratch.ORIGINAL, 80)
    with scratch.own_folder(task) as folder:
        fill(folder, 60)
        assert not scratch.must_give_way(task)
    assert not (scratch.folder_of(idle) / scratch.ORIGINAL).exists()


def test_a_task_that_gives_way_is_put_back_and_no_attempt_is_counted(encode, settings):
    settings.SCRATCH_BYTES = 100 * KILOBYTES
    task = claimed(encode, "opening")
    heartbeat = Heartbeat(task, lambda: NOW)
    with scratch.own_folder(task) as folder:
        fill(folder, 120)
        heartbeat._beat()
        with pytest.raises(scratch.ScratchFull) as full:
            heartbeat.stopped()
    worker._broke(task, NOW, worker.failure(full.value), full.value)
    task.refresh_from_db()
    assert (task.state, task.error_code, task.attempts) == (Step.WAITING, "scratch_full", 0)


@pytest.mark.django_db(transaction=True)
def test_a_title_is_made_within_a_small_room(pasar_a, tmp_path, settings, folders):
    settings.SCRATCH_BYTES = 30_000 * KILOBYTES
    path = make_film(tmp_path / "pagi.mp4", seconds=2)
    do_create_video(pasar_a, "Pagi (contoh)", path, None, NOW)
    run_all()
    assert Encode.objects.get().state == State.READY
    assert list((folders / "scratch").glob("*")) == []


@pytest.mark.django_db(transaction=True)
def test_nobody_claims_a_title_while_its_idle_copy_is_moved_away(encode, settings, monkeypatch):
    settings.SCRATCH_BYTES = 100 * KILOBYTES
    copy = scratch.folder_of(encode) / scratch.ORIGINAL
    fill(copy, 120)
    found_copy, claims = [], []

    def claim():
        claimed(encode, "opening")
        found_copy.append(copy.exists())
        connection.close()

    rename = Path.rename

    def claimed_meanwhile(path, target):
        thread = threading.Thread(target=claim)
        claims.append(thread)
        thread.start()
        thread.join(0.3)
        assert not found_copy, "a claim came between the look and the removal"
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", claimed_meanwhile)
    scratch.do_check_room(scratch.folder_of(encode), 50 * KILOBYTES)
    [thread] = claims
    thread.join()
    assert found_copy == [False]  # the claim came after: it fetches all anew


def test_a_claim_that_was_faster_keeps_its_copy(encode, settings, monkeypatch):
    settings.SCRATCH_BYTES = 100 * KILOBYTES
    copy = scratch.folder_of(encode) / scratch.ORIGINAL
    fill(copy, 120)
    locked = scratch.locked

    def after_a_claim(pk):
        claimed(encode, "opening")
        return locked(pk)

    monkeypatch.setattr(scratch, "locked", after_a_claim)
    with pytest.raises(scratch.ScratchFull):
        scratch.do_check_room(scratch.folder_of(encode), 50 * KILOBYTES)
    assert copy.is_dir()
