"""A channel followed by a reader of another maker, segment by segment, on a clock of its own.

What a reader finds is compared with what it found before and with nothing of ours:
numbers go on by one, what a number named stays what it was, each segment begins where the
last one ended, and the newest ended as long ago as ever.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import m3u8
import msgspec

from benchmarks.origin import made_publication
from media_pipeline.model.keys import day_file, publication_file, rundown_file
from media_pipeline.model.publication import encode_publication
from media_pipeline.model.rundown import Rundown
from media_pipeline.model.stored import encode_index, split
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import create_origin
from media_pipeline.playout import Item, Reel, append
from media_pipeline.stores import LocalStore

CHANNEL = "contoh"
LENGTHS = (15, 34, 61, 98, 8, 127, 245, 3, 302, 57, 89, 600)
"""Seconds of the items: most end with a short segment, one is nothing else."""
AHEAD = timedelta(hours=6)
SLACK = timedelta(milliseconds=40)
"""A frame: as much may lie between the end of one segment and the begin of the next."""
LATEST, EARLIEST = timedelta(seconds=2), timedelta(seconds=2 + 4.5 + 1)
"""How long ago the newest segment ended, for who asks each second; at least, at most."""


class Station:
    """A store with one channel, whose rundown is written on as time goes by, and its origin."""

    def __init__(self, folder: Path, begin: datetime) -> None:
        self.now = begin
        self._store = LocalStore(folder)
        self._store.create()
        made = [made_publication(n, seconds) for n, seconds in enumerate(LENGTHS)]
        for each in made:
            self._store.write(publication_file(each.id), encode_publication(each))
        self._reels = cycle([Reel.of(each) for each in made])
        start = begin - timedelta(minutes=2)
        empty = Rundown(CHANNEL, CHANNEL, "Asia/Jakarta", 0, start, (), slate=made[0].id)
        first = Item("e0", next(self._reels), "programme", "Contoh")
        self._rundown = append(empty, first, start=ticks_of(start))
        self._origin = create_origin(
            self._store, media_url="/media/", clock=lambda: self.now, name="soak"
        )

    def go(self, to: datetime) -> None:
        """Let it be `to`; the origin looks at the store, as it does each second."""
        self.now = to
        if self._rundown.entries[-1].end < ticks_of(to + AHEAD / 2):
            self._extend()
        self._origin.refresh()

    def _extend(self) -> None:
        rundown = self._rundown
        while rundown.entries[-1].end < ticks_of(self.now + AHEAD):
            items = [self._item(len(rundown.entries) + n) for n in range(20)]
            rundown = append(rundown, *items)
        rundown = msgspec.structs.replace(rundown, version=rundown.version + 1, written=self.now)
        index, days = split(rundown)
        for name, data in days.items():
            self._store.write(day_file(CHANNEL, name), data)
        self._store.write(rundown_file(CHANNEL), encode_index(index))
        self._rundown = rundown

    def _item(self, number: int) -> Item:
        return Item(f"e{number}", next(self._reels), "programme", f"Acara {number} (contoh)")

    async def get(self, file: str, etag: bytes) -> tuple[int, bytes, str]:
        """Ask for `file` as a player does that has `etag`; return status, ETag and text."""
        headers = [(b"if-none-match", etag)] if etag else []
        path = f"/live/{CHANNEL}/{file}"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
        reply = await self._origin.answer({**scope, "headers": headers})
        return reply.status, dict(reply.headers).get(b"etag", b""), reply.body.decode()


class Follower:
    """One rendition as a reader sees it. `faults` says in words what no player may meet."""

    def __init__(self, station: Station, rendition: str) -> None:
        self.faults: list[str] = []
        self.segments = self.joins = 0
        self._station, self._file = station, f"{rendition}.m3u8"
        self._etag = b""
        self._known: dict[int, tuple[Any, ...]] = {}
        self._first: datetime | None = None
        self._end: datetime | None = None
        self._length = 0.0
        self.turn = 0

    @property
    def drift(self) -> float:
        """Seconds by which the lengths of all segments miss the moments that they bear."""
        if self._first is None or self._end is None:
            return 0.0
        return abs((self._end - self._first).total_seconds() - self._length)

    async def look(self) -> None:
        """Ask once, and read what is new."""
        status, self._etag, text = await self._station.get(self._file, self._etag)
        if status == 200:
            self._read(m3u8.loads(text))
        elif status != 304:
            self._fault(f"status {status}")
        age = self._station.now - self._end if self._end else LATEST
        if not LATEST <= age + SLACK <= EARLIEST + SLACK:
            self._fault(f"the newest segment ended {age.total_seconds():.2f} s ago")

    def _read(self, found: m3u8.M3U8) -> None:
        turn = found.discontinuity_sequence or 0
        for number, segment in enumerate(found.segments, found.media_sequence):
            turn += bool(segment.discontinuity)
            begin = segment.current_program_date_time
            name = (segment.uri, segment.duration, segment.init_section.uri, turn, begin)
            known = self._known.get(number)
            if known is None:
                self._take(number, name)
            elif known != name:
                self._fault(f"number {number} was {known} and is {name}")
        self.turn = turn
        for number in [n for n in self._known if n < found.media_sequence]:
            del self._known[number]

    def _take(self, number: int, name: tuple[Any, ...]) -> None:
        _, duration, _, turn, begin = name
        if self._known and number != max(self._known) + 1:
            self._fault(f"number {number} follows {max(self._known)}")
        if self._end is not None and abs(begin - self._end) > SLACK:
            self._fault(f"number {number} begins at {begin}, the last one ended at {self._end}")
        self.joins += bool(self._known) and turn != self.turn
        self.turn = turn
        self._known[number] = name
        self._first = self._first or begin
        self._end = begin + timedelta(seconds=duration)
        self._length += duration
        self.segments += 1

    def _fault(self, what: str) -> None:
        if len(self.faults) < 20:
            self.faults.append(f"{self._station.now:%d %H:%M:%S} {self._file}: {what}")


def follow(
    folder: Path, hours: float, renditions: list[str], each_hour: Callable[[int], None]
) -> list[Follower]:
    """Follow `renditions` through `hours`, a look a second of the station's clock."""
    begin = datetime(2026, 12, 31, 12, tzinfo=UTC)
    station = Station(folder, begin)
    followers = [Follower(station, name) for name in renditions]

    async def watch() -> None:
        for second in range(round(hours * 3600)):
            station.go(begin + timedelta(seconds=second))
            for each in followers:
                await each.look()
            if len({each.turn for each in followers}) > 1:
                followers[0].faults.append(f"{station.now}: the renditions differ in joins")
            if second % 3600 == 3599:
                each_hour(second // 3600 + 1)

    asyncio.run(watch())
    return followers
