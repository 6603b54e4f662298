"""Titles into segments, segments into chunks, sound to the picture's edges."""

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.planning.chunks import audio_edges, chunks, segment_frames

rates = st.sampled_from([24, 25, 30, 50, 60])
titles = st.tuples(st.integers(1, 60 * 60 * 30), rates)


def seconds(frames: int, rate: int = 25, workers: int = 1) -> list[tuple[float, float]]:
    made = chunks(segment_frames(frames, rate), rate, workers)
    return [(chunk.first / rate, chunk.end / rate) for chunk in made]


def test_chunks_are_4_s_then_12_s_then_60_s():
    assert seconds(25 * 210) == [(0, 4), (4, 16), (16, 76), (76, 136), (136, 196), (196, 210)]


def test_a_last_segment_of_half_a_second_stands_alone_and_a_shorter_one_does_not():
    assert segment_frames(4 * 24 + 12, 24) == (96, 12)
    assert segment_frames(4 * 24 + 11, 24) == (107,)
    assert segment_frames(4 * 25 + 13, 25) == (100, 13)
    assert segment_frames(4 * 25 + 12, 25) == (112,)
    assert segment_frames(3, 25) == (3,)


def test_what_is_left_for_one_worker_is_no_chunk_of_its_own_unless_it_is_worth_it():
    assert seconds(25 * 204) == [(0, 4), (4, 16), (16, 76), (76, 136), (136, 204)]
    assert seconds(25 * 20) == [(0, 4), (4, 20)]
    # What a viewer waits for stays short.
    assert seconds(25 * 8) == [(0, 4), (4, 8)]


def with_keys(apart: float, length: int) -> list[tuple[float, float]]:
    """The chunks of a film of `length` seconds with a key frame every `apart` seconds."""
    keys = [25 * apart * k for k in range(int(length / apart) + 1)]
    made = chunks(segment_frames(25 * length, 25), 25, 1, keys)
    return [(chunk.first / 25, chunk.end / 25) for chunk in made]


def test_a_chunk_is_shorter_where_the_next_then_decodes_less_for_nothing():
    # x264's own 250 frames: at 16 s, six seconds would be decoded to be thrown away, at 12 s two.
    assert with_keys(10, 40) == [(0, 4), (4, 12), (12, 40)]
    assert with_keys(10, 120) == [(0, 4), (4, 12), (12, 72), (72, 120)]


def test_a_key_frame_that_ffmpeg_seeks_past_is_not_counted_on():
    # A second before 12 is 11, but of pictures out of order it seeks an eighth earlier: to 0.
    assert with_keys(10.84, 40)[1] == (4, 12)
    assert with_keys(10.92, 40)[1] == (4, 16)


def test_where_key_frames_are_near_or_unknown_chunks_are_as_long_as_they_may_be():
    longest = [(0, 4), (4, 16), (16, 76), (76, 136), (136, 196), (196, 210)]
    assert with_keys(1, 210) == with_keys(4, 210) == with_keys(1000, 210) == longest


def lengths(frames: int, workers: int) -> list[float]:
    return [end - start for start, end in seconds(frames, workers=workers)]


def test_chunks_for_several_workers_grow_shorter_towards_the_end():
    assert lengths(25 * 300, 2) == [4, 12, 60, 56, 44, 32, 24, 20, 12, 12, 8, 4, 4, 4, 4]
    assert lengths(25 * 60, 4) == [4, 12, 8, 8, 4, 4, 4, 4, 4, 4, 4]
    assert max(lengths(25 * 7200, 100)) == 36


def test_a_rest_shorter_than_a_segment_goes_with_the_chunk_before():
    assert seconds(25 * 17) == [(0, 4), (4, 17)]
    assert seconds(25 * 5) == [(0, 5)]
    assert seconds(25 * 79) == [(0, 4), (4, 16), (16, 79)]


def test_a_last_segment_shorter_than_half_a_second_is_merged_into_the_one_before():
    assert segment_frames(212, 25) == (100, 112)
    assert segment_frames(213, 25) == (100, 100, 13)
    assert segment_frames(200, 25) == (100, 100)


def test_a_title_shorter_than_half_a_second_is_one_segment():
    assert segment_frames(1, 25) == (1,)


@given(st.integers(60, 2 * 3600), st.integers(2, 8))
def test_no_worker_works_on_alone_for_long_at_the_end(length, workers):
    made = lengths(25 * length, workers)
    free = [0.0] * workers
    for chunk in made:
        free[free.index(min(free))] += chunk
    assert max(free) - length / workers <= max(8, length / workers / 10)


@given(titles, st.integers(1, 64), st.lists(st.floats(0, 500)))
def test_segments_add_up_and_chunks_stand_end_to_end_on_segment_edges(title, workers, apart):
    frames, rate = title
    keys = [rate * second for second in accumulate(apart)]
    segments = segment_frames(frames, rate)
    assert sum(segments) == frames
    assert all(length == 4 * rate for length in segments[:-1])
    # 4.49 s at most: the target duration stays 4.
    assert segments[-1] < 4.5 * rate
    assert len(segments) == 1 or segments[-1] * 2 >= rate
    made = chunks(segments, rate, workers, keys)
    assert made[0].first == 0
    assert made[-1].end == frames
    assert all(a.end == b.first for a, b in pairwise(made))
    assert all(chunk.first % (4 * rate) == 0 and chunk.first < chunk.end for chunk in made)


# The shortest title of any plan: one frame, two of fast material; an AAC frame fits in.
@given(
    titles.filter(lambda title: title[0] * 48_000 >= title[1] * 1024), st.sampled_from([960, 1024])
)
def test_sound_is_never_longer_than_the_picture_and_less_than_a_frame_shorter(title, sound):
    frames, rate = title
    segments = segment_frames(frames, rate)
    edges = audio_edges(segments, rate, sound)
    assert len(edges) == len(segments) + 1
    assert all(a < b for a, b in pairwise(edges))
    picture = frames * 48_000 // rate
    assert 0 <= picture - edges[-1] * sound < sound
    for k, edge in enumerate(edges[:-1]):
        assert 0 <= edge * sound - sum(segments[:k]) * 48_000 // rate < sound
