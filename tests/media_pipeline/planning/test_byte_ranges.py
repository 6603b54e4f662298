"""Which bytes of a distant original a task fetches."""

from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.source import KeyframeOffsets, Source
from media_pipeline.model.spans import merged, missing, pieces
from media_pipeline.planning import byte_ranges
from media_pipeline.planning.video.analysis import FRAMES
from tests.media_pipeline.streams import make_video

SIZE = 10_000
spans = st.lists(st.tuples(st.integers(-5, SIZE + 5), st.integers(-5, SIZE + 5)), max_size=12)
marks = st.lists(st.integers(1, 400), min_size=1, max_size=40).map(
    lambda steps: KeyframeOffsets(
        marks=tuple((n * 4 * 90_000, 50 + sum(steps[:n])) for n in range(len(steps)))
    )
)


@pytest.fixture(autouse=True, scope="module")
def _small_head():
    """Let the head that every opening reads be smaller than the files here, not all of each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(byte_ranges, "HEAD", 20)
        yield


def bytes_of(some) -> set[int]:
    return {n for first, end in some for n in range(max(0, first), min(end, SIZE))}


@given(spans)
def test_merged_spans_hold_the_same_bytes_in_order_and_apart(some):
    found = merged(some, SIZE)
    assert bytes_of(found) == bytes_of(some)
    assert all(a[1] < b[0] for a, b in pairwise(found))


@given(spans, spans)
def test_what_is_missing_and_what_is_there_make_up_what_is_wanted(wanted, have):
    lacking = missing(wanted, have, SIZE)
    assert bytes_of(lacking) == bytes_of(wanted) - bytes_of(have)


@given(spans, st.integers(1, 3000))
def test_pieces_are_small_and_leave_nothing_out(wanted, most):
    cut = pieces(merged(wanted, SIZE), most)
    assert all(0 < end - first <= most for first, end in cut)
    assert bytes_of(cut) == bytes_of(wanted)


@given(marks, st.floats(0, 200), st.floats(0, 60))
def test_a_stretch_of_time_has_two_key_frames_before_it_and_all_bytes_to_its_end(
    where, start, long
):
    """Two: a demuxer seeks to the one before the last, for frames that are decoded early."""
    size = where.marks[-1][1] + 500
    found = byte_ranges.spans(where, size, 1 / 90_000, start, start + long, in_clusters=False)
    there = bytes_of(found)
    inside = [at for time, at in where.marks if start <= time / 90_000 < start + long]
    before = [at for time, at in where.marks if time / 90_000 <= start]
    first = before[-2:][0]
    assert there >= {first, before[-1], *inside}
    if inside:
        assert there >= set(range(first, inside[-1] + 1))
    assert set(range(where.marks[-1][1], size)) <= there
    assert 0 in there


@given(marks, st.floats(0, 100), st.floats(0, 30), st.floats(0, 30), st.booleans())
def test_a_longer_stretch_never_needs_less(where, start, long, more, clusters):
    size = where.marks[-1][1] + 500
    given = {"in_clusters": clusters}
    short = byte_ranges.spans(where, size, 1 / 90_000, start, start + long, **given)
    longer = byte_ranges.spans(where, size, 1 / 90_000, start, start + long + more, **given)
    assert not missing(short, longer, size)


def test_marks_stand_apart_and_begin_with_the_first_key_frame():
    packets = [(n * 25, 100 + n * 10, n % 2 == 0) for n in range(40)]
    found = byte_ranges.keyframe_offsets(packets, 100)
    assert found is not None
    assert found.marks == tuple((n * 25, 100 + n * 10) for n in range(0, 40, 4))


def test_a_picture_that_goes_back_in_the_file_needs_all_of_it():
    assert byte_ranges.keyframe_offsets([(0, 100, True), (1, 200, False), (2, 50, True)], 1) is None
    assert byte_ranges.keyframe_offsets([], 1) is None
    assert byte_ranges.keyframe_offsets([(0, 100, False)], 1) is None


class Clusters(NamedTuple):
    """A picture of frames of 40 ms in clusters of a hundred bytes a frame."""

    keys: list[int]
    """Numbers of frames."""
    edges: list[int]
    """The frames that clusters begin with, and how many frames there are."""

    @property
    def size(self) -> int:
        return self.edges[-1] * 100

    @property
    def cues(self) -> list[tuple[int, int]]:
        return [(n * 40, self.edges[bisect_right(self.edges, n) - 1] * 100) for n in self.keys]

    def holding(self, first: int, end: int) -> set[int]:
        """The places where clusters begin that have frames of [first, end)."""
        inside = (n for n in range(first, min(end, self.edges[-1])))
        return {self.edges[bisect_right(self.edges, n) - 1] * 100 for n in inside}


@st.composite
def clusters(draw) -> Clusters:
    count = draw(st.integers(2, 300))
    numbers = st.sets(st.integers(1, count - 1), max_size=40)
    return Clusters(sorted({0, *draw(numbers)}), sorted({0, count, *draw(numbers)}))


def matroska(size: int) -> Source:
    return Source("matroska,webm", size, 0, 12, make_video(time_base_den=1000))


def are_apart(found) -> bool:
    return all(first < end for first, end in found) and all(a[1] < b[0] for a, b in pairwise(found))


@given(clusters(), st.integers(0, 299), st.integers(1, 100), st.sampled_from([1, 400, 4000]))
def test_a_stretch_of_clusters_is_whole_from_the_key_frame_before_it_to_its_end(
    made, start, long, apart
):
    where = byte_ranges.keyframe_offsets(((*cue, True) for cue in made.cues), apart)
    assert where is not None
    assert all(a[1] < b[1] for a, b in pairwise(where.marks))
    first = max(n for n in made.keys if n <= start)
    times = (start * 0.04, (start + long) * 0.04)
    found = byte_ranges.spans(where, made.size, 0.001, *times, in_clusters=True)
    assert are_apart(found)
    lacking = missing(
        [(at, at + 100) for at in made.holding(first, start + long)], found, made.size
    )
    assert not lacking


@given(clusters(), st.lists(st.integers(0, 299), min_size=1, max_size=8))
def test_a_look_at_clusters_of_many_key_frames_has_the_frames_after_each_key_frame(made, moments):
    cues = KeyframeOffsets(marks=tuple(made.cues))
    source = matroska(made.size)
    found = byte_ranges.sample_spans(cues, cues, source, [n * 0.04 for n in moments])
    assert are_apart(found)
    if len(set(dict(made.cues).values())) == len(made.cues):
        return  # clusters begin with their key frames, as far as anybody can tell
    for moment in moments:
        first = max(n for n in made.keys if n <= moment)
        needed = made.holding(first, first + 3 * FRAMES)
        assert not missing([(at, at + 100) for at in needed], found, made.size)


def test_cues_of_one_cluster_never_make_a_stretch_empty():
    cues = KeyframeOffsets(marks=tuple((n * 1000, 50 + n // 5 * 1000) for n in range(20)))
    assert byte_ranges.spans(cues, 5000, 0.001, 7, 7.5, in_clusters=True)
    assert byte_ranges.sample_spans(cues, cues, matroska(5000), [6]) == ((1050, 3050),)
