"""Programmes on demand, in players that know nothing of their maker."""

import re
import subprocess
from datetime import UTC, datetime

import imageio_ffmpeg
import msgspec
import pytest
from playwright.sync_api import Route, TimeoutError

from media_pipeline import pipeline
from media_pipeline.model.keys import presentation_file
from media_pipeline.model.rundown import Caption, Presentation, encode_value
from media_pipeline.model.ticks import ticks_in

from .conftest import make_film
from .watching import CARD, PLAYERS, stalls, start

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("player", PLAYERS)
def test_a_programme_on_demand_plays_to_its_end(page, station, player) -> None:
    page.evaluate(f"playWith{player}('/vod/{'a' * 32}/master.m3u8')")
    page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
    seen = page.evaluate("seen")
    assert seen["errors"] == []
    assert stalls(seen) == []
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
    assert stalls(seen) == []


LOW = re.compile(r"#EXT-X-STREAM-INF:(?![^\n]*audio-high)[^\n]*\n[^\n]*\n")
"""Variants without the better sound."""


@pytest.mark.parametrize(
    ("player", "place"),
    [
        ("Hls", "/vod/{}/master.m3u8"),
        ("Shaka", "/vod/{}/master.m3u8"),
        ("Shaka", "/media/publications/{}/manifest.mpd"),
    ],
)
def test_a_large_picture_plays_with_the_better_sound(page, station, player, place) -> None:
    def large(route: Route) -> None:
        route.fulfill(body=LOW.sub("", route.fetch().text()))

    page.route("**/master.m3u8", large)
    start(page, player, place.format(station.publications["d"].id))
    page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
    seen = page.evaluate("seen")
    assert (seen["errors"], stalls(seen)) == ([], [])
    names = "performance.getEntriesByType('resource').map(e => e.name.split('/').at(-2))"
    if place.endswith("m3u8"):
        assert {"v480", "a112"} <= set(page.evaluate(names))


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
        opus=True,
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
    each = [["id", "Bahasa Indonesia"], ["jv", "Jawa"]]
    # Shaka lists each language once in AAC and once in Opus, and leaves the choice to its page.
    assert sorted(languages) == (sorted(each * 2) if player == "Shaka" else each)
    page.evaluate(f"chooseLanguage({languages.index(['jv', 'Jawa'])})")
    page.wait_for_function(
        "performance.getEntriesByType('resource').some(e => /(a48|o28)-jv\\//.test(e.name))",
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
            opus=True,
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
    page.evaluate("goUp()")
    making.do("opening-next", "opening-rest", "picture-0001")
    page.wait_for_function("document.querySelector('video').videoHeight === 480", timeout=20_000)
    making.do("sound-late", "finish")
    ended_well(page)


def test_another_player_follows_a_title_that_is_made(page, station) -> None:
    name = "d1" * 16
    making = Making(station, name)
    making.do("sound", "opening", "opening-next", "opening-rest")
    start(page, "Shaka", f"/vod/{name}/master.m3u8")
    # Shaka can stand still before the end if it changes the quality in the second in which a title ends.
    page.evaluate("keepQuality()")
    making.do("picture-0001", "sound-late", "finish")
    ended_well(page)


def stuck(page) -> dict:
    """Return what a player that does not come to the end has, wants and was answered."""
    return page.evaluate(
        "(({ currentTime: at, duration, paused, readyState, buffered }) => ({ ...seen, at, duration,"
        " paused, readyState, buffered: [...Array(buffered.length).keys()].map(i =>"
        " [buffered.start(i), buffered.end(i)]), told: window.told?.(), now: performance.now(),"
        " requests: performance.getEntriesByType('resource').slice(-16)"
        ".map(e => [e.name.slice(-40), e.startTime, e.responseStart, e.responseEnd]) }))"
        "(document.querySelector('video'))"
    )


def ended_well(page) -> None:
    try:
        page.wait_for_function("document.querySelector('video').ended", timeout=40_000)
    except TimeoutError:
        raise AssertionError(f"the title did not end: {stuck(page)}") from None
    # On a busy machine a player has to wait, and comes back after 8 s: that is no error.
    waiting = ("LoadError", "bufferStalled")
    errors = page.evaluate("seen.errors")
    assert [e for e in errors if not any(word in e for word in waiting)] == []
    end = page.evaluate("document.querySelector('video').currentTime")
    assert end == pytest.approx(12.6, abs=0.1)
