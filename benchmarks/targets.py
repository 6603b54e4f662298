"""What is measured, what is wanted, and how a benchmark says whether that was reached.

The last lines of each are its verdicts, and its exit status is 1 if a target was missed.
"""

import argparse
from typing import NamedTuple


class Benchmark(NamedTuple):
    """A module of this folder that can be run, its target in words, and how long it takes."""

    name: str
    target: str
    minutes: float


ALL = (
    Benchmark("first_playable", "90th percentile of 20 uploads ≤ 3 s on two idle cores", 3),
    Benchmark("encode", "CPU ≤ 1.05 of a bare ffmpeg, ≤ 0.65 of MediaCMS, ≤ 1.00 of PeerTube", 6),
    Benchmark("scaling", "two workers ≥ 1.8 times as fast as one", 6),
    Benchmark(
        "progress", "ETA within 25 %, or half a second, after 10 % of the work; never backwards", 3
    ),
    Benchmark("quality", "bytes at equal quality ≤ 0.70 to 0.88 of theirs (docs/ladder.md)", 60),
    Benchmark("sound", "half of MediaCMS's bytes, 10 kHz, −16 ± 1 LUFS, ≤ −1 dBTP", 2),
    Benchmark("memory", "Python ≤ 150 MB for an original of 10 GB", 6),
    Benchmark("chaos", "50 kills: nothing lost, the same bytes, at most a chunk done again", 15),
    Benchmark("origin", "playlists a second of CPU ≥ 0.6 of nginx's; p99 ≤ 20 ms at 80 %", 2),
    Benchmark("channels", "2,968: start ≤ 3 s, ≤ 300 MiB, a new rundown seen in 2 s, no pause", 5),
    Benchmark("database", "taken away for ten minutes under load: not one playlist fails", 11),
    Benchmark("planning", "the next day of 2,968 channels by one worker ≤ 300 s", 10),
    Benchmark("as_run", "a day of 2,968 channels ≤ 300 s, ≤ 300 MiB, ≤ 0.34 of a row a line", 15),
    Benchmark("rotation", "a day of fair turns with 10,000 spots ≤ 1 s, ≤ 0.5 of sorting", 3),
    Benchmark(
        "events", "1,000 a second: none lost, pages ≤ 2 × as slow, storing ≤ 0.34 of a row", 3
    ),
    Benchmark(
        "soak", "a day without a fault or drift; half an hour in Chromium without a stall", 40
    ),
)


def parser(document: str) -> argparse.ArgumentParser:
    """Return a parser whose help is the module's whole `document`, with its target."""
    return argparse.ArgumentParser(
        description=document, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def verdict(name: str, figure: float, target: float, *, least: bool = False) -> bool:
    """Say whether `figure` is at most (or, with `least`, at least) `target`, and return it."""
    met = figure >= target if least else figure <= target
    sign = "≥" if least else "≤"
    print(f"{'met   ' if met else 'MISSED'} {name}: {figure:.2f} (target {sign} {target:.2f})")
    return met


def status(*met: bool) -> int:
    """Return the exit status of a benchmark with these verdicts: 1 if one was missed."""
    return int(not all(met))
