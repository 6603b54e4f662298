"""HLS playlists of a publication, as a player reads them."""

from datetime import UTC, datetime

import m3u8
import msgspec

from media_pipeline.manifests import hls, hls_tags
from media_pipeline.model.publication import Segment, Span
from media_pipeline.model.rundown import Caption


def test_a_master_reads_as_text(publication) -> None:
    assert hls.master(publication(rungs=(144, 360))) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Bahasa Indonesia",LANGUAGE="id",DEFAULT=YES,'
        'AUTOSELECT=YES,CHANNELS="2",URI="a48.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=340000,AVERAGE-BANDWIDTH=265000,CODECS="avc1.64001f,mp4a.40.2",'
        'RESOLUTION=256x144,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="audio"\n'
        "v144.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=772000,AVERAGE-BANDWIDTH=589000,CODECS="avc1.64001f,mp4a.40.2",'
        'RESOLUTION=640x360,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="audio"\n'
        "v360.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=52000,AVERAGE-BANDWIDTH=49000,CODECS="mp4a.40.2",AUDIO="audio"\n'
        "a48.m3u8\n"
    )


def test_a_low_rung_may_have_half_the_frame_rate(publication) -> None:
    made = msgspec.structs.replace(publication(), frame_rate=50)
    low = msgspec.structs.replace(made.renditions[0], frame_rate=25)
    made = msgspec.structs.replace(made, renditions=(low, *made.renditions[1:]))
    rates = [p.stream_info.frame_rate for p in m3u8.loads(hls.master(made)).playlists]
    assert rates == [25, 50, 50, None]


def test_captions_stand_in_the_master_and_have_a_playlist(publication) -> None:
    captions = (Caption("id", 'Bahasa "Indonesia"', "captions/1.vtt"),)
    read = m3u8.loads(hls.master(publication(), captions=captions))
    track = next(m for m in read.media if m.type == "SUBTITLES")
    assert (track.language, track.name, track.uri) == (
        "id",
        "Bahasa ”Indonesia”",
        "captions-0.m3u8",
    )
    assert all(p.stream_info.subtitles == "captions" for p in read.playlists[:-1])
    text = m3u8.loads(hls.caption_playlist(publication(), "/media/captions/1.vtt"))
    assert text.segments[0].uri == "/media/captions/1.vtt"
    assert text.segments[0].duration == 10
    assert text.target_duration == 10


def test_captions_of_a_programme_with_a_part_of_a_second_are_no_longer_than_their_target(
    publication,
) -> None:
    made = publication(lengths=(360_000, 360_000, 180_001))
    text = m3u8.loads(hls.caption_playlist(made, "1.vtt"))
    assert text.segments[0].duration == 10.000011
    assert text.target_duration == 11


def test_a_whole_publication_is_vod_and_ends(publication) -> None:
    read = m3u8.loads(hls.media_playlist(publication(), "v240"))
    assert read.playlist_type == "vod"
    assert read.is_endlist
    assert read.segments[0].init_section.uri == "v240/init.mp4"
    assert [(s.uri, s.duration) for s in read.segments] == [
        ("v240/00001.m4s", 4.0),
        ("v240/00002.m4s", 4.0),
        ("v240/00003.m4s", 2.0),
    ]


def test_the_master_of_a_growing_publication_says_that_it_grows(publication) -> None:
    flag = '#EXT-X-SESSION-DATA:DATA-ID="id.siar.state",VALUE="growing"'
    assert flag in hls.master(publication(state="growing"))
    assert "SESSION-DATA" not in hls.master(publication())


def test_a_growing_publication_is_an_event_whose_text_only_grows(publication) -> None:
    short = publication(lengths=(360_000,), state="growing")
    longer = publication(lengths=(360_000, 360_000), state="growing")
    first, second = (hls.media_playlist(p, "v144") for p in (short, longer))
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in first
    assert "ENDLIST" not in second
    assert second.startswith(first)


def test_a_last_segment_of_nearly_four_and_a_half_seconds_keeps_the_target(publication) -> None:
    read = m3u8.loads(hls.media_playlist(publication(lengths=(360_000, 404_999)), "v144"))
    assert read.target_duration == 4


def test_audio_durations_add_up_without_rounding_away(publication) -> None:
    made = publication(lengths=(360_000,) * 900)
    audio = made.audio
    total = sum(s.duration for s in audio.segments)
    assert sum(audio.ticks()) == total * 90_000 // 48_000


def test_pieces_of_one_file_are_named_by_byte_range(publication) -> None:
    made = publication()
    parts = tuple(Segment("v144/0.mp4", 800 + n * 100, 100, 360_000) for n in range(3))
    joined = msgspec.structs.replace(
        made.renditions[0], init=Span("v144/0.mp4", 0, 800), segments=parts
    )
    read = m3u8.loads(hls.media_playlist(made, joined, base="/media/publications/a/"))
    assert read.segments[0].init_section.byterange == "800@0"
    assert [s.byterange for s in read.segments] == ["100@800", "100@900", "100@1000"]
    assert read.segments[0].uri == "/media/publications/a/v144/0.mp4"


def test_a_piece_at_the_start_of_a_shared_file_has_its_range_as_well(publication) -> None:
    made = publication()
    parts = tuple(Segment("v144/0.mp4", n * 100, 100, 360_000) for n in range(3))
    joined = msgspec.structs.replace(made.renditions[0], segments=parts)
    read = m3u8.loads(hls.media_playlist(made, joined))
    assert read.segments[0].init_section.byterange is None
    assert [s.byterange for s in read.segments] == ["100@0", "100@100", "100@200"]


def test_dateranges_and_their_clock_come_before_the_first_segment(publication) -> None:
    line = hls_tags.daterange({"ID": "1", "START-DATE": "1970-01-01T00:00:01.000Z"})
    text = hls.media_playlist(
        publication(), "a48", starts=datetime(1970, 1, 1, tzinfo=UTC), dateranges=[line]
    )
    assert text.index("PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z") < text.index("DATERANGE")
    assert m3u8.loads(text).segments[0].dateranges[0].id == "1"


def test_text_cannot_break_out_of_an_attribute() -> None:
    line = hls_tags.daterange({"X-NAME": 'Kue "Lapis"\n#EXT-X-ENDLIST\r'})
    assert line == '#EXT-X-DATERANGE:X-NAME="Kue ”Lapis” #EXT-X-ENDLIST "'


def test_large_pictures_have_the_better_sound_in_a_group_with_the_same_members(
    publication, with_high_sound
) -> None:
    made = publication(rungs=(240, 480, 720))
    other = msgspec.structs.replace(made.audio, name="a48-jv", language="jv", label="Jawa")
    made = msgspec.structs.replace(made, renditions=(*made.renditions, other))
    read = m3u8.loads(hls.master(with_high_sound(made)))
    groups: dict[str, list] = {}
    for media in read.media:
        groups.setdefault(media.group_id, []).append((media.name, media.language, media.default))
    assert list(groups) == ["audio", "audio-high"]
    assert groups["audio"] == groups["audio-high"]
    assert [m.uri for m in read.media] == [
        *("a48.m3u8", "a48-jv.m3u8", "a112.m3u8", "a112-jv.m3u8")
    ]
    chosen = {p.uri: p.stream_info.audio for p in read.playlists}
    assert chosen == {
        "v240.m3u8": "audio",
        "v480.m3u8": "audio-high",
        "v720.m3u8": "audio-high",
        "a48.m3u8": "audio",
    }
    costs = {p.uri: p.stream_info.bandwidth for p in read.playlists}
    assert costs["v240.m3u8"] == 240 * 2000 + 52_000
    assert costs["v480.m3u8"] == 480 * 2000 + 120_000


def test_opus_comes_after_all_of_aac_with_the_same_members(publication, with_opus) -> None:
    read = m3u8.loads(hls.master(with_opus(publication(rungs=(240, 480)))))
    groups = {media.group_id: media for media in read.media}
    assert list(groups) == ["audio", "audio-high", "opus", "opus-high"]
    assert len({(m.name, m.language, m.default) for m in read.media}) == 1
    assert (groups["opus"].channels, groups["opus-high"].channels) == ("1", "2")
    told = [(p.uri, p.stream_info.audio, p.stream_info.codecs) for p in read.playlists]
    assert [(uri, group) for uri, group, _ in told] == [
        ("v240.m3u8", "audio"),
        ("v480.m3u8", "audio-high"),
        ("a48.m3u8", "audio"),
        ("v240.m3u8", "opus"),
        ("v480.m3u8", "opus-high"),
        ("o28.m3u8", "opus"),
    ]
    assert all(
        ("opus" in codecs.split(",")) == group.startswith("opus") for _, group, codecs in told
    )
    costs = [p.stream_info.bandwidth for p in read.playlists]
    assert costs[3:] == [240 * 2000 + 31_000, 480 * 2000 + 67_000, 31_000]
