"""Somebody cuts in while the planning job is at the same channel: neither loses the other's write."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from cms.channels import in_force
from cms.channels.actions import do_extend_all, do_plan, do_publish_rundown
from cms.channels.cutin.actions import do_cut_in
from cms.channels.models import CutIn, RundownRecord
from cms.channels.reels import reels
from cms.core import published
from media_pipeline.model.keys import rundown_file
from media_pipeline.model.stored import decode_stored
from media_pipeline.playout import check_rundown
from tests.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
ROUNDS = 6


def test_a_cut_in_and_the_planning_job_keep_what_the_other_wrote(channel, make_video):
    do_plan(channel, make_video("Film (contoh)", 600), NOW, NOW)
    do_publish_rundown(channel, NOW)
    news = make_video("Kabar (contoh)", 60)
    for number in range(1, ROUNDS):
        # Each time the horizon of the last rundown is near, so the job has something to write.
        now = NOW + timedelta(hours=7 * number)
        film = make_video(f"Nanti {number} (contoh)", 60)
        start = now + timedelta(hours=2)
        at_once(
            lambda now=now: do_cut_in(channel, news, returns="rejoins", by=None, clock=lambda: now),
            lambda now=now: do_extend_all(now),
            lambda now=now, film=film, start=start: do_plan(channel, film, start, now),
        )
        in_force.forget()
        entries = in_force.read("nasional").entries
        made = CutIn.objects.order_by("-pk").first()
        assert [e.id for e in entries].count(made.entry_id) == 1
        assert film.title in {e.title for e in entries}
        assert check_rundown(in_force.read("nasional").lineup, reels) == ()
        newest = RundownRecord.objects.order_by("-version").first()
        index = decode_stored(published.store().read(rundown_file("nasional")))
        assert index.version == newest.version
