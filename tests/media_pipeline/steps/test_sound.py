"""Cutting a file of sound that an encoder is still writing, and what is said while one is heard."""

from pathlib import Path

import pytest

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.tasks import next_piece
from media_pipeline.steps import fmp4
from media_pipeline.steps.sound import SoundCutter, hear
from tests.media_pipeline.streams import make_video

INIT = b"\0\0\0\x08ftyp\0\0\0\x08moov"


def plan(*, seconds: int):
    video = make_video(time_base_den=25)
    source = Source("mov", 1, 0, 1, video, (AudioStream(1, "aac", 2, 48_000, 0),))
    return make_plan(source, Extent(start=0, end=seconds * 25))


def cutter_of(path: Path, seconds: int) -> SoundCutter:
    made = plan(seconds=seconds)
    return SoundCutter(path, made, made.audio)


def fragments(count: int) -> bytes:
    """Return `count` fragments of fifty frames of AAC, a second and a bit each."""
    frames = [bytes([number]) * 90 for number in range(50)]
    return b"".join(
        fmp4.audio_fragment(number + 1, number * 50 * 1_024, 1_024, frames)
        for number in range(count)
    )


OTHER = b"\0\0\0\x0cftypabcd\0\0\0\x08moov"
"""What an encoder begins a file with that it then cannot fill: it is written anew."""


@pytest.mark.parametrize(
    "early", [b"", INIT[:12], INIT, OTHER], ids=["none", "half", "it", "other"]
)
@pytest.mark.parametrize("between", [False, True], ids=["before the look", "during the look"])
def test_a_cutter_takes_the_initialisation_of_the_frames_it_takes(
    early, between, tmp_path, monkeypatch
):
    path = tmp_path / "sound.mp4"
    path.write_bytes(early)
    cutter = cutter_of(path, 8)
    if between:
        look = fmp4.read_fragments

        def look_after_the_encoder_went_on(file, start):
            yield from look(file, start)
            path.write_bytes(INIT + fragments(8))

        monkeypatch.setattr(fmp4, "read_fragments", look_after_the_encoder_went_on)
    assert cutter.ready(2) == 0
    if not between:
        path.write_bytes(INIT + fragments(8))
    assert cutter.ready(2) == 2
    assert cutter.init == INIT
    first, second = cutter.take(2)
    assert first.duration + second.duration == pytest.approx(8 * 48_000, abs=1_024)


def test_no_more_of_a_long_sound_is_in_memory_than_the_next_piece(tmp_path):
    """An encoder may be hours ahead of a distant store."""
    path = tmp_path / "sound.mp4"
    path.write_bytes(INIT + fragments(200))
    cutter = cutter_of(path, 200)
    at = 0
    while at < 50:
        wanted = next_piece(at, 50)
        assert cutter.ready(wanted) == wanted
        assert len(cutter._frames) <= wanted * 188 + 50
        assert len(cutter.take(wanted)) == wanted
        at += wanted


def peaks(*levels: float) -> str:
    """What is written of a coded sound whose seconds have these true peaks."""
    return "".join(
        f"frame:{number}    pts:{number * 192_000} pts_time:{number}\n"
        f"lavfi.astats.Overall.Peak_level={level}\n"
        for number, level in enumerate(levels)
    )


def test_a_piece_has_a_peak_when_all_of_it_is_measured(tmp_path):
    path, measured = tmp_path / "a48.mp4", tmp_path / "a48.peaks"
    path.write_bytes(INIT + fragments(8))
    cutter = cutter_of(path, 8)
    assert cutter.ready(1) == 1
    assert cutter.peak(1, over=False) is None
    measured.write_text(peaks(-9, -9, -9, -9))
    # The decoder is some frames late: the fifth second counts as well.
    assert cutter.peak(1, over=False) is None
    assert cutter.peak(1, over=True) == -9
    measured.write_text(peaks(-9, -9, -9, -9, -3, -9, -9, float("-inf")))
    assert cutter.peak(1, over=False) == -3
    cutter.take(1)
    measured.write_text(peaks(-1, -9, -9, -9, -3, -9, -9, float("-inf")))
    assert cutter.peak(1, over=True) == -3


def test_each_measured_peak_is_read_once_and_only_when_its_line_is_whole(tmp_path):
    """The file has 3 MB for six hours of sound, and is read several times a second."""
    path, measured = tmp_path / "a48.mp4", tmp_path / "a48.peaks"
    path.write_bytes(INIT + fragments(8))
    cutter = cutter_of(path, 8)
    assert cutter.ready(2) == 2
    whole = peaks(-9, -8, -7, -12.5)
    measured.write_text(whole[: -len("2.5\n")])
    assert cutter.peak(2, over=True) == -7
    # What was read is not looked at again.
    measured.write_text(whole.replace("=-7\n", "=-3\n"))
    assert cutter.peak(2, over=True) == -7
    assert cutter._measured == [-9, -8, -7, -12.5]
    cutter.restart()
    measured.write_text(peaks(-6))
    assert cutter.peak(2, over=True) == -6


def test_a_sound_that_is_encoded_again_goes_on_after_what_was_taken(tmp_path):
    path = tmp_path / "a48.mp4"
    path.write_bytes(INIT + fragments(8))
    cutter, other = cutter_of(path, 8), cutter_of(path, 8)
    assert cutter.ready(1) == 1
    assert other.ready(2) == 2
    first, second = other.take(2)
    assert cutter.take(1) == [first]
    cutter.restart()
    assert cutter.ready(1) == 0
    path.write_bytes(INIT + fragments(8))
    assert cutter.ready(1) == 1
    assert cutter.take(1) == [second]


def test_six_hours_of_sound_go_on_in_pieces_that_are_neither_many_nor_large():
    segments = len(plan(seconds=6 * 3600).segments)
    pieces, at = [], 0
    while at < segments:
        pieces.append(next_piece(at, segments))
        at += pieces[-1]
    assert at == segments == 5400
    assert pieces[:6] == [1, 1, 2, 3, 4, 6]
    assert max(pieces) * 4 < 7 * 60  # less than seven minutes
    assert len(pieces) < 70


@pytest.mark.parametrize("segments", range(1, 20))
def test_pieces_of_a_short_sound_are_all_of_it(segments):
    at = 0
    while at < segments:
        assert next_piece(at, segments) >= 1
        at += next_piece(at, segments)
    assert at == segments


def program(path: Path, said: str) -> Path:
    """A program that writes `said` on stderr and ends well."""
    path.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("[aac @ 0x1] channel element 0.0 is not allocated", False),
        ("[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1] stream 0, offset 0x30: partial file", False),
        ("[ebur128@t0 @ 0x1] Summary:", True),
        ("size=N/A time=00:00:08.00", True),
    ],
)
def test_of_a_file_that_is_here_in_part_any_complaint_about_it_counts_though_ffmpeg_ends_well(
    said, heard, tmp_path, monkeypatch
):
    """A decoder that met zeros conceals them: the loudness would be that of a hole."""
    film = tmp_path / "film.mp4"
    film.touch()
    fake = program(tmp_path / "ffmpeg", said)
    monkeypatch.setattr(tools, "ffmpeg", lambda: str(fake))
    given = (film, plan(seconds=8), tmp_path, lambda: False)
    assert len(hear(*given)) == 1
    if heard:
        assert len(hear(*given, partial=True)) == 1
    else:
        with pytest.raises(StepFailed, match="bytes of the file that are not here"):
            hear(*given, partial=True)
