"""How a running publication is shown: a bar to people, JSON lines to scripts."""

import sys
from collections.abc import Callable

import msgspec

from media_pipeline.pipeline import Progress

Tell = Callable[[Progress], None]

_BAR = 30


def json_line(progress: Progress) -> None:
    """Print where the work is as one JSON object on a line."""
    print_json(
        {
            "stage": progress.stage,
            "fraction": round(progress.fraction, 4),
            "eta_seconds": None if progress.eta_seconds is None else round(progress.eta_seconds, 1),
        }
    )


def print_json(value: dict[str, object]) -> None:
    """Print `value` on a line of its own, at once."""
    print(msgspec.json.encode(value).decode(), flush=True)


def bar() -> Tell:
    """Return what draws a bar on a terminal, or does nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _progress: None
    return lambda progress: print(
        bar_text(progress), end="\n" if progress.fraction >= 1 else "", file=sys.stderr, flush=True
    )


def bar_text(progress: Progress) -> str:
    """Return the bar, the part that is done, the stage and the time left."""
    full = round(progress.fraction * _BAR)
    left = "" if progress.eta_seconds is None else f", about {clock(progress.eta_seconds)} left"
    drawn = "█" * full + "·" * (_BAR - full)
    # \r and "erase to the end": the line is drawn over itself.
    return f"\r{drawn} {progress.fraction:4.0%} {progress.stage}{left}\x1b[K"


def clock(seconds: float) -> str:
    """Return a length of time as people say it: 40 s, 3 min 05 s, 1 h 12 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"
