"""Boxes of fragmented MP4: what we read is what is there, whatever the bytes."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.errors import StepFailed
from media_pipeline.steps import fmp4


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


INIT = box(b"ftyp", b"iso6") + box(b"moov", box(b"mvhd"))
frames = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=20)


@given(st.integers(1, 2**31), st.integers(0, 2**40), st.integers(1, 4096), frames)
def test_a_fragment_that_is_written_is_read_back(tmp_path_factory, number, time, length, samples):
    path = tmp_path_factory.mktemp("f") / "a.mp4"
    path.write_bytes(INIT + fmp4.audio_fragment(number, time, length, samples))
    (fragment,) = fmp4.read_fragments(path)
    assert (fragment.offset, fragment.time) == (len(INIT), time)
    assert fragment.durations == (length,) * len(samples)
    data = path.read_bytes()[fragment.data :]
    for size, sample in zip(fragment.sizes, samples, strict=True):
        assert data[:size] == sample
        data = data[size:]
    assert data == b""
    assert fmp4.read_init(path) == INIT


@given(frames, st.integers(1, 200))
def test_half_a_fragment_is_not_read(tmp_path_factory, samples, missing):
    whole = fmp4.audio_fragment(1, 0, 1024, samples)
    path = tmp_path_factory.mktemp("f") / "a.mp4"
    path.write_bytes(INIT + whole + whole[: max(1, len(whole) - missing)])
    assert len(list(fmp4.read_fragments(path))) == 1


def test_reading_goes_on_where_it_ended(tmp_path: Path):
    path = tmp_path / "a.mp4"
    first, second = (fmp4.audio_fragment(n, n * 1024, 1024, [b"x" * n]) for n in (1, 2))
    path.write_bytes(INIT + first)
    (before,) = fmp4.read_fragments(path)
    path.write_bytes(INIT + first + second)
    (after,) = fmp4.read_fragments(path, before.offset + before.length)
    assert after.time == 2048


def test_a_file_without_a_moov_has_no_init(tmp_path: Path):
    path = tmp_path / "a.mp4"
    path.write_bytes(box(b"ftyp", b"iso6"))
    assert fmp4.read_init(path) == b""
    path.write_bytes(INIT[:-3])
    assert fmp4.read_init(path) == b""


@given(st.binary(max_size=300))
def test_noise_is_no_box_and_no_loop(data):
    for found in fmp4.boxes(data, 0, len(data)):
        assert 0 <= found.start < found.body <= found.end <= len(data)
    fmp4.find(data, b"moov", b"trak")


def test_a_number_is_set_without_touching_anything_else():
    whole = fmp4.audio_fragment(1, 0, 1024, [b"abc"])
    assert fmp4.numbered(whole, 7) == fmp4.audio_fragment(7, 0, 1024, [b"abc"])
    with pytest.raises(StepFailed):
        fmp4.numbered(box(b"mdat", bytes(40)), 7)


def test_an_init_without_a_description_is_an_error():
    with pytest.raises(StepFailed):
        fmp4.codec_of(INIT)
