"""What ffprobe's answers are read as."""

import json

import msgspec
import pytest

from media_pipeline.errors import UnusableSource
from media_pipeline.planning.inputs import refuse_by_facts, refuse_by_head
from media_pipeline.planning.probing import packets_argv, probe_argv, read_probe

PICTURE = {
    "index": 0,
    "codec_type": "video",
    "codec_name": "h264",
    "width": 1920,
    "height": 1080,
    "pix_fmt": "yuv420p",
    "r_frame_rate": "30000/1001",
    "avg_frame_rate": "30000/1001",
    "time_base": "1/30000",
    "start_pts": 0,
}
SOUND = {"index": 1, "codec_type": "audio", "codec_name": "aac", "channels": 2}
COVER = {**PICTURE, "codec_name": "mjpeg", "disposition": {"attached_pic": 1}}


def answer(*streams: dict, **known: str) -> bytes:
    return json.dumps({"streams": streams, "format": {"format_name": "mov", **known}}).encode()


def read(*streams: dict, **known: str):
    return read_probe(answer(*streams, **known))


def test_a_turned_phone_film_is_portrait():
    video = read({**PICTURE, "side_data_list": [{"rotation": -90}]}).video
    assert (video.width, video.height, video.rotation) == (1080, 1920, 270)


@pytest.mark.parametrize(("profile", "alone"), [(5, True), (8, False)])
def test_colours_that_only_dolby_knows_are_noticed(profile, alone):
    video = read({**PICTURE, "side_data_list": [{"dv_profile": profile}]}).video
    assert video.dolby_alone == alone


@pytest.mark.parametrize(
    ("average", "base", "variable"),
    [
        ("30000/1001", "30000/1001", False),
        ("2997/100", "30/1", False),
        ("25/1", "50/1", False),
        ("1234/100", "60/1", True),
        ("0/0", "25/1", False),
    ],
)
def test_a_rate_that_varies_is_noticed(average, base, variable):
    rates = {"avg_frame_rate": average, "r_frame_rate": base}
    assert read({**PICTURE, **rates}).video.variable == variable


def test_the_largest_of_the_marked_pictures_is_published():
    small = {**PICTURE, "width": 640, "height": 360, "disposition": {"default": 1}}
    large = {**PICTURE, "index": 2, "disposition": {"default": 1}}
    unmarked = {**PICTURE, "index": 3, "width": 3840, "height": 2160}
    source = read(small, large, unmarked)
    assert (source.video.index, source.other_pictures) == (2, 2)


def test_matroska_that_tells_its_end_for_its_length_is_not_too_long():
    known = {"format_name": "matroska,webm", "start_time": "36000", "duration": "36003"}
    stream = json.dumps({"streams": [PICTURE], "format": known}).encode()
    assert read_probe(stream).duration == 3


def test_anamorphic_pixels_are_widened():
    video = read({**PICTURE, "width": 720, "height": 576, "sample_aspect_ratio": "64:45"}).video
    assert (video.width, video.height) == (1024, 576)


@pytest.mark.parametrize("aspect", ["0:1", "1:0", "N/A", "1:65535"])
def test_an_impossible_pixel_shape_is_ignored(aspect):
    assert read({**PICTURE, "sample_aspect_ratio": aspect}).video.width == 1920


def test_cover_art_is_not_the_picture():
    assert read(COVER, {**PICTURE, "index": 2}).video.index == 2


def test_a_track_that_cannot_be_decoded_is_passed_over():
    spatial = {"index": 1, "codec_type": "audio", "channels": 4}
    assert read(PICTURE, spatial, {**SOUND, "index": 2}).voice.index == 2


def test_the_track_marked_default_is_heard():
    other = {**SOUND, "index": 2, "disposition": {"default": 1}}
    assert read(PICTURE, SOUND, other).voice.index == 2


def test_unknown_numbers_do_not_stop_the_reading():
    source = read({**PICTURE, "avg_frame_rate": "0/0"}, duration="N/A", start_time="N/A")
    assert (source.duration, source.start, round(source.video.frame_rate, 2)) == (0, 0, 29.97)


def test_sound_alone_gets_a_still_picture():
    source = read(SOUND)
    assert source.sound_only
    assert source.needs_copy
    assert source.cover is None
    assert (source.video.width, source.video.height) == (640, 360)


def test_sound_with_a_cover_is_sound_alone():
    source = read(COVER, SOUND)
    assert source.sound_only
    assert source.cover == COVER["index"]


def test_a_cover_alone_is_refused():
    with pytest.raises(UnusableSource) as refused:
        read(COVER)
    assert refused.value.code == "no_video"


def test_a_file_without_streams_has_no_picture():
    with pytest.raises(UnusableSource) as refused:
        read()
    assert refused.value.code == "no_video"


def test_what_is_not_an_answer_is_an_error():
    with pytest.raises(msgspec.DecodeError):
        read_probe(b"not json")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"width": 30_000, "height": 30_000}, "too_large"),
        ({"width": 1_000, "height": 10}, "too_small"),
    ],
)
def test_a_picture_of_an_impossible_size_is_refused(facts, code):
    refusal = refuse_by_facts(read({**PICTURE, **facts}))
    assert refusal is not None
    assert refusal.code == code


def test_a_title_longer_than_six_hours_is_refused():
    refusal = refuse_by_facts(read(PICTURE, duration="21601"))
    assert refusal is not None
    assert refusal.code == "too_long"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty"),
        (b"#EXTM3U\n", "reference"),
        (b"\xef\xbb\xbf\r\n#extm3u\n", "reference"),
        (b"ffconcat version 1.0\n", "reference"),
        (b"<svg xmlns=", "reference"),
        (b'<?xml version="1.0"?><MPD', "reference"),
        (b"v=0\r\no=- 0 0 IN IP4", "reference"),
    ],
)
def test_lists_and_drawings_are_refused_before_a_demuxer_sees_them(head, code):
    refusal = refuse_by_head(head)
    assert refusal is not None
    assert refusal.code == code


def test_a_film_passes_the_first_look():
    assert refuse_by_head(b"\0\0\0\x20ftypisom") is None


def test_every_look_at_a_file_is_guarded():
    for argv in (probe_argv("ffprobe", "/a"), packets_argv("ffprobe", "/a", 0)):
        assert argv[argv.index("-protocol_whitelist") + 1] == "file"
        allowed = argv[argv.index("-format_whitelist") + 1].split(",")
        assert not {"hls", "dash", "concat", "sdp", "svg_pipe", "image2", "rtsp"} & set(allowed)
        assert argv[-2:] == ["-i", "file:/a"]


def test_packets_are_parsed_only_where_no_index_knows_what_they_are():
    for container, known in (("mov,mp4,m4a", True), ("matroska,webm", True), ("avi", False)):
        source = msgspec.structs.replace(read(PICTURE), container=container)
        assert source.has_index is known
    assert "+noparse" in packets_argv("ffprobe", "/a", 0, parsed=False)
    assert "+noparse" not in packets_argv("ffprobe", "/a", 0)
