"""What holds of every plan, whatever is wished and however often it is edited."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cms.channels.planning import Wish, compose
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from tests.channels.made import NOON, SLATE, item, request

LENGTHS = (4.0, 9.2, 20, 33.6, 60, 90)
ITEMS = tuple(item(n, seconds) for n, seconds in enumerate(LENGTHS, 1))
ALL_FILLERS = tuple(item(100 + n, seconds, "filler") for n, seconds in enumerate((8, 15, 40.8), 1))
KNOWN = {i.publication: i for i in (*ITEMS, *ALL_FILLERS, SLATE)}

fillers = st.integers(0, 3).map(lambda n: ALL_FILLERS[:n])
plans = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, len(ITEMS) - 1) | st.none()), max_size=20
)
edits = st.lists(st.tuples(st.integers(1, 900), plans, fillers), max_size=5)


def wishes_of(plan):
    """Return the wishes of a drawn plan; the same video at the same time is the same wish."""
    drawn = {f"{which}-{at}": (at, which) for at, which in plan}
    return [
        Wish(
            identity,
            ticks_of(NOON) + ticks_in(at),
            "Contoh",
            None if which is None else ITEMS[which],
        )
        for identity, (at, which) in sorted(drawn.items(), key=lambda pair: pair[1][0])
    ]


def asked(plan, filling, now=NOON, hours=1.5):
    made = request(wishes_of(plan), filling, now=now, hours=hours)
    return replace(made, durations={p: i.durations for p, i in KNOWN.items()})


def check_shape(rundown):
    for one, two in zip(rundown.entries, rundown.entries[1:], strict=False):
        assert two.start == one.end
        assert two.msn == one.msn + one.count
        assert two.dsn == one.dsn + 1
    for e in rundown.entries:
        assert 0 < e.count <= len(KNOWN[e.publication].durations)
        assert e.duration == KNOWN[e.publication].borders[e.count]
        assert e.kind in ("filler", "slate") or e.count == len(KNOWN[e.publication].durations)


def timed_segments(rundown):
    return {
        e.msn + k: (e.start + KNOWN[e.publication].borders[k], e.dsn, e.publication, k)
        for e in rundown.entries
        for k in range(e.count)
    }


@given(plans, fillers)
def test_entries_stand_end_to_end_and_reach_the_horizon(plan, filling):
    rundown = compose(asked(plan, filling), None).rundown
    check_shape(rundown)
    assert rundown.entries[-1].end >= ticks_of(NOON) + ticks_in(1.5 * 3600)


@given(plans, fillers)
def test_every_ready_wish_plays_once_in_order_and_on_time_unless_it_is_said(plan, filling):
    made = compose(asked(plan, filling), None)
    played = {e.id: e for e in made.rundown.entries}
    late = {c.wish for c in made.cautions if c.kind == "overlap"}
    ready = [w for w in wishes_of(plan) if w.item]
    assert [e.id for e in made.rundown.entries if e.kind == "programme"] == [w.id for w in ready]
    for w in ready:
        error = played[w.id].start - w.start
        assert abs(error) < 4 * TIMESCALE or (error > 0 and w.id in late)


@given(plans)
def test_no_filler_follows_itself_while_there_is_another(plan):
    rundown = compose(asked(plan, ALL_FILLERS), None).rundown
    for one, two in zip(rundown.entries, rundown.entries[1:], strict=False):
        assert two.kind != "filler" or one.publication != two.publication


@given(plans, fillers, st.integers(0, 5000))
def test_planning_again_at_any_moment_gives_the_same_entries(plan, filling, seconds):
    first = compose(asked(plan, filling), None)
    later = NOON + timedelta(seconds=seconds)
    again = compose(asked(plan, filling, now=later), first.rundown)
    assert again.rundown.entries == first.rundown.entries


@given(plans, fillers, edits)
def test_no_edit_ever_changes_a_segment_before_the_margin(plan, filling, changes):
    now, rundown = NOON, compose(asked(plan, filling), None).rundown
    for after, changed, refilled in changes:
        now += timedelta(seconds=after)
        made = compose(asked(changed, refilled, now=now, hours=3), rundown)
        check_shape(made.rundown)
        old, new = timed_segments(rundown), timed_segments(made.rundown)
        assert all(new.get(n) == s for n, s in old.items() if s[0] < made.frozen)
        rundown = made.rundown
