"""Which pictures are looked at, and which become covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.report import Look
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.supplements.pictures import (
    covers,
    grid,
    interval,
    poster_moment,
    sprite_count,
    storyboard_vtt,
)
from tests.media_pipeline.streams import make_video


def planned(seconds: float, rate: int = 25) -> EncodePlan:
    video = make_video(frame_rate=rate, time_base_den=1000)
    source = Source("mov", 1, 0.0, seconds, video)
    return make_plan(source, Extent(0, round(seconds * 1000)))


@pytest.mark.parametrize(
    ("seconds", "between", "sheets"),
    [(0.04, 0.48, 1), (8, 0.48, 1), (45, 1, 1), (140, 2, 1), (600, 4, 2), (21_600, 44, 5)],
)
def test_tiles_are_close_in_short_titles_and_few_in_long_ones(seconds, between, sheets):
    plan = planned(seconds)
    assert interval(plan) == between
    assert sprite_count(plan) == sheets


@given(st.floats(0.04, 22_000), st.sampled_from([24, 25, 30, 50, 60]))
def test_every_title_has_tiles_from_its_start_to_its_end(seconds, rate):
    plan = planned(seconds, rate)
    looked = grid(plan)
    assert 1 <= looked.tiles <= 500
    assert (looked.tiles - 1) * looked.step < plan.frames <= looked.tiles * looked.step
    sheets = tuple(f"s{n}" for n in range(sprite_count(plan)))
    assert storyboard_vtt(plan, sheets).count("-->") == looked.tiles


def looks(count: int, seconds: float) -> list[Look]:
    """Pictures that are as good as each other."""
    return [Look(n * seconds / count, 120, 100, 5) for n in range(count)]


def test_covers_are_spread_over_the_title():
    plan = planned(500)
    assert [int(look.at // 100) for look in covers(plan, looks(125, 500))] == [0, 1, 2, 3, 4]


def test_the_best_cover_stands_first():
    plan, seen = planned(500), looks(125, 500)
    seen[80] = Look(seen[80].at, 120, 100, 9)
    assert covers(plan, seen)[0] == seen[80]
    assert [look.at for look in covers(plan, seen)[1:]] == sorted(
        look.at for look in covers(plan, seen)[1:]
    )


def test_a_title_that_is_blurred_for_most_of_it_takes_all_covers_from_the_rest():
    plan = planned(500)
    seen = [Look(n * 4, 120, 100, 5 if n < 30 else 0.5) for n in range(125)]
    chosen = covers(plan, seen)
    assert len(chosen) > 3
    assert all(look.at < 120 for look in chosen)


@given(
    st.lists(
        st.tuples(st.floats(16, 235), st.floats(0, 200), st.floats(0, 30)), min_size=1, max_size=60
    )
)
def test_any_title_has_one_to_five_covers_at_different_moments(values):
    plan = planned(len(values) * 4)
    seen = [Look(n * 4.0, *value) for n, value in enumerate(values)]
    chosen = covers(plan, seen)
    assert 1 <= len(chosen) <= 5
    assert len({look.at for look in chosen}) == len(chosen)


@given(st.floats(0, 599), st.sampled_from([25, 50]))
def test_a_moment_is_found_in_its_segment(at, rate):
    plan = planned(600, rate)
    moment = poster_moment(plan, Look(at, 120, 100, 5))
    frames = sum(plan.segments[: moment.segment]) + moment.frame * plan.rungs[-1].step
    assert abs(frames / rate - at) <= 2 / rate
    assert 0 <= moment.frame < plan.segments[moment.segment]
