"""What is measured, what is wanted, and how a benchmark says whether that was reached."""

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
    Benchmark("progress", "ETA within 25 % after 10 % of the work, never backwards", 3),
    Benchmark("quality", "bytes at equal quality ≤ 0.70 to 0.88 of theirs (docs/ladder.md)", 60),
    Benchmark("memory", "Python ≤ 150 MB for an original of 10 GB", 6),
    Benchmark("chaos", "50 kills: nothing lost, the same bytes", 15),
    Benchmark("origin", "no figure: playlists a second of CPU next to nginx with files", 2),
    Benchmark("channels", "no figure: memory next to one ffmpeg a channel", 5),
    Benchmark("planning", "the limits that it prints", 10),
)


def parser(document: str) -> argparse.ArgumentParser:
    """Return a parser whose help is the module's whole `document`, with its target."""
    return argparse.ArgumentParser(
        description=document, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def verdict(name: str, figure: float, target: float, *, least: bool = False) -> str:
    """Return a line that says whether `figure` is at most (or, with `least`, at least) `target`."""
    met = figure >= target if least else figure <= target
    sign = "≥" if least else "≤"
    return f"{'met   ' if met else 'MISSED'} {name}: {figure:.2f} (target {sign} {target:.2f})"
