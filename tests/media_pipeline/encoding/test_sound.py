"""What is heard: levels and tones of the sound that was published, not flags."""

import array
import math
from pathlib import Path

import m3u8
import numpy as np
import pytest

from media_pipeline.model.publication import Rendition
from media_pipeline.verify import InStore, verify

from .conftest import Made, ffmpeg, publish
from .listening import bandwidth, film, measured, tone

SPEECH, MUSIC = 1000, 400
"""Hz of the tones that stand for a voice and for what plays around it."""


def heard(made: Made, sound: Rendition, folder: Path, channel: int = 0) -> array.array:
    """Second 2 of one channel, as samples of 16 bits."""
    raw = folder / f"{sound.name}.raw"
    ffmpeg(
        *("-i", str(made.joined(sound, folder)), "-af", f"pan=mono|c0=c{channel}"),
        *("-ss", "2", "-t", "1", "-f", "s16le", str(raw)),
    )
    return array.array("h", raw.read_bytes())


def level(samples: array.array, hertz: int) -> float:
    """How loud the tone of `hertz` is in `samples`, in dBFS."""
    turn = 2 * math.pi * hertz / 48_000
    real = sum(s * math.cos(turn * n) for n, s in enumerate(samples))
    imaginary = sum(s * math.sin(turn * n) for n, s in enumerate(samples))
    amplitude = 2 * math.hypot(real, imaginary) / len(samples) / 32768
    return 20 * math.log10(max(amplitude, 1e-6))


@pytest.mark.parametrize("before", [-32, -1])
def test_a_tone_comes_out_at_the_target_loudness_whether_it_was_quiet_or_loud(before, tmp_path):
    made = publish(film(tmp_path, "tone.mp4", tone(1000, before)), tmp_path)
    loudness, peak = measured(made, made.publication.audio, tmp_path)
    assert loudness == pytest.approx(-16, abs=1)
    assert peak <= -1.5
    # A sine in both channels reads as loud as its level (ITU-R BS.1770).
    assert made.publication.loudness == pytest.approx(before, abs=1)


NOISE = {
    "both channels the same": "anoisesrc=color=pink:seed=7:d=5:a=0.3",
    "each its own": (
        "anoisesrc=color=pink:seed=7:d=5:a=0.3[l];anoisesrc=color=pink:seed=8:d=5:a=0.3[r];"
        "[l][r]join=inputs=2:channel_layout=stereo"
    ),
}
PULSES = "aevalsrc='0.5*lt(mod(t,0.005),0.00003)':s=48000:c=mono:d=5"
"""All multiples of 200 Hz, equally loud: no noise, and as high as a sound can be."""


def test_the_sound_reaches_ten_kilohertz(tmp_path):
    flags = ("-c:a", "pcm_s16le", "-ar", "48000")
    path = film(tmp_path, "noise.mkv", *NOISE.values(), PULSES, flags=flags)
    made = publish(path, tmp_path)
    found = {
        name: bandwidth(path, made.joined(sound, tmp_path), track=track)
        for track, (name, sound) in enumerate(
            zip([*NOISE, "pulses"], made.publication.sounds, strict=True)
        )
    }
    assert {name: hertz for name, hertz in found.items() if hertz < 10_000} == {}


def test_large_pictures_and_opus_have_sounds_that_reach_fifteen_kilohertz(film, tmp_path):
    path = film("large.mkv", size="854x480", rate="10", seconds=1, sound=False)
    noise = tmp_path / "noisy.mkv"
    ffmpeg(
        *("-i", str(path), "-f", "lavfi", "-i", "anoisesrc=color=pink:seed=7:d=1:a=0.3"),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "pcm_s16le", "-ar", "48000"),
        str(noise),
    )
    made = publish(noise, tmp_path, opus=True)
    late = [sound for sound in made.publication.renditions if sound.high or sound.is_opus]
    assert [(s.name, s.codec, s.channels) for s in late] == [
        ("a112", "mp4a.40.2", 2),
        ("o28", "opus", 1),
        ("o64", "opus", 2),
    ]
    for sound in late:
        assert bandwidth(noise, made.joined(sound, tmp_path)) > 15_000
        loudness, peak = measured(made, sound, tmp_path)
        assert loudness == pytest.approx(-16, abs=1)
        assert peak <= -1.5
    # A quarter of a megabyte a minute: what listening alone may cost.
    assert late[1].bandwidth * 60 / 8 <= 250_000
    assert verify(InStore(made.store, made.publication.id)) == ()


DRUMS = (
    "aevalsrc='0.9*exp(-30*mod(t,0.5))*sin(2*PI*90*t)+0.6*exp(-60*mod(t+0.25,0.5))*sin(2*PI*1800*t)"
    "|0.9*exp(-30*mod(t,0.5))*sin(2*PI*90*t)+exp(-80*mod(t+0.125,0.25))*(random(0)-0.5)'"
    ":s=48000:c=stereo:d=5,volume=-9dB"
)


def test_drums_stay_below_the_true_peak_after_coding(tmp_path):
    made = publish(film(tmp_path, "drums.mp4", DRUMS), tmp_path)
    loudness, peak = measured(made, made.publication.audio, tmp_path)
    assert peak <= -1.5
    # Raised by 9 dB, they lose more than 1 to the limiter.
    assert loudness == pytest.approx(-17, abs=1)


SURROUND = {
    "5.1": "0.05*sin(2*PI*400*t)|0.05*sin(2*PI*400*t)|0.05*sin(2*PI*1000*t)|0.3*sin(2*PI*50*t)"
    "|0.05*sin(2*PI*600*t)|0.05*sin(2*PI*600*t)",
    "7.1": "0.05*sin(2*PI*400*t)|0.05*sin(2*PI*400*t)|0.05*sin(2*PI*1000*t)|0.3*sin(2*PI*50*t)"
    "|0.05*sin(2*PI*600*t)|0.05*sin(2*PI*600*t)|0.05*sin(2*PI*800*t)|0.05*sin(2*PI*800*t)",
}


@pytest.mark.parametrize("layout", ["5.1", "7.1"])
def test_the_voice_in_the_centre_stands_above_the_sides_of_a_downmix(layout, tmp_path):
    source = f"aevalsrc={SURROUND[layout]}:s=48000:c={layout}:d=5"
    path = film(tmp_path, "surround.mkv", source, flags=("-c:a", "pcm_s16le"))
    made = publish(path, tmp_path)
    sound = made.publication.audio
    assert sound.channels == 2
    for channel in (0, 1):
        samples = heard(made, sound, tmp_path, channel)
        voice, music = level(samples, SPEECH), level(samples, MUSIC)
        behind = level(samples, 600)
        # ITU-R BS.775 would leave it 3 dB below.
        assert voice - music == pytest.approx(0, abs=0.5)
        assert voice - behind == pytest.approx(6, abs=0.5)
        assert level(samples, 50) < voice - 30
    loudness, peak = measured(made, sound, tmp_path)
    assert loudness == pytest.approx(-16, abs=1)
    assert peak <= -1.5


def test_six_channels_without_names_keep_the_voice(tmp_path):
    source = f"aevalsrc={SURROUND['5.1']}:s=48000:c=5.1:d=5"
    path = film(
        tmp_path,
        "unnamed.mkv",
        source,
        flags=("-c:a", "pcm_s16le", "-af", "channelmap=0|1|2|3|4|5:6c"),
    )
    made = publish(path, tmp_path)
    samples = heard(made, made.publication.audio, tmp_path)
    assert level(samples, SPEECH) == pytest.approx(level(samples, MUSIC), abs=0.5)


def test_a_voice_recorded_in_one_channel_is_heard_in_both(tmp_path):
    made = publish(film(tmp_path, "mono.mp4", tone(SPEECH, -20, layout="mono")), tmp_path)
    left, right = (
        level(heard(made, made.publication.audio, tmp_path, channel), SPEECH) for channel in (0, 1)
    )
    assert left == pytest.approx(right, abs=0.5)
    assert left > -20


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> tuple[Made, Path]:
    """A film in Bahasa (500 Hz, quiet), Jawa (900 Hz, loud) and one that nobody named."""
    folder = tmp_path_factory.mktemp("spoken")
    path = film(
        folder,
        "spoken.mkv",
        *(tone(900, -12), tone(500, -30), tone(1700, -20)),
        flags=(
            *("-metadata:s:a:0", "language=jav", "-metadata:s:a:1", "language=ind"),
            *("-metadata:s:a:2", "title=Suara pasar", "-disposition:a:0", "0"),
            *("-disposition:a:1", "default"),
        ),
    )
    return publish(path, folder), folder


def test_every_language_has_its_own_sound_at_its_own_rendition(spoken):
    made, folder = spoken
    sounds = {sound.name: sound for sound in made.publication.sounds}
    assert list(sounds) == ["a48", "a48-jv", "a48-3"]
    for name, hertz in (("a48", 500), ("a48-jv", 900), ("a48-3", 1700)):
        samples = heard(made, sounds[name], folder)
        levels = {other: level(samples, other) for other in (500, 900, 1700)}
        assert max(levels, key=levels.get) == hertz
        assert all(levels[hertz] - levels[other] > 40 for other in levels if other != hertz)
        assert measured(made, sounds[name], folder)[0] == pytest.approx(-16, abs=1)


def test_a_menu_shows_the_languages_in_bahasa_the_default_first(spoken):
    made, _ = spoken
    master = m3u8.load(str(made.folder / "master.m3u8"))
    shown = [(m.name, m.language, m.default, m.uri) for m in master.media if m.type == "AUDIO"]
    assert shown == [
        ("Bahasa Indonesia", "id", "YES", "a48.m3u8"),
        ("Jawa", "jv", "NO", "a48-jv.m3u8"),
        ("Suara pasar", None, "NO", "a48-3.m3u8"),
    ]
    assert {p.stream_info.audio for p in master.playlists} == {"audio"}


def test_every_sound_is_cut_where_the_picture_is(spoken):
    made, _ = spoken
    for sound in made.publication.sounds:
        assert len(sound.segments) == len(made.publication.videos[0].segments)
        assert m3u8.load(str(made.folder / f"{sound.name}.m3u8")).is_endlist


def test_a_track_that_cannot_be_decoded_takes_no_other_with_it(tmp_path):
    path = film(tmp_path, "half.mkv", tone(500, -20), tone(900, -20), flags=("-c:a", "pcm_s16le"))
    data = path.read_bytes()
    # The second track claims a codec whose decoder finds nothing in it.
    broken = data.replace(b"A_PCM/INT/LIT", b"A_TTA1\0\0\0\0\0\0\0").replace(
        b"A_TTA1\0\0\0\0\0\0\0", b"A_PCM/INT/LIT", 1
    )
    assert broken != data
    path.write_bytes(broken)
    made = publish(path, tmp_path)
    samples = heard(made, made.publication.audio, tmp_path)
    assert level(samples, 500) > -30


SIDES = (
    "aevalsrc='0.2*sin(2*PI*500*t)*between(t,1,1.02)|0.1*sin(2*PI*900*t)*between(t,1,1.02)"
    "':s=48000:c=stereo:d=5"
)


def test_opus_stands_where_the_sound_of_the_file_stands_and_has_both_channels(tmp_path):
    """A sound of 20 ms: its middle is where it was, in players that know no priming."""
    made = publish(film(tmp_path, "click.mkv", SIDES, flags=("-c:a", "flac")), tmp_path, opus=True)
    (opus,) = made.publication.opus_sounds
    assert b"dOps\0\1\0\0" in (made.joined(opus, tmp_path)).read_bytes()
    raw = tmp_path / "click.raw"
    ffmpeg("-i", str(made.joined(opus, tmp_path)), "-f", "s16le", str(raw))
    samples = np.frombuffer(raw.read_bytes(), "<i2").astype(float)
    energy = samples**2
    middle = (energy * np.arange(len(samples))).sum() / energy.sum() / 48_000
    assert middle == pytest.approx(1.01, abs=0.002)
    assert 5 - 960 / 48_000 <= len(samples) / 48_000 <= 5
    click = np.abs(np.fft.rfft(samples[48_000:48_960]))
    left, right = click[10], click[18]
    assert left / right == pytest.approx(2, rel=0.25)
