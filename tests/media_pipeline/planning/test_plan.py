"""Where a publication starts, and how long it is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.planning.plan import make_plan
from tests.media_pipeline.streams import make_video


def plan(*, start: int, end: int, sound: float | None, rate: float = 25, base: int = 90_000):
    video = make_video(frame_rate=rate, start=start, time_base_den=base)
    tracks = () if sound is None else (AudioStream(1, "aac", 2, 48_000, sound),)
    source = Source("mov", 1, 0, 1, video, tracks)
    return make_plan(source, Extent(start=start, end=end))


def test_a_title_starts_with_its_first_frame_wherever_the_clock_stands():
    made = plan(start=3_600 * 90_000, end=3_610 * 90_000, sound=3_600)
    assert (made.zero, made.frames) == (3_600 * 90_000, 250)


def test_sound_that_leads_moves_the_start_back_by_whole_frames():
    made = plan(start=90_000, end=10 * 90_000, sound=0.1)
    # 0.9 s of lead are 22 frames and a half.
    assert made.zero_seconds == 1 - Fraction(22, 25)
    assert made.frames == 9 * 25 + 22


def test_sound_that_comes_later_does_not_move_the_start():
    assert plan(start=0, end=10 * 90_000, sound=1.3).zero == 0


def test_fast_material_has_an_even_number_of_frames():
    assert plan(start=0, end=90_000 + 1_500, sound=None, rate=60).frames == 60


@pytest.mark.parametrize(
    ("average", "interval", "house"),
    [
        (26.4, 3_000, 30),  # a phone that skips pictures
        (26.4, 2_970, 30),
        (14.2, 6_000, 30),
        (23.8, 3_600, 25),
        (30, 3_600, 30),  # most are slow, but so many that some are fast
        (26.4, 0, 25),  # nothing is known of them
    ],
)
def test_a_film_of_variable_rate_has_the_house_rate_of_what_its_recorder_was_set_to(
    average, interval, house
):
    video = make_video(frame_rate=average, time_base_den=90_000)
    extent = Extent(start=0, end=900_000, interval=interval)
    assert make_plan(Source("mov", 1, 0, 10, video), extent).frame_rate == house


@given(
    st.integers(-(10**9), 10**9),
    st.integers(1, 20_000_000),
    st.one_of(st.none(), st.floats(-100, 100)),
    st.sampled_from([1_000, 12_800, 30_000, 90_000]),
)
def test_every_plan_has_frames_and_sound_as_long_as_they_are(start, length, sound, base):
    made = plan(start=start, end=start + length, sound=sound, base=base)
    assert made.frames >= 1
    assert sum(made.segments) == made.frames == made.chunks[-1].end
    assert made.audio.samples * made.frame_rate == made.frames * 48_000
    lead = Fraction(start, base) - made.zero_seconds
    assert lead >= 0
