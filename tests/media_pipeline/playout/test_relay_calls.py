"""An own azan wins over what the parent obliges all to carry."""

import msgspec
import pytest

from media_pipeline.playout.lookup import between
from tests.media_pipeline.playout.conftest import LAUNCH, Channel, S
from tests.media_pipeline.playout.test_relay import block, mandatory, played, relay


@pytest.fixture
def parent(channel: Channel):
    """A parent that plays n (ten segments of 4 s) again and again; z is an azan of 12 s."""
    channel.add("n", *[4] * 10)
    channel.add("c", *[4] * 20)
    channel.add("z", 4, 4, 4)
    return channel.rundown(*[channel.item("n", f"n{turn}") for turn in range(6)])


def azan(entries, *places: int):
    """The same own entries, those at `places` being calls to prayer."""
    return tuple(
        msgspec.structs.replace(e, kind="azan") if n in places else e for n, e in enumerate(entries)
    )


def test_an_own_azan_interrupts_what_must_be_carried_which_is_then_joined_in_progress(
    channel, parent
) -> None:
    shown = played(relay(channel, mandatory(parent, 1), azan(block(channel, 50, "z"), 0)))
    assert shown[1:5] == [
        ("n1", 40, 0, 3),
        ("z-own-50", 52, 0, 3),
        ("n1", 64, 6, 4),
        ("n2", 80, 0, 10),
    ]


def test_an_azan_within_own_entries_is_shown_from_its_begin_while_others_wait(
    channel, parent
) -> None:
    # Own c from 22 s, its azan at 54 s; the parent obliges from 40 s to 80 s.
    own = block(channel, 22, "c", "z")
    first = msgspec.structs.replace(own[0], count=8, duration=32 * S)
    moved = msgspec.structs.replace(own[1], start=first.end, msn=first.msn + 8)
    rest = msgspec.structs.replace(
        own[0],
        id="rest",
        start=moved.end,
        first=8,
        count=12,
        duration=48 * S,
        msn=moved.msn + 3,
        dsn=moved.dsn + 1,
    )
    shown = played(relay(channel, mandatory(parent, 1), azan((first, moved, rest), 1)))
    assert shown[:7] == [
        ("n0", 0, 0, 6),
        ("c-own-22", 24, 0, 4),
        ("n1", 40, 0, 4),
        ("z-own-22", 56, 0, 3),
        ("n1", 68, 7, 3),
        ("rest", 80, 11, 9),
        ("n2", 116, 9, 1),
    ]


def test_an_azan_that_is_on_when_something_must_be_carried_is_shown_to_its_end(
    channel, parent
) -> None:
    own = azan(block(channel, 34, "z", "c"), 0)
    shown = played(relay(channel, mandatory(parent, 1), own))
    assert shown[:4] == [
        ("n0", 0, 0, 9),
        ("z-own-34", 36, 0, 3),
        ("n1", 48, 2, 8),
        ("c-own-34", 80, 8, 12),
    ]


def test_an_azan_of_a_province_does_not_take_a_markets_azan(channel, parent) -> None:
    country = mandatory(parent, 2)
    province = relay(channel, country, azan(block(channel, 90, "z"), 0))
    market = relay(channel, province, azan(block(channel, 100, "z"), 0))
    assert [e.kind for e in between(market, LAUNCH + 80 * S, LAUNCH + 120 * S)] == [
        "programme",
        "slate",
        "azan",
        "programme",
    ]


def test_own_entries_that_must_be_carried_are_told_to_those_below(channel, parent) -> None:
    urgent = block(channel, 50, "z")
    lineup = relay(channel, parent, urgent, obliged=((urgent[0].msn, urgent[0].msn + 3),))
    (carried,) = lineup.must_carry
    entry = next(e for e in lineup.entries if e.publication == "z" * 32)
    assert carried == (entry.msn, entry.msn + 3)
    market = relay(channel, lineup, block(channel, 30, "c"))
    assert [e.id for e in between(market, LAUNCH + 52 * S, LAUNCH + 64 * S)] == [urgent[0].id]
