"""What broadcasting manners say of a day: hours for adults, advertising, repeats, captions."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cms.channels.planning.manners import notes
from media_pipeline.model.rundown import Card, Entry
from media_pipeline.model.ticks import TIMESCALE, ticks_of

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def at(hour: int, minute: int = 0, zone=WIB) -> int:
    return ticks_of(datetime(2026, 11, 24, hour, minute, tzinfo=zone).astimezone(UTC))


def entry(start: int, minutes: float, number: int = 1, **more) -> Entry:
    given = {"id": f"e{start}-{number}", "kind": "programme", "title": f"Contoh {number}", **more}
    return Entry(
        start=start,
        duration=round(minutes * 60 * TIMESCALE),
        publication=f"{number:032x}",
        count=1,
        msn=0,
        dsn=0,
        **given,
    )


def kinds(entries, zone=WIB, captioned=None):
    return [note.kind for note in notes(entries, zone, captioned)]


@pytest.mark.parametrize(
    ("hour", "minute", "minutes", "allowed"),
    [
        (22, 0, 60, True),
        (21, 59, 60, False),
        (23, 30, 210, True),
        (23, 30, 211, False),
        (2, 0, 60, True),
        (2, 0, 61, False),
        (3, 0, 10, False),
        (12, 0, 10, False),
    ],
)
def test_what_is_for_adults_airs_from_ten_at_night_to_three(hour, minute, minutes, allowed):
    found = kinds([entry(at(hour, minute), minutes, rating="D")])
    assert found == ([] if allowed else ["rating"])


def test_the_hours_for_adults_are_those_of_the_channels_own_clock():
    late = entry(at(22, 30), 30, rating="D")  # half past midnight in Jayapura
    assert kinds([late], WIT) == []
    assert kinds([entry(at(20, 30), 30, rating="D")], WIT) == []
    assert kinds([entry(at(20, 30), 30, rating="D")], WIB) == ["rating"]


def test_more_than_a_fifth_of_an_hour_of_promotion_is_told_with_its_length():
    most = [entry(at(9, n * 10), 2, n, kind="promotion") for n in range(6)]
    assert kinds(most) == []
    (note,) = notes([*most, entry(at(9, 55), 1, 9, kind="promotion")], WIB)
    assert (note.kind, note.at, note.ticks) == ("advertising", at(9), 13 * 60 * TIMESCALE)


def test_promotion_over_the_hour_counts_in_both():
    over = entry(at(9, 50), 20, kind="promotion")
    assert kinds([over]) == []
    assert kinds([over, entry(at(10, 30), 3, 2, kind="promotion")]) == ["advertising"]


def test_a_spot_may_air_twice_in_a_row_but_not_three_times():
    three = [entry(at(9, n), 1, kind="promotion") for n in range(3)]
    assert kinds(three[:2]) == []
    assert kinds(three) == ["spot"]
    between = entry(at(9, 1), 1, 2)
    assert kinds([three[0], three[1], between, three[2]]) == []


def test_parts_around_a_call_to_prayer_are_one_turn():
    parts = [entry(at(9, n), 1, kind="promotion", id="w" if n == 0 else f"w+{n}") for n in range(3)]
    assert kinds(parts) == []


def test_two_promotions_of_one_product_in_a_row_are_told():
    card = Card("c", 0, TIMESCALE, "Beras (contoh)", "Rp12.500", "kg", "Lapak", "A1", "/t/1")
    first = entry(at(9), 1, 1, kind="promotion", cards=(card,))
    second = entry(at(9, 1), 1, 2, kind="promotion", cards=(card,))
    (note,) = notes([first, second], WIB)
    assert (note.kind, note.title) == ("product", "Beras (contoh)")
    assert kinds([first, entry(at(9, 1), 1, 3), second]) == []


def test_a_programme_without_captions_is_named_once():
    shown = [entry(at(9 + n), 5, programme="k1") for n in range(2)]
    assert kinds(shown, captioned=set()) == ["captions"]
    assert kinds(shown, captioned={"k1"}) == []
    assert kinds(shown) == []


def test_fillers_and_calls_are_not_looked_at():
    assert kinds([entry(at(9), 5, kind="filler", rating="D")]) == []
    assert kinds([entry(at(9), 5, kind="azan", programme="k")], captioned=set()) == []
