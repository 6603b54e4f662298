"""What is promised of a rung before it is encoded, by the arithmetic of its buffer."""

from fractions import Fraction

import msgspec
import pytest

from media_pipeline.model.rates import promised_sound, promised_video
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.plan import make_plan
from tests.media_pipeline.streams import make_video


def plan(seconds: float):
    frames = round(seconds * 25)
    return make_plan(Source("mov", 1, 0, seconds, make_video(1280, 720)), Extent(0, frames * 3_600))


@pytest.mark.parametrize(
    ("seconds", "shortest"),
    [
        (20, 4),
        (22, 2),  # a last segment of half a target counts by itself
        (21.9, 4),  # one that is shorter counts with the one before
        (20.4, 4),  # and this is in the one before
        (3, 3),
        (1, 1),  # no run is long enough: the whole title
    ],
)
def test_a_run_of_segments_may_cost_the_cap_and_a_buffer(seconds, shortest) -> None:
    made = plan(seconds)
    for rung in made.rungs:
        peak, average = promised_video(rung, made)
        burst = rung.maxrate + Fraction(rung.bufsize) / shortest
        assert burst * Fraction(105, 100) < peak < burst * Fraction(120, 100) + 10_000
        assert rung.maxrate < average <= peak


def test_over_a_long_title_the_average_comes_near_the_cap() -> None:
    made = plan(1_800)
    for rung in made.rungs:
        _, average = promised_video(rung, made)
        assert average < rung.maxrate * 1.1 + 10_000


def test_half_as_many_frames_need_half_as_many_tables() -> None:
    made = plan(20)
    whole = made.rungs[0]
    halved = msgspec.structs.replace(whole, step=2)
    assert promised_video(whole, made)[0] - promised_video(halved, made)[0] == 16 * 8 * 25 // 2


def test_sound_passes_what_it_was_asked_for() -> None:
    sound = plan(20).audio
    peak, average = promised_sound(sound)
    assert sound.bitrate * 1.2 < average < peak < sound.bitrate * 2
