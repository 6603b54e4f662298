"""Boxes of fragmented MP4: what we read is what is there, whatever the bytes."""

import struct
from itertools import pairwise
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


def group(shown: list[int], step: int) -> bytes:
    """A fragment of one byte a picture, as x264 and ffmpeg write it with negative offsets."""
    rows = b"".join(struct.pack(">Ii", 1, at - n * step) for n, at in enumerate(shown))
    run = struct.pack(">BBHIiI", 1, 0, 0xA05, len(shown), 0, 0x0200_0000) + rows
    tfhd = box(b"tfhd", struct.pack(">III", 0x020008, 1, step))
    tfdt = box(b"tfdt", struct.pack(">IQ", 1 << 24, 0))
    mfhd = box(b"mfhd", struct.pack(">II", 0, 1))

    def moof(run: bytes) -> bytes:
        return box(b"moof", mfhd + box(b"traf", tfhd + tfdt + box(b"trun", run)))

    data = struct.pack(">i", len(moof(run)) + 8)
    return moof(run[:8] + data + run[12:]) + box(b"mdat", bytes(range(len(shown))))


def offsets(fragment: bytes) -> list[int]:
    """The composition offset of each sample of a fragment that has size and offset last."""
    run = fmp4.find(fragment, b"moof", b"traf", b"trun")
    assert run is not None
    flags, count = struct.unpack_from(">II", fragment, run.body)
    width = 12 if flags & 0x100 else 8
    return [
        struct.unpack_from(">i", fragment, run.body + 16 + width * n + width - 4)[0]
        for n in range(count)
    ]


# In coding order: a key frame, then groups of pictures out of order by up to three.
orders = st.lists(st.permutations(range(4)), max_size=6).map(
    lambda groups: [0, *(1 + 4 * n + at for n, group in enumerate(groups) for at in group)]
)


@given(orders, st.sampled_from([1500, 3000, 3600, 7200]))
def test_pictures_are_shown_when_they_were_and_never_before_they_are_decoded(order, step):
    shown = [place * step for place in order]
    times = fmp4.decode_times(shown, step)
    assert times[0] == 0
    assert all(a < b for a, b in pairwise(times))
    assert all(decoded <= at for decoded, at in zip(times, shown, strict=True))
    ends = [*times[1:], len(shown) * step]
    lasts = (at + end - start for at, start, end in zip(shown, times, ends, strict=True))
    assert max(lasts) <= len(shown) * step


@given(orders)
def test_a_group_keeps_its_pictures_and_has_no_negative_offset(tmp_path_factory, order):
    shown = [place * 3600 for place in order]
    path = tmp_path_factory.mktemp("f") / "a.mp4"
    path.write_bytes(INIT + (made := fmp4.without_negative_offsets(group(shown, 3600))))
    (found,) = fmp4.read_fragments(path)
    times = [sum(found.durations[:n]) for n in range(len(shown))]
    assert [t + o for t, o in zip(times, offsets(made), strict=True)] == shown
    assert min(offsets(made)) >= 0
    assert sum(found.durations) == len(shown) * 3600
    assert path.read_bytes()[found.data :] == bytes(range(len(shown)))


def test_a_group_without_negative_offsets_stays_as_it_is():
    plain = group([0, 3600, 7200], 3600)
    assert fmp4.without_negative_offsets(plain) == plain
    with pytest.raises(StepFailed):
        fmp4.without_negative_offsets(box(b"moof"))
