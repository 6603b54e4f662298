"""Threads of a worker outlive whatever goes wrong in one of their turns, and say so once."""

import logging

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client

from cms.core import clock, health
from cms.videos.encoding import lanes as lanes_room
from cms.videos.encoding import workers
from cms.videos.encoding.endurance import LONGEST, Endurance
from cms.videos.encoding.heartbeat import Heartbeat
from cms.videos.encoding.lanes import Lanes
from cms.videos.encoding.queueing.claims import do_claim
from cms.videos.models import Encode, EncodeTask, WorkerProcess
from tests.videos.conftest import NOW
from tests.videos.jobs import wait_until

pytestmark = pytest.mark.postgres
FAULTS = [
    OSError(5, "input/output error"),
    EndpointConnectionError(endpoint_url="x"),
    KeyError("x"),
]


def fails_by(error):
    def fails(*_arguments):
        raise error

    return fails


def test_a_fault_is_told_once_a_cause_and_paused_after_ever_longer(caplog):
    pauses: list[float] = []
    endurance = Endurance("lane sound")
    for _turn in range(9):
        assert endurance.attempt(fails_by(OSError("no disk")), pauses.append) is None
    assert [r.message for r in caplog.records] == ["lane sound: OSError: no disk"]
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == LONGEST
    endurance.attempt(fails_by(OSError("another")), pauses.append)
    assert endurance.fault == "OSError: another"
    assert endurance.attempt(lambda: 7, pauses.append) == 7
    assert endurance.fault == ""
    assert [r.message for r in caplog.records][1:] == [
        "lane sound: OSError: another",
        "lane sound: works again",
    ]
    endurance.attempt(fails_by(OSError("no disk")), pauses.append)
    assert pauses[-1] == 1


@pytest.fixture
def task(make_video, pasar_a, db) -> EncodeTask:
    encode = Encode.objects.get(video=make_video(pasar_a))
    return do_claim(EncodeTask.objects.get().pk, encode.pk, "a", NOW)


@pytest.mark.parametrize("error", FAULTS)
def test_a_heart_beats_on_whatever_goes_wrong_with_figures_and_scratch(
    task, monkeypatch, caplog, error
):
    monkeypatch.setattr("cms.videos.encoding.progress.do_write", fails_by(error))
    monkeypatch.setattr("cms.videos.encoding.scratch.must_give_way", fails_by(error))
    heartbeat = Heartbeat(task, lambda: NOW)
    for _beat in range(3):
        heartbeat._beat()
    task.refresh_from_db()
    assert task.beats == 4  # the claim, and each beat
    assert not heartbeat.stopped()
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 2


def test_figures_that_another_version_has_kept_are_begun_anew(task):
    Encode.objects.update(standing={"odd": 1})
    Heartbeat(task, lambda: NOW)._beat()
    assert isinstance(Encode.objects.get().standing, list)


@pytest.fixture
def lanes(monkeypatch):
    """Lanes that report often and pause shortly, stopped after the test."""
    monkeypatch.setattr(lanes_room, "WATCH", 0.02)
    monkeypatch.setattr("cms.videos.encoding.endurance.SHORTEST", 0.02)
    monkeypatch.setattr("cms.videos.encoding.endurance.LONGEST", 0.05)
    made = Lanes(clock.now, 1)
    yield made
    made.stop()


def encoding_part() -> str:
    return Client().get("/healthz").json()["encoding"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", FAULTS)
def test_a_lane_outlives_every_fault_and_health_names_it_until_it_is_over(
    lanes, monkeypatch, caplog, error
):
    run_next = lanes_room.worker.run_next
    broken = monkeypatch.context()
    with broken as turn:
        turn.setattr(lanes_room.worker, "run_next", fails_by(error))
        lanes.start()
        wait_until(lambda: "lane sound: " in encoding_part())
        assert type(error).__name__ in encoding_part()
        assert Client().get("/healthz").status_code == 503
    assert lanes_room.worker.run_next is run_next
    wait_until(lambda: encoding_part() == "ok")
    told = [r.message for r in caplog.records if r.message.startswith("lane sound: ")]
    assert len(told) == 2  # the fault once, and that it is over


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_is_no_longer_waited_for(lanes):
    lanes.start()
    wait_until(lambda: WorkerProcess.objects.exists())
    lanes.stop()
    assert not WorkerProcess.objects.exists()


@pytest.mark.django_db
def test_health_says_when_nobody_encodes_and_forgets_who_is_no_more():
    with pytest.raises(health.Unwell, match="no worker that encodes"):
        workers.check(NOW)
    workers.do_report([], NOW)
    workers.check(NOW + health.SILENCE)
    with pytest.raises(health.Unwell, match="no worker that encodes"):
        workers.check(NOW + health.SILENCE * 2)
    WorkerProcess.objects.create(name="elsewhere/1|7|x", seen=NOW, fault="lane picture: OSError: x")
    with pytest.raises(health.Unwell, match=r"worker elsewhere \(process 7\): lane picture"):
        workers.check(NOW)
    assert workers.do_forget(NOW) == 0
    assert workers.do_forget(NOW + workers.FORGET * 2) == 2
