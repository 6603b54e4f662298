"""What an origin put on air, read back from the store."""

import msgspec
import pytest

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import takedown_mark
from media_pipeline.model.ticks import TIMESCALE, ticks_of

pytestmark = pytest.mark.both_stores


@pytest.fixture
def told(studio):
    """(minute, entry, seconds from, seconds to) of each line in the store."""

    def read() -> list[tuple[str, str, float, float]]:
        zero = ticks_of(studio.rundown("s").written)
        lines = []
        for key in studio.store.keys("journal"):
            for line in studio.store.read(key).splitlines():
                found = msgspec.json.decode(line)
                span = ((found[name] - zero) / TIMESCALE for name in ("start", "end"))
                lines.append((key.split("/")[2], found["entry"], *span))
        return lines

    return read


def play(studio, start: int, stop: int) -> None:
    for second in range(start, stop):
        studio.at(second)


def test_a_minute_is_one_object_with_a_line_an_entry(studio, told) -> None:
    studio.publish("a", *[4] * 5)
    studio.publish("b", *[4] * 30)
    studio.air(studio.rundown("a", "b"))
    play(studio, 0, 62)
    assert told() == [
        ("20261124T0500Z.jsonl", "a-0", 4, 20),
        ("20261124T0500Z.jsonl", "b-1", 20, 56),
    ]
    play(studio, 62, 121)
    assert told()[2:] == [("20261124T0501Z.jsonl", "b-1", 56, 116)]


def test_an_origin_that_stops_writes_what_it_knows(studio, told) -> None:
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    play(studio, 6, 20)
    assert told() == []
    studio.origin.stop()
    assert told() == [("20261124T0500Z.jsonl", "a-0", 4, 16)]


def test_a_long_silence_is_a_hole_and_a_short_one_is_none(studio, told) -> None:
    studio.publish("a", *[4] * 30)
    studio.air(studio.rundown("a"))
    play(studio, 6, 11)
    studio.at(18)
    studio.at(58)
    studio.origin.stop()
    assert told() == [
        ("20261124T0500Z.jsonl", "a-0", 4, 16),
        ("20261124T0500Z.jsonl", "a-0", 52, 56),
    ]


def test_what_is_taken_down_was_not_put_on_air(studio, told) -> None:
    studio.publish("a", 4, 4)
    studio.publish("b", 4, 4, 4, 4)
    studio.store.write(takedown_mark("a" * 32), b"")
    studio.air(studio.rundown("a", "b"))
    play(studio, 6, 24)
    studio.origin.stop()
    assert told() == [("20261124T0500Z.jsonl", "b-1", 8, 20)]


def test_lines_wait_while_the_store_cannot_be_reached(studio, told, monkeypatch) -> None:
    studio.publish("a", *[4] * 60)
    studio.air(studio.rundown("a"))
    play(studio, 6, 59)
    with monkeypatch.context() as broken:

        def unreachable(*_):
            raise StoreUnavailable("gone")

        broken.setattr(studio.store, "write", unreachable)
        play(studio, 59, 122)
    assert told() == []
    play(studio, 122, 124)
    assert [line[0] for line in told()] == ["20261124T0500Z.jsonl", "20261124T0501Z.jsonl"]
