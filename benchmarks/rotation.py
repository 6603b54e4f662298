"""How long a day of fair turns takes to plan with 10,000 spots in line.

    python -m benchmarks.rotation [--spots 10000] [--runs 5]

Plans the day of a channel that has a fair break of two minutes every ten, by the
function that channels use (`cms.channels.planning.fair`), and by the usual way: sort all
who wait for each turn and take the first who may come. It also keeps no reasons. Both give
the same turns, or this ends with an error. Kinds of line:

    market     50 commodities, 3,000 stalls, spots of 15, 30 and 60 s
    one kind   all of one commodity: only the stalls differ
    one stall  all of one stall, which has one turn in a break
    any        400 commodities, spots of every length from 5 to 60 s

Seconds are of the processor, the least of the runs. Targets: each line ≤ 1 s for a day, and
at most half of what sorting takes.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from benchmarks import targets
from cms.channels.planning.fair import (
    Break,
    FairTurn,
    Past,
    Place,
    Spot,
    add_hours,
    fill_fairly,
    plain_order,
)
from cms.channels.planning.manners import HOUR, MOST_ADVERTISING
from media_pipeline.model.ticks import TIMESCALE

TARGET, SHARE = 1.0, 0.5
"""Seconds for a day; of the seconds that sorting for each turn takes."""
DAY = date(2026, 11, 25)
MIDNIGHT = 494_016 * HOUR
EVERY, LENGTH = HOUR // 6, 120 * TIMESCALE
LINES: dict[str, tuple[int, int, Sequence[int]]] = {
    "market": (50, 3000, (15, 30, 60)),
    "one kind": (1, 3000, (15, 30, 60)),
    "one stall": (50, 1, (15,)),
    "any": (400, 9000, range(5, 61)),
}

type Turns = list[tuple[str, int]]


def main() -> int:
    parser = targets.parser(__doc__)
    parser.add_argument("--spots", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    wanted = parser.parse_args()
    print(f"{'':12}{'turns':>8}{'seconds':>10}{'sorting':>10}{'ratio':>8}")
    met = []
    for name in LINES:
        spots = _spots(name, wanted.spots)
        took, made = _least(wanted.runs, lambda spots=spots: _fair(spots))
        sorting, peer = _least(1, lambda spots=spots: list(_sorting(spots)))
        turns = [(turn.spot, turn.start) for turn in made]
        if turns != peer:
            raise SystemExit(f"{name}: the two ways give different turns")
        print(f"{name:12}{len(turns):8}{took:10.2f}{sorting:10.2f}{took / sorting:8.3f}")
        met.append(targets.verdict(f"{name}: seconds for a day", took, TARGET))
        met.append(targets.verdict(f"{name}: of what sorting takes", took / sorting, SHARE))
    return targets.status(*met)


def _spots(name: str, count: int) -> list[Spot]:
    commodities, stalls, lengths = LINES[name]
    chance = random.Random(name)
    return [
        Spot(
            f"{number:032x}",
            chance.choice(lengths) * TIMESCALE,
            f"{chance.randrange(stalls):032x}",
            chance.randrange(commodities),
            level=number % 3 // 2,
        )
        for number in range(count)
    ]


def _gaps() -> list[Break]:
    starts = range(MIDNIGHT, MIDNIGHT + 24 * HOUR, EVERY)
    return [Break(start, start, LENGTH, DAY) for start in starts]


def _least[T](runs: int, work: Callable[[], T]) -> tuple[float, T]:
    best = float("inf")
    for _ in range(runs):
        begin = time.process_time()
        made = work()
        best = min(best, time.process_time() - begin)
    return best, made


def _fair(spots: Sequence[Spot]) -> tuple[FairTurn, ...]:
    return fill_fairly(_gaps(), spots, Past(), {}, {}, "contoh")


def _sorting(spots: Sequence[Spot]) -> Iterator[tuple[str, int]]:
    """Yield the same turns by sorting all for each of them."""
    known = {spot.key: spot for spot in spots}
    places = plain_order(spots, Past(), {}, "contoh", DAY)
    hours: dict[int, int] = {}
    last: Spot | None = None
    for gap in _gaps():
        at, end = gap.start, gap.start + gap.length
        while at < end:
            free = min(end - at, MOST_ADVERTISING - hours.get(at // HOUR, 0))
            line = [
                (level, place)
                for level, place in places
                if place.moment < gap.begins and known[place.spot].length <= free
            ]
            one = _first([known[place.spot] for _, place in line], last)
            if one is None:
                break
            yield one.key, at
            add_hours(hours, at, one.length)
            places = sorted((level, _moved(place, one, at)) for level, place in places)
            at += one.length
            last = one


def _moved(place: Place, aired: Spot, at: int) -> Place:
    if place.stall != aired.stall:
        return place
    clip = at if place.spot == aired.key else place.aired
    return place._replace(moment=at, aired=clip)


def _first(line: Sequence[Spot], last: Spot | None) -> Spot | None:
    if last is None:
        return next(iter(line), None)
    other = [spot for spot in line if spot.stall != last.stall]
    unlike = (spot for spot in other if spot.commodity != last.commodity)
    return next(unlike, None) or next(iter(other), None) or next(iter(line), None)


if __name__ == "__main__":
    raise SystemExit(main())
