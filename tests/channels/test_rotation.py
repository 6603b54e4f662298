"""What blocks play: playlists in order, rotations, breaks; planning again changes nothing."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cms.channels.planning.rotation import (
    MEMORY,
    Block,
    Candidate,
    Turn,
    fill_blocks,
    fill_in_order,
    fill_in_turn,
    in_turn,
)
from media_pipeline.model.ticks import TIMESCALE

MINUTE, HOUR, DAY = 60 * TIMESCALE, 3600 * TIMESCALE, 86_400 * TIMESCALE
A, B, C, D = (Candidate(n, n * 10 * MINUTE) for n in (1, 2, 3, 4))

candidates = st.lists(
    st.builds(Candidate, st.integers(1, 8), st.integers(MINUTE, 40 * MINUTE)), max_size=8
).map(lambda drawn: list({one.video: one for one in drawn}.values()))
orders = st.sampled_from(["in_order", "rotation", "break"])
plans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 180), st.integers(1, 2), orders), max_size=12
)


def blocks_of(plan):
    drawn = {start: (length, pool, order) for start, length, pool, order in plan}
    return [
        Block(7, start * HOUR, length * MINUTE, pool, order)
        for start, (length, pool, order) in sorted(drawn.items())
    ]


def videos(chosen):
    return [one.video for one in chosen]


def played(days, order, pool, length=HOUR):
    """Return what a daily block plays on each of `days`."""
    blocks = [Block(1, day * DAY, length, 5, order) for day in range(days)]
    return [videos(t) for t in fill_blocks(blocks, {5: pool}, {}, {}).values()]


def test_a_playlist_goes_on_where_it_stopped_last_time():
    assert played(4, "in_order", [A, B, C]) == [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    assert played(4, "in_order", [A, B, C, D]) == [[1, 2, 3], [4, 1], [2, 3], [4, 1]]


def test_a_playlist_stops_before_what_does_not_fit_and_begins_with_it_next_time():
    assert played(3, "in_order", [B, C, D]) == [[2, 3], [4, 2], [3]]


def test_a_video_that_stands_twice_in_a_list_does_not_lead_astray():
    j = Candidate(9, 5 * MINUTE)
    shown = [video for day in played(4, "in_order", [A, j, B, j], 35 * MINUTE) for video in day]
    assert shown == [1, 9, 2, 9] * 3


def test_a_rotation_shows_the_least_recently_aired_first_wherever_it_aired():
    blocks = [Block(1, 0, 30 * MINUTE, 5, "rotation"), Block(2, DAY, 30 * MINUTE, 5, "rotation")]
    found = fill_blocks(blocks, {5: [A, B, C]}, {}, {})
    assert [videos(turns) for turns in found.values()] == [[1, 2], [3]]


def test_a_new_video_goes_first_and_ties_follow_the_list():
    past = [Turn(1, 5), Turn(3, 9)]
    assert videos(in_turn([A, B, C, D], past)) == [2, 4, 1, 3]


def test_a_break_is_never_over_its_length_and_takes_what_fits():
    spots = [Candidate(n, seconds * TIMESCALE) for n, seconds in enumerate((120, 90, 15), 1)]
    assert videos(fill_in_turn(180 * TIMESCALE, spots)) == [1, 3]


def test_one_spot_alone_fills_no_break_by_itself():
    assert videos(fill_in_turn(HOUR, [A], last=1)) == [1]


def test_what_is_longer_than_the_block_does_not_stop_the_list():
    assert played(2, "in_order", [A, Candidate(9, 2 * HOUR), B]) == [[1, 2, 1, 2], [1, 2, 1, 2]]


def test_what_was_settled_stands_and_the_next_block_goes_on_from_it():
    blocks = [Block(1, 0, HOUR, 5, "in_order"), Block(1, DAY, HOUR, 5, "in_order")]
    found = fill_blocks(blocks, {5: [A, B, C]}, {}, {(1, 0): [Turn(1, 0), Turn(2, 10 * MINUTE)]})
    assert videos(found[1, DAY]) == [3, 1, 2]


@given(st.integers(0, 4 * HOUR), candidates, st.integers(1, 8) | st.none())
def test_a_filled_break_fits_and_repeats_nothing_in_a_row(length, offered, last):
    chosen = fill_in_turn(length, offered, last)
    assert sum(one.length for one in chosen) <= length
    assert all(one.video != two.video for one, two in itertools.pairwise(chosen))
    others = [one for one in offered if one.video != last and one.length <= length]
    assert not others or chosen[0] == others[0]


@given(st.integers(0, 4 * HOUR), candidates, st.lists(st.integers(1, 8), max_size=12))
def test_a_playlist_keeps_its_order_and_its_length(length, offered, before):
    chosen = videos(fill_in_order(length, offered, before))
    order = videos(offered)
    if chosen:
        place = order.index(chosen[0])
        assert chosen == [order[(place + n) % len(order)] for n in range(len(chosen))]
        known = [video for video in before if video in order]
        assert not known or chosen[0] == order[(order.index(known[-1]) + 1) % len(order)]


@given(plans, candidates, candidates, st.integers(0, 200))
def test_planning_again_at_any_moment_gives_the_same_turns(plan, one, two, hour):
    blocks, pools = blocks_of(plan), {1: one, 2: two}
    first = fill_blocks(blocks, pools, {}, {})
    now = hour * HOUR
    begun = [block for block in blocks if block.start < now]
    later = [block for block in blocks if block.start >= now]
    past = {
        pool: [turn for block in begun if block.pool == pool for turn in first[block.key]]
        for pool in pools
    }
    again = fill_blocks(later, pools, past, {})
    assert again == {block.key: first[block.key] for block in later}


@given(candidates.filter(lambda offered: len(offered) > 1))
def test_in_a_rotation_nothing_is_forgotten_or_airs_twice_in_a_row(offered):
    longest = max(one.length for one in offered)
    blocks = [Block(1, day * DAY, longest, 5, "rotation") for day in range(2 * len(offered))]
    turns = [t.video for run in fill_blocks(blocks, {5: offered}, {}, {}).values() for t in run]
    assert all(one != two for one, two in itertools.pairwise(turns))
    assert set(turns) == {one.video for one in offered}


def test_turns_of_long_ago_count_for_nothing():
    block = Block(1, MEMORY + DAY, HOUR, 5, "in_order")
    found = fill_blocks([block], {5: [A, B]}, {5: [Turn(1, 0)]}, {})
    assert videos(found[block.key])[0] == 1
