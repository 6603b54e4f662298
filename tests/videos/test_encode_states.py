"""The table of states: each move happens once, or says that it did not."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, InterfaceError, connection, transaction

from cms.videos import heart as heart_room
from cms.videos import owners, queries, worker
from cms.videos.actions import do_request_encode
from cms.videos.heart import Heart
from cms.videos.models import Encode, Video
from cms.videos.models.encode import ATTEMPTS, LEASE, EncodeQuerySet, State
from tests.videos.conftest import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def encode(make_video, pasar_a) -> Encode:
    return Encode.objects.get(video=make_video(pasar_a))


def state_of(encode) -> str:
    return Encode.objects.get(pk=encode.pk).state


@pytest.mark.django_db
def test_only_the_owner_of_the_lease_moves_a_working_encode(encode):
    assert Encode.objects.claim(encode.pk, "a", NOW)
    assert not Encode.objects.claim(encode.pk, "b", NOW)
    assert not Encode.objects.beat(encode.pk, "b", NOW, State.ENCODING, 0.5, 3)
    assert not Encode.objects.finish(encode.pk, "b", NOW)
    assert not Encode.objects.fail(encode.pk, "b", NOW, "empty", "")
    assert Encode.objects.beat(encode.pk, "a", NOW, State.ENCODING, 0.5, 3)
    assert Encode.objects.finish(encode.pk, "a", NOW)
    assert not Encode.objects.fail(encode.pk, "a", NOW, "empty", "")
    assert state_of(encode) == State.READY


@pytest.mark.django_db
def test_an_expired_lease_is_taken_back_until_no_attempt_is_left(encode):
    for attempt in range(ATTEMPTS):
        assert Encode.objects.claim(encode.pk, f"worker {attempt}", NOW)
        assert Encode.objects.reclaim_expired(NOW + LEASE / 2) == 0
        assert Encode.objects.reclaim_expired(NOW + LEASE * 2) >= 1
    failed = Encode.objects.get(pk=encode.pk)
    assert (failed.state, failed.error_code) == (State.FAILED, "worker_lost")
    assert not Encode.objects.claim(encode.pk, "late", LATER)


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_cannot_finish(encode):
    Encode.objects.claim(encode.pk, "frozen", NOW)
    Encode.objects.reclaim_expired(LATER)
    Encode.objects.claim(encode.pk, "fresh", LATER)
    assert not Encode.objects.finish(encode.pk, "frozen", LATER)
    assert Encode.objects.finish(encode.pk, "fresh", LATER)


@pytest.mark.django_db
def test_cancelling_ends_a_waiting_one_at_once_and_stops_the_heart_of_a_working_one(encode):
    assert Encode.objects.cancel(encode.pk, NOW)
    assert state_of(encode) == State.CANCELLED
    again = do_request_encode(encode.video, NOW)
    Encode.objects.claim(again.pk, "a", NOW)
    assert Encode.objects.cancel(again.pk, NOW)
    assert state_of(again) == State.PROBING
    assert not Encode.objects.beat(again.pk, "a", NOW, State.ENCODING, 0.5, None)
    assert not Encode.objects.finish(again.pk, "a", NOW)
    assert Encode.objects.stop(again.pk, "a", NOW)
    assert not Encode.objects.cancel(again.pk, NOW)


@pytest.mark.django_db
def test_a_cancel_wish_outlives_the_worker_that_should_have_seen_it(encode):
    Encode.objects.claim(encode.pk, "a", NOW)
    Encode.objects.cancel(encode.pk, NOW)
    Encode.objects.reclaim_expired(LATER)
    assert state_of(encode) == State.CANCELLED


@pytest.mark.django_db
def test_an_encode_of_a_deleted_video_stops_and_ends(encode):
    Encode.objects.claim(encode.pk, "a", NOW)
    Video.objects.all().delete()
    assert not Encode.objects.beat(encode.pk, "a", NOW, State.ENCODING, 0.5, None)
    Encode.objects.reclaim_expired(LATER)
    assert state_of(encode) == State.CANCELLED


@pytest.mark.django_db
def test_a_video_has_one_open_encode_whatever_happens(encode):
    with pytest.raises(IntegrityError), transaction.atomic():
        Encode.objects.create(video=encode.video, publication="b" * 32, created=NOW, not_before=NOW)


@pytest.mark.django_db
def test_a_file_that_kills_workers_waits_behind_the_others(encode, make_video, pasar_a):
    Encode.objects.claim(encode.pk, "killed", NOW)
    Encode.objects.reclaim_expired(LATER)
    fresh = Encode.objects.get(video=make_video(pasar_a))
    assert queries.queue_position(Encode.objects.get(pk=encode.pk)) == 2
    assert worker.claim_next("b", LATER) == fresh
    assert worker.claim_next("b", LATER).pk == encode.pk


def test_a_dead_process_of_this_machine_is_known_by_its_name():
    mine = owners.new_owner()
    place, pid, process, _claim = mine.split("|")
    assert not owners.is_dead(mine)
    assert owners.is_dead(f"{place}|{pid}|anotherlife|1")
    assert owners.is_dead(f"{place}|{2**22 + 1}|{process}|1")
    assert not owners.is_dead(f"elsewhere/1|{pid}|x|1")
    assert not owners.is_dead("odd")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_workers_one_gets_the_job(make_video, pasar_a):
    encode = Encode.objects.get(video=make_video(pasar_a))
    gate = threading.Barrier(6)
    won: list[str] = []

    def work(name):
        try:
            gate.wait()
            if claimed := worker.claim_next(name, NOW):
                won.append(claimed.lease_owner)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [Encode.objects.get(pk=encode.pk).lease_owner]
    assert Encode.objects.get(pk=encode.pk).attempts == 1


@pytest.mark.django_db
def test_an_encode_that_begins_while_scratch_is_swept_keeps_its_folder(
    encode, make_video, pasar_a, folders, monkeypatch
):
    (folders / "scratch").mkdir()
    listing = Path.iterdir

    def begins_meanwhile(folder):
        begun = Encode.objects.get(video=make_video(pasar_a, "Sore di pasar (contoh)"))
        worker.scratch_of(begun).mkdir()
        return listing(folder)

    with monkeypatch.context() as racing:
        racing.setattr(Path, "iterdir", begins_meanwhile)
        worker.do_sweep(NOW)
    begun = Encode.objects.exclude(pk=encode.pk).get()
    assert worker.scratch_of(begun).is_dir()


@pytest.mark.django_db
def test_a_connection_lost_between_two_questions_does_not_stop_the_heart(encode, monkeypatch):
    heart = Heart(encode.pk, "a", lambda: NOW)
    monkeypatch.setattr(heart_room.connection, "close", lambda: None)  # the test's own
    with monkeypatch.context() as lost:

        def fails(*_arguments):
            raise InterfaceError("connection already closed")

        lost.setattr(EncodeQuerySet, "holds", fails)
        heart._beat()
    assert not heart.stopped()
    Encode.objects.claim(encode.pk, "a", NOW)
    Encode.objects.cancel(encode.pk, NOW)
    heart._beat()
    assert heart.stopped()
