"""Captions of a channel, in players that know nothing of its maker."""

import re
import subprocess
import time
import urllib.request

import imageio_ffmpeg
import pytest

from media_pipeline.model.keys import presentation_file
from media_pipeline.model.rundown import Caption, Presentation, Rundown, encode_value
from media_pipeline.model.ticks import TIMESCALE
from tests.examples import deep

from .watching import joins_between, put_on_air, stalls, start, state, wait_for_address

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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
    ("player", "file", "window"),
    [
        ("Hls", "master.m3u8", "live"),
        deep("Hls", "master.m3u8", "over"),
        deep("Shaka", "master.m3u8", "live"),
        ("Shaka", "master.m3u8", "over"),
        ("Shaka", "manifest.mpd", "live"),
        deep("Shaka", "manifest.mpd", "over"),
    ],
)
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
    assert stalls(seen) == []
    shown = [(moment, words) for moment, words in seen["words"] if moment]
    assert joins_between(rundown, shown[0][0], shown[-1][0]) >= 3
    assert {word for _, words in shown for word in words} == {"satu", "dua", "tiga"}
    wrong = [
        (moment, words)
        for moment, words in shown
        if len(words) > 1 or (words or [""])[0] not in meant(rundown, moment)
    ]
    assert wrong == []


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
    assert stalls(seen) == []
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
