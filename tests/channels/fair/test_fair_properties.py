"""What holds of fair turns, whoever waits and whatever breaks there are."""

import random
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby, pairwise
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cms.channels.planning.fair import (
    Break,
    Past,
    Settled,
    Spot,
    fill_fairly,
    lot,
)
from cms.channels.planning.manners import HOUR, MOST_ADVERTISING
from media_pipeline.model.ticks import TIMESCALE
from tests.examples import examples

DAY = date(2026, 11, 25)
NOON = 494_000 * HOUR
CHANNEL = "contoh"


def seconds(number):
    return number * TIMESCALE


def key(number):
    return f"{number:032x}"


def spot(number, length=15, **facts):
    facts = {"stall": f"L{number}", "commodity": number} | facts
    return Spot(key(number), seconds(length), **facts)


def at(start, length, *, offcut=0):
    """A break `start` seconds after noon, `offcut` ticks less than `length` seconds long.

    Each day of the channel begins at noon.
    """
    begin = NOON + seconds(start)
    day = DAY + timedelta(days=start // 86_400)
    return Break(begin, begin, seconds(length) - offcut, day)


def plan(breaks, spots, past=None, debts=None, hours=None):
    return fill_fairly(breaks, spots, past or Past(), debts or {}, hours or {}, CHANNEL)


spots = st.builds(
    lambda rows: [
        Spot(
            key(n),
            seconds(length) - offcut,
            f"L{stall}",
            None if commodity == 9 else commodity,
            level,
            DAY + timedelta(days=first) if first else None,
            DAY + timedelta(days=last) if last < 2 else None,
            here,
            frozenset({DAY} if lacks else ()),
        )
        for n, (length, offcut, stall, commodity, level, first, last, here, lacks) in enumerate(
            rows
        )
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
            st.sampled_from([False, False, False, True]),
        ),
        max_size=14,
    ),
)
# Around a change of hours and within one; the first of a day is not from the day before.
breaks = st.dictionaries(
    st.integers(0, 40),
    st.tuples(
        st.sampled_from([-190, -60, -14, 0, 60, 360, 1500]),
        st.sampled_from([15, 20, 70, 120, 170, 220]),
        st.sampled_from([0, 0, 1, 45_000]),
    ),
    max_size=9,
).map(
    lambda found: [
        at(n * 3600 + (shift if n % 24 else abs(shift)), length, offcut=offcut)
        for n, (shift, length, offcut) in sorted(found.items())
    ]
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
# What a stall aired may be gone: a moment of the stall that is of none of its clips.
pasts = st.builds(
    Past,
    moments,
    st.dictionaries(st.integers(0, 4), st.integers(1, 9), max_size=2).map(
        lambda drawn: {f"L{n}": NOON - seconds(1000 * moment) for n, moment in drawn.items()}
    ),
)
busy = st.dictionaries(st.integers(0, 40), st.integers(0, 800), max_size=6).map(
    lambda drawn: {NOON // HOUR + hour: seconds(length) for hour, length in drawn.items()}
)

added = st.sets(st.integers(0, 8), max_size=4)


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


def test_a_stall_of_ten_clips_comes_as_often_as_one_of_a_single_clip():
    waiting = [spot(n, stall="many") for n in range(10)] + [spot(n) for n in range(10, 15)]
    turns = plan([at(n * 600, 15) for n in range(80)], waiting)
    assert sorted(Counter(turn.stall for turn in turns).values()) == [13, 13, 13, 13, 14, 14]
    of_many = Counter(turn.spot for turn in turns if turn.stall == "many")
    assert len(of_many) == 10
    assert max(of_many.values()) <= 2


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 10)), min_size=2, max_size=8),
    st.lists(st.sampled_from([15, 30, 75]), min_size=1, max_size=4),
    st.sets(st.tuples(st.integers(0, 29), st.integers(0, 7)), max_size=20),
)
@examples(40)
def test_in_a_month_no_stall_airs_more_often_than_another_of_its_commodity(stalls, lengths, again):
    """All are eligible all the time. A clip that is deleted and made again changes nothing."""
    clips = {
        (n, clip): spot(n * 10 + clip, stall=f"L{n}", commodity=commodity)
        for n, (commodity, count) in enumerate(stalls)
        for clip in range(count)
    }
    past, aired = Past(), Counter()
    for day in range(30):
        for n in (n for changed, n in again if changed == day and n < len(stalls)):
            clips[n, 0] = spot(1000 + day * 10 + n, stall=f"L{n}", commodity=stalls[n][0])
        gaps = [at(day * 86_400 + n * 7200, length) for n, length in enumerate(lengths)]
        turns = plan(gaps, clips.values(), past)
        past = past.and_then(turns)
        aired.update(turn.stall for turn in turns)
    for kind in {commodity for commodity, _ in stalls}:
        times = [aired[f"L{n}"] for n, (commodity, _) in enumerate(stalls) if commodity == kind]
        assert max(times) <= min(times) + 1


@given(spots, breaks, pasts, debts_of, busy, added)
@examples(200)
def test_every_turn_is_explained_by_asking_all_who_wait(waiting, gaps, past, debts, hours, new):
    """The plain way, one look at everybody for each turn, gives the same turns and reasons."""
    edited = edit(gaps, waiting, past, debts, hours, new)
    for plan_of in (Plan(gaps, waiting, past, debts, hours), edited):
        assert [
            (t.spot, t.start, t.alike, {p.why: (p.count, p.first) for p in t.passed})
            for t in plan_of.turns()
        ] == [made[:4] for made in Plainly(plan_of).fill()]


class Plan(NamedTuple):
    """What turns are planned from."""

    gaps: list
    waiting: list
    past: Past
    debts: dict
    hours: dict

    def turns(self):
        return plan(*self)


def edit(gaps, waiting, past, debts, hours, new):
    """What is planned when the breaks with the numbers `new` are added, others being settled."""
    kept = [gap for n, gap in enumerate(gaps) if n not in new]
    return later(Plan(kept, waiting, past, debts, hours), gaps)


def later(before, gaps):
    """What is planned of `gaps` when the turns of `before` stand."""
    turns = before.turns()
    good = Counter(turn.spot for turn in turns if turn.makes_good)
    ends = {turn.begins: turn.start + turn.length for turn in turns}
    return Plan(
        [rest_of(gap, ends.get(gap.begins, gap.start)) for gap in gaps],
        before.waiting,
        before.past.and_then(turns),
        {spot: starts[good[spot] :] for spot, starts in before.debts.items()},
        advertising(before.hours, ((turn.start, turn.length) for turn in turns)),
    )


def advertising(hours, turns):
    """The ticks of advertising by hour of the clock: `hours`, and (start, length) of each turn."""
    found = Counter(hours)
    for start, length in turns:
        for hour in range(start // HOUR, (start + length - 1) // HOUR + 1):
            begin, end = max(start, hour * HOUR), min(start + length, (hour + 1) * HOUR)
            found[hour] += end - begin
    return found


def whole(one):
    """The ticks of the seconds that a spot has begun."""
    return next(n for n in range(0, 100 * TIMESCALE, TIMESCALE) if n >= one.length)


def is_too_much(hours, start, length):
    """Whether an hour has more advertising than may be with `length` ticks from `start` on."""
    after = advertising(hours, [(start, length)])
    return any(after[hour] > MOST_ADVERTISING for hour in after if after[hour] != hours.get(hour))


def starts_in(begin, end):
    """Where a turn may start from `begin` on: there, or as another hour begins before `end`."""
    return [begin, *(hour for hour in range(-(-begin // HOUR) * HOUR, end, HOUR) if hour > begin)]


def stays_out(one, day):
    """Why a spot may not air on `day` at all, None if it may."""
    if not one.here:
        return "region"
    if (one.first and day < one.first) or (one.last and day > one.last):
        return "dates"
    return "papers" if day in one.lacking else None


class Made(NamedTuple):
    spot: str
    start: int
    alike: str
    passed: dict
    is_debt: bool


class Plainly:
    """Fills breaks by sorting all for each turn, straight from the rules."""

    def __init__(self, given):
        self.gaps, self.waiting, self.past, self.debts, self.hours = given
        self.known = {one.key: one for one in self.waiting}
        self.made = []

    def fill(self):
        for gap in self.gaps:
            firm = len(self.made)
            self.go_on(gap)
            while len(self.made) > firm and self.like(self.made[-1]):
                self.made.pop()
                if self.turn(gap, heeding=True):
                    firm = len(self.made)
                    self.go_on(gap)
        return self.made

    def go_on(self, gap):
        while self.turn(gap):
            pass

    def turn(self, gap, *, heeding=False):
        ends = [made.start + self.known[made.spot].length for made in self.made[-1:]]
        begin = max([gap.start, *ends])
        end = gap.start + gap.length
        for start in starts_in(begin, end) if begin < end else []:
            if chosen := self.first_of(gap, start, heeding=heeding):
                one, alike, passed = chosen
                self.made.append(Made(one.key, start, alike, passed, self.is_owed(one, gap)))
                return True
        return False

    def first_of(self, gap, start, *, heeding):
        turns = [*self.past.turns, *self.made_turns()]
        before = max((turn for turn in turns if turn.start < start), default=None)
        soft, hard = [before] if before else [], []
        if heeding:
            shows = before is not None and before.start >= gap.begins
            (hard if shows else soft).append(self.after(start))
        line = sorted(self.waiting, key=lambda s: self.place(s, gap))
        hours = advertising(self.hours, ((m.start, self.known[m.spot].length) for m in self.made))
        for alike in ("", "commodity", "stall"):
            passed = {}
            for one in line:
                why = self.refused(one, gap, start, hours) or self.unlike(one, alike, soft, hard)
                if why is None:
                    return one, alike, self.counted(passed, one, gap)
                passed.setdefault(why, []).append(one)
        return None

    def counted(self, passed, chosen, gap):
        """How many stalls were passed over for each reason, and which clip was the first."""
        here, found = self.place(chosen, gap)[:5], {}
        for why, ones in passed.items():
            others = [one for one in ones if self.place(one, gap)[:5] != here]
            if others:
                found[why] = (len({one.stall for one in others}), others[0].key)
        return found

    def made_turns(self):
        return [Settled(m.start, m.spot, self.known[m.spot].stall) for m in self.made]

    def refused(self, one, gap, start, hours):
        if why := stays_out(one, gap.day):
            return why
        if self.last_of_stall(one, gap) >= gap.begins:
            return "shown"
        if start + whole(one) > gap.start + gap.length:
            return "long"
        return "share" if is_too_much(hours, start, whole(one)) else None

    def unlike(self, one, alike, soft, hard):
        near = [*hard, *([] if alike else soft)]
        kinds = {
            self.known[turn.spot].commodity for turn in near if turn and turn.spot in self.known
        }
        if one.commodity is not None and one.commodity in kinds:
            return "commodity"
        near = [*hard, *([] if alike == "stall" else soft)]
        return "stall" if one.stall in {turn.stall for turn in near if turn} else None

    def like(self, made):
        one, after = self.known[made.spot], self.after(made.start)
        return after is not None and self.unlike(one, "", [], [after]) is not None

    def after(self, start):
        return min((turn for turn in self.past.turns if turn.start >= start), default=None)

    def place(self, one, gap):
        """Where a clip stands: the level, debts, its stall, the clip."""
        stall = (lot(CHANNEL, gap.day, one.stall), one.stall)
        clip = (self.last(one, gap), lot(CHANNEL, gap.day, one.key))
        if self.is_owed(one, gap):
            return (0, 0, self.owed(one)[0], *stall, *clip)
        return (one.level, 1, self.last_of_stall(one, gap), *stall, *clip)

    def is_owed(self, one, gap):
        return bool(self.owed(one)) and self.last_of_stall(one, gap) < gap.begins

    def owed(self, one):
        given = sum(made.is_debt for made in self.made if made.spot == one.key)
        return self.debts.get(one.key, [])[given:]

    def last(self, one, gap):
        end = gap.start + gap.length
        turns = [turn for turn in self.past.turns if turn.start < end] + self.made_turns()
        there = [turn.start for turn in turns if turn.spot == one.key]
        return max([self.past.aired.get(one.key, -1), *there])

    def last_of_stall(self, one, gap):
        end = gap.start + gap.length
        turns = [turn for turn in self.past.turns if turn.start < end] + self.made_turns()
        there = [turn.start for turn in turns if turn.stall == one.stall]
        there += [self.last(other, gap) for other in self.waiting if other.stall == one.stall]
        return max([self.past.stalls.get(one.stall, -1), *there])


@given(spots, breaks, pasts, debts_of, busy, added)
@examples(200)
def test_a_break_that_is_added_anywhere_is_filled_if_anybody_may_come(
    waiting, gaps, past, debts, hours, new
):
    edited = edit(gaps, waiting, past, debts, hours, new)
    turns = edited.turns()
    filled = {turn.begins for turn in turns}
    for n in new:
        if n < len(gaps) and gaps[n].begins not in filled:
            gap = gaps[n]
            there = advertising(
                edited.hours, ((t.start, t.length) for t in turns if t.start < gap.start)
            )
            assert not any(fits(one, gap, there) for one in waiting)


def fits(one, gap, hours):
    """Whether a spot may be in a break by its dates, region and papers, length and the share."""
    end = gap.start + gap.length
    return stays_out(one, gap.day) is None and any(
        start + whole(one) <= end and not is_too_much(hours, start, whole(one))
        for start in starts_in(gap.start, end)
    )


@given(spots, breaks, pasts, debts_of, busy, added)
@examples(200)
def test_what_is_added_crowds_nothing_that_was_promised(waiting, gaps, past, debts, hours, new):
    edited = edit(gaps, waiting, past, debts, hours, new)
    known, turns = {one.key: one for one in waiting}, edited.turns()
    planned = {turn.start: turn for turn in turns}
    shown = advertising(edited.hours, ((turn.start, turn.length) for turn in turns))
    for hour, ticks in shown.items():
        assert ticks <= max(MOST_ADVERTISING, edited.hours.get(hour, 0))
    on_air = edited.past.and_then(turns).turns
    for (start, key, _), (then, after, _) in pairwise(on_air):
        one, two = known[key], known[after]
        of_one_kind = one.commodity is not None and one.commodity == two.commodity
        same = one.stall == two.stall or of_one_kind
        if same and then in planned:
            assert planned[then].alike
        elif same and start in planned:
            # Before a promised turn only where the break were empty without, and it is said.
            assert planned[start].alike
            assert not any(planned[start].begins <= at < start for at, *_ in on_air)
    assert later(edited, edited.gaps).turns() == ()


@given(spots, breaks, pasts, debts_of, busy)
def test_what_must_hold_holds_and_what_could_not_is_said(waiting, gaps, past, debts, hours):
    known = {one.key: one for one in waiting}
    turns = plan(gaps, waiting, past, debts, hours)
    for turn in turns:
        one, gap = known[turn.spot], next(g for g in gaps if g.begins == turn.begins)
        assert gap.start <= turn.start
        assert turn.start + turn.length <= gap.start + gap.length
        assert stays_out(one, gap.day) is None
    for hour, ticks in advertising(hours, ((turn.start, turn.length) for turn in turns)).items():
        assert ticks <= max(MOST_ADVERTISING, hours.get(hour, 0))
    for one, two in pairwise(turns):
        assert one.start + one.length <= two.start
        before, after = known[one.spot], known[two.spot]
        if before.stall == after.stall:
            assert two.alike == "stall"
        elif before.commodity is not None and before.commodity == after.commodity:
            assert two.alike
    for _, run in groupby(turns, key=lambda turn: turn.begins):
        shown = [known[turn.spot].stall for turn in run]
        assert len(set(shown)) == len(shown)


@given(spots, breaks, pasts, debts_of, busy, st.integers(0, 9))
def test_planning_again_at_a_later_moment_gives_the_same(
    waiting, gaps, past, debts, hours, settled
):
    first = plan(gaps, waiting, past, debts, hours)
    before = Plan(gaps[:settled], waiting, past, debts, hours)
    # What is left of the breaks that stand is offered again.
    again = later(before, gaps).turns()
    assert (*before.turns(), *again) == first


def rest_of(gap, start):
    return Break(gap.begins, start, gap.start + gap.length - start, gap.day)


@given(spots, breaks, pasts, debts_of, busy, st.randoms(use_true_random=False))
def test_the_order_in_which_spots_and_breaks_come_does_not_matter(
    waiting, gaps, past, debts, hours, chance
):
    mixed, torn = list(waiting), list(gaps)
    chance.shuffle(mixed)
    chance.shuffle(torn)
    assert plan(torn, mixed, past, debts, hours) == plan(gaps, waiting, past, debts, hours)


@given(st.integers(2, 9), debts_of)
def test_debts_go_first_and_the_oldest_before_the_others(count, debts):
    waiting = [spot(n) for n in range(count)]
    owed = {one.key: debts[one.key][:1] for one in waiting if one.key in debts}
    turns = plan([at(n * 600, 15) for n in range(count)], waiting, debts=owed)
    stall = {one.key: one.stall for one in waiting}
    oldest = sorted(owed, key=lambda k: (owed[k], lot(CHANNEL, DAY, stall[k])))
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
