"""What editors may do with the plan, and what follows on air."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.channels import in_force
from cms.channels.actions import (
    do_change,
    do_own_day,
    do_plan,
    do_publish_rundown,
    do_repeat_day,
    do_unplan,
    earliest_start,
)
from cms.channels.models import PlannedEntry, RundownRecord
from cms.core.refusals import Refused
from cms.videos.models import Media
from media_pipeline.model.ticks import moment_of

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def programmes():
    entries = in_force.read("nasional").entries
    return [(e.title, moment_of(e.start)) for e in entries if e.kind == "programme"]


@pytest.fixture
def on_air(channel):
    do_publish_rundown(channel, NOW)
    return channel


def test_an_entry_is_on_air_at_its_time_and_the_change_is_told_to_the_second(on_air, make_video):
    edit = do_plan(on_air, make_video("Kabar (contoh)", 60), after(600), NOW)
    title, start = programmes()[0]
    assert title == "Kabar (contoh)"
    assert abs(start - after(600)) < timedelta(seconds=4)
    assert after(560) < edit.published.changes_from <= start


def test_what_has_aired_is_refused_with_the_first_time_that_can_be_had(on_air, make_video):
    with pytest.raises(Refused, match=r"Pukul 12\.29\.00.WIB sudah tayang"):
        do_plan(on_air, make_video("Kabar (contoh)"), after(-60), NOW)
    assert earliest_start(on_air, NOW) == after(12)
    assert not PlannedEntry.objects.exists()


def test_a_video_that_is_not_published_is_refused(on_air, make_video):
    with pytest.raises(Refused, match="belum dapat ditayangkan"):
        do_plan(on_air, make_video("Draf (contoh)", live=False), after(600), NOW)


def test_the_same_entry_twice_is_refused(on_air, make_video):
    video = make_video("Kabar (contoh)")
    do_plan(on_air, video, after(600), NOW)
    with pytest.raises(Refused, match="sudah ada"):
        do_plan(on_air, video, after(600), NOW)


def test_a_moved_entry_plays_at_its_new_time_only(on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    do_change(entry, entry.video, after(1200), NOW, "Sore")
    today = [start for _title, start in programmes() if start < after(86_000)]
    assert len(today) == 1
    assert abs(today[0] - after(1200)) < timedelta(seconds=4)


def test_an_entry_taken_off_gives_its_place_to_fillers(on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    do_unplan(entry, NOW)
    assert programmes() == []


def test_an_entry_on_air_cannot_be_moved_or_taken_off(on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)", 300), after(600), NOW).entry
    with pytest.raises(Refused, match="sedang tayang"):
        do_unplan(entry, after(700))
    with pytest.raises(Refused, match="sedang tayang"):
        do_change(entry, entry.video, after(2000), after(700), "")
    assert PlannedEntry.objects.get().start == after(600)


def test_a_late_entry_may_still_be_moved_after_its_own_time(on_air, make_video):
    do_plan(on_air, make_video("Panjang (contoh)", 300), after(600), NOW)
    late = do_plan(on_air, make_video("Telat (contoh)"), after(660), NOW).entry
    do_change(late, late.video, after(1200), after(700), "")
    assert abs(dict(reversed(programmes()))["Telat (contoh)"] - after(1200)) < timedelta(seconds=4)


def test_an_edit_of_a_day_that_repeats_copies_it_and_changes_that_day_only(on_air, make_video):
    kabar, dapur = make_video("Kabar (contoh)"), make_video("Dapur (contoh)")
    do_plan(on_air, kabar, after(600), NOW)
    day = timedelta(days=1)
    do_plan(on_air, dapur, after(3600) + day, NOW)
    assert [(e.video, e.start) for e in on_air.planned.all()] == [
        (kabar, after(600)),
        (kabar, after(600) + day),
        (dapur, after(3600) + day),
    ]
    titles = [(t, s.day) for t, s in programmes()]
    assert titles[:3] == [("Kabar (contoh)", 24), ("Kabar (contoh)", 25), ("Dapur (contoh)", 25)]


def test_a_day_of_its_own_with_the_same_entries_changes_nothing_on_air(on_air, make_video):
    do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW)
    version = RundownRecord.objects.first().version
    assert do_own_day(on_air, date(2026, 11, 25)) == 1
    assert do_publish_rundown(on_air, after(10)) is None
    assert RundownRecord.objects.first().version == version


def test_an_edit_that_cannot_be_put_on_air_changes_nothing(on_air, make_video, monkeypatch):
    def fail(*_arguments):
        raise ValueError("the store is full")

    monkeypatch.setattr("cms.channels.publishing._write", fail)
    with pytest.raises(ValueError, match="full"):
        do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW)
    assert not PlannedEntry.objects.exists()


def test_a_channel_that_is_not_ready_keeps_its_plan(channel, slate, make_video):
    Media.objects.filter(video=slate).update(publication="")
    edit = do_plan(channel, make_video("Kabar (contoh)"), after(600), NOW)
    assert edit.published is None
    assert PlannedEntry.objects.get() == edit.entry


def test_a_repeated_day_that_is_emptied_stays_empty_until_it_is_to_repeat_again(on_air, make_video):
    do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW)
    tomorrow = date(2026, 11, 25)
    do_own_day(on_air, tomorrow)
    do_unplan(on_air.planned.get(start__gt=after(3600)), NOW)
    assert [s.day for _t, s in programmes()] == [24]
    do_repeat_day(on_air, tomorrow, NOW)
    assert [s.day for _t, s in programmes()][:2] == [24, 25]


def test_a_day_that_has_begun_cannot_be_made_a_repeat(on_air):
    with pytest.raises(Refused, match="sudah berjalan"):
        do_repeat_day(on_air, date(2026, 11, 24), NOW)
