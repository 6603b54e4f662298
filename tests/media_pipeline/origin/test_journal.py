"""What an origin put on air, read back from the store."""

import pytest

from media_pipeline.asrun import decode_minute
from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.joint import Joint
from media_pipeline.model.keys import publication_file, takedown_mark
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from tests.media_pipeline.origin.conftest import LAUNCH
from tests.media_pipeline.origin.test_heirs import block, inherit

pytestmark = pytest.mark.both_stores

ZERO = ticks_of(LAUNCH)
FIRST, SECOND = "20261124T0500Z", "20261124T0501Z"


def lines(studio, channel: str = "contoh"):
    """(object's minute, line) of each line in the store."""
    found = []
    for key in studio.store.keys("journal"):
        _, day, _, name = key.split("/")
        assert name.startswith(day)
        minute = ZERO + 60 * TIMESCALE * (int(name[9:13]) - 500)
        read = decode_minute(studio.store.read(key), minute)
        assert read.faulty == 0
        found += [(name.partition(".")[0], each) for each in read.lines if each.channel == channel]
    return found


@pytest.fixture
def told(studio):
    """(minute, entry, seconds from, seconds to) of each line in the store that had its segments."""

    def read() -> list[tuple[str, str, float, float]]:
        return [
            (minute, each.entry, (each.start - ZERO) / TIMESCALE, (each.end - ZERO) / TIMESCALE)
            for minute, each in lines(studio)
            if not each.lack
        ]

    return read


def play(studio, start: int, stop: int) -> None:
    for second in range(start, stop):
        studio.at(second)


def test_a_minute_is_one_object_with_a_line_an_entry(studio, told) -> None:
    studio.publish("a", *[4] * 5)
    studio.publish("b", *[4] * 30)
    studio.air(studio.rundown("a", "b"))
    play(studio, 0, 61)
    assert told() == [(FIRST, "a-0", 4, 20), (FIRST, "b-1", 20, 56)]
    play(studio, 61, 121)
    assert told()[2:] == [(SECOND, "b-1", 56, 116)]
    assert len(list(studio.store.keys("journal"))) == 2


def test_an_origin_that_is_killed_loses_ten_seconds_at_most(studio, told) -> None:
    studio.publish("a", *[4] * 30)
    studio.air(studio.rundown("a"))
    play(studio, 0, 51)
    # Nothing that an end would do: it is killed here.
    assert told() == [(FIRST, "a-0", 4, 48)]
    play(studio, 51, 59)
    assert told() == [(FIRST, "a-0", 4, 48)]


def test_an_origin_that_stops_writes_what_it_knows(studio, told) -> None:
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    play(studio, 6, 10)
    assert told() == []
    play(studio, 10, 19)
    studio.origin.stop()
    assert told() == [(FIRST, "a-0", 4, 16)]


def test_a_long_silence_is_a_hole_and_a_short_one_is_none(studio, told) -> None:
    studio.publish("a", *[4] * 30)
    studio.air(studio.rundown("a"))
    play(studio, 6, 11)
    studio.at(18)
    studio.at(58)
    studio.origin.stop()
    assert told() == [(FIRST, "a-0", 4, 16), (FIRST, "a-0", 52, 56)]


def test_what_is_taken_down_was_not_put_on_air_and_the_journal_says_so(studio, told) -> None:
    studio.publish("a", 4, 4)
    studio.publish("b", 4, 4, 4, 4)
    studio.store.write(takedown_mark("a" * 32), b"")
    studio.air(studio.rundown("a", "b"))
    play(studio, 6, 24)
    studio.origin.stop()
    assert told() == [(FIRST, "b-1", 8, 20)]
    assert [(e.entry, e.lack) for _, e in lines(studio)] == [("a-0", "taken_down"), ("b-1", "")]


def test_a_publication_that_cannot_be_read_is_a_lack(studio, told) -> None:
    studio.publish("a", 4, 4, 4)
    studio.air(studio.rundown("a"))
    studio.store.delete(publication_file("a" * 32))
    play(studio, 6, 12)
    studio.origin.stop()
    assert [(e.entry, e.lack) for _, e in lines(studio)] == [("a-0", "unreadable")]


def test_lines_wait_while_the_store_cannot_be_reached(studio, told, monkeypatch) -> None:
    studio.publish("a", *[4] * 60)
    studio.air(studio.rundown("a"))
    play(studio, 6, 9)
    with monkeypatch.context() as broken:

        def unreachable(*_):
            raise StoreUnavailable("gone")

        broken.setattr(studio.store, "write", unreachable)
        play(studio, 9, 129)
    assert told() == []
    play(studio, 129, 131)
    assert [line[0] for line in told()] == [FIRST, SECOND, "20261124T0502Z"]
    assert told()[-1][3] == 128


def test_a_clock_that_goes_back_a_little_says_nothing_twice(studio, told) -> None:
    studio.publish("a", *[4] * 60)
    studio.air(studio.rundown("a"))
    play(studio, 6, 31)
    play(studio, 28, 41)
    studio.origin.stop()
    assert told() == [(FIRST, "a-0", 4, 36)]


def test_a_clock_that_goes_back_far_writes_over_nothing(studio, told) -> None:
    studio.publish("a", *[4] * 200)
    studio.air(studio.rundown("a"))
    play(studio, 6, 71)
    play(studio, 20, 41)
    studio.origin.stop()
    assert sorted(told()) == [
        (FIRST, "a-0", 4, 56),
        (FIRST, "a-0", 12, 36),
        (SECOND, "a-0", 56, 68),
    ]


def test_what_a_channel_takes_from_its_parent_is_a_relay_and_own_entries_are_named(studio) -> None:
    studio.publish("a", *[4] * 10)
    studio.publish("b", *[4] * 10)
    studio.publish("c", *[4] * 3)
    studio.air(studio.rundown("a", "b"))
    first = Joint("relay", ZERO, 100, 7, 0, 0)
    inherit(studio, "pasar", "contoh", block(studio, 12, "c"), joints=(first,))
    play(studio, 6, 43)
    studio.origin.stop()
    said = [
        (e.entry, e.relay, (e.start - ZERO) / TIMESCALE, (e.end - ZERO) / TIMESCALE)
        for _, e in lines(studio, "pasar")
    ]
    assert said == [("", True, 4, 12), ("c-0", False, 12, 24), ("", True, 24, 40)]
