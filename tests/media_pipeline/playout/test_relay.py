"""A channel that inherits: own windows, azan, and what must be carried, at odd moments."""

import msgspec
import pytest

from media_pipeline.playout import Timeline, append
from media_pipeline.playout.joining import Feed, Joining
from media_pipeline.playout.lookup import between
from media_pipeline.playout.relay import Inheriting, Relay
from tests.media_pipeline.playout.conftest import LAUNCH, Channel, S


@pytest.fixture
def parent(channel: Channel):
    """A parent that plays n (ten segments of 4 s) again and again; own films are a and b."""
    channel.add("n", *[4] * 10)
    channel.add("a", *[3] * 4)
    channel.add("b", *[2] * 3)
    return channel.rundown(*[channel.item("n", f"n{turn}") for turn in range(6)])


def block(channel: Channel, seconds: float, *names: str):
    """Own entries that are planned `seconds` after LAUNCH."""
    empty = msgspec.structs.replace(channel.rundown(), entries=())
    items = [channel.item(name, f"{name}-own-{seconds}") for name in names]
    return append(empty, *items, start=LAUNCH + round(seconds * S)).entries


def relay(channel: Channel, parent, *blocks, joints=(), obliged=()) -> Relay:
    feed = Feed(parent, channel.reels)
    joints = joints or (Joining(feed, (), "s" * 32, channel.reels).from_tick(LAUNCH),)
    said = Inheriting("pasar", "Pasar", 1, "s" * 32, joints, blocks, obliged)
    return Relay(said, feed, channel.reels, held=channel.reels)


def played(lineup) -> list[tuple[str, float, int, int]]:
    """Entry, start in seconds, and which of its segments."""
    return [(e.id.split("~")[0], (e.start - LAUNCH) / S, e.first, e.count) for e in lineup.entries]


def test_without_own_entries_the_parent_is_shown_under_its_own_numbers(channel, parent) -> None:
    assert list(relay(channel, parent).entries) == list(parent.entries)


def test_own_entries_begin_at_the_first_border_and_the_parent_is_joined_in_progress(
    channel, parent
) -> None:
    shown = played(relay(channel, parent, block(channel, 50, "a")))
    assert shown[:5] == [
        ("n0", 0, 0, 10),
        ("n1", 40, 0, 3),
        ("a-own-50", 52, 0, 4),
        # At 64 s the parent has just begun its segment 6: joined without delay.
        ("n1", 64, 6, 4),
        ("n2", 80, 0, 10),
    ]


def test_a_join_between_the_parents_borders_plays_it_a_little_later_until_the_next_window(
    channel, parent
) -> None:
    shown = played(relay(channel, parent, block(channel, 52, "b"), block(channel, 100, "b")))
    assert shown[1:6] == [
        ("n1", 40, 0, 3),
        ("b-own-52", 52, 0, 3),
        # At 58 s the parent is in its segment from 56 s: it plays 2 s later from here on.
        ("n1", 58, 4, 6),
        ("n2", 82, 0, 5),
        ("b-own-100", 102, 0, 3),
    ]


def test_own_entries_that_are_planned_end_to_end_follow_each_other(channel, parent) -> None:
    blocks = block(channel, 50, "a"), block(channel, 62, "b")
    shown = played(relay(channel, parent, *blocks))
    assert shown[2:5] == [("a-own-50", 52, 0, 4), ("b-own-62", 64, 0, 3), ("n1", 70, 7, 3)]


def test_where_the_parent_has_its_azan_slate_is_shown_and_the_parent_rejoined(
    channel, parent
) -> None:
    channel.add("z", 4, 4, 3)
    items = [channel.item("n", "n0"), channel.item("z", "azan"), channel.item("n", "n1")]
    prayed = channel.rundown(*items)
    entries = list(prayed.entries)
    entries[1] = msgspec.structs.replace(entries[1], kind="azan")
    prayed = msgspec.structs.replace(prayed, entries=tuple(entries))
    lineup = relay(channel, prayed)
    assert [(e.kind, (e.start - LAUNCH) / S, e.count) for e in lineup.entries] == [
        ("programme", 0, 10),
        # Turns of 8 s, and as many segments of the last as reach the end of the azan at 51 s.
        ("slate", 40, 2),
        ("slate", 48, 1),
        ("programme", 52, 10),
    ]


def test_an_own_azan_stands_over_the_parents(channel, parent) -> None:
    entries = list(parent.entries)
    entries[1] = msgspec.structs.replace(entries[1], kind="azan")
    prayed = msgspec.structs.replace(parent, entries=tuple(entries))
    shown = played(relay(channel, prayed, block(channel, 44, "a")))
    kept = [(name, start) for name, start, _, _ in shown]
    assert kept[:4] == [("n0", 0), (shown[1][0], 40), ("a-own-44", 44), (shown[3][0], 56)]
    assert shown[3][0].startswith("cover")
    assert "n1" not in dict(kept)


def mandatory(parent, place: int):
    entry = parent.entries[place]
    return msgspec.structs.replace(parent, must_carry=((entry.msn, entry.msn + entry.count),))


def test_what_must_be_carried_interrupts_own_entries_which_then_go_on_in_progress(
    channel, parent
) -> None:
    channel.add("c", *[4] * 12)
    channel.add("x", 4, 4)
    items = [channel.item("n", "n0"), channel.item("x", "breaking"), channel.item("n", "n1")]
    cut_in = mandatory(channel.rundown(*items), 1)
    lineup = relay(channel, cut_in, block(channel, 22, "c"))
    assert played(lineup)[:4] == [
        ("n0", 0, 0, 6),
        ("c-own-22", 24, 0, 4),
        ("breaking", 40, 0, 2),
        ("c-own-22", 48, 6, 6),
    ]
    (carried,) = lineup.must_carry
    assert [lineup.entries[2].msn, lineup.entries[2].msn + 2] == [*carried]


def interrupted(channel: Channel, seconds: float):
    """A parent that obliges all to carry a film of `seconds`, 40 s after LAUNCH."""
    channel.add("x", seconds)
    items = [channel.item("n", "n0"), channel.item("x", "breaking"), channel.item("n", "n1")]
    return mandatory(channel.rundown(*items), 1)


def test_own_entries_that_began_late_go_on_as_late_after_what_must_be_carried(
    channel, parent
) -> None:
    channel.add("d", *[1] * 26)
    shown = played(relay(channel, interrupted(channel, 8), block(channel, 22, "d")))
    assert shown[1:5] == [
        ("d-own-22", 24, 0, 16),
        ("breaking", 40, 0, 1),
        # 24 s of it are over, not 26: it began 2 s late.
        ("d-own-22", 48, 24, 2),
        ("n1", 50, 0, 10),
    ]


def test_what_must_be_carried_and_is_over_at_the_next_border_interrupts_nothing(
    channel, parent
) -> None:
    channel.add("e", *[5] * 10)
    shown = played(relay(channel, interrupted(channel, 4), block(channel, 22, "e")))
    # The segment that is on air then ends at 44 s, as does what must be carried.
    assert shown[1] == ("e-own-22", 24, 0, 10)


def test_own_entries_wait_while_something_must_be_carried(channel, parent) -> None:
    shown = played(relay(channel, mandatory(parent, 1), block(channel, 74, "a")))
    assert shown[1:4] == [("n1", 40, 0, 10), ("a-own-74", 80, 2, 2), ("n2", 86, 1, 9)]


def test_own_entries_that_are_over_by_then_are_left_out(channel, parent) -> None:
    shown = played(relay(channel, mandatory(parent, 1), block(channel, 50, "b")))
    assert "b-own-50" not in [name for name, *_ in shown]


def test_what_must_be_carried_goes_through_two_channels(channel, parent) -> None:
    country = mandatory(parent, 2)
    province = relay(channel, country, block(channel, 70, "n"))
    market = relay(channel, province, block(channel, 78, "n"))
    for lineup in (province, market):
        shown = between(lineup, LAUNCH + 90 * S, LAUNCH + 110 * S)
        assert [e.id.split("~")[0] for e in shown] == ["n2"]


def test_after_the_parents_last_entry_its_slate_goes_on_for_all(channel, parent) -> None:
    lineup = relay(channel, parent, block(channel, 50, "a"), block(channel, 250, "b"))
    timeline, above = Timeline(lineup, channel.reels), Timeline(parent, channel.reels)
    for second in (245, 300, 4000):
        tick = LAUNCH + second * S
        mine = timeline.entry(timeline.place_at(tick))
        theirs = above.entry(above.place_at(tick))
        assert mine.publication == (theirs.publication if second != 250 else "b" * 32)
    assert ("b-own-250", 252, 0, 3) in played(lineup)


def test_joints_that_are_written_down_say_the_same_when_the_parent_has_forgotten(
    channel, parent
) -> None:
    blocks = block(channel, 50, "a"), block(channel, 100, "b")
    whole = relay(channel, parent, *blocks)
    kept = msgspec.structs.replace(parent, entries=parent.entries[2:])
    later = relay(channel, kept, *blocks, joints=whole.frozen(LAUNCH + 150 * S))
    assert list(later.entries) == list(whole.entries)[-len(later.entries) :]
    assert later.entries[0].id == "n2"


def test_a_joint_whose_publication_is_not_known_is_told(channel, parent) -> None:
    blocks = [block(channel, 50, "a")]
    first = relay(channel, parent, *blocks)
    assert first.guessed is None
    del channel.reels["n" * 32]
    feed = Feed(parent, channel.reels)
    said = Inheriting("pasar", "Pasar", 1, "s" * 32, first.joints[:1], tuple(blocks))
    guessed = Relay(said, feed, channel.reels, held=channel.reels).guessed
    assert guessed == (LAUNCH + 50 * S, "n" * 32)
