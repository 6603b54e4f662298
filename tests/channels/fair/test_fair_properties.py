"""What holds of fair turns, whoever waits and whatever breaks there are."""

import random
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cms.channels.planning.fair import (
    Break,
    Past,
    Spot,
    add_hours,
    fill_fairly,
    lot,
)
from cms.channels.planning.manners import HOUR, MOST_ADVERTISING
from media_pipeline.model.ticks import TIMESCALE

DAY = date(2026, 11, 25)
NOON = 494_000 * HOUR
CHANNEL = "contoh"


def seconds(number):
    return number * TIMESCALE


def key(number):
    return f"{number:032x}"


def spot(number, length=15, **facts):
    facts = {"stall": number, "commodity": number} | facts
    return Spot(key(number), seconds(length), **facts)


def at(start, length, begins=None):
    """A break `start` seconds after noon; each day of the channel begins at noon."""
    begin = NOON + seconds(start)
    day = DAY + timedelta(days=start // 86_400)
    return Break(begin if begins is None else begins, begin, seconds(length), day)


def plan(breaks, spots, past=None, debts=None, hours=None):
    return fill_fairly(breaks, spots, past or Past(), debts or {}, hours or {}, CHANNEL)


spots = st.builds(
    lambda rows: [
        Spot(
            key(n),
            seconds(length) - offcut,
            stall,
            None if commodity == 9 else commodity,
            level,
            DAY + timedelta(days=first) if first else None,
            DAY + timedelta(days=last) if last < 2 else None,
            here,
        )
        for n, (length, offcut, stall, commodity, level, first, last, here) in enumerate(rows)
    ],
    st.lists(
        st.tuples(
            st.sampled_from([5, 15, 15, 30, 60]),
            st.sampled_from([0, 0, 1, 3600]),
            st.integers(0, 4),
            st.sampled_from([0, 1, 2, 9]),
            st.integers(0, 2),
            st.integers(0, 1),
            st.integers(0, 3),
            st.sampled_from([True, True, True, False]),
        ),
        max_size=14,
    ),
)
breaks = st.lists(st.integers(0, 60), max_size=9, unique=True).map(
    lambda found: [at(n * 2400 + n % 7 * 60, 20 + n % 5 * 50) for n in sorted(found)]
)
debts_of = st.dictionaries(
    st.integers(0, 13), st.lists(st.integers(1, 9), min_size=1, max_size=3), max_size=6
).map(
    lambda drawn: {
        key(n): sorted(NOON - seconds(1000 * moment) for moment in moments)
        for n, moments in drawn.items()
    }
)
moments = st.dictionaries(st.integers(0, 13), st.integers(1, 9), max_size=6).map(
    lambda drawn: {key(n): NOON - seconds(1000 * moment) for n, moment in drawn.items()}
)
busy = st.dictionaries(st.integers(0, 40), st.integers(0, 800), max_size=6).map(
    lambda drawn: {NOON // HOUR + hour: seconds(length) for hour, length in drawn.items()}
)


@given(st.integers(2, 12), st.integers(1, 40), st.randoms(use_true_random=False))
def test_with_all_things_equal_each_airs_once_in_as_many_turns_as_there_are(count, many, chance):
    waiting = [spot(n) for n in range(count)]
    chance.shuffle(waiting)
    turns = plan([at(n * 600, 15) for n in range(many)], waiting)
    assert len(turns) == many
    aired = [turn.spot for turn in turns]
    for begin in range(many - count + 1):
        assert len(set(aired[begin : begin + count])) == count
    assert not any(turn.passed or turn.alike for turn in turns)


@given(spots, breaks, moments, debts_of, busy)
@settings(max_examples=200)
def test_every_turn_is_explained_by_asking_all_who_wait(waiting, gaps, aired, debts, hours):
    """The plain way, one look at everybody for each turn, gives the same turns and reasons."""
    found = plan(gaps, waiting, Past(aired), debts, hours)
    assert [
        (t.spot, t.start, t.alike, {p.why: (p.count, p.first) for p in t.passed}) for t in found
    ] == list(plainly(gaps, waiting, aired, debts, hours))


def plainly(gaps, waiting, aired, debts, hours):
    """Fill breaks by sorting all for each turn, straight from the rules."""
    aired, hours, last = dict(aired), dict(hours), None
    debts = {owed: list(starts) for owed, starts in debts.items()}
    for gap in gaps:
        start, end = gap.start, gap.start + gap.length
        while start < end:
            share = allowed(hours, start)
            line = sorted(waiting, key=lambda s: place(s, gap, aired, debts))
            chosen = first_of(line, last, gap, aired, debts, (end - start, share))
            if chosen is None:
                border = (start // HOUR + 1) * HOUR
                if share < end - start and border < end:
                    start = border
                    continue
                break
            one, alike, passed = chosen
            yield one.key, start, alike, passed
            add_hours(hours, start, one.length)
            if is_owed(one, gap, aired, debts):
                del debts[one.key][0]
            aired[one.key], last = start, one
            start += one.length


def place(one, gap, aired, debts):
    drawn = lot(CHANNEL, gap.day, one.key)
    if is_owed(one, gap, aired, debts) or (debts.get(one.key) and one.kept_off(gap.day)):
        return (0, 0, debts[one.key][0], drawn)
    return (one.level, 1, aired.get(one.key, -1), drawn)


def is_owed(one, gap, aired, debts):
    return debts.get(one.key) and aired.get(one.key, -1) < gap.begins


def allowed(hours, start):
    """How much advertising may begin at `start`, a tick less than what would be too much."""
    hour, rest = start // HOUR, HOUR - start % HOUR
    free = MOST_ADVERTISING - hours.get(hour, 0)
    if free < rest:
        return max(0, free)
    return rest + max(0, MOST_ADVERTISING - hours.get(hour + 1, 0))


def first_of(line, last, gap, aired, debts, free):
    def why(one, alike):
        whole = -(-one.length // TIMESCALE) * TIMESCALE
        return next(
            (
                name
                for name, holds in [
                    ("region", not one.here),
                    ("dates", not (one.first or gap.day) <= gap.day <= (one.last or gap.day)),
                    ("shown", aired.get(one.key, -1) >= gap.begins),
                    ("long", whole > free[0]),
                    ("share", whole > free[1]),
                    (
                        "commodity",
                        last
                        and not alike
                        and one.commodity is not None
                        and one.commodity == last.commodity,
                    ),
                    ("stall", last and alike != "stall" and one.stall == last.stall),
                ]
                if holds
            ),
            None,
        )

    for alike in ("", "commodity", "stall"):
        passed = {}
        for one in line:
            refused = why(one, alike)
            if refused is None:
                return one, alike, passed
            count, first = passed.get(refused, (0, one.key))
            passed[refused] = (count + 1, first)
    return None


@given(spots, breaks, moments, debts_of, busy)
def test_what_must_hold_holds_and_what_could_not_is_said(waiting, gaps, aired, debts, hours):
    known = {one.key: one for one in waiting}
    turns = plan(gaps, waiting, Past(aired), debts, hours)
    advertising = dict(hours)
    for turn in turns:
        one, gap = known[turn.spot], next(g for g in gaps if g.begins == turn.begins)
        assert gap.start <= turn.start
        assert turn.start + turn.length <= gap.start + gap.length
        assert one.here
        assert (one.first or gap.day) <= gap.day <= (one.last or gap.day)
        add_hours(advertising, turn.start, turn.length)
    for hour, ticks in advertising.items():
        assert ticks <= max(MOST_ADVERTISING, hours.get(hour, 0))
    for one, two in pairwise(turns):
        assert one.start + one.length <= two.start
        before, after = known[one.spot], known[two.spot]
        if before.stall == after.stall:
            assert two.alike == "stall"
        elif before.commodity is not None and before.commodity == after.commodity:
            assert two.alike
    for _, run in groupby(turns, key=lambda turn: turn.begins):
        shown = [turn.spot for turn in run]
        assert len(set(shown)) == len(shown)


@given(spots, breaks, moments, debts_of, busy, st.integers(0, 9))
def test_planning_again_at_a_later_moment_gives_the_same(
    waiting, gaps, aired, debts, hours, settled
):
    first = plan(gaps, waiting, Past(aired), debts, hours)
    stands = [gap.begins for gap in gaps[:settled]]
    kept = [turn for turn in first if turn.begins in stands]
    ends = {turn.begins: turn.start + turn.length for turn in kept}
    advertising = dict(hours)
    for turn in kept:
        add_hours(advertising, turn.start, turn.length)
    # What is left of the breaks that stand is offered again.
    again = [rest_of(gap, ends.get(gap.begins, gap.start)) for gap in gaps]
    good = Counter(turn.spot for turn in kept if turn.makes_good)
    owed = {spot: starts[good[spot] :] for spot, starts in debts.items()}
    later = plan(again, waiting, Past(aired).and_then(kept), owed, advertising)
    assert sorted([*kept, *later], key=lambda turn: turn.start) == list(first)


def rest_of(gap, start):
    return Break(gap.begins, start, gap.start + gap.length - start, gap.day)


@given(spots, breaks, moments, debts_of, busy, st.randoms(use_true_random=False))
def test_the_order_in_which_spots_and_breaks_come_does_not_matter(
    waiting, gaps, aired, debts, hours, chance
):
    mixed, torn = list(waiting), list(gaps)
    chance.shuffle(mixed)
    chance.shuffle(torn)
    assert plan(torn, mixed, Past(aired), debts, hours) == plan(
        gaps, waiting, Past(aired), debts, hours
    )


@given(st.integers(2, 9), debts_of)
def test_debts_go_first_and_the_oldest_before_the_others(count, debts):
    waiting = [spot(n) for n in range(count)]
    owed = {one.key: debts[one.key][:1] for one in waiting if one.key in debts}
    turns = plan([at(n * 600, 15) for n in range(count)], waiting, debts=owed)
    oldest = sorted(owed, key=lambda k: (owed[k], lot(CHANNEL, DAY, k)))
    assert [turn.spot for turn in turns[: len(owed)]] == oldest
    assert [turn.makes_good for turn in turns] == [n < len(owed) for n in range(count)]


@given(st.integers(2, 9), debts_of)
def test_who_is_owed_more_than_one_airing_gets_each_back_in_a_break_of_its_own(count, debts):
    waiting = [spot(n) for n in range(count)]
    turns = plan([at(n * 600, 45) for n in range(60)], waiting, debts=debts)
    for one in waiting:
        good = [turn for turn in turns if turn.spot == one.key and turn.makes_good]
        assert [turn.since for turn in good] == debts.get(one.key, [])
        assert len({turn.begins for turn in good}) == len(good)


def test_a_lot_can_be_drawn_again_by_anyone():
    drawn = lot("nasional", DAY, key(7))
    assert drawn == sha256(b"nasional 2026-11-25 00000000000000000000000000000007").hexdigest()


def test_chance_has_no_part_in_it():
    waiting = [spot(n) for n in range(30)]
    gaps = [at(n * 600, 60) for n in range(20)]
    first = plan(gaps, waiting)
    random.seed(5)
    assert plan(gaps, waiting) == first
