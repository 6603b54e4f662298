"""The odd moments of a channel, each a row; times are seconds after the launch."""

from datetime import UTC, datetime, timedelta

import m3u8
import pytest

from media_pipeline.model.ticks import moment_of, ticks_in, ticks_of
from media_pipeline.playout import NotOnAir, append, cut, window

LAUNCH = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))


def uris(text: str) -> list[str]:
    """`a/1` for the first segment of publication aaa…"""
    names = [line.split("/") for line in text.splitlines() if line.startswith("/media/")]
    return [f"{n[3][0]}/{int(n[5].removesuffix('.m4s'))}" for n in names]


@pytest.fixture
def at(channel):
    def show(rundown, seconds: float, rendition: str = "v144") -> str:
        return window(rundown, channel.reels, rendition, LAUNCH + ticks_in(seconds))

    return show


def test_a_window_reads_as_text(channel, at) -> None:
    channel.add("a", 4, 2)
    channel.add("b", 4, 4)
    text = at(channel.rundown(channel.item("a"), channel.item("b")), 11)
    base = "/media/publications"
    a, b = "a" * 32, "b" * 32
    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-TARGETDURATION:4\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        '#EXT-X-DATERANGE:ID="a",CLASS="id.siar.programme",START-DATE="2026-11-24T05:00:00.000Z",'
        'DURATION=6,X-TITLE="A",X-KIND="programme",X-RATING="SU"\n'
        '#EXT-X-DATERANGE:ID="b",CLASS="id.siar.programme",START-DATE="2026-11-24T05:00:06.000Z",'
        'DURATION=8,X-TITLE="B",X-KIND="programme",X-RATING="SU"\n'
        f'#EXT-X-MAP:URI="{base}/{a}/v144/init.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T05:00:00.000Z\n"
        "#EXTINF:4.000000,\n"
        f"{base}/{a}/v144/00001.m4s\n"
        "#EXTINF:2.000000,\n"
        f"{base}/{a}/v144/00002.m4s\n"
        "#EXT-X-DISCONTINUITY\n"
        f'#EXT-X-MAP:URI="{base}/{b}/v144/init.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T05:00:06.000Z\n"
        "#EXTINF:4.000000,\n"
        f"{base}/{b}/v144/00001.m4s\n"
    )


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        pytest.param(4.0, ["a/1"], id="a segment shows at its end"),
        pytest.param(4 + 1 / 90_000, ["a/1"], id="and a tick after it"),
        pytest.param(8 - 1 / 90_000, ["a/1"], id="the next one not a tick too soon"),
        pytest.param(8.0, ["a/1", "a/2"], id="on its end exactly"),
        pytest.param(10.0, ["a/1", "a/2", "a/3"], id="the short last one at the join"),
        pytest.param(13.99, ["a/1", "a/2", "a/3"], id="nothing of the next while it runs"),
        pytest.param(14.0, ["a/1", "a/2", "a/3", "b/1"], id="the first across the join"),
        pytest.param(14.04, ["a/1", "a/2", "a/3", "b/1", "b/2"], id="a last segment of 0.04 s"),
        pytest.param(
            18.04, ["a/1", "a/2", "a/3", "b/1", "b/2", "s/1"], id="slate after the last entry"
        ),
    ],
)
def test_what_shows_at_a_moment(channel, at, moment, shown) -> None:
    channel.add("a", 4, 4, 2)
    channel.add("b", 4, 0.04)
    assert uris(at(channel.rundown(channel.item("a"), channel.item("b")), moment)) == shown


@pytest.mark.parametrize("moment", [-3600.0, -0.01, 0.0, 3.99])
def test_before_the_first_segment_has_ended_there_is_no_channel(channel, at, moment) -> None:
    channel.add("a", 4, 4)
    with pytest.raises(NotOnAir):
        at(channel.rundown(channel.item("a")), moment)


def test_a_window_across_three_joins_holds_sixty_seconds(channel, at, reader) -> None:
    channel.add("a", *[4] * 10)
    channel.add("b", 4, 4, 1)
    channel.add("c", 4, 3)
    items = [channel.item(n, f"{n}{k}") for k in range(3) for n in "abc"]
    text = at(channel.rundown(*items), 112)
    read = reader(text)
    assert [line.uri.split("/")[3][0] for line in read.segments] == [*"caaaaaaaaaabbbcc"]
    assert len(read.discontinuities) == 3
    total = sum(float(line.duration.rstrip(",")) for line in read.segments)
    assert total == 59


def test_a_rundown_of_one_entry_goes_over_into_slate_for_years(channel, at, reader) -> None:
    channel.add("a", 4, 4)
    rundown = channel.rundown(channel.item("a"))
    ten_years = 10 * 365.25 * 86_400
    read = reader(at(rundown, ten_years))
    assert {line.uri.split("/")[3][0] for line in read.segments} == {"s"}
    assert read.segments[-1].msn == int(ten_years / 4) - 1
    assert read.segments[-1].msn < 2**31
    assert reader(at(rundown, ten_years + 4)).segments[:-1] == read.segments[1:]


def test_an_item_twice_in_a_row_is_two_discontinuities(channel, at, reader) -> None:
    channel.add("a", 4, 4)
    read = reader(at(channel.rundown(channel.item("a", "1"), channel.item("a", "2")), 16))
    assert [(line.msn, line.disc) for line in read.segments] == [(0, 0), (1, 0), (2, 1), (3, 1)]
    assert read.segments[0].uri == read.segments[2].uri


def test_in_and_out_points_play_the_middle_of_an_item(channel, at, reader) -> None:
    channel.add("a", 4, 4, 4, 4, 4)
    channel.add("b", 4)
    rundown = channel.rundown(channel.item("a", first=1, count=2), channel.item("b"))
    assert uris(at(rundown, 12)) == ["a/2", "a/3", "b/1"]
    assert reader(at(rundown, 12)).moments[0] == moment_of(LAUNCH)


@pytest.mark.parametrize(
    ("msn", "after"),
    [
        pytest.param(1, ["a/1", "s/1", "s/2", "s/1"], id="after the first segment"),
        pytest.param(2, ["a/1", "a/2", "s/1", "s/2"], id="after the second"),
        pytest.param(3, ["a/1", "a/2", "a/3", "b/1"], id="nowhere: at the end of the entry"),
    ],
)
def test_a_cut_entry_keeps_the_segments_already_served(channel, at, msn, after) -> None:
    channel.add("a", 4, 4, 4)
    channel.add("b", 4)
    rundown = channel.rundown(channel.item("a"), channel.item("b"))
    cut_there = cut(rundown, channel.reels, msn if msn < 3 else 4)
    assert uris(at(cut_there, 16)) == after


def test_a_clock_that_goes_back_two_seconds_shows_an_older_text(channel, at) -> None:
    channel.add("a", *[4] * 30)
    rundown = channel.rundown(channel.item("a"))
    assert at(rundown, 41) == at(rundown, 43)
    assert at(rundown, 39) == at(rundown, 36)
    assert at(rundown, 39) != at(rundown, 41)


def test_a_missing_rung_is_the_nearest_lower_one(channel, at) -> None:
    channel.add("a", 4, rungs=(144, 360, 720))
    rundown = channel.rundown(channel.item("a"))
    shown = {
        name: at(rundown, 4, name).split("/")[-2]
        for name in ("v1080", "v720", "v480", "v240", "v144")
    }
    assert shown == {
        "v1080": "v720",
        "v720": "v720",
        "v480": "v360",
        "v240": "v144",
        "v144": "v144",
    }
    assert "/a48/" in at(rundown, 4, "a64")


def test_a_publication_that_cannot_be_found_is_a_gap_of_the_same_length(
    channel, at, reader
) -> None:
    channel.add("a", 4, 4)
    channel.add("b", 4, 4)
    rundown = channel.rundown(channel.item("a"), channel.item("b"))
    del channel.reels["a" * 32]
    read = reader(at(rundown, 16))
    assert [(line.msn, line.gap) for line in read.segments] == [
        (0, True),
        (1, True),
        (2, False),
        (3, False),
    ]
    assert read.moments[2] == moment_of(rundown.entries[1].start)


def test_a_takedown_keeps_numbers_and_addresses_and_says_gap(channel, at, reader) -> None:
    reel = channel.add("a", 4, 4)
    rundown = channel.rundown(channel.item("a"))
    before = reader(at(rundown, 8)).segments
    channel.reels["a" * 32] = type(reel)(
        reel.publication, reel.starts, reel.tracks, reel.renditions, reel.frame_rate, gone=True
    )
    after = reader(at(rundown, 8)).segments
    assert [s.uri for s in before] == [s.uri for s in after]
    assert all(s.gap for s in after)
    assert not any(s.gap for s in before)
    # A player fetches the map before it looks at the gap, and would fail on its 410.
    assert not any(s.map for s in after)


def test_the_text_changes_once_a_segment_and_not_between(channel, at) -> None:
    channel.add("a", 4, 4, 2.5)
    channel.add("b", 3, 4, 4)
    rundown = channel.rundown(*[channel.item(n, f"{n}{k}") for k in range(4) for n in "ab"])
    tenths = [at(rundown, 4 + k / 10) for k in range(600)]
    changes = [k for k in range(1, 600) if tenths[k] != tenths[k - 1]]
    ends = [0.0]
    while ends[-1] < 64:
        ends += [ends[-1] + t for t in (4, 8, 10.5, 13.5, 17.5, 21.5)]
    assert changes == [round((e - 4) * 10) for e in ends if 4 < e < 64]


@pytest.mark.parametrize(
    "launch",
    [
        datetime(2027, 12, 31, 23, 59, 50, tzinfo=UTC),
        datetime(2028, 2, 28, 23, 59, 50, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, 50, tzinfo=UTC),
    ],
)
def test_a_day_that_ends_is_no_moment_of_its_own(channel, reader, launch) -> None:
    channel.add("a", *[4] * 5)
    rundown = append(channel.rundown(), channel.item("a"), start=ticks_of(launch))
    read = reader(window(rundown, channel.reels, "v144", ticks_of(launch + timedelta(seconds=24))))
    assert read.moments[0] == launch
    assert len(read.segments) == 6


def test_audio_names_the_moment_at_which_it_really_begins(channel, at, reader) -> None:
    channel.add("a", *[4] * 40)
    rundown = channel.rundown(channel.item("a"))
    video, audio = (reader(at(rundown, 150, name)) for name in ("v144", "a48"))
    assert [s.msn for s in video.segments] == [s.msn for s in audio.segments]
    msn = video.segments[0].msn
    samples = 4 * 48_000 // 1024 * 1024 * msn
    begins = moment_of(LAUNCH) + timedelta(seconds=samples / 48_000)
    assert abs(audio.moments[msn] - begins) < timedelta(milliseconds=1)


def test_an_independent_reader_takes_every_window(channel, at) -> None:
    channel.add("a", 4, 4, 2)
    channel.add("b", 4, 1)
    rundown = channel.rundown(*[channel.item(n, f"{n}{k}") for k in range(3) for n in "ab"])
    for second in range(4, 60):
        for rendition in ("v360", "a48"):
            read = m3u8.loads(at(rundown, second, rendition))
            assert not read.is_endlist
            assert read.target_duration == 4
            assert all(s.init_section.uri for s in read.segments)
