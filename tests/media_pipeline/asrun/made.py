"""Made rundowns and journals for the tests of as-run. Times in seconds after midnight of DAY."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from media_pipeline.asrun import Evidence, Line, Written, as_run, coverage_of
from media_pipeline.asrun.airing import Airing
from media_pipeline.model.rundown import Card, Entry, EntryKind
from media_pipeline.model.ticks import TIMESCALE, ticks_of

DAY = datetime(2026, 11, 24, tzinfo=UTC)
ZERO = ticks_of(DAY)
LONG = 86_400


def tick(second: float) -> int:
    return ZERO + round(second * TIMESCALE)


def entry(
    identity: str,
    start: float,
    seconds: float,
    kind: EntryKind = "programme",
    *,
    cards: Sequence[str | tuple[str, float, float]] = (),
) -> Entry:
    """An entry of four segments. Cards show for a moment at its start, or (id, from, seconds)."""
    return Entry(
        id=identity,
        start=tick(start),
        duration=round(seconds * TIMESCALE),
        publication=identity.partition("+")[0].ljust(32, "0"),
        count=4,
        msn=0,
        dsn=0,
        kind=kind,
        title=identity.upper(),
        programme=f"video-{identity}",
        cards=tuple(card(each) for each in cards),
    )


def card(said: str | tuple[str, float, float]) -> Card:
    identity, begin, seconds = (said, 0, 0.0001) if isinstance(said, str) else said
    begin, length = round(begin * TIMESCALE), round(seconds * TIMESCALE)
    return Card(identity, begin, length, "", "", "", "", "", "")


def carried(airing: Airing) -> dict[str, tuple[str, float, float, float, str]]:
    """Of each card: status, second of its start, seconds on air and promised, and why."""
    return {
        each.card: (
            each.status,
            (each.start - ZERO) / TIMESCALE,
            each.shown / TIMESCALE,
            each.promised / TIMESCALE,
            each.why,
        )
        for each in airing.carried
    }


def chain(
    *parts: tuple[str, float] | tuple[str, float, EntryKind], start: float = 0
) -> list[Entry]:
    """Entries end to end from `start` on: (id, seconds) or (id, seconds, kind)."""
    found = []
    for identity, seconds, *kind in parts:
        found.append(entry(identity, start, seconds, *kind))
        start += seconds
    return found


def written(version: int, at: float, entries: Sequence[Entry], *, follows: bool = False) -> Written:
    return Written(version, tick(at), tuple(entries), follows)


def line(identity: str, start: float, end: float, *, relay: bool = False, lack: str = "") -> Line:
    return Line("contoh", identity, "", 1, tick(start), tick(end), relay, lack)


def judge(
    versions: Iterable[Written],
    lines: Iterable[Line],
    *,
    complete: float = LONG,
    **more: object,
) -> dict[str, Airing]:
    """What became of each entry of the day, by its id."""
    evidence = Evidence(tuple(versions), coverage_of(lines), **more)
    told = as_run(evidence, ZERO, tick(LONG), tick(complete))
    assert len({airing.entry for airing in told}) == len(told)
    return {airing.entry: airing for airing in told}


def shown(airing: Airing) -> tuple[str, float, float, str]:
    """Its status, seconds on air and promised, and why."""
    return airing.status, airing.shown / TIMESCALE, airing.promised / TIMESCALE, airing.why
