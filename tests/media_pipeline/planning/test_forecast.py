"""How far a title is, and the time that is left."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.work import Task
from media_pipeline.planning.eta import Standing, fraction_done, later

from .titles import plan, worst_error

START = datetime(2026, 11, 24, tzinfo=UTC)
TASKS = (
    Task("sound", "sound", 0, 0.1),
    Task("opening", "picture", 0, 0.3),
    Task("picture-0001", "picture", 2, 0.6),
)


def after(moments: list[tuple[float, float]]) -> Standing:
    """What is shown after (second, fraction) pairs."""
    standing = Standing()
    for second, fraction in moments:
        standing = later(standing, fraction, START + timedelta(seconds=second))
    return standing


def test_there_is_no_forecast_before_there_is_something_to_judge_by():
    assert after([(0, 0.02)]).eta_seconds is None
    assert after([(0, 0.02), (1, 0.03)]).eta_seconds is None
    assert after([(0, 0.02), (5, 0.02)]).eta_seconds is None


def test_a_steady_pace_is_continued():
    assert after([(n, n / 100) for n in range(51)]).eta_seconds == 50


def test_what_the_machine_did_of_late_counts_not_what_it_did_before():
    slow = [(n, n / 2_000) for n in range(101)]
    fast = [(100 + n, 0.05 + n / 200) for n in range(1, 101)]
    left = after(slow + fast).eta_seconds
    assert left is not None
    assert abs(left - (1 - 0.55) * 200) < 5


def test_between_what_tools_tell_the_time_left_goes_down_and_a_long_silence_costs():
    steady = [(0, 0), (10, 0.1)]
    assert after([*steady, (11, 0.1)]).eta_seconds == 89
    assert after([*steady, (11, 0.1), (12, 0.1)]).eta_seconds == 88
    assert after([*steady, (11, 0.1), (20, 0.1)]).eta_seconds == 0.9 * 18 / 0.1 - 2


def test_a_task_that_begins_again_takes_nothing_back_but_the_forecast_knows_it():
    standing = after([(0, 0), (10, 0.5), (20, 0.25)])
    assert standing.fraction == 0.5
    assert standing.eta_seconds == 60


def test_a_clock_that_is_set_back_is_no_pace():
    standing = after([(100, 0.5), (0, 0.6)])
    assert (standing.fraction, standing.eta_seconds) == (0.6, None)
    assert round(later(standing, 0.7, START + timedelta(seconds=10)).eta_seconds or 0) == 30


def test_a_title_that_is_starved_says_so_until_it_is_nearly_as_fast_as_before():
    steady = [(n, n / 600) for n in range(0, 201, 10)]
    assert not after(steady).slower
    starved = [(200 + n, (200 + n / 5) / 600) for n in range(10, 401, 10)]
    told = [after(steady + starved[:count]).slower for count in range(1, len(starved) + 1)]
    assert told == sorted(told)
    assert told[-1]
    assert not told[5]
    again = [(600 + n, (280 + n) / 600) for n in range(10, 321, 10)]
    told = [after(steady + starved + again[:count]).slower for count in range(1, len(again))]
    assert told == sorted(told, reverse=True)
    assert told[0]


def test_a_title_that_is_slow_all_the_time_is_not_slower_than_expected():
    assert not after([(n, n / 100_000) for n in range(0, 50_000, 50)]).slower


def test_a_clock_that_is_set_back_forgets_what_was_expected():
    steady = [(n, n / 600) for n in range(0, 301, 10)]
    assert after(steady).expected == START + timedelta(seconds=600)
    assert after([*steady, (0, 0.51)]).expected is None


def test_the_end_is_now():
    assert after([(0, 0), (10, 1)]).eta_seconds == 0


def test_tasks_count_by_their_work():
    assert fraction_done(TASKS, {}) == 0
    assert fraction_done(TASKS, {"opening": 0.5}) == 0.15
    assert fraction_done(TASKS, {"opening": 1, "sound": 1, "picture-0001": 2}) == 1


def test_a_standing_is_kept_as_json():
    standing = after([(n, n / 100) for n in range(9)])
    assert msgspec.json.decode(msgspec.json.encode(standing), type=Standing) == standing


@given(st.lists(st.tuples(st.floats(0, 10_000), st.floats(0, 1)), min_size=1, max_size=200))
def test_whatever_comes_the_fraction_never_falls_and_memory_stays_small(moments):
    standing, shown = Standing(), 0.0
    for second, fraction in moments:
        standing = later(standing, fraction, START + timedelta(seconds=second))
        assert standing.fraction >= shown
        assert standing.eta_seconds is None or standing.eta_seconds >= 0
        assert standing.expected is None or not standing.slower or standing.eta_seconds > 0
        assert len(standing.seen) <= 48
        shown = standing.fraction


@pytest.mark.parametrize("seconds", [60, 120, 600, 3600])
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        # No machine agrees with our weights: presets, decoders and disks differ.
        {"rank 0": 1.3, "rank 1": 0.8},
        {"rank 0": 0.8, "rank 1": 1.3},
        {"sound": 3.0},
        {"finish": 1.2},
        {"finish": 0.85},
    ],
)
def test_on_a_steady_machine_the_forecast_is_within_a_quarter_after_a_tenth(seconds, wrong):
    made = plan(seconds=seconds)
    assert worst_error(made, wrong) <= 0.25


@pytest.mark.parametrize("workers", [2, 4])
def test_several_workers_are_foretold_as_well(workers):
    made = plan(seconds=1800, workers=workers)
    assert worst_error(made, {"rank 0": 1.2}, workers) <= 0.25


def test_rungs_in_av1_that_take_longer_than_thought_are_learnt_of_once_they_begin():
    made = plan(seconds=600, av1=True)
    assert worst_error(made, {"rank 3": 1.3}) <= 0.25
