"""What a channel has aired, in players that know nothing of its maker."""

import pytest

from media_pipeline.model.keys import takedown_mark
from media_pipeline.model.ticks import TIMESCALE
from tests.examples import deep

from .watching import PLAYERS, joins_between, put_on_air, stalls, start, state

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("player", "file"),
    [("Hls", "master.m3u8"), deep("Shaka", "master.m3u8"), ("Shaka", "manifest.mpd")],
)
def test_catch_up_plays_from_its_start_to_its_end_across_joins(page, station, player, file) -> None:
    slug = f"lewat-{player.lower()}-{file[-4:].strip('.')}"
    rundown = put_on_air(station, slug, "abcdEF" * 10)
    page.wait_for_timeout(2500)
    first, last = rundown.entries[0], rundown.entries[6]
    folder = f"{first.start // TIMESCALE}-{last.end // TIMESCALE}"
    start(page, player, f"/live/{slug}/{folder}/{file}")
    page.wait_for_function("document.querySelector('video').ended", timeout=70_000)
    seen = state(page)
    assert seen["errors"] == []
    assert stalls(seen) == []
    lasts = (last.end - first.start) / TIMESCALE
    assert seen["at"] == pytest.approx(lasts, abs=0.3)


@pytest.mark.parametrize("player", PLAYERS)
def test_a_start_over_begins_at_the_start_and_goes_on_by_delta_updates(
    page, station, player
) -> None:
    slug = f"awal-{player.lower()}"
    rundown = put_on_air(station, slug, "abcdEF" * 10)
    page.wait_for_timeout(2500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begin = rundown.entries[0].start // TIMESCALE
    page.evaluate(f"playWith{player}('/live/{slug}/{begin}-/master.m3u8', Infinity)")
    page.wait_for_function("seen.playingAt !== null", timeout=20_000)
    page.wait_for_timeout(20_000)
    seen = state(page)
    assert seen["errors"] == []
    assert stalls(seen) == []
    assert seen["firstDate"] / 1000 == pytest.approx(begin, abs=1.5)
    assert joins_between(rundown, seen["firstDate"], seen["date"]) >= 2
    if player == "Hls":
        assert any("_HLS_skip=v2" in url for url in asked)


@pytest.mark.parametrize("told", [True, False], ids=["gap", "410"])
def test_a_start_over_on_the_site_goes_on_after_what_was_taken_down(
    page, station, engine, told
) -> None:
    """A playlist of before does not tell, and a delta update leaves it at that."""
    rundown = put_on_air(station, f"lubang-{told}".lower(), "abcdEF" * 10)
    gone, mark = rundown.entries[1], takedown_mark("b" * 32)
    page.route(f"**/{gone.publication}/**", lambda route: route.fulfill(status=410))
    if told:
        station.store.write(mark, b"")
    try:
        page.wait_for_timeout(2500)
        page.add_script_tag(path=engine)
        begin = rundown.entries[0].start // TIMESCALE
        page.evaluate(f"playWithSite('/live/{rundown.channel}/{begin}-/master.m3u8')")
        page.wait_for_function("seen.playingAt !== null", timeout=20_000)
        after = gone.end / TIMESCALE * 1000
        page.wait_for_function(f"date() > {after + 1000}", timeout=60_000)
        seen = state(page)
    finally:
        station.store.delete(mark)
    assert seen["errors"] == []
    assert seen["firstDate"] / 1000 == pytest.approx(begin, abs=1.5)
    # Nothing but the hole is left out.
    assert seen["date"] < after + 3000
