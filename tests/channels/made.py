"""Made items, wishes and requests for the tests of planning. Times in seconds."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cms.channels.planning import Item, Request, Wish
from media_pipeline.model.rundown import Entry, EntryKind
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def item(number: int, seconds: float, kind: EntryKind = "programme") -> Item:
    """Return an item of 4 s segments, the last one shorter."""
    ticks = round(seconds * 25) * (TIMESCALE // 25)
    durations = [4 * TIMESCALE] * (ticks // (4 * TIMESCALE))
    if rest := ticks % (4 * TIMESCALE):
        durations.append(rest)
    return Item(
        publication=f"{number:032x}",
        durations=tuple(durations),
        title=f"Contoh {number}",
        programme=f"{number:08}",
        kind=kind,
    )


SLATE = item(999, 60, "slate")
FILLERS = (item(101, 15, "filler"), item(102, 30, "filler"), item(103, 22.4, "filler"))


def wish(number: int, at: float, played: Item | None) -> Wish:
    """Return a wish for `played` at `at` seconds after noon."""
    return Wish(f"w{number}", ticks_of(NOON) + ticks_in(at), f"Contoh {number}", played)


def request(
    wishes: Sequence[Wish],
    fillers: Sequence[Item] = FILLERS,
    *,
    now: datetime = NOON,
    hours: float = 1,
    barred: frozenset[str] = frozenset(),
    keep_from: int = 0,
) -> Request:
    """Return a request for `hours` from noon on."""
    playable = [w.item for w in wishes if w.item] + [*fillers, SLATE]
    return Request(
        channel="contoh",
        name="Saluran Contoh",
        zone="Asia/Jakarta",
        wishes=wishes,
        fillers=fillers,
        slate=SLATE,
        now=now,
        until=ticks_of(NOON) + ticks_in(hours * 3600),
        keep_from=keep_from,
        barred=barred,
        durations={i.publication: i.durations for i in playable},
    )


def segments(entries: Sequence[Entry]) -> list[tuple[int, int, str, int]]:
    """Return (number, discontinuity, publication, index) of each segment, as players see it."""
    return [(e.msn + k, e.dsn, e.publication, e.first + k) for e in entries for k in range(e.count)]
