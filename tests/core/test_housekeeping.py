"""What nobody needs any more is forgotten; what is in use stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.tasks import task
from huey.contrib.djhuey import HUEY

from cms.core import clock, health, housekeeping

NOW = datetime(2026, 11, 24, 20, 17, tzinfo=UTC)
DAY = timedelta(days=1)


@task(backend="jobs")
def break_or_not(broken: bool) -> str:
    """A task of a test."""
    if broken:
        raise RuntimeError("not today")
    return "done"


@pytest.fixture
def queue() -> Iterator[None]:
    """An empty queue, before and after."""
    HUEY.storage.flush_all()
    yield
    HUEY.storage.flush_all()


@pytest.mark.django_db
def test_sessions_that_have_ended_go_and_the_others_stay() -> None:
    for name, ends in (("over", NOW - DAY), ("open", NOW + DAY)):
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
    assert housekeeping.do_purge_sessions(NOW) == 1
    assert SessionStore().exists("open")
    assert not SessionStore().exists("over")


@pytest.mark.django_db
@pytest.mark.parametrize("model", [AccessAttempt, AccessFailureLog, AccessLog])
def test_addresses_of_who_signed_in_are_kept_for_a_week_and_no_longer(model: type) -> None:
    required = {"failures_since_start": 1} if model is AccessAttempt else {}
    for days in (6, 8):
        row = model.objects.create(username=f"{days} days", ip_address="114.10.1.2", **required)
        model.objects.filter(pk=row.pk).update(attempt_time=NOW - days * DAY)
    assert housekeeping.do_purge_sign_ins(NOW) == 1
    assert [row.username for row in model.objects.all()] == ["6 days"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_records_of_tasks_go_after_a_day_with_their_failures(queue: None) -> None:
    health.do_beat(clock.now())
    for broken in (False, True):
        break_or_not.enqueue(broken)
        HUEY.execute(HUEY.dequeue())
    assert HUEY.result_count() == 4, "two records, a failure and the worker's heartbeat"
    assert housekeeping.do_purge_results(clock.now() + DAY / 2) == 0
    assert housekeeping.do_purge_results(clock.now() + DAY * 1.1) == 2
    assert HUEY.result_count() == 1
    health.check_queue(clock.now())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_task_that_has_waited_longer_than_that_still_runs(queue: None) -> None:
    break_or_not.enqueue(False)
    assert housekeeping.do_purge_results(clock.now() + DAY * 1.1) == 1
    waiting = HUEY.dequeue()
    assert waiting is not None
    HUEY.execute(waiting)
    assert HUEY.result_count() == 0
