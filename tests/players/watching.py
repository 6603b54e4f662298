"""What is put on air for players, and what a player tells of what it shows."""

import time
import urllib.request
from datetime import UTC, datetime, timedelta

from media_pipeline.model.keys import rundown_file
from media_pipeline.model.rundown import Card, Rundown, encode_value
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from media_pipeline.playout import Item, Reel, append, check_rundown

CARD = Card("1", 0, ticks_in(4), "Tahu", "Rp5.000", "kg", "Lapak Contoh", "Pasar", "/chat/1/")

PLAYERS = ["Hls", "Shaka"]


def items(station, names: str, tag: str) -> list[Item]:
    """Return one item for each letter of `names`.

    E is the first segment of clip e, F is clip e from its second segment on.
    """
    points = {"E": {"count": 1}, "F": {"first": 1}}
    found = []
    for number, letter in enumerate(names):
        name = "e" if letter in points else letter
        reel = Reel.of(station.publications[name])
        more = points.get(letter, {})
        entry = f"{letter}-{tag}-{number}"
        found.append(Item(entry, reel, "programme", letter, cards=(CARD,), **more))
    return found


def reels_of(station) -> dict[str, Reel]:
    return {p.id: Reel.of(p) for p in station.publications.values()}


def put_on_air(station, slug: str, names: str) -> Rundown:
    """A channel that began 70 s ago and plays the clips that `names` spell."""
    start = ticks_of(datetime.now(UTC) - timedelta(seconds=70))
    empty = Rundown(slug, "Contoh", "Asia/Jakarta", 1, datetime.now(UTC), (), slate="b" * 32)
    return write(station, append(empty, *items(station, names, "1"), start=start))


def write(station, rundown: Rundown) -> Rundown:
    assert check_rundown(rundown, reels_of(station)) == ()
    station.store.write(rundown_file(rundown.channel), encode_value(rundown))
    return rundown


def wait_for_address(address: str) -> None:
    """Wait until the origin has taken over what was written just now."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def joins_between(rundown: Rundown, first_ms: float, last_ms: float) -> int:
    starts = (entry.start / TIMESCALE * 1000 for entry in rundown.entries)
    return sum(first_ms < start <= last_ms for start in starts)


def start(page, player: str, address: str) -> None:
    page.evaluate(f"playWith{player}('{address}')")
    page.wait_for_function("seen.playingAt !== null", timeout=20_000)


def state(page) -> dict:
    return page.evaluate(
        "({ ...seen, date: date(), at: document.querySelector('video').currentTime,"
        " clock: performance.now() })"
    )


def stalls(seen: dict) -> list[dict]:
    """Return what a viewer would notice and the stream can cause; its sizes and its end are wanted.

    A player may set its position and wait until it has played a second. One that waits with more
    than a second in its buffer waits for the decoder of a busy machine.
    """

    def noticed(event: dict) -> bool:
        if event["kind"] in ("resize", "ended"):
            return False
        if event["kind"] in ("waiting", "stalled") and event["ahead"] > 1:
            return False
        return event["kind"] == "error" or event["furthest"] - seen["startedAt"] > 1

    return [event for event in seen["events"] if noticed(event)]
