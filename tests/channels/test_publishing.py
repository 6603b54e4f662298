"""Rundowns in the store: when they are written, what they continue, what is refused."""

import gzip
import hashlib
import sys
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from cms.channels import in_force, publishing
from cms.channels.actions import NotReady, do_extend_all, do_plan, do_publish_rundown
from cms.channels.models import Channel, Filler, RundownRecord
from cms.channels.planning import boundary_of
from cms.videos.models import Media
from media_pipeline.model.keys import (
    day_file,
    generation_mark,
    rundown_file,
    rundown_history_file,
)
from media_pipeline.model.rundown import encode_value
from media_pipeline.model.stored import Day, decode_stored, encode_index, joined
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout import check_rundown

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def test_a_channel_goes_on_air_with_its_window_full(channel, store):
    assert do_publish_rundown(channel, NOW).version == 1
    rundown = in_force.read("nasional").rundown
    assert moment_of(rundown.entries[0].start) == NOW - timedelta(seconds=64)
    assert moment_of(rundown.entries[-1].end) >= at(48)
    assert check_rundown(rundown) == ()
    assert Channel.objects.public().get() == channel


def test_the_guide_lists_only_channels_that_are_on_air_and_listed(channel):
    assert not Channel.objects.public().exists()
    do_publish_rundown(channel, NOW)
    Channel.objects.update(listed=False)
    assert not Channel.objects.public().exists()


def test_history_holds_the_same_bytes_as_what_is_in_force(channel, store):
    do_publish_rundown(channel, NOW)
    data = store.read(rundown_file("nasional"))
    assert gzip.decompress(store.read(rundown_history_file("nasional", 1))) == data
    record = RundownRecord.objects.get()
    assert record.checksum == hashlib.sha256(data).hexdigest()
    assert record.entries == len(in_force.read("nasional").entries)
    assert record.days == [day.name for day in in_force.read("nasional").index.days]
    kept = {day_file("nasional", name) for name in record.days}
    assert set(store.keys("rundowns/nasional")) == kept


def test_each_rundown_has_a_generation_of_its_own_by_which_origins_find_it(channel, store):
    do_publish_rundown(channel, NOW)
    first = store.read(generation_mark())
    do_publish_rundown(channel, at(1))
    assert store.read(generation_mark()) == first
    do_publish_rundown(channel, at(7))
    assert store.read(generation_mark()) != first


def test_publishing_again_without_a_reason_writes_nothing(channel):
    do_publish_rundown(channel, NOW)
    assert do_publish_rundown(channel, NOW + timedelta(minutes=5)) is None
    assert RundownRecord.objects.count() == 1


def test_extension_waits_until_the_horizon_is_near(channel):
    assert do_extend_all(NOW) == 1
    assert do_extend_all(at(5.9)) == 0
    assert do_extend_all(at(6.1)) == 1
    assert RundownRecord.objects.first().ends >= at(48 + 6.1)


def test_an_extension_changes_nothing_that_was_planned(channel):
    do_publish_rundown(channel, NOW)
    before = in_force.read("nasional").rundown
    made = do_publish_rundown(channel, at(7))
    after = in_force.read("nasional").rundown
    assert made.changes_from is None
    assert after.entries[: len(before.entries)] == before.entries


def test_numbers_go_on_over_days_and_the_past_is_trimmed(channel):
    Channel.objects.update(horizon_hours=6)
    for hours in range(0, 24 * 6, 7):
        do_extend_all(at(hours))
    rundown = in_force.read("nasional").rundown
    assert rundown.entries[0].msn > 0
    # Whole days go, so that the files of the others stay what they are.
    assert at(140) - timedelta(days=3) < moment_of(rundown.entries[0].end)
    assert moment_of(rundown.entries[0].start) < at(140) - timedelta(days=2)
    assert check_rundown(rundown) == ()


def test_a_channel_that_ran_out_continues_what_viewers_saw(channel):
    do_publish_rundown(channel, NOW)
    before = in_force.read("nasional").rundown
    do_publish_rundown(channel, at(80))
    after = in_force.read("nasional").rundown
    gone_on = [e for e in after.entries if before.entries[-1].end <= e.start < ticks_of(at(80))]
    assert {e.kind for e in gone_on} == {"slate"}
    assert gone_on[0].msn == before.entries[-1].msn + before.entries[-1].count


def test_without_a_still_card_a_channel_is_not_on_air(channel, slate):
    Media.objects.filter(video=slate).update(publication="")
    with pytest.raises(NotReady):
        do_publish_rundown(channel, NOW)


def test_a_channel_with_nothing_to_show_is_not_on_air(channel):
    channel.fillers.all().delete()
    with pytest.raises(NotReady):
        do_publish_rundown(channel, NOW)


def test_a_rundown_that_would_change_what_was_served_is_refused(channel, store, monkeypatch):
    do_publish_rundown(channel, NOW)
    served = store.read(rundown_file("nasional"))
    monkeypatch.setattr(sys.modules[boundary_of.__module__], "MARGIN", -3600 * 90_000)
    channel.fillers.first().delete()
    with pytest.raises(publishing.Contradiction):
        do_publish_rundown(channel, at(0.5))
    assert store.read(rundown_file("nasional")) == served
    assert RundownRecord.objects.count() == 1


def test_one_channel_that_fails_does_not_keep_others_from_going_on(channel, store, caplog):
    other = Channel.objects.create(cooperative=channel.cooperative, name="Aa", slug="rusak")
    other.planned.create(video=channel.fillers.first().video, start=NOW)
    do_extend_all(NOW)
    broken = in_force.read("rusak").index
    days = (broken.days[0], *broken.days[2:])
    store.write(rundown_file("rusak"), encode_index(replace(broken, days=days)))
    assert do_extend_all(at(12)) == 1
    assert RundownRecord.objects.filter(channel=channel).count() == 2


def test_old_history_is_removed_and_what_catch_up_needs_stays(channel, store):
    for hours in (0, 12, 24 * 5, 24 * 10):
        do_publish_rundown(channel, at(hours))
    assert publishing.do_forget_history(channel, at(24 * 10)) > 1
    folder = rundown_history_file("nasional", 0).rpartition("/")[0]
    # The second one was in force nine days ago: what it promised then is asked for.
    assert list(store.keys(folder)) == [rundown_history_file("nasional", n) for n in (2, 3, 4)]
    for version in (2, 3, 4):
        index = decode_stored(
            gzip.decompress(store.read(rundown_history_file("nasional", version)))
        )
        assert all(store.version(day_file("nasional", day.name)) for day in index.days)
    named = {name for record in channel.rundowns.filter(version__gte=2) for name in record.days}
    assert set(store.keys("rundowns/nasional")) == {day_file("nasional", n) for n in named}
    assert list(channel.rundowns.order_by("version").values_list("version", flat=True)) == [2, 3, 4]
    assert publishing.do_forget_history(channel, at(24 * 10)) == 0


def test_a_day_that_is_over_keeps_its_file_and_is_not_written_again(channel, store):
    Channel.objects.update(horizon_hours=24)
    do_publish_rundown(channel, NOW)
    do_publish_rundown(channel, at(24))
    before = in_force.read("nasional").index.days
    marks = dict(store.versions("rundowns/nasional"))
    do_publish_rundown(channel, at(31))
    after = in_force.read("nasional").index.days
    assert after[: len(before) - 1] == before[:-1]
    assert marks.items() <= dict(store.versions("rundowns/nasional")).items()


def test_a_week_of_the_past_stays_in_the_index_and_planning_does_not_read_it(channel, store):
    Channel.objects.update(horizon_hours=24)
    for hours in range(0, 24 * 12, 21):
        do_extend_all(at(hours))
    now = at(24 * 12 - 15)
    found = in_force.read("nasional")
    whole = joined(found.index, lambda ref: Day(store.read(day_file("nasional", ref.name))))
    assert moment_of(whole.entries[0].start) < now - timedelta(days=7)
    assert now - timedelta(days=10) < moment_of(whole.entries[0].start)
    assert check_rundown(whole.whole()) == ()
    assert moment_of(found.entries[0].start) > now - timedelta(days=4)
    begin = ticks_of(now - timedelta(days=6))
    expected = tuple(e for e in whole.entries if e.end > begin and e.start < begin + 90_000 * 3600)
    assert tuple(in_force.between("nasional", begin, begin + 90_000 * 3600)) == expected
    assert len({day.name[:8] for day in found.index.days}) == len(found.index.days)


def test_what_catch_up_can_show_counts_as_used(channel, store, make_video):
    once = make_video("Sekali (contoh)", 60)
    Channel.objects.update(horizon_hours=24, repeats_daily=False)
    do_extend_all(NOW)
    do_plan(channel, once, at(1), NOW)
    for hours in range(20, 24 * 6, 20):
        do_extend_all(at(hours))
    publication = once.media.publication
    assert publication not in {e.publication for e in in_force.read("nasional").entries}
    assert in_force.publications_in_use({publication}) == {publication}
    for hours in range(24 * 6, 24 * 11, 20):
        do_extend_all(at(hours))
    assert in_force.publications_in_use({publication}) == set()


def test_a_rundown_that_was_written_whole_goes_on_as_day_files_when_a_worker_starts(channel, store):
    do_publish_rundown(channel, NOW)
    old = in_force.read("nasional").rundown
    store.write(rundown_file("nasional"), encode_value(old))
    RundownRecord.objects.update(days=[])
    assert in_force.read("nasional").index is None
    assert do_extend_all(at(1)) == 1
    found = in_force.read("nasional")
    assert found.index is not None
    assert found.rundown.version == old.version + 1
    assert found.entries == old.entries
    assert do_extend_all(at(1.1)) == 0


def test_a_minute_in_which_nothing_ends_asks_the_database_as_little_for_many_as_for_one(
    channel, django_assert_max_num_queries
):
    for number in range(12):
        made = Channel.objects.create(
            cooperative=channel.cooperative, name=f"Contoh {number}", slug=f"contoh-{number}"
        )
        Filler.objects.create(channel=made, video=channel.fillers.first().video, sort_order=0)
    assert do_extend_all(NOW) == 13
    with django_assert_max_num_queries(6):
        assert do_extend_all(at(0.1)) == 0
