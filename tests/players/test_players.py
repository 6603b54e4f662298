"""Channels and programmes, watched in players that know nothing of their maker."""

import subprocess
from datetime import UTC, datetime, timedelta

import imageio_ffmpeg
import msgspec
import pytest

from media_pipeline import pipeline
from media_pipeline.model.keys import presentation_file, rundown_file, takedown_mark
from media_pipeline.model.rundown import Caption, Card, Presentation, Rundown, encode_value
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from media_pipeline.playout import Item, Reel, Timeline, append, check_rundown, cut

from .conftest import make_film

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CARD = Card("1", 0, ticks_in(4), "Tahu", "Rp5.000", "kg", "Lapak Contoh", "Pasar", "/chat/1/")
PLAYERS = ["Hls", "Shaka"]


def items(station, names: str, tag: str) -> list[Item]:
    """One item a letter; e in upper case is its first segment, then its second, alone."""
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


def edit(station, old: Rundown, names: str) -> Rundown:
    """Other clips as soon as an editor may."""
    reels, now = reels_of(station), ticks_of(datetime.now(UTC))
    free = Timeline(old, reels).first_editable(now)
    new = append(cut(old, reels, free), *items(station, names, "2"))
    return write(station, msgspec.structs.replace(new, version=old.version + 1))


def joins_between(rundown: Rundown, first_ms: float, last_ms: float) -> int:
    starts = (entry.start / TIMESCALE * 1000 for entry in rundown.entries)
    return sum(first_ms < start <= last_ms for start in starts)


def state(page) -> dict:
    return page.evaluate(
        "({ ...seen, date: date(), at: document.querySelector('video').currentTime,"
        " clock: performance.now() })"
    )


def start(page, player: str, address: str) -> None:
    page.evaluate(f"playWith{player}('{address}')")
    page.wait_for_function("seen.playingAt !== null", timeout=20_000)


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
    assert [e for e in seen["events"] if e["kind"] != "resize"] == []
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


@pytest.mark.parametrize("player", PLAYERS)
def test_a_programme_on_demand_plays_to_its_end(page, station, player) -> None:
    page.evaluate(f"playWith{player}('/vod/{'a' * 32}/master.m3u8')")
    page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
    seen = page.evaluate("seen")
    assert seen["errors"] == []
    assert [e for e in seen["events"] if e["kind"] not in ("resize", "ended")] == []
    assert page.evaluate("document.querySelector('video').currentTime") == pytest.approx(
        7.32, abs=0.1
    )


@pytest.mark.parametrize(
    ("player", "place"),
    [
        ("Hls", "/vod/{}/master.m3u8"),
        ("Shaka", "/vod/{}/master.m3u8"),
        ("Shaka", "/media/publications/{}/manifest.mpd"),
    ],
)
def test_a_programme_with_av1_plays_in_av1_where_the_browser_can(
    page, station, player, place
) -> None:
    start(page, player, place.format(station.publications["f"].id))
    codec = page.evaluate("codec()")
    page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
    seen = page.evaluate("seen")
    assert (seen["errors"], codec) == ([], "av01.0.00M.08")
    assert [e for e in seen["events"] if e["kind"] not in ("resize", "ended")] == []


@pytest.fixture(scope="module")
def spoken(station) -> str:
    """A film in Bahasa and Jawa with captions, in the station's store."""
    folder, name = station.store.folder.parent, "e1" * 16
    plain, path = make_film(folder, "spoken", "256x144", 8), folder / "spoken.mkv"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-i", str(plain)),
            *("-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy"),
            *("-metadata:s:a:0", "language=ind", "-metadata:s:a:1", "language=jav", str(path)),
        ],
        check=True,
    )
    pipeline.publish(
        path,
        station.store,
        name,
        on_progress=lambda _: None,
        cancelled=lambda: False,
        scratch=folder,
        now=lambda: datetime.now(UTC),
    )
    station.store.write("captions/lisan.vtt", b"WEBVTT\n\n00:01.000 --> 00:03.000\nHalo\n")
    captions = (Caption("id", "Bahasa Indonesia", "captions/lisan.vtt"),)
    shown = Presentation(name, captions=captions)
    station.store.write(presentation_file(name), encode_value(shown))
    return name


@pytest.mark.parametrize(
    ("player", "file"),
    [("Hls", "master.m3u8"), ("Shaka", "master.m3u8"), ("Shaka", "manifest.mpd")],
)
def test_a_viewer_chooses_the_language_that_is_spoken(page, station, spoken, player, file) -> None:
    start(page, player, f"/vod/{spoken}/{file}")
    languages = page.evaluate("languages()")
    assert sorted(languages) == [["id", "Bahasa Indonesia"], ["jv", "Jawa"]]
    page.evaluate(f"chooseLanguage({languages.index(['jv', 'Jawa'])})")
    page.wait_for_function(
        "performance.getEntriesByType('resource').some(e => e.name.includes('a48-jv/'))",
        timeout=20_000,
    )
    page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
    assert page.evaluate("seen.errors") == []
    if player == "Shaka":
        assert page.evaluate("captions()") == ["id"]


def test_captions_and_cards_of_a_programme_reach_the_player(page, station) -> None:
    vtt = b"WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nSelamat pagi\n"
    station.store.write("captions/uji.vtt", vtt)
    captions = (Caption("id", "Bahasa Indonesia", "captions/uji.vtt"),)
    card = msgspec.structs.replace(CARD, offset=ticks_in(2))
    shown = Presentation("c" * 32, cards=(card,), captions=captions)
    station.store.write(presentation_file(shown.publication), encode_value(shown))
    start(page, "Hls", f"/vod/{'c' * 32}/master.m3u8")
    page.evaluate("chooseCaptions()")
    page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
    cues = page.evaluate(
        "[...document.querySelector('video').textTracks].flatMap(track =>"
        " [...(track.cues ?? [])].map(c => [track.kind, c.startTime, c.value?.data ?? c.text]))"
    )
    assert ["subtitles", 1, "Selamat pagi"] in cues
    assert page.evaluate("seen.ranges") == {
        "1": {"kind": "id.siar.card", "start": 2, "duration": 4, "price": "Rp5.000"}
    }
    assert page.evaluate("seen.errors") == []


class Making:
    """A title of two chunks in four qualities, made task by task while somebody watches."""

    def __init__(self, station, name: str) -> None:
        self.station, self.folder = station, station.store.folder.parent
        self.film = make_film(self.folder, "growing", "480x480", 12.6)
        self.job = pipeline.prepare(
            self.film,
            station.store,
            name,
            scratch=self.folder,
            cancelled=lambda: False,
            now=lambda: datetime.now(UTC),
        )

    def do(self, *names: str) -> None:
        for name in names:
            pipeline.run_task(
                self.film,
                self.job,
                self.job.task(name),
                self.station.store,
                scratch=self.folder,
                cancelled=lambda: False,
                on_progress=lambda _: None,
            )


def test_a_title_plays_while_it_is_made_and_goes_up_by_itself(page, station) -> None:
    name = "d0" * 16
    making = Making(station, name)
    making.do("sound")
    page.evaluate(f"playWithHls('/vod/{name}/master.m3u8')")
    making.do("opening")
    page.wait_for_function("seen.playingAt !== null", timeout=20_000)
    assert page.evaluate("document.querySelector('video').videoHeight") <= 360
    making.do("opening-next", "opening-rest", "picture-0001")
    page.wait_for_function("document.querySelector('video').videoHeight === 480", timeout=20_000)
    making.do("finish")
    ended_well(page)


def test_another_player_follows_a_title_that_is_made(page, station) -> None:
    name = "d1" * 16
    making = Making(station, name)
    making.do("sound", "opening", "opening-next", "opening-rest")
    start(page, "Shaka", f"/vod/{name}/master.m3u8")
    making.do("picture-0001", "finish")
    ended_well(page)


def ended_well(page) -> None:
    page.wait_for_function("document.querySelector('video').ended", timeout=40_000)
    # On a busy machine a player has to wait, and comes back after 8 s: that is no error.
    waiting = ("LoadError", "bufferStalled")
    errors = page.evaluate("seen.errors")
    assert [e for e in errors if not any(word in e for word in waiting)] == []
    end = page.evaluate("document.querySelector('video').currentTime")
    assert end == pytest.approx(12.6, abs=0.1)
