"""An operator's encodes go on after the upgrade that gave tasks rows of their own."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.videos.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = [("videos", "0002_direct_uploads")], [("videos", "0005_leases_of_tasks")]


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.fixture
def newest_schema():
    """Whatever a test migrates to, the next one finds the newest."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("newest_schema")
def test_what_waits_and_what_is_at_work_goes_on_and_what_has_ended_stays(pasar_a, make_video):
    videos = [make_video(pasar_a) for _ in range(5)]
    for video in videos:
        video.encodes.all().delete()
    apps = migrate(BEFORE)
    made = {}
    for video, (state, attempts, wish) in zip(
        videos,
        [
            ("waiting", 0, False),
            ("encoding", 1, False),
            ("waiting", 2, False),
            ("probing", 1, True),
            ("ready", 1, False),
        ],
        strict=True,
    ):
        made[video.pk] = apps.get_model("videos", "Encode").objects.create(
            video_id=video.pk,
            publication=f"{video.pk:032x}",
            state=state,
            attempts=attempts,
            cancel_requested=wish,
            created=NOW,
            not_before=NOW,
            lease_owner="old",
        )
    rows = migrate(AFTER).get_model("videos", "Encode").objects
    fresh, working, tried, cancelled, ready = (video.pk for video in videos)
    assert rows.get(video=fresh).tasks.get().name == "prepare"
    for begun in (working, tried):
        again, old = rows.filter(video=begun).order_by("-pk")
        assert (old.state, old.leftover) == ("cancelled", True)
        assert (again.state, again.tasks.get().state) == ("waiting", "waiting")
        assert again.publication != old.publication
    assert rows.get(video=cancelled).state == "cancelled"
    assert rows.get(video=ready).state == "ready"
    assert not rows.get(video=ready).tasks.exists()
