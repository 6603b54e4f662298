"""/healthz answers 200 when web, queue and store work, and says which does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from huey.contrib.djhuey import HUEY

from cms.core import clock, health, tasks
from cms.videos.encoding import workers
from cms.videos.encoding.lanes import Lanes
from media_pipeline.errors import StoreUnavailable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_queue() -> Iterator[None]:
    HUEY.storage.flush_all()
    yield
    HUEY.storage.flush_all()


def test_all_is_well_while_a_worker_reports(client: Client) -> None:
    health.do_beat(clock.now())
    workers.do_report([], clock.now())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"web": "ok", "queue": "ok", "store": "ok", "encoding": "ok"}


def test_a_queue_without_a_worker_is_named(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["queue"] == "no worker has reported yet"
    assert answer.json()["store"] == "ok"


def test_a_worker_that_went_silent_is_named(client: Client) -> None:
    health.do_beat(clock.now() - timedelta(minutes=4))
    assert client.get("/healthz").json()["queue"] == "no worker has reported for three minutes"


def test_a_worker_is_silent_only_after_three_minutes() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    health.do_beat(moment)
    health.check_queue(moment + timedelta(minutes=3))
    with pytest.raises(health.Unwell):
        health.check_queue(moment + timedelta(minutes=3, seconds=1))


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)])
def test_the_clock_of_a_worker_may_differ_from_that_of_the_site(client, monkeypatch, ahead):
    now = clock.now()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(clock, "now", lambda: now + ahead)
        tasks.beat.call_local()
        lanes = Lanes(clock.now, 1)
        lanes.faults = list  # its threads have not begun
        lanes._report()
    answer = client.get("/healthz").json()
    assert (answer["queue"], answer["encoding"]) == ("ok", "ok")
    monkeypatch.setattr(clock, "shared", lambda: now + timedelta(minutes=4))
    answer = client.get("/healthz").json()
    assert answer["queue"] == "no worker has reported for three minutes"
    assert answer["encoding"] == "no worker that encodes has reported for three minutes"


@pytest.mark.real_clock
@pytest.mark.postgres
def test_the_clock_of_the_database_is_in_utc():
    assert clock.shared().utcoffset() == timedelta(0)
    assert abs(clock.shared() - clock.now()) < timedelta(minutes=1)


def test_a_database_that_is_away_is_said_of_each_part_that_needs_it(client, monkeypatch):
    def away(*_arguments):
        raise OperationalError("away")

    health.do_beat(clock.now())
    with connection.execute_wrapper(away):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    told = "the database does not answer"
    assert answer.json() == {"web": told, "queue": "ok", "store": "ok", "encoding": told}
    monkeypatch.setattr(clock, "shared", away)  # which is the database's own, on PostgreSQL
    assert client.get("/healthz").json()["queue"] == told


def test_a_store_that_cannot_be_read_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def version(self, key: str) -> str | None:
            raise StoreUnavailable(key)

    health.do_beat(clock.now())
    monkeypatch.setattr(health, "store", Broken)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["store"] == "the published store cannot be read"


def test_a_store_whose_folder_went_away_is_named(client, settings, tmp_path):
    folder = tmp_path / "new" / "published"
    settings.PUBLISHED = {"kind": "local", "folder": folder}
    assert client.get("/healthz").json()["store"] == "ok"  # a fresh install makes its folder
    folder.rmdir()
    assert client.get("/healthz").json()["store"] == "the published store cannot be read"
