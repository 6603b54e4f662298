"""No sound that is published passes −1.5 dBTP, whatever was handed in (EBU R 128 s2)."""

from pathlib import Path

import pytest

from .conftest import Made, publish
from .listening import film, measured

HOT = {
    # Flat tops, whose edges ring when what is above 15 kHz is left out.
    "a clipped square wave": "clip(40*sin(2*PI*220*t),-1,1)",
    "beats of a tone": "lt(mod(t,1),0.01)*sin(2*PI*1000*t)",
    # Full scale for 6 ms of every second: little loudness, so it is raised, and limited.
    "beats of a clipped square wave": "lt(mod(t,1),0.006)*clip(40*sin(2*PI*220*t),-1,1)",
    # At a quarter of the sampling rate and 45°, no sample shows the peak: 3 dB above all of them.
    "peaks between the samples": "lt(mod(t,1),0.004)*0.7*sin(2*PI*12000*t+PI/4)",
    # At a sixth and 60°, 1.2 dB above; that low, the encoder keeps them.
    "low peaks between the samples": "lt(mod(t,1),0.008)*0.86*sin(2*PI*8000*t+PI/3)",
    "silence with one click": "between(t,2,2.00004)",
}
HARSH = {
    "clicks in hushed speech": "0.003*sin(2*PI*300*t)+lt(mod(t,0.7),0.00004)",
    "noise that clips in beats": "lt(mod(t,0.5),0.005)*clip(6*(random(0)-0.5),-1,1)",
    "quiet noise that clips in beats": "lt(mod(t,0.5),0.005)*0.15*clip(6*(random(0)-0.5),-1,1)",
    "drums": "0.3*exp(-30*mod(t,0.5))*sin(2*PI*90*t)+0.4*exp(-80*mod(t+0.125,0.25))*(random(0)-0.5)",
    "beyond full scale": "3*sin(2*PI*500*t)*lt(mod(t,1),0.01)",
    "a sweep that comes in beats": "lt(mod(t,0.4),0.006)*0.5*sin(2*PI*(1000+3000*t)*t)",
}
SAMPLED = {
    # What telephones record: everything above 4 kHz is missing.
    "speech at 8 kHz": (
        "0.9*exp(-90*mod(t,0.6))*(sin(2*PI*160*t)+sin(2*PI*900*t)+sin(2*PI*2600*t))/2",
        8_000,
    ),
    "beats at 44.1 kHz": ("lt(mod(t,1),0.005)*clip(9*sin(2*PI*3100*t),-1,1)", 44_100),
    "beats at 96 kHz": ("lt(mod(t,1),0.005)*clip(9*sin(2*PI*3100*t),-1,1)", 96_000),
}
EIGHT = "|".join(["lt(mod(t,1),0.006)*clip(9*sin(2*PI*210*t),-1,1)"] * 8)


def source(wave: str, rate: int = 48_000, layout: str = "stereo") -> str:
    """A sound of 5 s whose channels are all `wave`."""
    channels = {"mono": 1, "stereo": 2, "7.1": 1}[layout]
    return f"aevalsrc='{'|'.join([wave] * channels)}':s={rate}:c={layout}:d=5"


def peaks(sounds: dict[str, str], folder: Path) -> dict[str, float]:
    """The true peak of each of `sounds` as it was published, in dBTP."""
    # As floats: what passes full scale arrives as it is.
    path = film(folder, "hostile.mkv", *sounds.values(), flags=("-c:a", "pcm_f32le"))
    made: Made = publish(path, folder)
    published = made.publication.sounds
    assert len(published) == len(sounds)
    return {
        name: measured(made, sound, folder)[1]
        for name, sound in zip(sounds, published, strict=True)
    }


TABLE = {
    "hot": {name: source(wave) for name, wave in HOT.items()},
    "harsh": {name: source(wave) for name, wave in HARSH.items()},
    "sampled": {
        **{name: source(wave, rate, "mono") for name, (wave, rate) in SAMPLED.items()},
        "eight channels at once": source(EIGHT, layout="7.1"),
    },
}


PEAKY = {
    "drums over a chord": (
        "0.06*sin(2*PI*220*t)+0.05*sin(2*PI*554*t)+0.9*exp(-40*mod(t,0.5))*sin(2*PI*80*t)"
        "+0.3*exp(-80*mod(t+0.25,0.5))*sin(2*PI*1900*t)"
    ),
    "bells and a drum": (
        "0.45*exp(-5*mod(t,0.8))*sin(2*PI*587*t)+0.45*exp(-7*mod(t+0.4,0.8))*sin(2*PI*880*t)"
        "+0.75*exp(-50*mod(t,0.4))*sin(2*PI*120*t)"
    ),
    "a hum with knocks": "0.06*sin(2*PI*300*t)+0.7*exp(-25*mod(t,1))*sin(2*PI*150*t)",
}
"""Sounds of which a limiter takes one to three LU, since their peaks stand far above the rest."""


def test_sounds_with_high_peaks_are_as_loud_as_others(tmp_path):
    given = {name: source(wave) for name, wave in PEAKY.items()}
    path = film(tmp_path, "peaky.mkv", *given.values(), flags=("-c:a", "pcm_f32le"))
    made = publish(path, tmp_path)
    found = [measured(made, sound, tmp_path) for sound in made.publication.sounds]
    assert [loudness for loudness, _ in found] == pytest.approx([-16] * 3, abs=1)
    assert max(peak for _, peak in found) <= -1.5


@pytest.mark.parametrize("kind", TABLE)
def test_no_sound_passes_the_true_peak_after_coding(kind, tmp_path):
    found = peaks(TABLE[kind], tmp_path)
    assert {name: peak for name, peak in found.items() if peak > -1.5} == {}
