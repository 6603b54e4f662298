"""Leases hold and run out by what was seen, whatever people do to clocks."""

import logging
from datetime import timedelta

import pytest
from django.db import InterfaceError

from cms.videos.encoding import heartbeat as heart_room
from cms.videos.encoding import leases, owners, worker
from cms.videos.encoding.heartbeat import Heartbeat
from cms.videos.encoding.leases import LEASE, Lease, Watch
from cms.videos.encoding.queueing.claims import do_claim
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import State
from cms.videos.models.task import Step, TaskQuerySet
from cms.videos.words.states import shown
from tests.videos.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def task(make_video, pasar_a) -> EncodeTask:
    """A task that a worker of another machine has at work."""
    encode = Encode.objects.get(video=make_video(pasar_a))
    return do_claim(EncodeTask.objects.get().pk, encode.pk, "elsewhere/1|1|x|1", NOW)


def test_a_lease_that_stands_still_is_taken_back_after_its_time_by_the_watchs_own_clock(task):
    passed = [0.0]
    watch = Watch(lambda: passed[0])
    year = timedelta(days=365)
    for moment in (NOW, NOW + year, NOW - year):  # clocks that jump
        assert leases.do_take_back(watch, moment) == 0
    passed[0] = LEASE / 2
    assert leases.do_take_back(watch, NOW) == 0
    passed[0] = LEASE + 1
    assert leases.do_take_back(watch, NOW - year) == 1
    task.refresh_from_db()
    assert (task.state, task.lease_owner, task.error_code) == (Step.WAITING, "", "worker_lost")
    assert Encode.objects.get().state == State.WAITING


def test_a_lease_that_is_renewed_holds_however_odd_the_clock_of_its_worker(task):
    passed = [0.0]
    watch = Watch(lambda: passed[0])
    for beat in range(4):
        EncodeTask.objects.beat(task.pk, task.lease_owner, NOW - timedelta(days=beat * 99), 0.1)
        assert leases.do_take_back(watch, NOW) == 0
        passed[0] += LEASE * 0.9


def test_a_watch_that_has_just_begun_waits_for_a_whole_lease():
    watch = Watch(lambda: 10_000.0)
    assert watch.silent([Lease(1, "a", 7)]) == []


def test_what_a_dead_process_of_this_machine_held_is_taken_back_at_once(task):
    mine = owners.new_owner()
    place = mine.partition("|")[0]
    EncodeTask.objects.update(lease_owner=f"{place}|{2**22 + 1}|gone|1")
    assert leases.do_take_back(Watch(), NOW) == 1
    assert worker.run_next(lambda: NOW)  # the first loss costs no time


def test_a_dead_process_of_this_machine_is_known_by_its_name():
    mine = owners.new_owner()
    place, pid, process, _claim = mine.split("|")
    assert not owners.is_dead(mine)
    assert owners.is_dead(f"{place}|{pid}|anotherlife|1")
    assert owners.is_dead(f"{place}|{2**22 + 1}|{process}|1")
    assert not owners.is_dead(f"elsewhere/1|{pid}|x|1")
    assert not owners.is_dead("odd")


def test_a_clock_that_is_set_while_a_task_runs_is_noticed_and_does_no_harm(task, caplog):
    moments = iter([NOW, NOW, NOW + timedelta(hours=3), NOW - timedelta(hours=3)])
    heartbeat = Heartbeat(task, lambda: next(moments))
    heartbeat._beat()
    task.refresh_from_db()
    assert task.error_code == ""
    with caplog.at_level(logging.WARNING):
        heartbeat._beat()
        heartbeat._beat()
    assert "clock" in caplog.text
    assert not heartbeat.stopped()
    said = shown(task.encode.video, NOW)
    assert "Jam server baru saja berubah" in said.detail
    assert EncodeTask.objects.complete(task.pk, task.lease_owner, NOW)


def test_a_connection_lost_between_two_questions_does_not_stop_the_heart(task, monkeypatch):
    other = EncodeTask.objects.get()
    other.lease_owner = "a"
    heartbeat = Heartbeat(other, lambda: NOW)
    monkeypatch.setattr(heart_room.connection, "close", lambda: None)  # the test's own
    with monkeypatch.context() as lost:

        def fails(*_arguments):
            raise InterfaceError("connection already closed")

        lost.setattr(TaskQuerySet, "holds", fails)
        heartbeat._beat()
    assert not heartbeat.stopped()
    EncodeTask.objects.update(lease_owner="a")
    Encode.objects.cancel(task.encode_id, NOW)
    heartbeat._beat()
    assert heartbeat.stopped()
