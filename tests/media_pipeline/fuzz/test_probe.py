"""Whatever ffprobe says of a hostile file: a source, or the named refusal."""

import contextlib
import json

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from media_pipeline.errors import UnusableSource
from media_pipeline.model.source import Extent
from media_pipeline.planning import inputs, probing
from media_pipeline.planning.plan import make_plan

from .hostile import anything, changed_bytes, changed_json, fuzzing, texts

GOOD = json.dumps(
    {
        "streams": [
            {
                "index": 0,
                "codec_type": "video",
                "codec_name": "h264",
                "width": 1920,
                "height": 1080,
                "sample_aspect_ratio": "1:1",
                "pix_fmt": "yuv420p",
                "field_order": "progressive",
                "color_transfer": "bt709",
                "color_space": "bt709",
                "color_primaries": "bt709",
                "r_frame_rate": "30000/1001",
                "avg_frame_rate": "30000/1001",
                "time_base": "1/30000",
                "start_pts": 0,
                "start_time": "0.0",
                "has_b_frames": 2,
                "disposition": {"default": 1, "attached_pic": 0},
                "tags": {"language": "ind"},
                "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}],
            },
            {
                "index": 1,
                "codec_type": "audio",
                "codec_name": "aac",
                "sample_rate": "48000",
                "channels": 2,
                "start_time": "0.1",
                "time_base": "1/48000",
                "tags": {"language": "ind"},
            },
        ],
        "format": {
            "format_name": "mov,mp4,m4a,3gp,3g2,mj2",
            "start_time": "0.0",
            "duration": "12.3",
            "size": "1234567",
        },
    }
).encode()


def test_the_unchanged_answer_is_a_source():
    assert probing.read_probe(GOOD).video.rotation == 270


@fuzzing
@given(st.one_of(anything(GOOD, changed_json), changed_bytes(GOOD)))
@example(GOOD.replace(b'"1234567"', b'"N/A"'))
@example(GOOD.replace(b'"1234567"', b'"N/A"').replace(b'"video"', b'"data"'))
@example(GOOD.replace(b"-90", b"1e308"))
@example(GOOD.replace(b'"30000/1001"', b'"1/' + b"9" * 4000 + b'"'))
@example(b"[" * 100_000)
def test_any_answer_is_a_source_or_the_refusal(data):
    try:
        source = probing.read_probe(data)
    except (UnusableSource, msgspec.DecodeError):
        return
    refusal = inputs.refuse_by_facts(source)
    if refusal is None:
        plans(source)


def plans(source) -> None:
    """A source that is accepted can be planned: half a minute of it."""
    base = source.video.time_base
    length = max(1, min(round(30 / base), 2**62))
    extent = Extent(source.video.start, source.video.start + length)
    if inputs.refuse_by_length(float(length * base)) is None:
        with contextlib.suppress(UnusableSource):
            plan = make_plan(source, extent)
            assert plan.frames > 0
            assert all(rung.width > 0 and rung.height > 0 for rung in plan.rungs)


@fuzzing
@given(texts, st.integers(-(2**63), 2**63))
def test_a_head_of_any_bytes_is_judged(text, number):
    head = text.encode("utf-8", "replace")[:512] + number.to_bytes(9, signed=True)
    assert str(inputs.refuse_unread(head)).endswith(".")
    inputs.refuse_by_head(head)
