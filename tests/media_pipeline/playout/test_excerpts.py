"""Windows of any start and end: parts of one timeline, whichever edge they are seen from."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.rundown import Rundown
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.playout import (
    DVR,
    Item,
    NotOnAir,
    Reel,
    Timeline,
    append,
    behind,
    playlist,
    stretch,
)
from media_pipeline.playout.excerpt import recent
from tests.examples import examples

S = 90_000
LAUNCH = ticks_of(datetime(2026, 11, 24, 23, 58, 20, tzinfo=UTC))
YEAR_END = ticks_of(datetime(2027, 12, 31, 23, 59, tzinfo=UTC))
LEAP_DAY = ticks_of(datetime(2028, 2, 28, 23, 59, tzinfo=UTC))
FRAME = 3_600
RENDITIONS = ("v144", "v1080", "a48")

lasts = st.integers(1, 112)
shapes = st.tuples(
    st.integers(0, 6), lasts, st.sampled_from([(144,), (144, 360), (144, 240, 360, 480)])
)
worlds = st.tuples(
    st.lists(shapes, min_size=1, max_size=4),
    st.lists(st.integers(0, 40), min_size=1, max_size=12),
    st.sampled_from([LAUNCH, YEAR_END, LEAP_DAY]),
)
ticks = st.integers(0, 90_000 * 400)
quick = examples(100)


def timeline_of(make, world) -> Timeline:
    publications, order, launch = world
    reels: dict[str, Reel] = {}
    for number, (whole, last, rungs) in enumerate(publications):
        made = make(f"{number:032x}", (100 * FRAME,) * whole + (last * FRAME,), rungs)
        reels[made.id] = Reel.of(made)
    rundown = Rundown("c", "C", "UTC", 1, datetime.now(UTC), (), f"{0:032x}")
    for number, choice in enumerate(order):
        reel = list(reels.values())[choice % len(reels)]
        item = Item(f"e{number}", reel, "programme", "T", first=choice % reel.count)
        rundown = append(rundown, item, start=launch)
    return Timeline(rundown, reels)


def everything(timeline: Timeline, until: int, rendition: str, reader):
    """All that was ever shown up to `until`."""
    start = timeline.entry(0).start
    return reader(playlist(stretch(timeline, timeline.edge(until), start, until), rendition))


def facts(read) -> list[tuple]:
    return [(s.msn, s.disc, s.map, s.uri, s.duration, s.gap) for s in read.segments]


@quick
@given(worlds, ticks, ticks, ticks)
def test_any_window_is_a_part_of_the_whole_timeline(
    publication, reader, world, start, length, wait
) -> None:
    timeline = timeline_of(publication, world)
    launch = timeline.entry(0).start
    start, end = launch + start, launch + start + length
    for rendition in RENDITIONS:
        try:
            found = stretch(timeline, timeline.edge(launch + wait), start, end)
        except NotOnAir:
            return
        whole = facts(everything(timeline, launch + 3_000 * S, rendition, reader))
        shown = facts(reader(playlist(found, rendition)))
        assert shown == [fact for fact in whole if shown[0][0] <= fact[0] <= shown[-1][0]]
        numbers = [fact[0] for fact in shown]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert found.start >= start
        assert found.parts[-1].end == found.edge.end <= launch + wait


@quick
@given(worlds, ticks, ticks, ticks)
def test_windows_that_meet_share_no_segment_and_leave_none_out(
    publication, reader, world, one, two, three
) -> None:
    timeline = timeline_of(publication, world)
    launch = timeline.entry(0).start
    a, b, c = sorted(launch + tick for tick in (one, two, three))
    edge = timeline.edge(launch + 3_000 * S)

    def shown(start: int, end: int) -> list[tuple]:
        try:
            return facts(reader(playlist(stretch(timeline, edge, start, end), "v144")))
        except NotOnAir:
            return []

    def alone(found: list[tuple]) -> list[tuple]:
        return [fact[:2] + fact[3:] for fact in found]

    assert alone(shown(a, b)) + alone(shown(b, c)) == alone(shown(a, c))


@quick
@given(worlds, ticks, ticks, ticks)
def test_renditions_of_a_window_have_equal_numbers_and_discontinuities(
    publication, reader, world, start, length, wait
) -> None:
    timeline = timeline_of(publication, world)
    launch = timeline.entry(0).start
    try:
        edge = timeline.edge(launch + wait)
        found = stretch(timeline, edge, launch + start, launch + start + length)
    except NotOnAir:
        return
    reads = [reader(playlist(found, name)) for name in RENDITIONS]
    assert all(r.discontinuities == reads[0].discontinuities for r in reads)
    numbers = [[(s.msn, s.disc) for s in r.segments] for r in reads]
    assert numbers[1:] == [numbers[0]] * 2


@quick
@given(worlds, ticks, ticks, ticks, st.integers(0, 40 * S))
def test_an_event_only_grows_and_ends_as_catch_up(
    publication, reader, world, start, length, wait, more
) -> None:
    timeline = timeline_of(publication, world)
    launch = timeline.entry(0).start
    start, end = launch + start, launch + start + length
    try:
        before = stretch(timeline, timeline.edge(launch + wait), start, end)
    except NotOnAir:
        return
    after = stretch(timeline, timeline.edge(launch + wait + more), start, end)
    old, new = (facts(reader(playlist(e, "v144"))) for e in (before, after))
    assert new[: len(old)] == old
    if before.kind == "vod":
        assert playlist(after, "v144") == playlist(before, "v144")
    assert ("#EXT-X-ENDLIST" in playlist(after, "v144")) == (after.kind == "vod")


@quick
@given(worlds, ticks, st.integers(0, 2 * S))
def test_origins_whose_clocks_differ_by_two_seconds_never_contradict_each_other(
    publication, reader, world, wait, apart
) -> None:
    timeline = timeline_of(publication, world)
    launch = timeline.entry(0).start
    known: dict[int, tuple] = {}
    for now in (launch + wait, launch + wait + apart):
        try:
            edge = timeline.edge(now)
        except NotOnAir:
            continue
        for found in (behind(timeline, edge, DVR), stretch(timeline, edge, launch, launch + DVR)):
            for fact in facts(reader(playlist(found, "v144"))):
                assert known.setdefault(fact[0], fact) == fact


@quick
@given(worlds, ticks, st.integers(0, 29 * S), st.sampled_from(["YES", "v2"]))
def test_a_delta_update_makes_of_the_old_playlist_the_new_one(
    publication, reader, world, wait, later, skip
) -> None:
    timeline = timeline_of(publication, world)
    launch = timeline.entry(0).start
    try:
        edges = [timeline.edge(launch + wait), timeline.edge(launch + wait + later)]
    except NotOnAir:
        return
    for find in (
        lambda edge: behind(timeline, edge, 120 * S),
        lambda edge: stretch(timeline, edge, launch, launch + 10_000 * S),
    ):
        old, new = (find(edge) for edge in edges)
        known = {fact[0]: fact for fact in facts(reader(playlist(old, "v144")))}
        delta = playlist(new, "v144", skip)
        told = reader(delta.replace("#EXT-X-SKIP", "#SKIP"))
        skipped = sum(
            int(line.partition("SEGMENTS=")[2].split(",")[0])
            for line in delta.splitlines()
            if line.startswith("#EXT-X-SKIP")
        )
        # A player keeps what was skipped, and counts discontinuities on from there.
        kept = [known[new.msn + n] for n in range(skipped)]
        assert [fact[3:] for fact in kept] + [
            (s.uri, s.duration, s.gap) for s in told.segments
        ] == [fact[3:] for fact in facts(reader(playlist(new, "v144")))]
        ranges = [line for line in playlist(new, "v144").splitlines() if "DATERANGE:" in line]
        asked = [line for line in delta.splitlines() if line.startswith("#EXT-X-DATERANGE")]
        assert asked == ranges if skip == "YES" else set(asked) <= set(ranges)


@pytest.fixture
def aired(channel):
    channel.add("a", 4, 4, 2)
    channel.add("b", 4, 0.04)
    return Timeline(
        channel.rundown(*(channel.item(n, f"{n}{k}") for k in range(3) for n in "ab")),
        channel.reels,
    )


def uris(text: str) -> list[str]:
    names = [line.split("/") for line in text.splitlines() if line.startswith("/media/")]
    return [f"{n[3][0]}/{int(n[5].removesuffix('.m4s'))}" for n in names]


ODD = [
    pytest.param(0, 10, 60, ["a/1", "a/2", "a/3"], id="a whole item"),
    pytest.param(10, 14.04, 60, ["b/1", "b/2"], id="one that ends with 0.04 s"),
    pytest.param(0, 14.04, 60, ["a/1", "a/2", "a/3", "b/1", "b/2"], id="across a join"),
    pytest.param(1, 9, 60, ["a/2", "a/3"], id="what begins within, and no more"),
    pytest.param(4, 4 + 1 / 90_000, 60, ["a/2"], id="a segment that begins with the window"),
    pytest.param(0, 100, 8, ["a/1", "a/2"], id="an end to come: as far as it was shown"),
    pytest.param(-3600, 4, 60, ["a/1"], id="from before the launch"),
    pytest.param(42.08, 50, 60, ["b/2", "s/1", "s/2"], id="slate after the last entry"),
]


@pytest.mark.parametrize(("start", "end", "until", "shown"), ODD)
def test_what_a_window_holds(aired, start, end, until, shown) -> None:
    launch = aired.entry(0).start
    first, last, edge = (launch + ticks_in(s) for s in (start, end, until))
    assert uris(playlist(stretch(aired, aired.edge(edge), first, last), "v144")) == shown


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(30, 60, id="to come"),
        pytest.param(1, 3, id="between two segments"),
        pytest.param(-20, 0, id="before the launch"),
        pytest.param(8, 8, id="of no length"),
    ],
)
def test_a_window_without_a_segment_is_not_on_air(aired, start, end) -> None:
    launch = aired.entry(0).start
    with pytest.raises(NotOnAir):
        stretch(aired, aired.edge(launch + 20 * S), launch + start * S, launch + end * S)


@pytest.mark.parametrize(("seconds", "kind"), [(19.99, "event"), (20, "vod"), (24, "vod")])
def test_a_stretch_is_over_when_its_last_segment_is_shown(channel, seconds, kind) -> None:
    channel.add("a", *[4] * 30)
    timeline = Timeline(channel.rundown(channel.item("a")), channel.reels)
    launch = timeline.entry(0).start
    edge = timeline.edge(launch + ticks_in(seconds))
    assert stretch(timeline, edge, launch, launch + 20 * S).kind == kind


def test_a_start_over_reads_as_text_and_as_a_delta(channel) -> None:
    channel.add("a", *[4] * 30)
    timeline = Timeline(channel.rundown(channel.item("a")), channel.reels)
    launch = timeline.entry(0).start
    event = stretch(timeline, timeline.edge(launch + 100 * S), launch, launch + 120 * S)
    text = playlist(event, "v144")
    assert text.splitlines()[1:8] == [
        "#EXT-X-VERSION:9",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=60,CAN-SKIP-DATERANGES=YES",
        "#EXT-X-PLAYLIST-TYPE:EVENT",
        "#EXT-X-START:TIME-OFFSET=0",
        "#EXT-X-MEDIA-SEQUENCE:0",
    ]
    assert len(uris(text)) == 25
    delta = playlist(event, "v144", "v2")
    assert '#EXT-X-SKIP:SKIPPED-SEGMENTS=10,RECENTLY-REMOVED-DATERANGES=""' in delta
    assert uris(delta) == uris(text)[10:]
    assert [part.msn for part in recent(event)] == [10]


def test_ranges_that_leave_four_hours_are_named_as_removed(channel) -> None:
    channel.add("a", *[4] * 10)
    items = [channel.item("a", f"a{n}") for n in range(400)]
    timeline = Timeline(channel.rundown(*items), channel.reels)
    launch = timeline.entry(0).start
    excerpt = behind(timeline, timeline.edge(launch + DVR + 100 * S), DVR)
    assert excerpt.msn == 25
    delta = playlist(excerpt, "v144", "v2")
    assert 'RECENTLY-REMOVED-DATERANGES="a1"' in delta
    assert '"a2"' not in delta
    assert len(delta) < 4_000 < 200_000 < len(playlist(excerpt, "v144"))
