"""Music, composed of plucked tones by arithmetic.

A loop of four bars is computed once and repeated by ffmpeg; a minute of tones in
pure Python would take longer than the picture.
"""

import array
import io
import math
import wave
from dataclasses import dataclass
from functools import lru_cache

RATE = 24_000
"""Samples a second of the loop; the tones end far below 12 kHz."""


@dataclass(frozen=True)
class Mood:
    """How a film sounds. Chords and melody are semitones above A2 (110 Hz).

    `melody` has one character an eighth note: a digit is a step of `scale`, "." rests.
    """

    beats: int
    chords: tuple[tuple[int, ...], ...]
    melody: str
    scale: tuple[int, ...] = (0, 2, 4, 7, 9, 12, 14, 16, 19, 21)
    soft: float = 1.0


PAGI = Mood(
    104,
    ((3, 7, 10), (8, 12, 15), (5, 8, 12), (10, 14, 17)),
    "0.2.4.3.2.1.0.2.4.5.4.3.2..1....",
    soft=0.9,
)
DAPUR = Mood(
    116, ((3, 7, 10), (5, 8, 12), (8, 12, 15), (10, 14, 17)), "4.43.2.04.43.2.15.54.3.14.32.1.."
)
KELAS = Mood(
    84, ((3, 10, 15), (0, 7, 12), (8, 12, 15), (10, 14, 17)), "2...4...3...1...2...0...1...2..."
)
JALAN = Mood(
    92,
    ((0, 7, 12), (3, 7, 10), (5, 12, 17), (7, 10, 14)),
    "0..3.2..4..3.1..5..4.3..2..1.0..",
    scale=(0, 3, 5, 7, 10, 12, 15, 17, 19),
)
ANGKA = Mood(
    110, ((5, 8, 12), (3, 7, 10), (0, 3, 7), (10, 14, 17)), "0.0.3...2.2.4...1.1.3...2.1.0..."
)
JEDA = Mood(60, ((3, 7, 14), (0, 7, 12)), "4.....2.....3...1.....2.........", soft=1.4)
PROMO = Mood(
    124, ((3, 7, 10), (10, 14, 17), (0, 3, 7), (8, 12, 15)), "4.4.5.6.4.2.3...5.5.6.7.5.4.2..."
)


@lru_cache(maxsize=512)
def tone(semitone: int, seconds: float, strength: float) -> array.array:
    """Return a plucked tone: three partials, a quick start, a slow end."""
    pitch = 110 * 2 ** (semitone / 12)
    count = int(seconds * RATE)
    step = 2 * math.pi * pitch / RATE
    fall = 4.2 / seconds / RATE
    rise = RATE * 0.006
    sin, exp = math.sin, math.exp
    return array.array(
        "f",
        (
            strength
            * min(1.0, i / rise)
            * exp(-i * fall)
            * (sin(i * step) + 0.32 * sin(2 * i * step) + 0.11 * sin(4 * i * step))
            * min(1.0, (count - i) / 400)
            for i in range(count)
        ),
    )


def notes(mood: Mood) -> list[tuple[float, int, float, float]]:
    """Return (second, semitone, length in seconds, strength) of one loop."""
    beat = 60 / mood.beats
    found: list[tuple[float, int, float, float]] = []
    for bar in range(4):
        chord = mood.chords[bar % len(mood.chords)]
        start = bar * 4 * beat
        found.append((start, chord[0] - 12, 2.4 * mood.soft, 0.34))
        found.append((start + 2 * beat, chord[0] - 12, 1.6 * mood.soft, 0.24))
        for i, semitone in enumerate(chord):
            found.append((start + i * beat / 2, semitone, 2.0 * mood.soft, 0.12))
            found.append((start + 2 * beat + i * beat / 2, semitone, 1.6 * mood.soft, 0.1))
    for i, step in enumerate(mood.melody):
        if step != ".":
            pitch = mood.scale[int(step)] + 27
            found.append((i * beat / 2, pitch, 1.1 * mood.soft, 0.17))
    return found


def loop(mood: Mood) -> bytes:
    """Return four bars as a WAV file; tones that ring past the end begin it again."""
    size = int(16 * 60 / mood.beats * RATE)
    mix = array.array("f", bytes(4 * size))
    for second, semitone, seconds, strength in notes(mood):
        at = int(second * RATE)
        for value in tone(semitone, round(seconds, 3), strength):
            mix[at % size] += value
            at += 1
    peak = max(max(mix), -min(mix), 0.001)
    level = 0.55 * 32767 / peak
    samples = array.array("h", (int(v * level) for v in mix))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()
