"""What happens on air when something happens to a video."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.reels import reels
from cms.core import facts
from cms.videos import publications
from cms.videos.actions import do_delete_video, do_restore, do_take_down, do_withdraw
from cms.videos.models import Media, Publication
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout import Timeline
from tests.channels.conftest import put_publication

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


@pytest.fixture
def planned(channel, make_video):
    """A video of five minutes that is on after ten minutes, and repeats each day."""
    do_publish_rundown(channel, NOW)
    video = make_video("Kabar (contoh)", 300)
    do_plan(channel, video, NOW + timedelta(seconds=600), NOW)
    return video


def plays(video):
    found = in_force.read("nasional").entries
    return [e for e in found if e.publication == video.media.publication]


def test_a_withdrawn_video_leaves_the_future_and_fillers_take_its_place(planned, clock):
    assert plays(planned)
    do_withdraw(planned, clock(60))
    facts.deliver_due(clock(61))
    assert plays(planned) == []
    rundown = in_force.read("nasional").rundown
    timeline = Timeline(rundown, reels)
    assert timeline.entry(timeline.place_at(ticks_of(NOW) + 700 * 90_000)).kind == "filler"


def test_a_withdrawn_video_that_is_on_air_ends_at_the_first_free_segment(planned, clock):
    do_withdraw(planned, clock(700))
    facts.deliver_due(clock(701))
    (cut,) = plays(planned)
    left = moment_of(cut.end) - clock(701)
    assert timedelta(seconds=2) <= left < timedelta(seconds=6.5)


def test_a_restored_video_comes_back_to_what_is_still_to_come(planned, clock):
    before = plays(planned)
    do_withdraw(planned, clock(60))
    facts.deliver_due(clock(61))
    do_restore(planned, clock(70))
    facts.deliver_due(clock(71))
    assert [e.start for e in plays(planned)] == [e.start for e in before]


def test_a_taken_down_video_leaves_the_future(planned, clock):
    do_take_down(planned, clock(60))
    facts.deliver_due(clock(61))
    assert plays(planned) == []


def test_a_new_encode_is_played_from_then_on_and_the_old_one_is_kept(planned, clock, store):
    clock(700)
    old, new = planned.media.publication, put_publication(store, 500, 300)
    Media.objects.filter(video=planned).update(publication=new)
    Publication.objects.create(id=old, video=planned, created=NOW, retired_at=NOW)
    facts.record("video.encoded", str(planned.pk), {}, clock(700))
    facts.deliver_due(clock(701))
    used = [e.publication for e in in_force.read("nasional").entries if e.kind == "programme"]
    assert used[0] == old
    assert set(used[1:]) == {new}
    assert publications.do_remove_unused(clock(86_400)) == []
    assert publications.do_remove_unused(clock(8 * 86_400)) == []


def test_a_longer_film_in_its_place_moves_what_follows_from_its_next_turn_on(
    planned, channel, make_video, clock, store
):
    do_plan(channel, planned, NOW + timedelta(seconds=3600), NOW)
    follows = make_video("Sesudahnya (contoh)", 60)
    do_plan(channel, follows, NOW + timedelta(seconds=3900), NOW)
    clock(700)
    old, new = planned.media.publication, put_publication(store, 500, 480)
    Media.objects.filter(video=planned).update(publication=new, duration_ms=480_000)
    facts.record("video.encoded", str(planned.pk), {}, clock(700))
    facts.deliver_due(clock(701))
    entries = in_force.read("nasional").entries
    (goes_on,) = (e for e in entries if e.publication == old)
    assert (goes_on.end - goes_on.start) // 90_000 == 300
    replaced = next(e for e in entries if e.publication == new)
    assert (replaced.end - replaced.start) // 90_000 == 480
    after = next(e for e in entries if e.publication == follows.media.publication)
    assert after.start >= replaced.end


def test_an_old_publication_goes_once_no_rundown_names_it(planned, clock, channel):
    old = planned.media.publication
    Media.objects.filter(video=planned).update(publication="")
    Publication.objects.create(id=old, video=planned, created=NOW, retired_at=NOW)
    for hours in range(0, 24 * 4, 6):
        do_publish_rundown(channel, clock(hours * 3600))
    assert publications.do_remove_unused(clock(4 * 86_400)) == [old]


def test_the_still_card_once_encoded_puts_a_waiting_channel_on_air(channel, slate, clock):
    held = slate.media.publication
    Media.objects.filter(video=slate).update(publication="")
    facts.record("video.encoded", str(slate.pk), {}, clock(0))
    facts.deliver_due(clock(1))
    assert in_force.read("nasional") is None
    Media.objects.filter(video=slate).update(publication=held)
    facts.record("video.encoded", str(slate.pk), {}, clock(2))
    facts.deliver_due(clock(3))
    assert in_force.read("nasional") is not None


def test_a_video_that_no_channel_uses_changes_nothing(planned, clock, make_video):
    version = in_force.read("nasional").rundown.version
    do_withdraw(make_video("Lain (contoh)"), clock(60))
    facts.deliver_due(clock(61))
    assert in_force.read("nasional").rundown.version == version


def test_a_deleted_video_leaves_the_future(planned, clock):
    publication = planned.media.publication
    do_delete_video(planned, clock(60))
    facts.deliver_due(clock(61))
    assert publication not in {e.publication for e in in_force.read("nasional").entries}
