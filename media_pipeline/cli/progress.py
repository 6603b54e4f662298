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
            "slower": progress.slower,
        }
    )


def print_json(value: dict[str, object]) -> None:
    """Print `value` on a line of its own, at once."""
    print(msgspec.json.encode(value).decode(), flush=True)


class Shown:
    """Tells a person or a script how far a publication is, for as long as one of them listens."""

    def __init__(self, *, as_json: bool) -> None:
        self._is_bar = not as_json and sys.stderr.isatty()
        self._tell: Tell = json_line if as_json else _draw if self._is_bar else _Lines()
        self._is_open = False
        self.is_unread = False
        """Whether who read the output has gone, as `head` does."""

    def __call__(self, progress: Progress) -> None:
        """Show `progress`: a bar on a terminal, elsewhere a line now and then, or JSON."""
        self._is_open = progress.fraction < 1
        try:
            self._tell(progress)
        except BrokenPipeError:
            self.is_unread = True

    def close(self) -> None:
        """End a bar that is half drawn: what is printed next has a line of its own."""
        if self._is_bar and self._is_open:
            print(file=sys.stderr)


def _draw(progress: Progress) -> None:
    end = "\n" if progress.fraction >= 1 else ""
    print(bar_text(progress), end=end, file=sys.stderr, flush=True)


class _Lines:
    """A line for each stage, each tenth of the work and each change of pace: what a log can bear."""

    def __init__(self) -> None:
        self._told = ("", -1, False)

    def __call__(self, progress: Progress) -> None:
        here = (progress.stage, int(progress.fraction * 10), progress.slower)
        if here != self._told:
            self._told = here
            print(_text(progress), file=sys.stderr, flush=True)


def bar_text(progress: Progress) -> str:
    """Return the bar, the part that is done, the stage and the time left."""
    full = int(progress.fraction * _BAR)
    drawn = "█" * full + "·" * (_BAR - full)
    # \r and "erase to the end": the line is drawn over itself.
    return f"\r{drawn} {_text(progress)}\x1b[K"


def _text(progress: Progress) -> str:
    """Return how much is done, the stage, and the time left where it can be judged."""
    # Rounded down: only what is done is 100 %.
    done, left = f"{int(progress.fraction * 100):3}% {progress.stage}", progress.eta_seconds
    if not left:
        return done
    slower = " (slower than at first: is the machine busy?)" if progress.slower else ""
    return f"{done}, about {clock(left)} left{slower}"


def clock(seconds: float) -> str:
    """Return a length of time as people say it: 40 s, 3 min 05 s, 1 h 12 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"
