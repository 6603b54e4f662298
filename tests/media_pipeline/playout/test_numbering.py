"""Building a rundown, and what its checks say of a broken one."""

from datetime import UTC, datetime

import msgspec
import pytest

from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.playout import (
    Timeline,
    append,
    between,
    check_rundown,
    check_successor,
    cut,
    fill,
    following,
    forget,
    on_air,
    publications_of,
    with_slate,
)

LAUNCH = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))


def after(seconds: float) -> int:
    return LAUNCH + ticks_in(seconds)


@pytest.fixture
def two(channel):
    """a of 12 s, then b of 6 s."""
    channel.add("a", 4, 4, 4)
    channel.add("b", 4, 2)
    return channel.rundown(channel.item("a"), channel.item("b"))


def test_entries_stand_end_to_end_and_count_on(channel, two) -> None:
    assert [(e.start, e.end, e.msn, e.dsn) for e in two.entries] == [
        (after(0), after(12), 0, 0),
        (after(12), after(18), 3, 1),
    ]
    assert check_rundown(two, channel.reels) == ()


def test_the_first_entry_needs_a_start(channel) -> None:
    channel.add("a", 4)
    with pytest.raises(ValueError, match="needs a start"):
        append(channel.rundown(), channel.item("a"))


@pytest.mark.parametrize(
    ("until", "played", "end"),
    [
        pytest.param(18, [], 18, id="no gap"),
        pytest.param(21.9, [], 18, id="a gap shorter than a segment moves the next start"),
        pytest.param(22, [1], 22, id="one segment"),
        pytest.param(26, [2], 26, id="a whole filler"),
        pytest.param(28, [2], 26, id="the rest is left"),
        pytest.param(35, [2, 2], 34, id="a filler for each turn"),
    ],
)
def test_a_gap_is_filled_with_whole_segments(channel, two, until, played, end) -> None:
    filled = fill(two, after(until), [channel.item("s")])
    assert [e.count for e in filled.entries[2:]] == played
    assert filled.entries[-1].end == after(end)
    assert check_rundown(filled, channel.reels) == ()


def test_fillers_take_turns_and_a_shorter_one_takes_the_rest(channel, two) -> None:
    channel.add("f", 1)
    filled = fill(two, after(30), [channel.item("s"), channel.item("f")])
    assert [e.publication[0] for e in filled.entries[2:]] == [*"sffff"]
    assert filled.entries[-1].end == after(30)


def test_nothing_to_fill_with_ends_at_once(two) -> None:
    assert fill(two, after(60), []) == two


def test_slate_that_was_shown_is_written_down_as_it_was(channel, two) -> None:
    written = with_slate(two, channel.reels, after(30))
    assert [e.end for e in written.entries[2:]] == [after(26), after(34)]
    virtual = Timeline(two, channel.reels)
    assert [virtual.entry(n) for n in range(4)] == list(written.entries)
    assert with_slate(two, channel.reels, after(18)) == two


@pytest.mark.parametrize("msn", range(10))
def test_a_cut_leaves_every_segment_below_it(channel, two, msn) -> None:
    before = Timeline(two, channel.reels)
    short = cut(two, channel.reels, msn)
    assert sum(e.count for e in short.entries) == msn
    if short.entries:
        assert check_rundown(short, channel.reels) == ()
        last = short.entries[-1]
        assert msgspec.structs.replace(last, count=0, duration=0) == msgspec.structs.replace(
            before.entry(len(short.entries) - 1), count=0, duration=0
        )


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        pytest.param(-60, 0, id="long before the launch all is free"),
        pytest.param(-4, 0, id="until the margin before it"),
        pytest.param(-3, 1, id="then not the first segment"),
        pytest.param(4, 3, id="two whole segments after the edge"),
        pytest.param(12, 5, id="two after it where one is short, on into the slate"),
        pytest.param(14, 5, id="four seconds before it"),
        pytest.param(15, 6, id="less than that is too late"),
    ],
)
def test_what_an_edit_may_change(channel, two, moment, first) -> None:
    assert Timeline(two, channel.reels).first_editable(after(moment)) == first


def edited(rundown, **changes):
    return msgspec.structs.replace(rundown, version=rundown.version + 1, **changes)


def test_an_edit_after_the_margin_is_no_contradiction(channel, two) -> None:
    new = append(cut(two, channel.reels, 3), channel.item("s", "new"))
    assert check_successor(two, edited(new), 0, channel.reels) == ()
    assert check_successor(two, edited(two), 4, channel.reels) == ()


def test_an_edit_within_the_margin_is_refused(channel, two) -> None:
    new = edited(append(cut(two, channel.reels, 3), channel.item("s", "new")))
    (fault,) = check_successor(two, new, 1, channel.reels)
    assert fault == "Segment 3 of b is shown already and would change."


def test_two_edits_within_one_segment_both_hold_to_what_was_shown(channel, two) -> None:
    first = edited(append(cut(two, channel.reels, 3), channel.item("s", "one")))
    second = edited(append(cut(first, channel.reels, 3), channel.item("b", "two")))
    assert check_successor(two, first, 0, channel.reels) == ()
    assert check_successor(first, second, 0, channel.reels) == ()
    assert check_successor(two, second, 0, channel.reels) == ()


def test_a_rundown_that_ran_out_must_keep_the_slate_that_was_shown(channel, two) -> None:
    timeline = Timeline(two, channel.reels)
    now = after(40)
    edge = timeline.edge(now).msn
    rash = edited(append(two, channel.item("a", "new")))
    assert check_successor(two, rash, edge, channel.reels)
    kept = cut(two, channel.reels, timeline.first_editable(now))
    careful = edited(append(kept, channel.item("a", "new")))
    assert check_successor(two, careful, edge, channel.reels) == ()


def test_another_slate_may_not_rewrite_the_one_that_is_shown(channel, two) -> None:
    channel.add("t", 4)
    new = edited(two, slate="t" * 32)
    assert check_successor(two, new, 3, channel.reels)
    assert check_successor(two, new, 1, channel.reels) == ()


@pytest.mark.parametrize("change", [{"dsn": 5}, {"start": LAUNCH + 1}, {"publication": "s" * 32}])
def test_what_is_shown_keeps_its_numbers_and_moments(channel, two, change) -> None:
    entries = (msgspec.structs.replace(two.entries[0], **change), *two.entries[1:])
    assert check_successor(two, edited(two, entries=entries), 0, channel.reels)


def test_before_the_launch_all_may_change(channel, two) -> None:
    entries = (msgspec.structs.replace(two.entries[0], start=LAUNCH + 1), *two.entries[1:])
    assert check_successor(two, edited(two, entries=entries), -1, channel.reels) == ()


def test_an_older_version_is_refused(channel, two) -> None:
    assert check_successor(two, two, 0, channel.reels) == ("Version 1 is not newer than 1.",)


def test_what_left_the_window_may_be_forgotten_and_no_more(channel) -> None:
    channel.add("a", 4, 4, 4)
    rundown = channel.rundown(*[channel.item("a", str(n)) for n in range(20)])
    edge = Timeline(rundown, channel.reels).edge(after(180)).msn
    kept = edited(forget(rundown, after(150)))
    assert kept.entries[0].msn == 21
    assert check_successor(rundown, kept, edge, channel.reels) == ()
    assert check_successor(rundown, edited(forget(rundown, after(200))), edge, channel.reels)


def test_the_last_entry_is_never_forgotten(channel, two) -> None:
    assert forget(two, after(10_000)).entries == two.entries[-1:]


@pytest.mark.parametrize(
    ("moment", "current", "then"),
    [(-1, None, ["a", "b"]), (0, "a", ["b"]), (11.99, "a", ["b"]), (12, "b", []), (18, None, [])],
)
def test_now_and_next(two, moment, current, then) -> None:
    entry = on_air(two, after(moment))
    assert (entry.id if entry else None) == current
    assert [e.id for e in following(two, after(moment), 5)] == then


@pytest.mark.parametrize(
    ("start", "end", "ids"),
    [(-9, 0, []), (-9, 1, ["a"]), (11, 12, ["a"]), (11, 13, ["a", "b"]), (18, 99, [])],
)
def test_what_plays_between_two_moments(two, start, end, ids) -> None:
    assert [e.id for e in between(two, after(start), after(end))] == ids


def test_what_a_rundown_plays_is_known_with_its_slate(two) -> None:
    assert publications_of([two]) == {"a" * 32, "b" * 32, "s" * 32}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": LAUNCH}, "does not start where"),
        ({"msn": 4}, "go on with the numbers"),
        ({"dsn": 7}, "go on with the discontinuities"),
        ({"count": 0}, "has no segments"),
        ({"count": 3}, "more segments than"),
        ({"duration": 1}, "does not last as long"),
        ({"publication": "x" * 32}, "cannot be found"),
        ({"id": "a"}, "the same id"),
    ],
)
def test_a_broken_entry_is_named(channel, two, change, sentence) -> None:
    broken = msgspec.structs.replace(two.entries[1], **change)
    rundown = msgspec.structs.replace(two, entries=(two.entries[0], broken))
    assert any(sentence in fault for fault in check_rundown(rundown, channel.reels))


def test_a_rundown_without_entries_or_slate_is_named(channel, two) -> None:
    assert check_rundown(channel.rundown()) == ("The rundown has no entries.",)
    lost = msgspec.structs.replace(two, slate="x" * 32)
    assert any("slate" in fault for fault in check_rundown(lost, channel.reels))
    none = msgspec.structs.replace(two, slate="")
    assert any("names no slate" in fault for fault in check_rundown(none))


def test_a_segment_that_would_change_the_target_duration_is_named(channel) -> None:
    channel.add("a", 4, 4.49)
    channel.add("b", 4, 4.5)
    good, bad = (channel.rundown(channel.item(n)) for n in "ab")
    assert check_rundown(good, channel.reels) == ()
    assert any("4.49" in fault for fault in check_rundown(bad, channel.reels))
