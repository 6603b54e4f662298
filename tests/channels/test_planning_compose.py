"""A rundown from wishes: soft starts, gaps, order, what is frozen, numbers."""

import itertools
from dataclasses import replace
from datetime import timedelta

from cms.channels.planning import MARGIN, boundary_of, compose
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from tests.channels.made import FILLERS, NOON, SLATE, item, request, segments, wish

SECOND = TIMESCALE


def programmes(plan):
    return [e for e in plan.rundown.entries if e.kind == "programme"]


def entry(plan, identity):
    return next(e for e in plan.rundown.entries if e.id == identity)


def timed(entries):
    """Return (start tick, number, discontinuity, publication, index) of each segment."""
    known = {i.publication: i for i in (*FILLERS, SLATE, item(1, 60), item(2, 40))}
    return [
        (e.start + known[e.publication].borders[k], *segment)
        for e in entries
        for k, segment in enumerate(segments([e]))
    ]


def test_a_new_channel_has_a_full_window_behind_it():
    plan = compose(request([]), None)
    assert plan.rundown.entries[0].start == ticks_of(NOON) - 64 * SECOND
    assert plan.rundown.version == 1
    assert plan.rundown.entries[0].msn == plan.rundown.entries[0].dsn == 0


def test_it_reaches_the_horizon():
    plan = compose(request([wish(1, 600, item(1, 60))], hours=48), None)
    assert plan.rundown.entries[-1].end >= ticks_of(NOON) + 48 * 3600 * SECOND


def test_a_programme_starts_within_four_seconds_of_its_time_after_a_gap():
    for at in range(301, 340):
        plan = compose(request([wish(1, at, item(1, 60))]), None)
        error = entry(plan, "w1").start - (ticks_of(NOON) + at * SECOND)
        assert abs(error) < 4 * SECOND


def test_programmes_that_touch_follow_each_other_without_a_filler():
    plan = compose(request([wish(1, 60, item(1, 48)), wish(2, 108, item(2, 20))]), None)
    assert entry(plan, "w2").dsn == entry(plan, "w1").dsn + 1


def test_programmes_that_overlap_play_whole_one_after_the_other_and_it_is_said():
    played = {n: item(n, seconds) for n, seconds in ((1, 60), (2, 60), (3, 8))}
    wishes = [wish(2, 90, played[2]), wish(1, 60, played[1]), wish(3, 90, played[3])]
    plan = compose(request(wishes), None)
    assert [e.id for e in programmes(plan)] == ["w1", "w2", "w3"]
    assert [e.count for e in programmes(plan)] == [15, 15, 2]
    assert [c.wish for c in plan.cautions if c.kind == "overlap"] == ["w2", "w3"]


def test_a_wish_that_is_hours_late_is_dropped_and_it_is_said():
    long = item(1, 3 * 3600)
    plan = compose(request([wish(1, 60, long), wish(2, 120, item(2, 20))], hours=4), None)
    assert [e.id for e in programmes(plan)] == ["w1"]
    assert [c.wish for c in plan.cautions if c.kind == "dropped"] == ["w2"]


def test_a_gap_is_filled_with_whole_fillers_in_turn_and_one_that_is_cut():
    plan = compose(request([wish(1, 300, item(1, 60))]), None)
    before = plan.rundown.entries[: plan.rundown.entries.index(entry(plan, "w1"))]
    whole = {i.publication: len(i.durations) for i in (*FILLERS, SLATE)}
    assert all(e.count == whole[e.publication] for e in before[:-1])
    assert [e.publication for e in before[:3]] == [f.publication for f in FILLERS]
    assert [c.kind for c in plan.cautions] == ["gap"]


def test_without_fillers_the_still_card_plays_and_it_is_said():
    plan = compose(request([wish(1, 300, item(1, 60))], fillers=()), None)
    assert {e.kind for e in plan.rundown.entries} == {"slate", "programme"}
    assert plan.cautions[0].kind == "slate"


def test_one_filler_alone_may_follow_itself():
    plan = compose(request([], fillers=FILLERS[:1]), None)
    assert {e.publication for e in plan.rundown.entries} == {FILLERS[0].publication}


def test_a_video_that_is_not_ready_leaves_its_place_to_fillers():
    plan = compose(request([wish(1, 300, None)]), None)
    assert programmes(plan) == []
    assert [(c.kind, c.wish) for c in plan.cautions] == [("not_ready", "w1")]


def test_the_same_wish_twice_plays_once():
    plan = compose(request([wish(1, 60, item(1, 20)), wish(1, 60, item(1, 20))]), None)
    assert len(programmes(plan)) == 1


def test_planning_again_later_changes_nothing():
    wishes = [wish(n, 100 * n, item(n % 7, 20 + 11 * (n % 7))) for n in range(1, 34)]
    first = compose(request(wishes), None)
    for seconds in range(0, 3400, 37):
        again = compose(request(wishes, now=NOON + timedelta(seconds=seconds)), first.rundown)
        assert again.rundown.entries == first.rundown.entries


def test_an_edit_changes_nothing_before_the_margin():
    first = compose(request([wish(1, 300, item(1, 60))]), None)
    now = NOON + timedelta(seconds=200)
    edited = compose(request([wish(2, 205, item(2, 40))], now=now), first.rundown)
    edge = boundary_of(first.rundown, now)
    assert edge == ticks_of(now) + MARGIN
    stands = [s for s in timed(first.rundown.entries) if s[0] < edge]
    assert timed(edited.rundown.entries)[: len(stands)] == stands


def test_a_filler_on_air_is_cut_for_a_programme_that_is_put_in_at_once():
    fillers = (item(101, 600, "filler"), item(102, 600, "filler"))
    first = compose(request([], fillers), None)
    now = NOON + timedelta(seconds=100)
    edited = compose(request([wish(1, 120, item(1, 60))], fillers, now=now), first.rundown)
    error = entry(edited, "w1").start - (ticks_of(NOON) + 120 * SECOND)
    assert abs(error) < 4 * SECOND


def test_a_filler_is_never_cut_within_the_margin_however_near_the_programme_is():
    fillers = (item(101, 600, "filler"), item(102, 600, "filler"))
    first = compose(request([], fillers), None)
    for tenth in range(1000, 1080):
        now = NOON + timedelta(seconds=tenth / 10)
        wishes = [wish(1, tenth / 10 + 12, item(1, 60))]
        edited = compose(request(wishes, fillers, now=now), first.rundown)
        kept = edited.rundown.entries[0]
        assert kept.end >= boundary_of(first.rundown, now)


def test_a_programme_on_air_plays_to_its_end_when_it_is_unplanned():
    first = compose(request([wish(1, 60, item(1, 300))]), None)
    edited = compose(request([], now=NOON + timedelta(seconds=100)), first.rundown)
    assert entry(edited, "w1") == entry(first, "w1")


def test_a_withdrawn_programme_ends_at_the_first_free_segment():
    withdrawn = item(1, 300)
    first = compose(request([wish(1, 60, withdrawn), wish(2, 900, withdrawn)]), None)
    now = NOON + timedelta(seconds=100)
    gone = request(
        [wish(1, 60, None), wish(2, 900, None)],
        now=now,
        barred=frozenset({withdrawn.publication}),
    )
    gone = replace(gone, durations={**gone.durations, withdrawn.publication: withdrawn.durations})
    plan = compose(gone, first.rundown)
    left = [e for e in plan.rundown.entries if e.publication == withdrawn.publication]
    edge = boundary_of(first.rundown, now)
    assert len(left) == 1
    assert edge <= left[0].end < edge + ticks_in(4.5)


def test_a_programme_that_was_promised_late_still_plays_after_its_own_time():
    wishes = [wish(1, 60, item(1, 300)), wish(2, 120, item(2, 60))]
    first = compose(request(wishes), None)
    again = compose(request(wishes, now=NOON + timedelta(seconds=200)), first.rundown)
    assert entry(again, "w2") == entry(first, "w2")


def test_a_wish_in_the_past_is_not_played_late():
    first = compose(request([]), None)
    now = NOON + timedelta(seconds=600)
    plan = compose(request([wish(1, 500, item(1, 60))], now=now), first.rundown)
    assert programmes(plan) == []


def test_a_clock_that_went_back_does_not_free_what_was_served():
    first = compose(request([]), None)
    second = compose(request([], now=NOON + timedelta(minutes=30)), first.rundown)
    back = request([wish(1, 700, item(1, 60))], now=NOON + timedelta(minutes=10))
    plan = compose(back, second.rundown)
    assert "w1" not in {e.id for e in plan.rundown.entries}
    assert plan.frozen == boundary_of(second.rundown, NOON + timedelta(minutes=30))


def test_numbers_go_on_after_the_past_is_trimmed():
    wishes = [wish(n, 100 * n, item(n, 60)) for n in range(1, 30)]
    first = compose(request(wishes), None)
    keep_from = ticks_of(NOON) + ticks_in(900)
    later = request(wishes, now=NOON + timedelta(minutes=30), keep_from=keep_from)
    trimmed = compose(later, first.rundown)
    assert trimmed.rundown.entries[0].end > keep_from
    assert set(segments(trimmed.rundown.entries)) < set(segments(first.rundown.entries))


def test_a_filler_is_never_the_same_as_what_stands_beside_its_gap():
    """Also where it would fit, and where it is planned as a programme itself."""
    three = (item(101, 16, "filler"), item(102, 32, "filler"), item(103, 24, "filler"))
    for at in range(300, 420, 4):
        for planned in (item(101, 16), item(102, 32)):
            wishes = [wish(1, at, planned), wish(2, at + 100, planned)]
            entries = compose(request(wishes, fillers=three), None).rundown.entries
            pairs = itertools.pairwise(entries)
            assert all(one.publication != two.publication for one, two in pairs), at
