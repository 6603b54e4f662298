"""What holds for every channel, at any two moments and whatever was edited between them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.rundown import Rundown
from media_pipeline.model.stored import Day, StoredRundown, joined, split
from media_pipeline.model.ticks import moment_of, ticks_in, ticks_of
from media_pipeline.playout import (
    HOLD_BACK,
    Item,
    NotOnAir,
    Reel,
    Timeline,
    append,
    check_rundown,
    check_successor,
    cut,
    fill,
    window,
)
from media_pipeline.playout.reel import reel_of
from tests.examples import examples

LAUNCH = ticks_of(datetime(2026, 11, 24, 23, 58, 20, tzinfo=UTC))
"""Day files change in the middle of most rundowns here."""
FRAME = 3_600
RUNGS = [(144,), (144, 360), (144, 240, 360, 480)]

lasts = st.integers(1, 112)  # frames of a last segment: 0.04 to 4.48 s
shapes = st.tuples(st.integers(0, 6), lasts, st.sampled_from(RUNGS))


class World:
    """Some publications, a rundown of them, and edits as an editor would make them."""

    def __init__(self, make, publications, order) -> None:
        self.reels: dict[str, Reel] = {}
        for number, (whole, last, rungs) in enumerate(publications):
            made = make(f"{number:032x}", (100 * FRAME,) * whole + (last * FRAME,), rungs)
            self.reels[made.id] = Reel.of(made)
        self.used = 0
        self.rundown = self.extended(
            Rundown("c", "C", "UTC", 1, datetime.now(UTC), (), f"{0:032x}"), order
        )

    def extended(self, rundown: Rundown, order) -> Rundown:
        for choice in order:
            reel = list(self.reels.values())[choice % len(self.reels)]
            first = choice % 7 if choice % 7 < reel.count else 0
            self.used += 1
            item = Item(f"e{self.used}", reel, "programme", "T", first=first)
            rundown = append(rundown, item, start=LAUNCH)
        return rundown

    def edited(self, now: int, order) -> Rundown:
        """The same channel from its first editable segment on with other items."""
        old = self.rundown
        free = Timeline(old, self.reels).first_editable(now)
        new = self.extended(cut(old, self.reels, free), order or [1])
        slate = Item("f", self.reels[old.slate], "filler", "F")
        new = fill(new, new.entries[-1].end + ticks_in(10), [slate])
        return msgspec.structs.replace(new, version=old.version + 1)


def stored(rundown: Rundown) -> StoredRundown:
    """The same rundown as an origin has it: from day files."""
    index, files = split(rundown)
    return joined(index, lambda ref: Day(files[ref.name]))


def shown(world: World, rendition: str, now: int, reader):
    try:
        text = window(world.rundown, world.reels, rendition, now)
    except NotOnAir:
        return None
    assert window(stored(world.rundown), world.reels, rendition, now) == text
    return reader(text)


orders = st.lists(st.integers(0, 40), min_size=1, max_size=12)
worlds = st.tuples(st.lists(shapes, min_size=1, max_size=4), orders)
seconds = st.integers(0, 90 * 400)  # in 1/90 s, so that odd ticks come up
quick = examples(150)


@examples(60)
@given(worlds, seconds, seconds, st.lists(st.tuples(st.integers(0, 200), orders), max_size=3))
def test_a_number_once_shown_means_the_same_for_ever(
    publication, reader, world, start, later, edits
) -> None:
    world = World(publication, *world)
    known: dict[tuple[str, int], tuple] = {}
    now = LAUNCH + start * 1000
    for wait, order in [(0, None), *edits, (later // 90, None)]:
        now += wait * 90_000
        if order is not None:
            old, world.rundown = world.rundown, world.edited(now, order)
            assert check_rundown(world.rundown, world.reels) == ()
            edge = edge_number(old, world.reels, now)
            assert check_successor(old, world.rundown, edge, world.reels) == ()
            assert check_successor(stored(old), stored(world.rundown), edge, world.reels) == ()
            # The last day is not over: slate that was shown is written down in it.
            over = [day for day in stored(old).index.days[:-1] if day.end <= now]
            assert list(stored(world.rundown).index.days[: len(over)]) == over
        for rendition in ("v144", "v480", "a48", "captions-id"):
            found = shown(world, rendition, now, reader)
            for line in found.segments if found else ():
                fact = (line.disc, line.map, line.uri, line.duration)
                assert known.setdefault((rendition, line.msn), fact) == fact


def edge_number(rundown: Rundown, reels, now: int) -> int:
    try:
        return Timeline(rundown, reels).edge(now).msn
    except NotOnAir:
        return -1


@quick
@given(worlds, seconds)
def test_all_renditions_agree_on_numbers_discontinuities_and_moments(
    publication, reader, world, start
) -> None:
    world = World(publication, *world)
    now = LAUNCH + start * 1000
    found = [shown(world, name, now, reader) for name in ("v144", "v1080", "a48", "captions-id")]
    if found[0] is None:
        assert found == [None] * 4
        return
    low, *others = found
    for other in others:
        assert [(s.msn, s.disc) for s in other.segments] == [(s.msn, s.disc) for s in low.segments]
        assert other.discontinuities == low.discontinuities
        for msn, moment in low.moments.items():
            assert abs(other.moments[msn] - moment) < timedelta(milliseconds=22 * 8)


@quick
@given(worlds, seconds)
def test_segments_follow_one_another_without_gap_or_overlap(
    publication, reader, world, start
) -> None:
    world = World(publication, *world)
    now = LAUNCH + start * 1000
    found = shown(world, "v144", now, reader)
    if found is None:
        return
    numbers = [s.msn for s in found.segments]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    clock = found.moments[numbers[0]]
    for line in found.segments:
        if line.msn in found.moments:
            assert abs(found.moments[line.msn] - clock) <= timedelta(milliseconds=2)
            clock = found.moments[line.msn]
        clock += timedelta(seconds=float(line.duration.rstrip(",")))
    assert clock <= moment_of(now) + timedelta(milliseconds=2)
    assert moment_of(now) - clock < timedelta(seconds=4.49)


@quick
@given(worlds, seconds, st.integers(0, 90 * 30))
def test_time_only_takes_from_the_front_and_adds_to_the_end(
    publication, reader, world, start, wait
) -> None:
    world = World(publication, *world)
    now = LAUNCH + start * 1000
    before = shown(world, "v144", now, reader)
    after = shown(world, "v144", now + wait * 1000, reader)
    if before is None:
        return
    assert after.segments[0].msn >= before.segments[0].msn
    assert after.segments[-1].msn >= before.segments[-1].msn
    common = [s for s in before.segments if s.msn >= after.segments[0].msn]
    assert after.segments[: len(common)] == common


apart = st.integers(0, 2 * 90_000)


@examples(400)
@given(worlds, seconds, apart, st.lists(apart, min_size=2, max_size=2), st.integers(0, 40))
def test_a_cut_in_is_told_after_twelve_seconds_and_no_origin_told_anything_else(
    publication, world, start, ahead, found, choice
) -> None:
    world, press = World(publication, *world), LAUNCH + start * 1000
    old = Timeline(world.rundown, world.reels)
    served = press - HOLD_BACK
    if edge_number(world.rundown, world.reels, served) < 0:
        return
    free = old.first_editable(served)
    new = Timeline(world.extended(cut(world.rundown, world.reels, free), [choice, 0]), world.reels)
    for clock, seen in zip((ahead, ahead - HOLD_BACK), found, strict=True):
        # Clocks two seconds apart, and the rundown is written and seen after up to two.
        assert edge_number(world.rundown, world.reels, served + clock + seen - 1) < free
    begun = new.entry(new.place_of(free))
    first = begun.start + reel_of(begun, world.reels).length(begun.first, 1)
    assert begun.msn == free
    assert new.edge(first).msn == free
    assert first + HOLD_BACK - press <= 3 * max(4 * 90_000, *lengths_of(world))


def lengths_of(world: World) -> list[int]:
    """The length of each segment there is, in ticks."""
    return [b - a for reel in world.reels.values() for a, b in pairwise(reel.starts)]
