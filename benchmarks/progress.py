"""How honest progress is: the ETA against the time that it really took.

    python -m benchmarks.progress [FILE] [--seconds N] [--size WxH] [--workers N]

Says the largest error of the ETA, in per cent of the time that was left, from
each tenth of the work on. Target: within 25 % after 10 %, and never backwards;
the last two seconds are left out, since an error there is of no second. Only
true on a machine that is otherwise steady. Without FILE a film is made.
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks import targets
from benchmarks.encode import make_film
from media_pipeline import pipeline
from media_pipeline.stores import LocalStore

_LAST = 2.0
_WANTED = 0.25


def main() -> int:
    """Print the table; return 1 if a target was missed."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="siar-progress-") as folder:
        place = Path(folder)
        film = arguments.file or make_film(place / "film.mkv", arguments.seconds, arguments.size)
        told, took = _told(film, place, arguments.workers)
    shown = [fraction for _, fraction, _ in told]
    print(f"{took:.1f} s, told {len(told)} times")
    print(f"{'from':>6}{'worst error':>13}")
    for tenth in range(1, 10):
        worst = _worst(told, took, tenth / 10)
        print(f"{tenth * 10:5}%{worst:>13.0%}")
    falls = sum(later < earlier for earlier, later in pairwise(shown))
    return targets.status(
        targets.verdict("worst error after 10 %", _worst(told, took, 0.1), _WANTED),
        targets.verdict("times that it ran backwards", falls, 0),
    )


def _worst(told: list[tuple[float, float, float | None]], took: float, since: float) -> float:
    errors = [abs(error) for fraction, error in _errors(told, took) if fraction >= since]
    return max(errors, default=0.0)


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=int, default=120, help="length of the film that is made")
    parser.add_argument("--size", default="1280x720", help="of the film that is made")
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def _told(
    film: Path, place: Path, workers: int
) -> tuple[list[tuple[float, float, float | None]], float]:
    """Publish `film`; return moments with the fraction and ETA told then, and how long it took."""
    store = LocalStore(place / "store")
    store.create()
    told: list[tuple[float, float, float | None]] = []
    started = time.monotonic()

    def tell(progress: pipeline.Progress) -> None:
        told.append((time.monotonic() - started, progress.fraction, progress.eta_seconds))
        print(f"\r{progress.fraction:5.0%}", end="", file=sys.stderr)

    pipeline.publish(
        film,
        store,
        "e7a" * 10 + "00",
        on_progress=tell,
        cancelled=lambda: False,
        scratch=place,
        now=lambda: datetime.now(UTC),
        workers=workers,
    )
    print("\r", end="", file=sys.stderr)
    return told, time.monotonic() - started


def _errors(
    told: list[tuple[float, float, float | None]], took: float
) -> list[tuple[float, float]]:
    """Return (fraction, error of the ETA by what was really left)."""
    return [
        (fraction, eta / (took - at) - 1)
        for at, fraction, eta in told
        if eta is not None and took - at > _LAST
    ]


if __name__ == "__main__":
    raise SystemExit(main())
