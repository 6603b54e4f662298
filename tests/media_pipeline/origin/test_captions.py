"""Captions of channels over HTTP: which are offered, and the words of each segment."""

import asyncio
from datetime import timedelta
from itertools import count
from xml.etree import ElementTree

import m3u8
import pytest

from media_pipeline.manifests.webvtt import Cues
from media_pipeline.model.keys import presentation_file, publication_file, takedown_mark
from media_pipeline.model.rundown import Caption, Presentation
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import captions
from media_pipeline.origin.captions import AGAIN, Languages

from .conftest import LAUNCH

pytestmark = pytest.mark.both_stores

A, B = "a" * 32, "b" * 32
WORDS = b"WEBVTT\n\n00:01.000 --> 00:05.000\nSelamat pagi\n\n00:06.000 --> 00:07.000\nMari\n"
HEAD = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:90090,LOCAL:00:00:01.001\n"


def speak(studio, name: str, *languages: str, data: bytes = WORDS, version: int = 1) -> None:
    tracks = []
    for language in languages:
        key = f"captions/{name}-{language}-{version}.vtt"
        studio.store.write(key, data)
        tracks.append(Caption(language, language, key))
    studio.present(Presentation(name * 32, captions=tuple(tracks)))


@pytest.fixture
def on_air(studio):
    """Programmes a (8 s, with captions) and b (6 s, without), in turn."""
    studio.publish("a", 4, 4)
    studio.publish("b", 4, 2)
    studio.air(studio.rundown(*"abab" * 9))
    return studio


def offered(studio, path: str = "/live/contoh/master.m3u8") -> list[str]:
    media = m3u8.loads(studio.get(path).text).media
    return [track.language for track in media if track.type == "SUBTITLES"]


def test_the_words_of_a_segment_are_those_of_its_time(on_air) -> None:
    speak(on_air, "a", "id")
    on_air.at(30)
    read = m3u8.loads(on_air.get("/live/contoh/captions-id.m3u8").text)
    picture = m3u8.loads(on_air.get("/live/contoh/v144.m3u8").text)
    assert read.media_sequence == picture.media_sequence
    assert [s.duration for s in read.segments] == [s.duration for s in picture.segments]
    answers = [on_air.get(segment.uri) for segment in read.segments[:4]]
    assert [answer.text for answer in answers] == [
        f"{HEAD}\n00:00:01.000 --> 00:00:04.000\nSelamat pagi\n",
        f"{HEAD}\n00:00:04.000 --> 00:00:05.000\nSelamat pagi\n"
        "\n00:00:06.000 --> 00:00:07.000\nMari\n",
        HEAD,
        HEAD,
    ]
    for answer in answers:
        assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=50"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_bahasa_is_always_offered_and_what_else_comes_up_soon(on_air) -> None:
    on_air.at(30)
    assert offered(on_air) == ["id"]
    speak(on_air, "a", "id", "jv", "en-US")
    on_air.at(91)
    assert offered(on_air) == ["id", "en", "jv"]
    assert on_air.get(f"/vod/{A}/captions-en-0.vtt").text.endswith("Selamat pagi\n")
    speak(on_air, "a", "id")
    on_air.at(152)
    assert offered(on_air) == ["id"]
    # Who chose it meanwhile is not failed.
    assert on_air.get("/live/contoh/captions-jv.m3u8").status_code == 200
    assert on_air.get(f"/vod/{A}/captions-jv-0.vtt").text == HEAD


def test_captions_that_are_mended_on_air_change_no_address(on_air) -> None:
    on_air.at(30)
    before = on_air.get("/live/contoh/captions-id.m3u8").text
    assert on_air.get(f"/vod/{A}/captions-id-0.vtt").text == HEAD
    speak(on_air, "a", "id")
    on_air.at(41)
    assert "Selamat pagi" in on_air.get(f"/vod/{A}/captions-id-0.vtt").text
    speak(on_air, "a", "id", data=WORDS.replace(b"pagi", b"siang"), version=2)
    on_air.at(52)
    assert "Selamat siang" in on_air.get(f"/vod/{A}/captions-id-0.vtt").text
    after = on_air.get("/live/contoh/captions-id.m3u8").text
    names = [{s.uri for s in m3u8.loads(text).segments} for text in (before, after)]
    assert names[0] <= names[1]


def test_catch_up_and_start_over_have_them_too(on_air) -> None:
    speak(on_air, "a", "id", "jv")
    on_air.at(40)
    begin = ticks_of(LAUNCH) // 90_000
    for folder in (f"{begin}-{begin + 22}", f"{begin}-", "dvr"):
        assert offered(on_air, f"/live/contoh/{folder}/master.m3u8") == ["id", "jv"]
        text = on_air.get(f"/live/contoh/{folder}/captions-jv.m3u8").text
        first = m3u8.loads(text).segments[0]
        assert first.uri == f"/vod/{A}/captions-jv-0.vtt"
    assert m3u8.loads(
        on_air.get(f"/live/contoh/{begin}-{begin + 22}/captions-id.m3u8").text
    ).is_endlist


def test_a_catch_up_offers_what_was_written_after_it_was_first_seen(on_air) -> None:
    on_air.at(40)
    begin = ticks_of(LAUNCH) // 90_000
    master = f"/live/contoh/{begin}-{begin + 22}/master.m3u8"
    assert offered(on_air, master) == ["id"]
    speak(on_air, "a", "en")
    on_air.at(120)
    assert offered(on_air, master) == ["id", "en"]


def test_a_manifest_of_a_catch_up_does_so_too(on_air) -> None:
    on_air.at(40)
    begin = ticks_of(LAUNCH) // 90_000
    path = f"/live/contoh/{begin}-{begin + 22}/manifest.mpd"
    before = on_air.get(path)
    assert 'lang="en"' not in before.text
    assert "immutable" not in before.headers["cache-control"]
    speak(on_air, "a", "en")
    on_air.at(120)
    assert 'lang="en"' in on_air.get(path).text


def test_a_channel_that_is_made_anew_keeps_its_languages(on_air) -> None:
    speak(on_air, "a", "jv")
    on_air.at(30)
    assert offered(on_air) == ["id", "jv"]
    longer = on_air.rundown(*"abab" * 9, "b", version=2)
    on_air.air(longer)
    # What a request meets while the refreshing thread is not through yet.
    on_air.origin.channels.refresh(ticks_of(on_air.now))
    assert on_air.origin.channels.known["contoh"].rundown.version == 2
    assert offered(on_air) == ["id", "jv"]


def test_a_presentation_that_cannot_be_read_leaves_the_languages_that_were_known(on_air) -> None:
    speak(on_air, "a", "jv")
    on_air.at(30)
    on_air.store.write(presentation_file(A), b"{")
    on_air.at(91)
    assert offered(on_air) == ["id", "jv"]


def test_no_programme_waits_for_ever_to_be_asked_for_its_languages(studio, monkeypatch) -> None:
    # Each look at the clock takes as long as one programme; a look ends after two.
    monkeypatch.setattr(captions, "monotonic", count().__next__)
    languages, asked = Languages(studio.store), set[str]()
    found = studio.store.version

    def noted(key: str) -> str | None:
        asked.add(key)
        return found(key)

    monkeypatch.setattr(studio.store, "version", noted)
    names = [f"{n:032}" for n in range(10)]
    for turn in range(5):
        languages.look(names, turn * AGAIN // 2, seconds=3)
    assert asked == {presentation_file(name) for name in names}


def test_a_manifest_names_the_same_segments(on_air) -> None:
    speak(on_air, "a", "jv")
    on_air.at(30)
    root = ElementTree.fromstring(on_air.get("/live/contoh/manifest.mpd").text)
    names = {"d": "urn:mpeg:dash:schema:mpd:2011"}
    for period in root.findall("d:Period", names):
        sets = period.findall("d:AdaptationSet[@contentType='text']", names)
        assert [found.get("lang") for found in sets] == ["id", "jv"]


def test_what_cannot_be_had_is_empty_and_no_player_stops(on_air) -> None:
    speak(on_air, "a", "id")
    speak(on_air, "b", "id", data=b"no captions at all")
    on_air.at(30)
    for path in (
        f"/vod/{B}/captions-id-0.vtt",  # cannot be read
        f"/vod/{A}/captions-id-9.vtt",  # beyond its end
        f"/vod/{A}/captions-jv-0.vtt",  # not in this language
        f"/vod/{'c' * 32}/captions-id-0.vtt",  # nobody knows it
    ):
        answer = on_air.get(path)
        assert (answer.status_code, answer.text) == (200, HEAD)
    on_air.store.write(takedown_mark(A), b"")
    on_air.at(31)
    assert on_air.get(f"/vod/{A}/captions-id-0.vtt").text == HEAD


def test_without_the_store_what_was_read_is_shown_and_the_rest_is_empty(on_air) -> None:
    speak(on_air, "a", "id")
    on_air.at(30)
    assert "Selamat" in on_air.get(f"/vod/{A}/captions-id-0.vtt").text
    on_air.lose_store()
    on_air.now = on_air.now.replace(minute=5)
    assert "Selamat" in on_air.get(f"/vod/{A}/captions-id-0.vtt").text
    lost = on_air.get(f"/vod/{B}/captions-id-0.vtt")
    assert (lost.status_code, lost.text) == (200, HEAD)
    assert lost.headers["cache-control"] == "public, max-age=1"


def test_a_file_is_read_and_a_segment_cut_once_in_no_event_loop(on_air, monkeypatch) -> None:
    speak(on_air, "a", "id")
    on_air.at(30)
    calls: list[str] = []
    read, segment = on_air.store.read, Cues.segment

    def noted(key: str) -> bytes | None:
        if key.endswith(".vtt"):
            calls.append("read")
        return read(key)

    def cut(cues: Cues, start: int, end: int) -> str:
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        calls.append("cut")
        return segment(cues, start, end)

    monkeypatch.setattr(on_air.store, "read", noted, raising=False)
    monkeypatch.setattr(Cues, "segment", cut)
    answers = on_air.get_at_once(*[f"/vod/{A}/captions-id-0.vtt"] * 5)
    assert calls == ["read", "cut"]
    answers.append(on_air.get(f"/vod/{A}/captions-id-0.vtt"))
    assert len({answer.text for answer in answers}) == 1
    assert calls == ["read", "cut"]


def test_captions_of_a_channel_hold_no_programmes_and_seldom_ask(on_air, monkeypatch) -> None:
    speak(on_air, "a", "id")
    on_air.at(30)
    asked: list[str] = []
    version = on_air.store.version
    monkeypatch.setattr(on_air.store, "version", lambda key: (asked.append(key), version(key))[1])
    for second in range(9):
        on_air.now = LAUNCH + timedelta(seconds=30 + second)
        assert "Selamat" in on_air.get(f"/vod/{A}/captions-id-0.vtt").text
    assert asked == [publication_file(A), presentation_file(A)]
    assert len(on_air.origin.ondemand) == 0


def test_a_programme_that_comes_late_or_unreadable_costs_no_words(on_air) -> None:
    on_air.at(30)
    path = f"/vod/{'d' * 32}/captions-id-0.vtt"
    assert on_air.get(path).text == HEAD
    made = on_air.publish("d", 4)
    speak(on_air, "d", "id", "id-x-mudah")
    on_air.at(41)
    assert on_air.get(path).text.endswith("00:00:04.000\nSelamat pagi\n")
    on_air.store.write(publication_file(made.id), b"{")
    on_air.at(52)
    assert on_air.get(path).text.endswith("00:00:04.000\nSelamat pagi\n")


def test_of_two_files_in_one_language_the_first_is_read(on_air) -> None:
    tracks = []
    for number, tag in enumerate(("en-GB", "en-US")):
        on_air.store.write(f"captions/{tag}.vtt", WORDS.replace(b"pagi", b"%d" % number))
        tracks.append(Caption(tag, tag, f"captions/{tag}.vtt"))
    on_air.present(Presentation(A, captions=tuple(tracks)))
    on_air.at(30)
    assert on_air.get(f"/vod/{A}/captions-en-0.vtt").text.endswith("Selamat 0\n")


def test_a_file_that_is_missing_is_not_asked_for_each_time(on_air, monkeypatch) -> None:
    speak(on_air, "a", "id")
    key = "captions/a-id-1.vtt"
    on_air.store.delete(key)
    on_air.at(30)
    asked: list[str] = []
    read = on_air.store.read
    monkeypatch.setattr(
        on_air.store, "read", lambda key: (asked.append(key), read(key))[1], raising=False
    )
    for place in (0, 1, 0):
        assert on_air.get(f"/vod/{A}/captions-id-{place}.vtt").text == HEAD
    assert asked.count(key) == 1
    on_air.store.write(key, WORDS)
    on_air.at(91)
    assert "Selamat" in on_air.get(f"/vod/{A}/captions-id-0.vtt").text


@pytest.mark.parametrize(
    "path",
    [
        "/live/contoh/captions-xx.m3u8",
        "/live/contoh/captions-0.m3u8",
        f"/vod/{A}/captions-xx-0.vtt",
        f"/vod/{A}/captions-id-000000.vtt",
        f"/vod/{A}/captions-id-0.vtt/",
        "/vod/..%2f/captions-id-0.vtt",
        f"/vod/{A}/storyboard.vtt",
    ],
)
def test_what_is_no_address_of_captions_is_not_found(on_air, path) -> None:
    on_air.at(30)
    assert on_air.get(path).status_code == 404


def test_who_has_a_segment_is_not_sent_it_again(on_air) -> None:
    speak(on_air, "a", "id")
    on_air.at(30)
    mark = on_air.get(f"/vod/{A}/captions-id-0.vtt").headers["etag"]
    assert on_air.get(f"/vod/{A}/captions-id-0.vtt", if_none_match=mark).status_code == 304
