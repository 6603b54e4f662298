"""What holds of the own entries of a channel that inherits, whatever is wished and called."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from cms.channels.planning import MARGIN, Lock, Wish, compose_blocks
from cms.channels.planning.blocks import EARLY
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from tests.channels.made import NOON, SLATE, item, request
from tests.examples import examples

LENGTHS = (4.0, 33.6, 400, 1500, 3 * 3600.0)
ITEMS = tuple(item(n, seconds) for n, seconds in enumerate(LENGTHS, 1))
FILLERS = tuple(item(100 + n, seconds, "filler") for n, seconds in enumerate((8, 40.8), 1))
CALLS = tuple(item(200 + n, seconds, "azan") for n, seconds in enumerate((240, 45.2, 20), 1))
KNOWN = {i.publication: i for i in (*ITEMS, *FILLERS, *CALLS, SLATE)}
BEGIN = ticks_of(NOON)
SEGMENT = 4 * TIMESCALE

plans = st.lists(st.tuples(st.integers(0, 7000), st.integers(0, len(ITEMS) - 1)), max_size=8)
rules = st.sampled_from(["resumes", "shortened", "moves"])
# Minutes: two windows do not meet, and a call is over before the next one.
windows = st.lists(st.integers(0, 120), min_size=2, max_size=4, unique=True).map(
    lambda found: list(zip(sorted(found)[::2], sorted(found)[1::2], strict=False))
)
calls = st.lists(
    st.tuples(st.integers(1, 24), st.integers(-30, 30), st.integers(0, 2)),
    max_size=5,
    unique_by=lambda call: call[0],
).map(lambda found: sorted(found, key=lambda call: call[0]))


def tick(seconds):
    return BEGIN + ticks_in(seconds)


def asked(plan, called, rule, now=NOON):
    drawn = {f"{which}-{at}": (at, which) for at, which in plan}
    wishes = [Wish(i, tick(at), "Contoh", ITEMS[n]) for i, (at, n) in drawn.items()]
    made = request(sorted(wishes, key=lambda wish: wish.start), FILLERS, now=now, hours=2)
    locks = [
        Lock(f"azan-call-{n}", tick(n * 300 + s), ticks_in(240), CALLS[i]) for n, s, i in called
    ]
    known = {p: i.durations for p, i in KNOWN.items()}
    return replace(made, durations=known, locks=locks, interrupts=rule)


def composed(plan, hours, called, rule, seconds=0, before=()):
    spans = [(tick(60 * a), tick(60 * b)) for a, b in hours]
    later = NOON + timedelta(seconds=seconds)
    boundary = ticks_of(later) + (MARGIN if before else 0)
    made = compose_blocks(asked(plan, called, rule, later), spans, before, boundary)
    return made, spans, boundary


def check_runs(runs):
    for run in runs:
        for one, two in pairwise(run):
            assert (two.start, two.msn) == (one.end, one.msn + one.count)
        for e in run:
            borders = KNOWN[e.publication].borders
            assert e.count > 0
            assert e.duration == borders[e.first + e.count] - borders[e.first]
    assert all(one[-1].end <= two[0].start for one, two in pairwise(runs))
    ids = [e.id for run in runs for e in run]
    assert len(set(ids)) == len(ids)


def check_in_time(runs, spans, called, boundary):
    """Own entries end with their window, and no call begins after its moment less EARLY."""
    begun = {}
    for run in runs:
        for e in run:
            if e.kind == "azan":
                begun[e.id] = e.start
            elif e.start >= boundary:
                (window,) = [w for w in spans if w[0] <= e.start < w[1]]
                assert e.end <= window[1]
    for n, seconds, _ in called:
        moment = tick(n * 300 + seconds) - EARLY
        if moment >= boundary + SEGMENT:
            assert moment - SEGMENT < begun[f"azan-call-{n}"] <= moment


@given(plans, windows, calls, rules)
@example([(0, 4), (3600, 4)], [(0, 120)], [], "resumes")
@example([(0, 4)], [(0, 60)], [(6, 0, 0), (12, 0, 0)], "resumes")
@examples(200)
def test_own_entries_keep_to_their_window_and_no_call_is_late(plan, hours, called, rule):
    made, spans, boundary = composed(plan, hours, called, rule)
    check_runs(made.runs)
    check_in_time(made.runs, spans, called, boundary)


@given(plans, windows, calls, rules, plans, calls, st.integers(0, 7000))
@examples(200)
def test_the_same_holds_after_an_edit_at_any_moment_and_what_began_stays(
    plan, hours, called, rule, changed, recalled, seconds
):
    first, _, _ = composed(plan, hours, called, rule)
    made, spans, boundary = composed(changed, hours, recalled, rule, seconds, first.runs)
    check_runs(made.runs)
    after = [e for run in made.runs for e in run]
    for run in first.runs:
        for e in run:
            if e.start < boundary:
                (same,) = [n for n in after if n.start == e.start]
                assert (same.publication, same.first, same.msn) == (e.publication, e.first, e.msn)
                assert same.end >= min(e.end, boundary)
    if not any(run[0].start < boundary < run[-1].end for run in first.runs):
        check_in_time(made.runs, spans, [c for c in recalled if c not in called], boundary)
