"""What is different between two plans of a day."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cms.channels.planning.differences import Wanted, differences

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def wanted(video, hour, note=""):
    return Wanted(video, NOON + timedelta(hours=hour), note)


def told(before, after, earliest=-100):
    moment = NOON + timedelta(hours=earliest)
    found = differences(before, after, lambda one: one.start < moment, moment)
    return [
        (c.kind, c.before and c.before.video, c.after and c.after.video, c.too_late) for c in found
    ]


plans = st.lists(
    st.builds(wanted, st.integers(1, 4), st.integers(0, 6), st.sampled_from(["", "a"])),
    max_size=8,
    unique_by=lambda one: (one.video, one.start),
)


def test_what_is_the_same_is_not_told():
    assert told([wanted(1, 1)], [wanted(1, 1)]) == []


def test_each_kind_of_change_is_told_once_in_order_of_time():
    before = [wanted(1, 1), wanted(2, 2), wanted(3, 3), wanted(4, 4)]
    after = [wanted(9, 0), wanted(1, 5), wanted(2, 2, "baru"), wanted(8, 3)]
    assert told(before, after) == [
        ("added", None, 9, False),
        ("moved", 1, 1, False),
        ("changed", 2, 2, False),
        ("changed", 3, 8, False),
        ("removed", 4, None, False),
    ]


def test_what_stands_is_told_as_too_late():
    assert told([wanted(1, 1)], [], earliest=2) == [("removed", 1, None, True)]
    assert told([], [wanted(1, 1)], earliest=2) == [("added", None, 1, True)]
    assert told([wanted(1, 3)], [wanted(1, 1)], earliest=2) == [("moved", 1, 1, True)]
    assert told([wanted(1, 3)], [wanted(1, 4)], earliest=2) == [("moved", 1, 1, False)]


def test_a_later_showing_of_what_stands_is_one_of_its_own():
    before, after = [wanted(1, 1)], [wanted(1, 3)]
    assert told(before, after, earliest=2) == [
        ("removed", 1, None, True),
        ("added", None, 1, False),
    ]


def test_what_moves_goes_to_a_time_that_is_still_free_before_one_that_has_passed():
    before, after = [wanted(1, 5)], [wanted(1, 1), wanted(1, 6)]
    assert told(before, after, earliest=2) == [
        ("added", None, 1, True),
        ("moved", 1, 1, False),
    ]


@given(plans, plans, st.integers(0, 6))
def test_all_that_is_wanted_in_time_is_there_once_what_is_not_too_late_is_done(before, after, hour):
    earliest = NOON + timedelta(hours=hour)
    found = differences(before, after, lambda one: one.start < earliest, earliest)
    made = [c for c in found if not c.too_late]
    held = set(before) - {c.before for c in made} | {c.after for c in made if c.after}
    assert {one for one in after if one.start >= earliest} <= held
    assert {one for one in before if one.start < earliest} <= held


@given(plans, plans)
def test_the_changes_turn_one_plan_into_the_other(before, after):
    found = differences(before, after, lambda _: False, NOON - timedelta(days=9))
    held = set(before) - {c.before for c in found} | {c.after for c in found if c.after}
    assert held == set(after)


@given(plans, plans, st.integers(0, 6))
def test_what_is_too_late_touches_what_stands_and_nothing_else_does(before, after, hour):
    earliest = NOON + timedelta(hours=hour)
    for c in differences(before, after, lambda one: one.start < earliest, earliest):
        starts = [one.start for one in (c.before, c.after) if one]
        assert c.too_late == any(start < earliest for start in starts)
