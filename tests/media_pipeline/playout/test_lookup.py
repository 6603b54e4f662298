"""What a rundown has at a moment: an entry lasts from its start to its end, the end not included."""

import pytest

from media_pipeline.playout.lookup import between, following, on_air, publications_between
from tests.media_pipeline.playout.conftest import LAUNCH, Channel, S


@pytest.fixture
def rundown(channel: Channel):
    """Two entries end to end, of eight seconds and of four."""
    channel.add("a", 4, 4)
    channel.add("b", 4)
    return channel.rundown(channel.item("a"), channel.item("b"))


@pytest.mark.parametrize(
    ("tick", "shown", "next_one"),
    [
        (-1, None, "a"),
        (0, "a", "b"),
        (8 * S - 1, "a", "b"),
        (8 * S, "b", None),
        (12 * S - 1, "b", None),
        (12 * S, None, None),
    ],
)
def test_what_is_on_and_what_comes(rundown, tick, shown, next_one) -> None:
    entry = on_air(rundown, LAUNCH + tick)
    assert (entry and entry.id) == shown
    assert [e.id for e in following(rundown, LAUNCH + tick, 1)] == [next_one] * bool(next_one)


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (-9, 0, ""),
        (-9, 1, "a"),
        (0, 8 * S, "a"),
        (8 * S - 1, 8 * S + 1, "ab"),
        (8 * S, 12 * S, "b"),
        (12 * S, 99 * S, ""),
    ],
)
def test_what_plays_within_two_moments(rundown, start, end, names) -> None:
    bounds = LAUNCH + start, LAUNCH + end
    assert [e.id for e in between(rundown, *bounds)] == [*names]
    assert publications_between(rundown, *bounds) == {name * 32 for name in names}
