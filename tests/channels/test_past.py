"""The guide of days that are not decoded any more, also where a channel follows another one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.channels import guide, in_force, past
from cms.channels.actions import do_extend_all, do_publish_rundown
from cms.channels.models import Channel, PlannedEntry
from media_pipeline.model.ticks import moment_of, ticks_of

NOW = datetime(2026, 11, 18, 5, 30, tzinfo=UTC)
DAYS = 6


@pytest.fixture
def line(channel, make_video, jatim):
    """A province that follows the nation, on air for a week with a film an hour."""
    past.forget()
    film = make_video("Film nasional (contoh)", 3000)
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=channel, video=film, start=NOW + timedelta(hours=hour + 0.1))
        for hour in range(12)
    )
    do_publish_rundown(channel, NOW)
    heir = Channel.objects.create(cooperative=jatim, name="Jatim", slug="jatim", parent=channel)
    do_publish_rundown(heir, NOW)
    for hours in range(6, 24 * DAYS + 1, 6):
        do_extend_all(NOW + timedelta(hours=hours))
    return channel, heir


def test_a_channel_that_follows_another_has_the_guide_of_the_same_days(line):
    nation, heir = line
    assert in_force.read(heir.slug).start > in_force.between(nation.slug, 0, 2**60)[0].start
    day = date(2026, 11, 19)
    told, above = guide.day(heir, day), guide.day(nation, day)
    assert [p.title for p in told] == [p.title for p in above]
    assert len([p for p in told if p.kind == "programme"]) >= 12
    pairs = zip(told, above, strict=True)
    assert all(abs(one.start - two.start) <= timedelta(seconds=5) for one, two in pairs)


def test_the_past_of_a_channel_that_follows_another_goes_on_from_day_to_day(line):
    nation, heir = line
    assert guide.day(heir, date(2026, 11, 19)) != []
    for hours in range(24 * DAYS + 6, 24 * (DAYS + 6) + 1, 6):
        do_extend_all(NOW + timedelta(hours=hours))
    later = date(2026, 11, 27)
    assert moment_of(in_force.read(heir.slug).start).date() > later
    told, above = guide.day(heir, later), guide.day(nation, later)
    assert [p.title for p in told] == [p.title for p in above] != []


def test_a_lost_day_of_a_channel_without_a_parent_takes_none_of_its_neighbours(line, store):
    nation, _ = line
    (lost,) = (name for name in in_force.days_of(nation.slug) if name.startswith("20261119"))
    begin, end = (ticks_of(NOW + timedelta(days=days)) for days in (0, 3))
    whole = past.entries_between(nation.slug, begin, end)
    for path in store.folder.rglob(f"*{lost}*"):
        path.unlink()
    past.forget()
    left = past.entries_between(nation.slug, begin, end)
    assert left == [e for e in whole if moment_of(e.start).date() != date(2026, 11, 19)]
    assert {moment_of(e.start).day for e in left} == {18, 20, 21}


def test_a_day_that_is_lost_fails_alone(line, store):
    _, heir = line
    name = min(in_force.days_of("nasional"))
    for path in store.folder.rglob(f"*{name}*"):
        path.unlink()
    past.forget()
    assert guide.day(heir, date(2026, 11, 18)) == []
    assert guide.day(heir, date(2026, 11, 24)) != []
