"""What holds of every plan with cut-ins, whatever is wished and whenever somebody cuts in."""

from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from cms.channels.planning import CutIn, Lock, Wish, compose
from cms.channels.planning.work import LATEST
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.ticks import TIMESCALE, moment_of, ticks_in, ticks_of
from tests.channels.made import NOON, SLATE, item, request
from tests.examples import examples

LENGTHS = (4.0, 33.6, 90, 400, 1500, 2700.4)
ITEMS = tuple(item(n, seconds) for n, seconds in enumerate(LENGTHS, 1))
URGENT = tuple(item(300 + n, seconds) for n, seconds in enumerate((8, 61.2, 610, 1900), 1))
FILLERS = tuple(item(100 + n, seconds, "filler") for n, seconds in enumerate((8, 15, 40.8), 1))
CALLS = tuple(item(200 + n, seconds, "azan") for n, seconds in enumerate((300, 45.2), 1))
KNOWN = {i.publication: i for i in (*ITEMS, *URGENT, *FILLERS, *CALLS, SLATE)}
BEGIN = ticks_of(NOON)
HOURS = 1.5
SEGMENT = 4 * TIMESCALE

fillers = st.integers(0, 3).map(lambda n: FILLERS[:n])
plans = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, len(ITEMS) - 1)), max_size=12)
rules = st.sampled_from(["resumes", "shortened", "moves"])
ways = st.sampled_from(["rejoins", "resumes", "restarts"])
calls = st.lists(
    st.tuples(st.integers(0, 700), st.integers(20, 300), st.sampled_from(CALLS)),
    max_size=4,
    unique_by=lambda call: call[0],
).map(lambda found: sorted(found, key=lambda call: call[0]))
# Seconds to wait, what to cut in with or None to end the one that is on, and how it returns.
presses = st.lists(
    st.tuples(st.integers(13, 900), st.sampled_from(URGENT) | st.none(), ways),
    min_size=1,
    max_size=4,
)
worlds = st.tuples(plans, fillers, calls, rules)


def wishes_of(plan):
    drawn = {f"{which}-{at}": (at, which) for at, which in plan}
    made = [Wish(i, BEGIN + ticks_in(at), "Contoh", ITEMS[n]) for i, (at, n) in drawn.items()]
    return sorted(made, key=lambda wish: wish.start)


def locks_of(drawn):
    return [
        Lock(f"azan-{at}", BEGIN + ticks_in(at * 8), ticks_in(length), call)
        for at, length, call in drawn
    ]


def plan(world, now, previous=None, cuts=(), boundary=None):
    wished, filling, called, rule = world
    made = request(wishes_of(wished), filling, now=now, hours=HOURS)
    asked = replace(
        made,
        durations={p: i.durations for p, i in KNOWN.items()},
        locks=locks_of(called),
        interrupts=rule,
        cut_ins=cuts,
        boundary=boundary,
    )
    return compose(asked, previous)


def border_after(rundown, tick):
    """The first border of `rundown` that is not before `tick`."""
    entry = next(e for e in rundown.entries if e.end >= tick)
    borders = KNOWN[entry.publication].borders
    zero = entry.start - borders[entry.first]
    return zero + borders[bisect_left(borders, tick - zero, entry.first)]


def pressed(world, pressing):
    """Press the buttons; yield the moment, the boundary and the rundown, before and after each."""
    now, cuts = NOON, []
    rundown = plan(world, now).rundown
    for number, (wait, what, returns) in enumerate(pressing):
        now += timedelta(seconds=wait)
        before, free = rundown, border_after(rundown, ticks_of(now) + 2 * SEGMENT)
        running = (
            bool(cuts)
            and cuts[-1].end is None
            and any(whole_of(e.id) == cuts[-1].id and e.end > free for e in rundown.entries)
        )
        if running:
            cuts[-1] = replace(cuts[-1], end=max(free, cuts[-1].at))
        if what is not None:
            cuts.append(CutIn(f"sela-{number}", free, what, returns))
        rundown = plan(world, now, before, tuple(cuts), free).rundown
        yield now, free, before, rundown, tuple(cuts)


def check_shape(rundown):
    assert len({e.id for e in rundown.entries}) == len(rundown.entries)
    for one, two in pairwise(rundown.entries):
        assert two.start == one.end
        assert two.msn == one.msn + one.count
        assert two.dsn == one.dsn + 1
    for e in rundown.entries:
        borders = KNOWN[e.publication].borders
        assert e.count > 0
        assert e.first + e.count < len(borders)
        assert e.duration == borders[e.first + e.count] - borders[e.first]


def timed_segments(rundown):
    found = {}
    for e in rundown.entries:
        borders = KNOWN[e.publication].borders
        for k in range(e.count):
            start = e.start + borders[e.first + k] - borders[e.first]
            found[e.msn + k] = (start, e.dsn, e.publication, e.first + k)
    return found


@given(worlds, presses)
@examples(300)
def test_a_cut_in_changes_no_segment_before_its_border_and_begins_there(world, pressing):
    for _now, free, before, after, cuts in pressed(world, pressing):
        check_shape(after)
        old, new = timed_segments(before), timed_segments(after)
        assert all(new.get(n) == s for n, s in old.items() if s[0] < free)
        last = cuts[-1] if cuts else None
        if last and last.at == free and last.end is None:
            on = next(e for e in after.entries if e.start <= free < e.end)
            called = on.kind == "azan" and on.start - free < SEGMENT
            assert on.id == last.id or called


@given(worlds, presses, st.lists(st.integers(0, 1500), min_size=1, max_size=3))
@examples(400)
def test_planning_again_at_any_moment_undoes_no_cut_in(world, pressing, later):
    now, _free, _before, after, cuts = list(pressed(world, pressing))[-1]
    again = after
    for seconds in later:
        now += timedelta(seconds=seconds)
        again = plan(world, now, again, cuts).rundown
        reached = again.entries[: len(after.entries)]
        assert reached == after.entries[: len(reached)]


@given(worlds, presses)
@examples(300)
def test_a_call_to_prayer_is_neither_cut_nor_late_for_a_cut_in(world, pressing):
    until = BEGIN + ticks_in(HOURS * 3600)
    for _now, free, before, after, _cuts in pressed(world, pressing):
        begun = {e.id: e for e in after.entries}
        for old in before.entries:
            if old.kind == "azan" and old.start < free:
                assert begun[old.id] == old
        for lock in locks_of(world[2]):
            if free <= lock.start < until:
                assert lock.start - SEGMENT < begun[lock.id].start <= lock.start


@given(worlds, st.integers(13, 3000), st.sampled_from(URGENT), ways)
@examples(300)
def test_a_cut_in_that_nobody_ends_is_shown_whole_around_the_calls(world, wait, what, returns):
    *_, after, cuts = next(iter(pressed(world, [(wait, what, returns)])))
    shown = [k for e in after.entries if whole_of(e.id) == cuts[0].id for k in places(e)]
    assert shown == list(range(len(what.durations)))


def places(entry):
    return range(entry.first, entry.first + entry.count)


@given(worlds, st.integers(13, 3000), st.sampled_from(URGENT))
@examples(300)
def test_what_resumes_loses_no_segment(world, wait, what):
    wished, filling, called, _rule = world
    world = (wished, filling, called, "resumes")
    *_, after, cuts = next(iter(pressed(world, [(wait, what, "resumes")])))
    held = interrupted_by(after, cuts[0])
    if held is not None:
        shown = [k for e in after.entries if whole_of(e.id) == whole_of(held.id) for k in places(e)]
        assert shown == list(range(len(KNOWN[held.publication].durations)))


@given(plans, fillers, st.integers(13, 3000), st.sampled_from(URGENT))
@examples(300)
def test_what_rejoins_leaves_the_times_of_later_programmes_alone(wished, filling, wait, what):
    world = (wished, filling, (), "resumes")
    assume(not is_nearly_dropped(world))
    _now, free, before, after, cuts = next(iter(pressed(world, [(wait, what, "rejoins")])))
    end = max(e.end for e in after.entries if whole_of(e.id) == cuts[0].id)
    shown = {e.id: e for e in after.entries}
    for entry in before.entries:
        if entry.kind != "programme" or entry.start < free:
            continue
        if entry.start >= end + SEGMENT:
            assert abs(shown[entry.id].start - entry.start) < 2 * SEGMENT
        elif entry.end > end + SEGMENT:
            # Joined in progress: its end is where it was.
            assert abs(shown[entry.id].end - entry.end) < 2 * SEGMENT
        elif entry.end < end - SEGMENT:
            assert entry.id not in shown


def is_nearly_dropped(world):
    """Whether a wish is so late that a segment more or less decides whether it airs at all."""
    made = plan(world, NOON)
    wished = {wish.id: wish.start for wish in wishes_of(world[0])}
    late = [c.ticks for c in made.cautions if c.kind == "dropped"]
    late += [e.start - wished[e.id] for e in made.rundown.entries if e.id in wished]
    return any(abs(ticks - LATEST) < 2 * SEGMENT for ticks in late)


def interrupted_by(rundown, cut):
    """The programme that was on when `cut` began, None for what is no programme."""
    place = next(n for n, e in enumerate(rundown.entries) if e.id == cut.id)
    held = rundown.entries[place - 1]
    return held if held.kind == "programme" and held.id != cut.id else None


def test_who_restarts_what_was_cut_sees_it_from_its_begin():
    world = ([(60, 4)], FILLERS, (), "resumes")
    *_, after, cuts = next(iter(pressed(world, [(600, URGENT[0], "restarts")])))
    place = next(n for n, e in enumerate(after.entries) if e.id == cuts[0].id)
    held, again = after.entries[place - 1], after.entries[place + 1]
    assert (again.id, again.first, again.count) == (f"{held.id}+1", 0, 375)
    assert moment_of(cuts[0].at) - NOON < timedelta(seconds=612.5)
