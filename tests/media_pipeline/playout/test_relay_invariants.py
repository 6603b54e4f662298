"""What holds for channels that inherit, whatever parents and regions edit and when."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.ticks import moment_of, ticks_in, ticks_of
from media_pipeline.playout import HOLD_BACK, NotOnAir, Reel, check_rundown, window
from media_pipeline.playout.lookup import place_at, place_of
from tests.examples import examples
from tests.media_pipeline.playout.network import Network

LAUNCH = ticks_of(datetime(2026, 11, 24, 23, 58, 20, tzinfo=UTC))
FRAME = 3_600
SLATE = f"{0:032x}"
RUNGS = [(144,), (144, 360), (144, 240, 360, 480)]

lasts = st.integers(1, 112)  # frames of a last segment: 0.04 to 4.48 s
shapes = st.tuples(st.integers(0, 6), lasts, st.sampled_from(RUNGS))
orders = st.lists(st.integers(0, 60), min_size=1, max_size=10)
waits = st.integers(0, 90 * 40).map(lambda n: n * 1000)  # up to 40 s, at odd ticks
own = st.lists(st.tuples(waits, orders), max_size=3)
steps = st.lists(
    st.tuples(
        st.integers(0, 90 * 25).map(lambda n: n * 1000),
        st.one_of(
            st.tuples(st.just("edit"), orders),
            st.tuples(st.just("cut in"), orders),
            st.tuples(st.sampled_from(["plan1", "plan2", "plan3"]), own),
            st.tuples(st.sampled_from(["freeze1", "freeze2", "freeze3"]), st.none()),
            st.tuples(st.just("look"), st.none()),
        ),
    ),
    min_size=2,
    max_size=12,
)
networks = st.tuples(
    st.lists(shapes, min_size=1, max_size=4), orders, st.integers(1, 3), own, steps
)


def run(make, network):
    """Play `network` step by step; yield it and the moment after each."""
    publications, order, depth, first, todo = network
    reels = {}
    for number, (whole, last, rungs) in enumerate([(1, 100, (144,)), *publications]):
        made = make(f"{number:032x}", (100 * FRAME,) * whole + (last * FRAME,), rungs)
        reels[made.id] = Reel.of(made)
    net = Network(reels, LAUNCH)
    net.begin(order, SLATE)
    now = LAUNCH
    for level in range(1, depth + 1):
        net.inherit(f"c{level}", now, SLATE)
        net.plan(f"c{level}", now, first)
    for wait, (action, what) in todo:
        now += wait
        do(net, now, action, what)
        yield net, now


def do(net: Network, now: int, action: str, what) -> None:
    name = f"c{action[-1]}"
    if action == "edit":
        net.edit(now, what)
    elif action == "cut in":
        net.edit(now, what, at_once=True)
    elif action.startswith("plan") and name in net.said:
        net.plan(name, now, what)
    elif action.startswith("freeze") and name in net.said:
        net.freeze(name, now)


def texts(net: Network, name: str, seen: int, clock: int, reader, rendition="v144"):
    """What an origin shows whose clock says `clock`, and which looked at `seen`."""
    try:
        return reader(window(net.lineup(name, seen), net.reels, rendition, clock - HOLD_BACK))
    except NotOnAir:
        return None


LATE = ticks_in(2)
sixty = examples(60)


@sixty
@given(networks)
def test_a_number_once_shown_means_the_same_for_ever_and_on_every_origin(
    publication, reader, network
) -> None:
    known: dict[tuple[str, str, int], tuple] = {}
    for net, now in run(publication, network):
        # One sees what is in force at once, one 2 s later and has a clock 2 s ahead, one behind.
        for seen, clock in ((now, now), (now - LATE, now + LATE), (now, now - LATE)):
            for name in net.said:
                for rendition in ("v144", "v480", "a48"):
                    found = texts(net, name, seen, clock, reader, rendition)
                    for line in found.segments if found else ():
                        fact = (line.disc, line.map, line.uri, line.duration)
                        told = known.setdefault((name, rendition, line.msn), fact)
                        assert told == fact, (name, rendition, line.msn)


@sixty
@given(networks)
def test_segments_follow_one_another_without_gap_or_overlap(publication, reader, network) -> None:
    for net, now in run(publication, network):
        for name in net.said:
            found = texts(net, name, now, now, reader)
            if found is None:
                continue
            numbers = [s.msn for s in found.segments]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
            clock = found.moments[numbers[0]]
            for line in found.segments:
                if line.msn in found.moments:
                    assert abs(found.moments[line.msn] - clock) <= timedelta(milliseconds=2)
                    clock = found.moments[line.msn]
                clock += timedelta(seconds=float(line.duration.rstrip(",")))
            served = moment_of(now - HOLD_BACK)
            assert clock <= served + timedelta(milliseconds=2)
            assert served - clock < timedelta(seconds=4.49)


@sixty
@given(networks)
def test_all_renditions_agree_on_numbers_and_discontinuities(publication, reader, network) -> None:
    for net, now in run(publication, network):
        for name in net.said:
            low, high, audio = (
                texts(net, name, now, now, reader, r) for r in ("v144", "v1080", "a48")
            )
            for other in (high, audio) if low else ():
                expected = [(s.msn, s.disc) for s in low.segments]
                assert [(s.msn, s.disc) for s in other.segments] == expected
                assert other.discontinuities == low.discontinuities


@sixty
@given(networks)
def test_a_relay_is_a_rundown_without_faults_whose_entries_are_found_by_tick_and_number(
    publication, network
) -> None:
    for net, now in run(publication, network):
        for name in net.said:
            lineup = net.lineup(name, now)
            entries = list(lineup.entries)
            assert check_rundown(lineup, net.reels) == ()
            for place, entry in enumerate(entries):
                assert lineup.entries[place] == entry
                for tick in (entry.start, entry.end - 1):
                    assert place_at(lineup.entries, tick) == place
                for msn in (entry.msn, entry.msn + entry.count - 1):
                    assert place_of(lineup.entries, msn) == place
            assert place_at(lineup.entries, entries[0].start - 1) == -1
            assert place_of(lineup.entries, entries[0].msn - 1) == -1


@sixty
@given(networks)
def test_what_must_be_carried_goes_through_and_the_parents_azan_never_does(
    publication, network
) -> None:
    for net, now in run(publication, network):
        root = {e.id: e for e in net.lineup("c0", now).entries}
        for name in list(net.said)[1:]:
            lineup = net.lineup(name, now)
            for first, last in lineup.must_carry:
                carried = lineup.entries[place_of(lineup.entries, first)]
                assert carried.id.split("~")[0] in net.mandatory
                assert carried.msn <= first < last
            own = {e.id for b in net.in_force(name, now).blocks for e in b}
            for entry in lineup.entries:
                above = root.get(entry.id.split("~")[0])
                assert above is None or above.kind != "azan" or entry.id in own
