"""A channel as DASH: the same segments as its playlists, an entry a period."""

from datetime import UTC, datetime
from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.publication import Segment, Span
from media_pipeline.model.rundown import Card, Rundown
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.playout import (
    DVR,
    Item,
    NotOnAir,
    Reel,
    Timeline,
    append,
    behind,
    manifest,
    playlist,
    stretch,
)
from tests.examples import examples
from tests.media_pipeline.mpds import read_mpd

S = 90_000
LAUNCH = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))
MPD = "{urn:mpeg:dash:schema:mpd:2011}"
shapes = st.tuples(st.integers(0, 5), st.integers(1, 112))
ticks = st.integers(0, 90_000 * 200)


def seconds(duration: str) -> float:
    return float(duration.removeprefix("PT").removesuffix("S"))


def periods(text: str) -> list[ElementTree.Element]:
    return read_mpd(text).findall(f"{MPD}Period")


def lines(period: ElementTree.Element, name: str) -> list[tuple[str, float, float]]:
    """Address, start in the presentation and length of each segment of a representation."""
    node = next(r for r in period.iter(f"{MPD}Representation") if r.get("id") == name)
    template = node[-1]
    zero = int(template.get("presentationTimeOffset"))
    begin, found, at = seconds(period.get("start")), [], 0
    number = int(template.get("startNumber", 0))
    urls = [url.get("media") for url in template.findall(f"{MPD}SegmentURL")]
    for s in template.iter(f"{MPD}S"):
        at = int(s.get("t", at))
        for _ in range(int(s.get("r", 0)) + 1):
            media = urls[len(found)] if urls else template.get("media")
            uri = media.replace("$Number%05d$", f"{number + len(found):05d}")
            found.append((uri, begin + (at - zero) / S, int(s.get("d")) / S))
            at += int(s.get("d"))
    return found


def uris(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("/media/")]


@examples(100)
@given(
    st.lists(shapes, min_size=1, max_size=4),
    st.lists(st.integers(0, 40), min_size=1, max_size=12),
    ticks,
    ticks,
    ticks,
)
def test_it_names_the_segments_of_the_playlists_at_their_moments(
    publication, made, order, start, length, wait
) -> None:
    reels: dict[str, Reel] = {}
    for number, (whole, last) in enumerate(made):
        one = publication(f"{number:032x}", (4 * S,) * whole + (last * 3_600,), (144, 360))
        reels[one.id] = Reel.of(one)
    rundown = Rundown("c", "C", "UTC", 1, datetime.now(UTC), (), f"{0:032x}")
    for number, choice in enumerate(order):
        reel = list(reels.values())[choice % len(reels)]
        item = Item(f"e{number}", reel, "programme", "T", first=choice % reel.count)
        rundown = append(rundown, item, start=LAUNCH)
    timeline = Timeline(rundown, reels)
    try:
        edge = timeline.edge(LAUNCH + wait)
        excerpts = [
            behind(timeline, edge),
            behind(timeline, edge, DVR),
            stretch(timeline, edge, LAUNCH + start, LAUNCH + start + length),
        ]
    except NotOnAir:
        return
    for excerpt in excerpts:
        found = periods(manifest(excerpt))
        zero = excerpt.start if excerpt.kind == "vod" else 0
        for name in ("v144", "v360", "a48"):
            told = [line for period in found for line in lines(period, name)]
            assert [uri for uri, _, _ in told] == uris(playlist(excerpt, name))
        told = [line for period in found for line in lines(period, "v144")]
        assert told[0][1] == pytest.approx((excerpt.start - zero) / S, abs=1e-5)
        for (_, at, lasts), (_, after, _) in pairwise(told):
            assert after == pytest.approx(at + lasts, abs=1e-5)
        for one, two in pairwise(found):
            ends = seconds(one.get("start")) + seconds(one.get("duration"))
            assert seconds(two.get("start")) == pytest.approx(ends, abs=1e-5)


def test_a_live_manifest_says_how_it_is_to_be_followed(channel) -> None:
    channel.add("a", *[4] * 30)
    timeline = Timeline(channel.rundown(channel.item("a")), channel.reels)
    root = read_mpd(manifest(behind(timeline, timeline.edge(LAUNCH + 80 * S))))
    assert root.get("type") == "dynamic"
    assert root.get("availabilityStartTime") == "1970-01-01T00:00:00Z"
    assert root.get("minimumUpdatePeriod") == "PT2S"
    assert root.get("timeShiftBufferDepth") == "PT60.000000S"
    (period,) = root.findall(f"{MPD}Period")
    assert (period.get("id"), period.get("duration")) == ("0", "PT120.000000S")
    assert seconds(period.get("start")) == LAUNCH / S
    assert len(lines(period, "v144")) == 15
    assert root.find(f"{MPD}UTCTiming").get("value") == "/live/clock.txt"


def test_catch_up_is_static_and_begins_at_nought(channel) -> None:
    channel.add("a", *[4] * 5)
    channel.add("b", 4, 2.5)
    rundown = channel.rundown(channel.item("a", first=1), channel.item("b"))
    timeline = Timeline(rundown, channel.reels)
    edge = timeline.edge(LAUNCH + 60 * S)
    text = manifest(stretch(timeline, edge, LAUNCH + 8 * S, LAUNCH + ticks_in(22.5)))
    root = read_mpd(text)
    assert (root.get("type"), root.get("mediaPresentationDuration")) == ("static", "PT14.500000S")
    a, b = root.findall(f"{MPD}Period")
    assert [p.get("start") for p in (a, b)] == ["PT0.000000S", "PT8.000000S"]
    assert lines(a, "v144")[0] == (f"/media/publications/{'a' * 32}/v144/00004.m4s", 0, 4)
    assert root.find(f"{MPD}UTCTiming") is None


CARD = Card("1", 4 * S, 8 * S, "Tahu", "Rp5.000", "kg", "Lapak Contoh", "Pasar", "/chat/1/")


def test_cards_are_events_once_they_have_begun(channel) -> None:
    channel.add("a", *[4] * 5)
    rundown = channel.rundown(
        channel.item("a", "1", cards=(CARD,)), channel.item("a", "2", cards=(CARD,))
    )
    timeline = Timeline(rundown, channel.reels)
    events = {
        now: [
            (e.get("presentationTime"), e.get("duration"), msgspec.json.decode(e.text)["name"])
            for e in read_mpd(manifest(behind(timeline, timeline.edge(LAUNCH + now * S)))).iter(
                f"{MPD}Event"
            )
        ]
        for now in (4, 8, 24, 28)
    }
    told = (str(4 * S), str(8 * S), "Tahu")
    assert events == {4: [], 8: [told], 24: [told], 28: [told, told]}
    ids = [e.get("id") for p in periods(_at(timeline, 28)) for e in p.iter(f"{MPD}Event")]
    assert len(set(ids)) == 2


def _at(timeline: Timeline, second: int) -> str:
    return manifest(behind(timeline, timeline.edge(LAUNCH + second * S)))


def test_what_was_taken_down_has_no_period(channel) -> None:
    reel = channel.add("a", 4, 4)
    channel.add("b", 4)
    rundown = channel.rundown(channel.item("b", "1"), channel.item("a"), channel.item("b", "2"))
    channel.reels["a" * 32] = msgspec.structs.replace(reel, gone=True)
    found = periods(_at(Timeline(rundown, channel.reels), 16))
    assert [p.get("id") for p in found] == ["0", "2"]
    assert seconds(found[1].get("start")) == LAUNCH / S + 12


def test_pieces_of_one_file_are_told_by_their_bytes(channel, publication) -> None:
    made = publication("a", (4 * S, 4 * S))
    pieces = tuple(Segment("all.mp4", 800 + 9 * n, 9, 4 * S) for n in range(2))
    whole = tuple(
        msgspec.structs.replace(
            r,
            init=Span("all.mp4", 0, 800),
            segments=tuple(
                msgspec.structs.replace(p, duration=s.duration)
                for p, s in zip(pieces, r.segments, strict=True)
            ),
        )
        for r in made.renditions
    )
    channel.keep(msgspec.structs.replace(made, renditions=whole))
    timeline = Timeline(channel.rundown(channel.item("a")), channel.reels)
    (period,) = periods(_at(timeline, 8))
    base = f"/media/publications/{'a' * 32}/all.mp4"
    assert lines(period, "v144")[0][0] == base
    urls = [url.get("mediaRange") for url in period.iter(f"{MPD}SegmentURL")]
    assert urls[:2] == ["800-808", "809-817"]
    assert next(period.iter(f"{MPD}Initialization")).get("range") == "0-799"
