"""Which bytes of a distant original a task fetches."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.source import KeyframeOffsets
from media_pipeline.model.spans import merged, missing, pieces
from media_pipeline.planning import byte_ranges

SIZE = 10_000
spans = st.lists(st.tuples(st.integers(-5, SIZE + 5), st.integers(-5, SIZE + 5)), max_size=12)
marks = st.lists(st.integers(1, 400), min_size=1, max_size=40).map(
    lambda steps: KeyframeOffsets(
        marks=tuple((n * 4 * 90_000, 50 + sum(steps[:n])) for n in range(len(steps)))
    )
)


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
def test_a_stretch_of_time_has_a_key_frame_before_it_and_all_bytes_to_its_end(where, start, long):
    size = where.marks[-1][1] + 500
    found = byte_ranges.spans(where, size, 1 / 90_000, start, start + long)
    there = bytes_of(found)
    inside = [at for time, at in where.marks if start <= time / 90_000 < start + long]
    before = [at for time, at in where.marks if time / 90_000 <= start]
    assert there >= set(inside) | {before[-1]}
    if inside:
        assert there >= set(range(before[-1], inside[-1] + 1))
    assert set(range(where.marks[-1][1], size)) <= there
    assert 0 in there


@given(marks, st.floats(0, 100), st.floats(0, 30), st.floats(0, 30))
def test_a_longer_stretch_never_needs_less(where, start, long, more):
    size = where.marks[-1][1] + 500
    short = byte_ranges.spans(where, size, 1 / 90_000, start, start + long)
    longer = byte_ranges.spans(where, size, 1 / 90_000, start, start + long + more)
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
