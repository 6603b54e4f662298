"""Bandwidths as RFC 8216 means them."""

from media_pipeline.model.publication import Segment
from media_pipeline.model.rates import average_rate, peak_rate

SECOND = 90_000


def segments(*pieces: tuple[float, int]) -> list[Segment]:
    return [Segment("s", 0, size, round(length * SECOND)) for length, size in pieces]


def test_the_peak_is_that_of_the_largest_segment_not_the_average():
    film = segments((4, 1_000), (4, 3_000), (4, 500))
    assert peak_rate(film, SECOND) == 6_000
    assert average_rate(film, SECOND) == 3_000


def test_a_short_last_segment_counts_together_with_the_one_before():
    # Half a second of nearly all key frame: 16,000 bit/s by itself.
    assert peak_rate(segments((4, 1_000), (0.5, 1_000)), SECOND) == 3_556


def test_a_run_counts_for_the_peak_up_to_one_and_a_half_targets():
    # 1.5 s are too short to count by themselves; with what is before them they are 6 s or more.
    assert peak_rate(segments((4.5, 1_000), (1.5, 3_000)), SECOND) == 5_334
    assert peak_rate(segments((4.52, 1_000), (1.5, 3_000)), SECOND) == 1_770
    assert peak_rate(segments((2, 3_000), (4, 1_000)), SECOND) == 12_000


def test_a_title_of_one_short_segment_has_the_rate_that_it_has():
    assert peak_rate(segments((1, 1_000)), SECOND) == 8_000


def test_nothing_has_no_rate():
    assert peak_rate([], SECOND) == average_rate([], SECOND) == 0
