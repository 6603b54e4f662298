"""Channels and programmes, watched in players that know nothing of their maker."""

import re
import subprocess
import time
import urllib.request
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


def wait_for_languages(address: str, languages: tuple[str, ...]) -> None:
    """Wait until the manifest there offers captions in `languages` and no other."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with urllib.request.urlopen(address, timeout=5) as answer:
            told = re.findall(r'mimeType="text/vtt" lang="(\w+)"', answer.read().decode())
        if set(told) == set(languages):
            return
        time.sleep(0.5)
    raise AssertionError(f"never in {languages}: {told}")


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


def quiet(seen: dict) -> bool:
    """Whether a viewer noticed nothing: changes of the size are wanted, its end is no stall."""
    return [e for e in seen["events"] if e["kind"] not in ("resize", "ended")] == []


def test_a_channel_plays_as_dash_across_joins_without_a_stall(page, station) -> None:
    rundown = put_on_air(station, "dash", "abcdEF" * 10)
    page.wait_for_timeout(2500)
    start(page, "Shaka", "/live/dash/manifest.mpd")
    page.wait_for_timeout(42_000)
    seen = state(page)
    assert seen["errors"] == []
    assert quiet(seen)
    assert joins_between(rundown, seen["firstDate"], seen["date"]) >= 5
    behind = datetime.now(UTC).timestamp() - seen["date"] / 1000
    assert 4 < behind < 30
    assert "id.siar.card" in {r["kind"] for r in seen["ranges"].values()}


@pytest.mark.parametrize(
    ("player", "file"),
    [("Hls", "master.m3u8"), ("Shaka", "master.m3u8"), ("Shaka", "manifest.mpd")],
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
    assert quiet(seen)
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
    assert quiet(seen)
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


SAID = ((0.4, 2.0, "satu"), (2.6, 5.0, "dua"), (5.4, 6.8, "tiga"))
"""Begin, end and words in clip a; the second cue crosses from its first segment into its last."""


def speak(station, name: str) -> None:
    """Give the clip `name` captions in Bahasa."""
    cues = "".join(f"\n00:{b:06.3f} --> 00:{e:06.3f}\n{words}\n" for b, e, words in SAID)
    key = f"captions/{name}-1.vtt"
    station.store.write(key, f"WEBVTT\n{cues}".encode())
    shown = Presentation(name * 32, captions=(Caption("id", "Bahasa Indonesia", key),))
    station.store.write(presentation_file(shown.publication), encode_value(shown))


def meant(rundown: Rundown, moment: float) -> set[str]:
    """What captions stand at `moment` (ms), or at most a quarter second before or after."""
    return {
        words for shift in (-0.25, 0, 0.25) for words in said_at(rundown, moment / 1000 + shift)
    }


def said_at(rundown: Rundown, second: float) -> list[str]:
    """What is said at `second` since 1970; an empty word where nothing is."""
    for entry in rundown.entries:
        at = second - entry.start / TIMESCALE
        if 0 <= at < entry.duration / TIMESCALE and entry.publication == "a" * 32:
            return [words for begin, end, words in SAID if begin <= at < end] or [""]
    return [""]


@pytest.mark.parametrize(
    ("player", "file"),
    [("Hls", "master.m3u8"), ("Shaka", "master.m3u8"), ("Shaka", "manifest.mpd")],
)
@pytest.mark.parametrize("window", ["live", "over"])
def test_captions_stand_at_their_moments_across_items_with_and_without(
    page, station, player, file, window
) -> None:
    speak(station, "a")
    slug = f"takarir-{player.lower()}-{file[-4:].strip('.')}-{window}"
    rundown = put_on_air(station, slug, "abae" * 14)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    folder = "" if window == "live" else f"{rundown.entries[0].start // TIMESCALE}-/"
    latency = 40 if window == "live" else "Infinity"
    page.evaluate(f"playWith{player}('/live/{slug}/{folder}{file}', {latency})")
    page.wait_for_function("seen.playingAt !== null", timeout=20_000)
    page.wait_for_timeout(5_000)
    # Who wants none is sent none.
    assert [url for url in asked if "captions" in url] == []
    page.evaluate("chooseCaptions()")
    page.wait_for_timeout(4_000)
    page.evaluate("followWords()")
    page.wait_for_timeout(28_000)
    seen = state(page)
    assert seen["errors"] == []
    assert quiet(seen)
    shown = [(moment, words) for moment, words in seen["words"] if moment]
    assert joins_between(rundown, shown[0][0], shown[-1][0]) >= 3
    assert {word for _, words in shown for word in words} == {"satu", "dua", "tiga"}
    wrong = [
        (moment, words)
        for moment, words in shown
        if len(words) > 1 or (words or [""])[0] not in meant(rundown, moment)
    ]
    assert wrong == []


def test_a_manifest_that_gains_and_loses_a_language_plays_on(page, station) -> None:
    """An origin looks each minute for languages: sets of captions come into periods and go."""
    speak(station, "a")
    rundown = put_on_air(station, "takarir-bahasa", "abae" * 24)
    page.wait_for_timeout(2500)
    start(page, "Shaka", "/live/takarir-bahasa/manifest.mpd")
    page.evaluate("chooseCaptions()")
    page.evaluate("followWords()")
    for languages in (("id", "en"), ("id",)):
        key = "captions/a-1.vtt"
        tracks = tuple(Caption(language, language, key) for language in languages)
        data = encode_value(Presentation("a" * 32, captions=tracks))
        station.store.write(presentation_file("a" * 32), data)
        wait_for_languages(f"{station.address}/live/takarir-bahasa/manifest.mpd", languages)
        page.wait_for_timeout(12_000)
    seen = state(page)
    assert seen["errors"] == []
    assert quiet(seen)
    wrong = [
        (moment, words)
        for moment, words in seen["words"]
        if moment and (words or [""])[0] not in meant(rundown, moment)
    ]
    # What was chosen stays chosen, and is shown at its moments.
    assert wrong == []
    assert {"satu", "dua", "tiga"} <= {word for _, words in seen["words"] for word in words}


def test_an_unrelated_program_reads_the_captions_of_a_channel(station) -> None:
    speak(station, "a")
    rundown = put_on_air(station, "takarir-ffmpeg", "abae" * 14)
    begin, end = rundown.entries[0].start // TIMESCALE, rundown.entries[3].start // TIMESCALE
    address = f"{station.address}/live/takarir-ffmpeg/{begin}-{end}"
    wait_for_address(f"{address}/master.m3u8")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i"]
    options = ["-map", "0:s:0", "-f", "srt", "-"]
    done = subprocess.run(
        [*command, f"{address}/master.m3u8", *options], capture_output=True, text=True, check=True
    )
    for _, _, words in SAID:
        assert words in done.stdout


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
