"""Captions cut into segments: what is read, and that nothing said is lost or doubled."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.manifests.webvtt import EMPTY, Cue, Cues, read_cues
from media_pipeline.verify.reading import webvtt

S = 90_000
FILE = """\ufeffWEBVTT - Pasar Pagi (contoh)

STYLE
::cue { color: yellow }

NOTE
Ditulis tangan.

1
00:01.000 --> 00:03.000 line:0 position:20%
Selamat pagi,
<v Bu Sri>pasar!

00:00:03.500 --> 01:00:00.000
Panjang sekali
"""


def test_it_reads_what_editors_upload() -> None:
    for text in (FILE, FILE.replace("\n", "\r\n"), FILE.replace("\n", "\r")):
        assert list(read_cues(text.encode())) == [
            Cue(1000, 3000, "line:0 position:20%", "Selamat pagi,\n<v Bu Sri>pasar!"),
            Cue(3500, 3_600_000, "", "Panjang sekali"),
        ]


def test_a_cue_that_cannot_be_read_is_left_out_alone() -> None:
    text = "WEBVTT\n\n00:01,000 --> 00:02,000\nSalah\n\n00:03.000 --> 00:04.000\nBenar"
    assert [cue.text for cue in read_cues(text.encode())] == ["Benar"]


@pytest.mark.parametrize("data", [b"", b"1\n00:00:01,000 --> 00:00:02,000\nSRT\n", b"WEBVTT\xff"])
def test_what_is_no_webvtt_is_refused(data) -> None:
    with pytest.raises(ValueError, match=r"WEBVTT|decode"):
        list(read_cues(data))


def test_a_segment_tells_the_clock_of_the_media_and_the_words_of_its_time() -> None:
    cues = Cues([Cue(3000, 5000, "line:0", "Dua"), Cue(0, 2000, "", "Satu")])
    assert cues.segment(4 * S, 8 * S) == (
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:90090,LOCAL:00:00:01.001\n"
        "\n00:00:04.000 --> 00:00:05.000 line:0\nDua\n"
    )
    assert cues.segment(8 * S, 12 * S) == EMPTY


spoken = st.tuples(st.integers(0, 40_000), st.integers(1, 20_000))
lengths = st.lists(st.integers(1, 112), min_size=1, max_size=15)  # frames of 40 ms


@given(st.lists(spoken, max_size=12), lengths)
def test_each_moment_of_each_cue_is_in_one_segment_and_no_other(spoken, lengths) -> None:
    said = [Cue(start, start + lasts, "", f"k{n}") for n, (start, lasts) in enumerate(spoken)]
    borders = [0]
    for frames in lengths:
        borders.append(borders[-1] + frames * 3_600)
    cues = Cues(said)
    shown: dict[str, list[tuple[int, int]]] = {cue.text: [] for cue in said}
    for start, end in pairwise(borders):
        # Another hand's reader.
        for cue in webvtt.read_cues(cues.segment(start, end).encode()):
            begin, finish = int(cue.start * 1000), int(cue.end * 1000)
            assert start // 90 <= begin < finish <= end // 90
            shown[cue.text].append((begin, finish))
    for cue in said:
        end = min(cue.end, borders[-1] // 90)
        pieces = shown[cue.text]
        if cue.start >= end:
            assert pieces == []
            continue
        assert (pieces[0][0], pieces[-1][1]) == (cue.start, end)
        assert all(one[1] == two[0] for one, two in pairwise(pieces))


def test_a_segment_has_no_more_words_than_anybody_reads() -> None:
    crowd = Cues(Cue(0, 3_600_000, "", f"k{n}") for n in range(20_000))
    assert len(list(webvtt.read_cues(crowd.segment(0, 4 * S).encode()))) == 100
    long = Cues([Cue(0, 4000, "", "x" * 900_000), Cue(0, 4000, "", "Halo")])
    assert [cue.text for cue in webvtt.read_cues(long.segment(0, 4 * S).encode())] == ["Halo"]
