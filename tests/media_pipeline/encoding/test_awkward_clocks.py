"""Films whose clock is odd: what flashes and beeps together does so in what comes out."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import publish
from .screen import (
    CLAPS,
    beeps,
    clapperboard,
    flashes,
    in_step,
    run,
    seconds,
    shoot,
    shown,
    together,
)


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def with_edits(
    source: Path, target: Path, track: int, edits: list[tuple[float, float | None]]
) -> Path:
    """Give track number `track` (from 0) of an MP4 an edit list of its own.

    `edits` are (seconds shown, seconds into the track, or None for nothing).
    moov has to stand last, so that no chunk moves.
    """
    data = source.read_bytes()
    moov = data.index(b"moov") - 4
    (movie,) = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)
    start = moov
    for _ in range(track + 1):
        start = data.index(b"trak", start + 5) - 4
    (size,) = struct.unpack_from(">I", data, start)
    trak = data[start + 8 : start + size]
    (media,) = struct.unpack_from(">I", trak, trak.index(b"mdhd") + 16)
    (old_size,) = struct.unpack_from(">I", trak, trak.index(b"edts") - 4)
    at = trak.index(b"edts") - 4
    rows = [(round(shown * movie), -1 if t is None else round(t * media)) for shown, t in edits]
    elst = struct.pack(">II", 0, len(rows)) + b"".join(
        struct.pack(">IiI", *r, 1 << 16) for r in rows
    )
    trak = box(b"trak", trak[:at] + box(b"edts", box(b"elst", elst)) + trak[at + old_size :])
    body = data[moov + 8 : start] + trak + data[start + size :]
    target.write_bytes(data[:moov] + box(b"moov", body))
    return target


def moved_back(source: Path, target: Path, millis: int) -> Path:
    """Take `millis` off the time of every block of a Matroska file of one cluster."""
    data = bytearray(source.read_bytes())
    at = data.index(b"\x1f\x43\xb6\x75") + 4
    at += _width(data[at])
    while at < len(data) and data[at] in (0xE7, 0xA3):
        head = at + 1 + _width(data[at + 1])
        length = int.from_bytes(data[at + 1 : head]) & ((1 << 7 * (head - at - 1)) - 1)
        if data[at] == 0xA3:
            (time,) = struct.unpack_from(">h", data, head + 1)
            struct.pack_into(">h", data, head + 1, time - millis)
        at = head + length
    target.write_bytes(data)
    return target


def _width(first: int) -> int:
    """How many bytes an EBML number has that begins with `first`."""
    return 9 - first.bit_length()


@pytest.mark.parametrize(
    ("name", "offset"),
    [("late.mkv", "36000"), ("late.ts", "36000"), ("wraps.ts", "95442.2")],
)
def test_a_clock_that_starts_anywhere_starts_at_zero(tmp_path, name, offset):
    board = clapperboard(tmp_path / "board.mp4")
    shifted = tmp_path / name
    # MPEG-TS counts to 2^33 / 90 kHz = 95,443.7 s and begins again at 0.
    run("-i", str(board), "-c", "copy", "-output_ts_offset", offset, str(shifted))
    made = publish(shifted, tmp_path)
    together(made, tmp_path)
    assert in_step(made)


@pytest.mark.parametrize("name", ["first.mp4", "first.ts", "first.mkv"])
def test_the_first_frame_is_the_first_and_the_last_the_last(tmp_path, name):
    # Every picture has a brightness of its own; B-frames change the order in the file.
    levels = [30 + 4 * n for n in range(48)]
    pictures = [bytes([level]) * (160 * 90 * 3) for level in levels]
    flags = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-pix_fmt", "yuv420p")
    made = publish(shoot(tmp_path / name, (160, 90), pictures, *flags), tmp_path)
    seen = [frame.grey(0.5, 0.5) for frame in shown(made, tmp_path)]
    assert len(seen) == len(levels)
    assert max(abs(a - b) for a, b in zip(seen, levels, strict=True)) < 3


def test_a_recording_that_begins_inside_a_group_is_in_step(tmp_path):
    # As a capture of a broadcast begins: the first second cannot be decoded.
    board = clapperboard(tmp_path / "board.ts", "-g", "25", "-bf", "2")
    data = board.read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(data[len(data) // 188 * 30 // 100 * 188 :])
    made = publish(cut, tmp_path)
    seen, heard = flashes(made, tmp_path), beeps(made, tmp_path)
    assert len(seen) == len(heard) == 2
    assert all(abs(flash - beep) <= 0.02 for flash, beep in zip(seen, heard, strict=True))
    assert abs(seen[1] - seen[0] - 0.8) < 0.05


def test_a_clock_that_starts_before_zero_starts_at_zero(tmp_path):
    board = clapperboard(tmp_path / "board.mkv", "-bf", "0")
    made = publish(moved_back(board, tmp_path / "early.mkv", 2_000), tmp_path)
    together(made, tmp_path)
    assert in_step(made)


def test_an_edit_list_that_cuts_the_start_is_followed(tmp_path):
    # The first second is cut away in both tracks, in the middle of a group of pictures.
    board = clapperboard(tmp_path / "board.mp4", "-bf", "0")
    once = with_edits(board, tmp_path / "once.mp4", 0, [(2, 1)])
    cut = with_edits(once, tmp_path / "cut.mp4", 1, [(2, 1 + 1024 / 48_000)])
    made = publish(cut, tmp_path)
    together(made, tmp_path, [clap - 1 for clap in CLAPS[1:]])
    assert abs(seconds(made.top) - 2) < 0.05
    assert in_step(made)


def test_an_edit_list_that_delays_the_picture_is_followed(tmp_path):
    # The picture begins 0.2 s late and lacks its first 0.2 s: still together.
    board = clapperboard(tmp_path / "board.mp4", "-bf", "0")
    delayed = with_edits(board, tmp_path / "late.mp4", 0, [(0.2, None), (2.8, 0.2)])
    made = publish(delayed, tmp_path)
    together(made, tmp_path)
    assert in_step(made)


def test_an_edit_list_that_begins_inside_a_group_shows_no_frame_from_before_it(tmp_path):
    # The flash at 0.4 s ends at 0.6 s, where the picture is cut; the sound is left as it is.
    board = clapperboard(tmp_path / "board.mp4", "-bf", "2")
    delayed = with_edits(board, tmp_path / "late.mp4", 0, [(0.6, None), (2.4, 0.6 + 2 / 25)])
    made = publish(delayed, tmp_path)
    assert shown(made, tmp_path)[0].grey(0.5, 0.5) < 60
    assert [round(moment, 2) for moment in flashes(made, tmp_path)] == [1.6, 2.4]


def packed(source: Path, target: Path) -> Path:
    """Pack the B-frames of an MPEG-4 AVI as DivX did: with the frame before, then a dummy."""
    data = source.read_bytes()
    movi = data.index(b"movi")
    (size,) = struct.unpack_from("<I", data, movi - 4)
    chunks, at = [], movi + 4
    while at < movi + size:
        kind, length = struct.unpack_from("<4sI", data, at)
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    written = b"movi"
    index = b""
    pictures = list(_packed([body for kind, body in chunks if kind == b"00dc"]))
    sounds = [body for kind, body in chunks if kind == b"01wb"]
    for number, picture in enumerate(pictures):
        rows = [(b"00dc", picture), *((b"01wb", s) for s in sounds[number : number + 1])]
        for kind, body in rows:
            index += kind + struct.pack("<III", 0x10, len(written), len(body))
            written += kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    head = data[12 : movi - 8]
    body = b"AVI " + head + b"LIST" + struct.pack("<I", len(written)) + written
    body += b"idx1" + struct.pack("<I", len(index)) + index
    target.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return target


def _packed(pictures: list[bytes]) -> Iterator[bytes]:
    """Yield packets of P and B frames joined, each B's own packet a VOP that is not coded."""
    following = [*pictures[1:], b""]
    for picture, after in zip(pictures, following, strict=True):
        if _kind(picture) == "B":
            # P, time increment 0 of 5 bits (25 a second), vop_coded = 0, stuffing.
            yield b"\0\0\1\xb6\x50\x4f"
            continue
        vop = picture.index(b"\0\0\1\xb6")
        mark = b"\0\0\1\xb2DivX503b1393p" if _kind(picture) == "I" else b""
        joined = after if after and _kind(after) == "B" else b""
        yield picture[:vop] + mark + picture[vop:] + joined


def _kind(picture: bytes) -> str:
    """I, P or B: the first two bits of the VOP (ISO/IEC 14496-2, 6.2.5)."""
    return "IPBS"[picture[picture.index(b"\0\0\1\xb6") + 4] >> 6]


@pytest.mark.parametrize("codec", [("mpeg4",), ("libx264", "-bf", "2")])
def test_an_avi_with_b_frames_keeps_its_moments(tmp_path, codec):
    board = clapperboard(tmp_path / "board.avi", "-bf", "1", "-c:v", *codec)
    made = publish(board, tmp_path)
    together(made, tmp_path)
    assert in_step(made)


def test_an_avi_with_packed_b_frames_keeps_its_moments(tmp_path):
    board = clapperboard(tmp_path / "board.avi", "-c:v", "mpeg4", "-bf", "1", "-q:v", "3")
    made = publish(packed(board, tmp_path / "packed.avi"), tmp_path)
    together(made, tmp_path)
    assert abs(seconds(made.top) - 3) < 0.1
    assert in_step(made)
