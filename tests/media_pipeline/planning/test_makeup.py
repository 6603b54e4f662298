"""The gain that gives back what a limiter takes."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.planning.makeup import LIMITS, Trial, made_up
from media_pipeline.planning.sound import heard, hearing_argv
from tests.media_pipeline.planning.test_commands import PLAN

LEVEL = st.floats(-60, 3, allow_nan=False)
TRIALS = st.builds(Trial, LEVEL, st.tuples(*[LEVEL] * len(LIMITS)))
CEILING, TARGET = -3.7, -16.0


def gain(trial: Trial, *, loudness: float, peak: float) -> float:
    wanted = TARGET - loudness
    return made_up(
        wanted, loudness=loudness, peak=peak, trial=trial, ceiling=CEILING, target=TARGET
    )


@given(TRIALS, LEVEL, st.floats(-60, 12))
def test_no_sound_gets_less_than_before_nor_six_decibels_more(trial, loudness, peak):
    more = gain(trial, loudness=loudness, peak=peak) - (TARGET - loudness)
    assert -1e-9 <= more <= 6.0 + 1e-9


@given(TRIALS, LEVEL)
def test_what_no_limiter_touches_is_left_as_it_is(trial, loudness):
    peak = CEILING - (TARGET - loudness) - 6.2
    assert gain(trial, loudness=loudness, peak=peak) == TARGET - loudness


def test_what_the_limiter_takes_is_given_back():
    """With 4.9 dB of gain the limiter stands at −8.6 dBFS, where 1.9 LU are lost."""
    trial = Trial(-19.0, (-19.5, -21.0, -24.0, -29.0))
    made = gain(trial, loudness=-19.0, peak=-1.0)
    assert made == pytest.approx(4.9, abs=0.11)
    assert -19.0 + made - trial.loss(CEILING - made, -1.0) == pytest.approx(TARGET, abs=0.1)


def test_gain_that_would_be_limited_away_again_is_not_given():
    bursts = Trial(-20.0, (-23.0, -28.6, -34.4, -40.3))  # nothing but peaks
    assert gain(bursts, loudness=-20.0, peak=0.0) == pytest.approx(4.0)


def test_loss_is_known_at_trials_and_between_them_and_grows_no_further_below_the_last():
    trial = Trial(-20.0, (-21.0, -23.0, -26.0, -30.0))
    losses = [trial.loss(limit, peak=-2.0) for limit in (0, -2, -2.5, -3, -6, -21, -40)]
    assert losses == pytest.approx([0, 0, 0.5, 1, 2, 10, 10])


SAID = """\
[ebur128@t0 @ 0x1] Summary:

  Integrated loudness:
    I:         -19.0 LUFS
    Threshold: -29.0 LUFS

  Sample peak:
    Peak:       -1.0 dBFS
"""
TRIED = "".join(
    f"[ebur128@t0.{number} @ 0x1] Summary:\n\n  Integrated loudness:\n    I: {level:12.1f} LUFS\n"
    for number, level in enumerate((-18.0, -18.5, -20.0, -23.0, -28.0))
)


def test_the_gain_of_a_sound_is_read_with_its_trials():
    assert heard(SAID, PLAN)[0].gain == pytest.approx(3.0)
    assert heard(SAID + TRIED, PLAN)[0].gain == pytest.approx(4.9, abs=0.11)


@pytest.mark.parametrize("level", ["-70.0", "nan", "-inf"])
def test_trials_of_parts_that_are_silent_tell_nothing(level):
    told = SAID + TRIED.replace("-28.0", level)
    assert heard(told, PLAN)[0].gain == pytest.approx(3.0)


def test_no_sound_is_raised_by_more_than_twenty_decibels():
    quiet = SAID.replace("-19.0 LUFS", "-40.0 LUFS").replace("-1.0 dBFS", "-12.0 dBFS")
    assert heard(quiet + TRIED, PLAN)[0].gain == 20.0


@pytest.mark.parametrize(("count", "tried"), [(8, 8), (9, 0)])
def test_sounds_are_tried_while_threads_last(count, tried):
    track = PLAN.sounds[0].track
    sounds = tuple(
        msgspec.structs.replace(
            PLAN.sounds[0],
            name=f"a48-{number}",
            track=msgspec.structs.replace(track, index=number),
        )
        for number in range(count)
    )
    graph = " ".join(hearing_argv("ffmpeg", "/a.mkv", msgspec.structs.replace(PLAN, sounds=sounds)))
    assert graph.count("aselect") == tried
    assert len(re.findall(r"ebur128@t\d+=", graph)) == count
