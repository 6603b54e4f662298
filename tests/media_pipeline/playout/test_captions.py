"""Captions of a channel: a rendition like any other, whose bytes are made elsewhere."""

from xml.etree import ElementTree

import m3u8
import msgspec
import pytest

from media_pipeline.playout import (
    DVR,
    Timeline,
    behind,
    channel_master,
    manifest,
    offered,
    playlist,
    stretch,
    window,
)
from tests.media_pipeline.mpds import read_mpd

from .conftest import LAUNCH, S

MPD = "{urn:mpeg:dash:schema:mpd:2011}"


@pytest.fixture
def timeline(channel) -> Timeline:
    """Two programmes, of which the second begins with its second segment."""
    channel.add("a", 4, 2.5)
    channel.add("b", 4, 4, 3)
    items = (channel.item("a"), channel.item("b", first=1), channel.item("a", "a2"))
    return Timeline(channel.rundown(*items), channel.reels)


def shown(timeline: Timeline, second: float):
    return behind(timeline, timeline.edge(LAUNCH + round(second * S)))


def test_its_segments_are_those_of_the_picture(timeline, reader) -> None:
    excerpt = shown(timeline, 20)
    words, picture = reader(playlist(excerpt, "captions-id")), reader(playlist(excerpt, "v144"))
    for name in ("msn", "disc", "duration"):
        told = [getattr(line, name) for line in words.segments]
        assert told == [getattr(line, name) for line in picture.segments]
    assert (words.discontinuities, words.moments) == (picture.discontinuities, picture.moments)
    a, b = "a" * 32, "b" * 32
    assert [line.uri for line in words.segments] == [
        *(f"/vod/{a}/captions-id-{n}.vtt" for n in (0, 1)),
        *(f"/vod/{b}/captions-id-{n}.vtt" for n in (1, 2)),
        *(f"/vod/{a}/captions-id-{n}.vtt" for n in (0, 1)),
    ]
    assert not any("MAP" in line or "DATERANGE" in line for line in words.tags)


def test_what_was_taken_down_or_lost_keeps_its_addresses_without_gaps(timeline, reader) -> None:
    before = playlist(shown(timeline, 20), "captions-id")
    reels = timeline.reels
    reels["a" * 32] = msgspec.structs.replace(reels["a" * 32], gone=True)
    del reels["b" * 32]
    after = playlist(shown(timeline, 20), "captions-id")
    addresses = [line.uri for line in reader(before).segments]
    assert [line.uri for line in reader(after).segments] == addresses
    assert not any(line.gap for line in reader(after).segments)


def test_no_language_stands_for_another(timeline) -> None:
    text = window(timeline.rundown, timeline.reels, "captions-jv", LAUNCH + 8 * S)
    assert "captions-jv-0.vtt" in text
    assert "captions-id" not in text


def test_a_delta_update_of_captions_goes_on_from_what_a_player_has(channel, reader) -> None:
    channel.add("a", *[4] * 60)
    timeline = Timeline(channel.rundown(channel.item("a")), channel.reels)
    excerpt = stretch(timeline, timeline.edge(LAUNCH + 220 * S), LAUNCH, LAUNCH + 240 * S)
    whole = reader(playlist(excerpt, "captions-id")).segments
    delta = reader(playlist(excerpt, "captions-id", "v2"))
    (skip,) = [line for line in delta.tags if line.startswith("#EXT-X-SKIP")]
    skipped = int(skip.partition("SKIPPED-SEGMENTS=")[2].partition(",")[0])
    assert [line.uri for line in delta.segments] == [line.uri for line in whole[skipped:]]


def test_a_delta_update_names_no_ranges_that_its_playlist_never_told(channel, reader) -> None:
    channel.add("a", *[4] * 900)
    items = [channel.item("a", str(n)) for n in range(6)]
    timeline = Timeline(channel.rundown(*items), channel.reels)
    # Four hours behind, the first programme left the window twenty seconds ago.
    excerpt = behind(timeline, timeline.edge(LAUNCH + 18_022 * S), DVR)
    assert excerpt.removed
    for name, told in (("v144", True), ("captions-id", False), ("ts", False)):
        delta = reader(playlist(excerpt, name, "v2"))
        (skip,) = [line for line in delta.tags if line.startswith("#EXT-X-SKIP")]
        # It is required where ranges may be skipped, and may be empty (RFC 8216bis, 4.4.5.2).
        assert skip.endswith('RECENTLY-REMOVED-DATERANGES=""') is not told


def test_every_channel_offers_bahasa_first_and_what_else_there_is() -> None:
    assert offered(frozenset()) == ("id",)
    assert offered(frozenset({"jv", "en", "und", "xx"})) == ("id", "en", "jv")


def test_a_master_offers_captions_that_are_off_until_they_are_wanted(channel) -> None:
    reel = channel.add("a", 4)
    read = m3u8.loads(channel_master([reel], languages=("id", "jv")))
    tracks = [m for m in read.media if m.type == "SUBTITLES"]
    assert [(t.language, t.name, t.uri) for t in tracks] == [
        ("id", "Bahasa Indonesia", "captions-id.m3u8"),
        ("jv", "Jawa", "captions-jv.m3u8"),
    ]
    assert {(t.default, t.autoselect, t.group_id) for t in tracks} == {("NO", "YES", "captions")}
    groups = {p.uri: p.stream_info.subtitles for p in read.playlists}
    assert groups["v144.m3u8"] == "captions"


def segments(period: ElementTree.Element, language: str) -> list[tuple[str, float, float]]:
    """Address, begin and end in the media of each segment of the period's captions."""
    sets = period.findall(f"{MPD}AdaptationSet[@contentType='text']")
    (found,) = [each for each in sets if each.get("lang") == language]
    assert found.get("mimeType") == "text/vtt"
    (template,) = found.iter(f"{MPD}SegmentTemplate")
    number, at, told = int(template.get("startNumber")), 0, []
    for line in template.iter(f"{MPD}S"):
        at = int(line.get("t", at))
        for _ in range(int(line.get("r", 0)) + 1):
            lasts = int(line.get("d"))
            told.append((template.get("media").replace("$Number$", str(number)), at, at + lasts))
            number, at = number + 1, at + lasts
    return told


def test_a_manifest_has_them_in_every_period_in_times_of_the_publication(timeline) -> None:
    root = read_mpd(manifest(shown(timeline, 20), ("id", "jv")))
    a, b, again = root.findall(f"{MPD}Period")
    first = f"/vod/{'a' * 32}/captions-id-"
    whole = [(f"{first}0.vtt", 0, 4 * S), (f"{first}1.vtt", 4 * S, 6.5 * S)]
    assert segments(a, "id") == segments(again, "id") == whole
    second = f"/vod/{'b' * 32}/captions-jv-"
    assert segments(b, "jv") == [
        (f"{second}1.vtt", 4 * S, 8 * S),
        (f"{second}2.vtt", 8 * S, 11 * S),
    ]
    offsets = {t.get("presentationTimeOffset") for t in b.iter(f"{MPD}SegmentTemplate")}
    assert str(4 * S) in offsets
