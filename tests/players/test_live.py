"""A channel watched live, in players that know nothing of its maker."""

from datetime import UTC, datetime

import msgspec
import pytest

from media_pipeline.model.keys import takedown_mark
from media_pipeline.model.rundown import Rundown
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.playout import Timeline, append, cut

from .watching import (
    PLAYERS,
    items,
    joins_between,
    put_on_air,
    reels_of,
    stalls,
    start,
    state,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def edit(station, old: Rundown, names: str) -> Rundown:
    """Other clips as soon as an editor may."""
    reels, now = reels_of(station), ticks_of(datetime.now(UTC))
    free = Timeline(old, reels).first_editable(now)
    new = append(cut(old, reels, free), *items(station, names, "2"))
    return write(station, msgspec.structs.replace(new, version=old.version + 1))


@pytest.mark.parametrize("player", PLAYERS)
def test_a_channel_plays_across_joins_and_an_edit_without_a_stall(page, station, player) -> None:
    slug = f"saluran-{player.lower()}"
    rundown = put_on_air(station, slug, "abcdEF" * 10)
    page.wait_for_timeout(2500)
    start(page, player, f"/live/{slug}/master.m3u8")
    rundown = edit(station, rundown, "dcba" * 10)
    page.wait_for_timeout(45_000)
    seen = state(page)
    assert seen["errors"] == []
    assert stalls(seen) == []
    assert "ended" not in {e["kind"] for e in seen["events"]}
    assert joins_between(rundown, seen["firstDate"], seen["date"]) >= 5
    first_new = next(e for e in rundown.entries if "-2-" in e.id)
    assert seen["date"] > first_new.start / TIMESCALE * 1000
    # What was played is as long as the time that went by; the sound clock of a busy
    # machine without a sound card runs some per cent slow.
    watched = seen["at"] - seen["startedAt"]
    assert watched == pytest.approx((seen["clock"] - seen["playingAt"]) / 1000, rel=0.1)
    behind = datetime.now(UTC).timestamp() - seen["date"] / 1000
    assert 4 < behind < 30
    assert {"id.siar.card", "id.siar.programme"} <= {r["kind"] for r in seen["ranges"].values()}


def test_a_channel_plays_as_dash_across_joins_without_a_stall(page, station) -> None:
    rundown = put_on_air(station, "dash", "abcdEF" * 10)
    page.wait_for_timeout(2500)
    start(page, "Shaka", "/live/dash/manifest.mpd")
    page.wait_for_timeout(42_000)
    seen = state(page)
    assert seen["errors"] == []
    assert stalls(seen) == []
    assert joins_between(rundown, seen["firstDate"], seen["date"]) >= 5
    behind = datetime.now(UTC).timestamp() - seen["date"] / 1000
    assert 4 < behind < 30
    assert "id.siar.card" in {r["kind"] for r in seen["ranges"].values()}


@pytest.mark.parametrize("player", PLAYERS)
def test_a_takedown_is_passed_over_by_a_player_that_returns_to_live(page, station, player) -> None:
    """Each waits at a gap at its buffer's end for ever unless it is told otherwise (decision 011)."""
    slug = f"turun-{player.lower()}"
    rundown = put_on_air(station, slug, "ababababababc" + "ab" * 20)
    page.wait_for_timeout(2500)
    start(page, player, f"/live/{slug}/master.m3u8")
    page.evaluate("returnToLive()")
    station.store.write(takedown_mark("c" * 32), b"")
    try:
        page.wait_for_timeout(48_000)
        seen = state(page)
    finally:
        station.store.delete(takedown_mark("c" * 32))
    (gone,) = (e for e in rundown.entries if e.publication == "c" * 32)
    assert seen["firstDate"] < gone.start / TIMESCALE * 1000
    assert seen["date"] > gone.end / TIMESCALE * 1000
    # 1011 is shaka's name for a gap: it is told of, and goes on.
    assert not [e for e in seen["errors"] if "410" in e or "Parsing" in e or e == "1001"]
    assert datetime.now(UTC).timestamp() - seen["date"] / 1000 < 40
