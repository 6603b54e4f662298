"""What holds of every plan with calls to prayer, whatever is wished and however it is edited."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from cms.channels.planning import MARGIN, Lock, Wish, compose
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from tests.channels.made import NOON, SLATE, item, request
from tests.examples import examples

LENGTHS = (4.0, 33.6, 90, 400, 1500, 2700.4)
ITEMS = tuple(item(n, seconds) for n, seconds in enumerate(LENGTHS, 1))
FILLERS = tuple(item(100 + n, seconds, "filler") for n, seconds in enumerate((8, 15, 40.8), 1))
CALLS = tuple(item(200 + n, seconds, "azan") for n, seconds in enumerate((300, 45.2, 20), 1))
KNOWN = {i.publication: i for i in (*ITEMS, *FILLERS, *CALLS, SLATE)}
BEGIN = ticks_of(NOON)
HOURS = 1.5
SEGMENT = 4 * TIMESCALE

fillers = st.integers(0, 3).map(lambda n: FILLERS[:n])
plans = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, len(ITEMS) - 1)), max_size=12)
rules = st.sampled_from(["resumes", "shortened", "moves"])
# At least eight seconds apart: less than a segment is one call.
calls = st.lists(
    st.tuples(st.integers(0, 700), st.integers(20, 300), st.sampled_from(CALLS)),
    max_size=5,
    unique_by=lambda call: call[0],
).map(lambda found: sorted(found, key=lambda call: call[0]))


def locks_of(drawn):
    return [
        Lock(f"azan-{at}", BEGIN + ticks_in(at * 8), ticks_in(length), call)
        for at, length, call in drawn
    ]


def wishes_of(plan):
    drawn = {f"{which}-{at}": (at, which) for at, which in plan}
    made = [Wish(i, BEGIN + ticks_in(at), "Contoh", ITEMS[n]) for i, (at, n) in drawn.items()]
    return sorted(made, key=lambda wish: wish.start)


def asked(plan, filling, called, rule, now=NOON, hours=HOURS):
    made = request(wishes_of(plan), filling, now=now, hours=hours)
    known = {p: i.durations for p, i in KNOWN.items()}
    return replace(made, durations=known, locks=locks_of(called), interrupts=rule)


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


def segments_of(rundown):
    """Return which segments of each wish play, in order."""
    played = {}
    for e in rundown.entries:
        if e.kind == "programme":
            played.setdefault(whole_of(e.id), []).extend(range(e.first, e.first + e.count))
    return played


def timed_segments(rundown):
    return {
        e.msn + k: (
            e.start
            + KNOWN[e.publication].borders[e.first + k]
            - KNOWN[e.publication].borders[e.first],
            e.dsn,
            e.publication,
            e.first + k,
        )
        for e in rundown.entries
        for k in range(e.count)
    }


@given(plans, fillers, calls, rules)
def test_entries_stand_end_to_end_and_reach_the_horizon(plan, filling, called, rule):
    rundown = compose(asked(plan, filling, called, rule), None).rundown
    check_shape(rundown)
    assert rundown.entries[-1].end >= BEGIN + ticks_in(HOURS * 3600)


@given(plans, fillers, calls, rules)
def test_each_call_begins_at_its_moment_or_less_than_a_segment_before(plan, filling, called, rule):
    rundown = compose(asked(plan, filling, called, rule), None).rundown
    begun = {e.id: e.start for e in rundown.entries}
    for lock in locks_of(called):
        if lock.start < BEGIN + ticks_in(HOURS * 3600):
            assert lock.start - SEGMENT < begun[lock.id] <= lock.start


@given(plans, fillers, calls, st.sampled_from(["resumes", "moves"]))
def test_every_segment_of_every_programme_plays_once_around_the_calls(plan, filling, called, rule):
    made = compose(asked(plan, filling, called, rule), None)
    dropped = {c.wish for c in made.cautions if c.kind == "dropped"}
    played = segments_of(made.rundown)
    for wish in wishes_of(plan):
        if wish.id not in dropped:
            assert played[wish.id] == list(range(len(wish.item.durations)))


@given(plans, fillers, calls)
def test_what_is_shortened_plays_from_its_begin_and_says_how_much_is_lost(plan, filling, called):
    made = compose(asked(plan, filling, called, "shortened"), None)
    lost = {c.wish: c.ticks for c in made.cautions if c.kind == "azan_cut"}
    dropped = {c.wish for c in made.cautions if c.kind == "dropped"}
    played = segments_of(made.rundown)
    for wish in wishes_of(plan):
        if wish.id not in dropped:
            count = len(played[wish.id])
            assert played[wish.id] == list(range(count))
            whole = wish.item.borders[-1]
            assert whole - wish.item.borders[count] == lost.get(wish.id, 0)


@given(plans, fillers, calls)
def test_no_programme_shows_less_than_a_minute_before_a_call(plan, filling, called):
    entries = compose(asked(plan, filling, called, "resumes"), None).rundown.entries
    for one, two in pairwise(entries):
        if one.kind == "programme" and two.kind == "azan":
            ends = one.first + one.count == len(KNOWN[one.publication].durations)
            assert ends or one.duration >= 60 * TIMESCALE - SEGMENT


@given(plans, fillers, calls, rules, st.integers(0, 5000))
@example([(0, 2)], (), [(1, 20, CALLS[0]), (11, 20, CALLS[0])], "moves", 0)
@examples(300)
def test_planning_again_at_any_moment_gives_the_same_entries(plan, filling, called, rule, seconds):
    first = compose(asked(plan, filling, called, rule), None)
    later = NOON + timedelta(seconds=seconds)
    again = compose(asked(plan, filling, called, rule, now=later), first.rundown)
    assert again.rundown.entries == first.rundown.entries


@given(plans, fillers, calls.filter(bool), rules, st.integers(0, 399))
@example([(0, 1)], (), [(5, 20, CALLS[0])], "resumes", 100)
def test_a_call_that_has_begun_before_its_moment_is_not_called_again_at_it(
    plan, filling, called, rule, hundredths
):
    """It begins at a border up to a segment before: that is frozen, and its moment is not."""
    first = compose(asked(plan, filling, called, rule), None)
    moment = called[0][0] * 8 - hundredths / 100
    later = NOON - timedelta(seconds=MARGIN / TIMESCALE) + timedelta(seconds=moment)
    again = compose(asked(plan, filling, called, rule, now=later), first.rundown)
    assert again.rundown.entries == first.rundown.entries


@given(plans, fillers, calls, rules, st.integers(0, 5000))
def test_a_call_lasts_until_it_is_over_or_the_next_one_comes(plan, filling, called, rule, seconds):
    rundown = compose(asked(plan, filling, called, rule), None).rundown
    later = NOON + timedelta(seconds=seconds)
    rundown = compose(asked(plan, filling, called, rule, now=later), rundown).rundown
    locks = [k for k in locks_of(called) if k.start < BEGIN + ticks_in(HOURS * 3600)]
    for lock, after in zip(locks, [*locks[1:], None], strict=False):
        turns = [e for e in rundown.entries if whole_of(e.id) == lock.id]
        assert all(one.end == two.start for one, two in pairwise(turns))
        begin, end = turns[0].start, turns[-1].end
        room = min(lock.length, after.start - begin) if after else lock.length
        longest = room if lock.item.duration < lock.length else min(room, lock.item.duration)
        assert longest - SEGMENT < end - begin <= longest


edits = st.lists(st.tuples(st.integers(1, 900), plans, fillers, calls, rules), max_size=4)


@given(plans, fillers, calls, rules, edits)
def test_no_edit_ever_changes_a_segment_before_the_margin(plan, filling, called, rule, changes):
    now, rundown = NOON, compose(asked(plan, filling, called, rule), None).rundown
    for after, *changed in changes:
        now += timedelta(seconds=after)
        made = compose(asked(*changed, now=now, hours=3), rundown)
        check_shape(made.rundown)
        old, new = timed_segments(rundown), timed_segments(made.rundown)
        assert all(new.get(n) == s for n, s in old.items() if s[0] < made.frozen)
        rundown = made.rundown


@given(plans, fillers, calls, st.integers(0, 3000))
def test_calls_that_are_turned_on_while_a_programme_plays_cut_it_and_it_goes_on(
    plan, filling, called, seconds
):
    first = compose(asked(plan, filling, [], "resumes"), None)
    later = NOON + timedelta(seconds=seconds)
    made = compose(asked(plan, filling, called, "resumes", now=later), first.rundown)
    begun = {e.id: e.start for e in made.rundown.entries}
    for lock in locks_of(called):
        if made.frozen + SEGMENT <= lock.start < BEGIN + ticks_in(HOURS * 3600):
            assert lock.start - SEGMENT < begun[lock.id] <= lock.start
    dropped = {c.wish for c in made.cautions if c.kind == "dropped"}
    played = segments_of(made.rundown)
    for wish in wishes_of(plan):
        if wish.id not in dropped and wish.id in played:
            assert played[wish.id] == list(range(len(wish.item.durations)))
