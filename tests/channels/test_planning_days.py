"""Days of a channel: what holds on a date, and daily repeat."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cms.channels.planning import Planned, source_day, wishes

WIB = ZoneInfo("Asia/Jakarta")
WIT = ZoneInfo("Asia/Jayapura")
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)


def at(day, hour, minute=0, zone=WIB):
    return datetime(2026, 11, day, hour, minute, tzinfo=zone).astimezone(UTC)


def test_a_day_without_a_plan_repeats_the_last_planned_one():
    planned = [Planned(1, 7, at(24, 8)), Planned(2, 8, at(24, 19, 30))]
    found = wishes(planned, WEDNESDAY, THURSDAY, WIB, repeats=True)
    assert [d.start for d in found] == [at(25, 8), at(25, 19, 30), at(26, 8), at(26, 19, 30)]
    assert all(d.repeated for d in found)


def test_a_day_with_a_plan_of_its_own_does_not_repeat_and_is_repeated_from_then_on():
    planned = [Planned(1, 7, at(24, 8)), Planned(2, 8, at(25, 9))]
    found = wishes(planned, TUESDAY, THURSDAY, WIB, repeats=True)
    assert [(d.video, d.start, d.repeated) for d in found] == [
        (7, at(24, 8), False),
        (8, at(25, 9), False),
        (8, at(26, 9), True),
    ]


def test_without_repeat_only_planned_days_hold():
    planned = [Planned(1, 7, at(24, 8))]
    assert [d.start for d in wishes(planned, TUESDAY, THURSDAY, WIB, repeats=False)] == [at(24, 8)]
    assert source_day([TUESDAY], WEDNESDAY, repeats=False) is None


def test_a_day_is_that_of_the_channels_own_clock():
    early = Planned(1, 7, datetime(2026, 11, 24, 0, 30, tzinfo=WIT).astimezone(UTC))
    assert wishes([early], TUESDAY, TUESDAY, WIT, repeats=False)
    assert not wishes([early], TUESDAY, TUESDAY, WIB, repeats=False)


def test_a_repeat_that_becomes_a_plan_of_its_own_is_the_same_wish():
    repeated = wishes([Planned(1, 7, at(24, 8))], WEDNESDAY, WEDNESDAY, WIB, repeats=True)
    copied = wishes([Planned(5, 7, at(25, 8))], WEDNESDAY, WEDNESDAY, WIB, repeats=True)
    assert [d.id for d in repeated] == [d.id for d in copied]


def test_before_the_first_planned_day_nothing_is_wished():
    assert wishes([Planned(1, 7, at(25, 8))], TUESDAY, TUESDAY, WIB, repeats=True) == []


def test_a_day_of_its_own_may_be_empty():
    planned = [Planned(1, 7, at(24, 8))]
    found = wishes(planned, WEDNESDAY, THURSDAY, WIB, repeats=True, own=[WEDNESDAY])
    assert found == []
