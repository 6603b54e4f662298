"""Fragments of a killed or deceived encoder: read, or StepFailed."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import example, given

from media_pipeline.errors import StepFailed
from media_pipeline.steps import fmp4

from .hostile import anything, fuzzing


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


ESDS = (
    bytes(4) + b"\x03\x19\0\1\0\x04\x11\x40\x15\0\0\0\0\0\0\0\0\0\0\0\x05\x02\x11\x90\x06\x01\x02"
)
STSD = bytes(4) + (1).to_bytes(4) + box(b"mp4a", bytes(28) + box(b"esds", ESDS))
INIT = box(b"ftyp", b"iso6") + box(
    b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stsd", STSD)))))
)
FRAGMENT = fmp4.audio_fragment(1, 0, 1024, [b"abc", b"defg"])
RUN = box(b"trun", b"\0\0\0\0" + b"\xff\xff\xff\xff")
"""Four thousand million samples in twenty bytes."""
BOMB = box(
    b"moof",
    box(b"mfhd", bytes(8)) + box(b"traf", box(b"tfhd", bytes(8)) + box(b"tfdt", bytes(8)) + RUN),
) + box(b"mdat")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "a.mp4"


def test_the_unchanged_file_is_read(place):
    place.write_bytes(INIT + FRAGMENT)
    assert fmp4.codec_of(fmp4.read_init(place)) == "mp4a.40.2"
    assert [f.sizes for f in fmp4.read_fragments(place)] == [(3, 4)]


@fuzzing
@given(anything(INIT + FRAGMENT + FRAGMENT))
@example(INIT + BOMB)
def test_any_file_is_read_or_the_step_has_failed(place, data):
    place.write_bytes(data)
    with contextlib.suppress(StepFailed):
        fmp4.codec_of(fmp4.read_init(place))
    with contextlib.suppress(StepFailed):
        for fragment in fmp4.read_fragments(place):
            assert fragment.offset + fragment.length <= len(data)
            assert len(fragment.sizes) == len(fragment.durations)


@fuzzing
@given(anything(FRAGMENT))
def test_any_fragment_is_numbered_or_the_step_has_failed(data):
    with contextlib.suppress(StepFailed):
        assert len(fmp4.numbered(data, 7)) == len(data)
