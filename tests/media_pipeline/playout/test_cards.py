"""What plays and which product is shown, in the playlist itself."""

from datetime import UTC, datetime

import m3u8
import msgspec

from media_pipeline.model.rundown import Card
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.playout import window

LAUNCH = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))
CARD = Card(
    id="7",
    offset=ticks_in(2),
    duration=ticks_in(20),
    name='Keripik "Contoh"',
    price="Rp12.500",
    unit="bungkus",
    stall="Lapak Contoh",
    place="Pasar Contoh",
    link="/chat/7/?di=siaran",
)


def ranges(channel, rundown, seconds: float, kind: str):
    text = window(rundown, channel.reels, "v144", LAUNCH + ticks_in(seconds))
    found = [d for s in m3u8.loads(text).segments for d in s.dateranges or ()]
    return [d for d in found if d.class_ == kind]


def test_a_card_shows_from_its_start_to_its_end(channel) -> None:
    channel.add("a", *[4] * 10)
    rundown = channel.rundown(channel.item("a", cards=(CARD,)))
    (shown,) = ranges(channel, rundown, 8, "id.siar.card")
    assert shown.start_date == "2026-11-24T05:00:02.000Z"
    assert shown.duration == 20
    assert dict(shown.x_client_attrs) == {
        "x_name": '"Keripik ”Contoh”"',
        "x_price": '"Rp12.500"',
        "x_unit": '"bungkus"',
        "x_stall": '"Lapak Contoh"',
        "x_place": '"Pasar Contoh"',
        "x_link": '"/chat/7/?di=siaran"',
        "x_label": '"Promosi"',
    }


def test_a_card_that_began_before_the_window_is_clamped_and_keeps_its_end(channel) -> None:
    channel.add("a", *[4] * 30)
    rundown = channel.rundown(channel.item("a", cards=(CARD,)))
    (shown,) = ranges(channel, rundown, 72, "id.siar.card")
    assert (shown.start_date, shown.duration) == ("2026-11-24T05:00:12.000Z", 10)
    assert ranges(channel, rundown, 84, "id.siar.card") == []


def test_a_card_is_not_shown_before_it_begins(channel) -> None:
    channel.add("a", *[4] * 10)
    late = Card(**{f: getattr(CARD, f) for f in Card.__struct_fields__} | {"offset": ticks_in(9)})
    rundown = channel.rundown(channel.item("a", cards=(late,)))
    assert ranges(channel, rundown, 8, "id.siar.card") == []
    assert len(ranges(channel, rundown, 12, "id.siar.card")) == 1


def test_a_card_that_begins_with_a_segment_is_told_with_that_segment(channel) -> None:
    channel.add("a", *[4] * 10)
    late = msgspec.structs.replace(CARD, offset=ticks_in(8))
    rundown = channel.rundown(channel.item("a", cards=(late,)))
    assert ranges(channel, rundown, 8, "id.siar.card") == []
    (shown,) = ranges(channel, rundown, 12, "id.siar.card")
    assert (shown.start_date, shown.duration) == ("2026-11-24T05:00:08.000Z", 20)


def test_a_card_ends_with_its_entry(channel) -> None:
    channel.add("a", 4, 4, 4)
    channel.add("b", 4, 4)
    rundown = channel.rundown(channel.item("a", count=2, cards=(CARD,)), channel.item("b"))
    (shown,) = ranges(channel, rundown, 16, "id.siar.card")
    assert shown.duration == 6


def test_a_card_follows_the_in_point_of_its_entry(channel) -> None:
    channel.add("a", 4, 4, 4)
    rundown = channel.rundown(channel.item("a", first=1, cards=(CARD,)))
    (shown,) = ranges(channel, rundown, 4, "id.siar.card")
    assert (shown.start_date, shown.duration) == ("2026-11-24T05:00:00.000Z", 8)


def test_an_item_twice_has_two_cards_with_ids_of_their_own(channel) -> None:
    channel.add("a", 4, 4)
    items = [channel.item("a", name, cards=(CARD,)) for name in ("pagi", "siang")]
    shown = ranges(channel, channel.rundown(*items), 16, "id.siar.card")
    assert [d.id for d in shown] == ["pagi/7", "siang/7"]


def test_each_programme_in_the_window_is_named(channel) -> None:
    channel.add("a", 4, 4)
    channel.add("b", 4)
    rundown = channel.rundown(channel.item("a", programme="12"), channel.item("b", rating="R"))
    shown = ranges(channel, rundown, 20, "id.siar.programme")
    assert [(d.id, d.start_date[11:19], d.duration) for d in shown] == [
        ("a", "05:00:00", 8),
        ("b", "05:00:08", 4),
        ("slate-3", "05:00:12", 8),
    ]
    attributes = [dict(d.x_client_attrs) for d in shown]
    assert attributes[0]["x_programme"] == '"12"'
    assert attributes[1]["x_rating"] == '"R"'
    assert attributes[2]["x_kind"] == '"slate"'
