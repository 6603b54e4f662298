"""Programmes on demand over HTTP: whole, growing, with cards and captions, and taken down."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from xml.etree import ElementTree

import m3u8
import pytest

from media_pipeline.model.keys import publication_file, takedown_mark
from media_pipeline.model.rundown import Caption, Card, Chapter, Presentation
from media_pipeline.model.ticks import ticks_in, ticks_of

pytestmark = pytest.mark.both_stores

A = "a" * 32
CARD = Card("1", ticks_in(1), ticks_in(30), "Tahu", "Rp5.000", "kg", "Lapak", "Pasar", "/chat/1/")


def test_a_whole_publication_plays_from_its_folder(studio) -> None:
    studio.publish("a", 4, 4, 2)
    studio.at(0)
    master = m3u8.loads(studio.get(f"/vod/{A}/master.m3u8").text)
    assert [p.uri for p in master.playlists] == [
        "v144.m3u8",
        "v240.m3u8",
        "v360.m3u8",
        "a48.m3u8",
    ]
    answer = studio.get(f"/vod/{A}/v240.m3u8")
    read = m3u8.loads(answer.text)
    assert read.is_endlist
    assert read.segments[0].uri == f"/media/publications/{A}/v240/00001.m4s"
    assert answer.headers["cache-control"] == "public, max-age=10"


def test_a_growing_publication_grows_for_who_looks_again(studio) -> None:
    studio.publish("a", 4, state="growing")
    studio.at(0)
    assert len(m3u8.loads(studio.get(f"/vod/{A}/v144.m3u8").text).segments) == 1
    studio.publish("a", 4, 4, state="growing")
    studio.at(2)
    answer = studio.get(f"/vod/{A}/v144.m3u8")
    assert len(m3u8.loads(answer.text).segments) == 2
    assert not m3u8.loads(answer.text).is_endlist
    assert answer.headers["cache-control"] == "public, max-age=1"
    studio.publish("a", 4, 4, 1)
    studio.at(4)
    assert m3u8.loads(studio.get(f"/vod/{A}/v144.m3u8").text).is_endlist


def test_cards_captions_and_chapters_may_change_while_the_bytes_do_not(studio) -> None:
    studio.publish("a", 4, 4)
    studio.at(0)
    assert "DATERANGE" not in studio.get(f"/vod/{A}/v144.m3u8").text
    captions = (Caption("id", "Indonesia", "captions/7.vtt"),)
    chapters = (Chapter(0, "Pembukaan"), Chapter(ticks_in(4), "Resep"))
    studio.present(Presentation(A, "Judul", (CARD,), captions, chapters))
    studio.at(2)
    text = studio.get(f"/vod/{A}/v144.m3u8").text
    ranges = [d for s in m3u8.loads(text).segments for d in s.dateranges or ()]
    made = datetime(2026, 11, 24, tzinfo=UTC)
    assert m3u8.loads(text).segments[0].program_date_time == made
    assert [(d.class_, d.start_date, d.duration) for d in ranges] == [
        ("id.siar.card", "2026-11-24T00:00:01.000Z", 7),
        ("id.siar.chapter", "2026-11-24T00:00:00.000Z", None),
        ("id.siar.chapter", "2026-11-24T00:00:04.000Z", None),
    ]
    (track,) = (
        m
        for m in m3u8.loads(studio.get(f"/vod/{A}/master.m3u8").text).media
        if m.type == "SUBTITLES"
    )
    read = m3u8.loads(studio.get(f"/vod/{A}/{track.uri}").text)
    assert read.segments[0].uri == "/media/captions/7.vtt"
    assert studio.get(f"/vod/{A}/captions-1.m3u8").status_code == 404


def test_the_dash_manifest_has_captions_and_chapters_of_the_moment_and_the_addresses_of_the_media(
    studio,
) -> None:
    studio.publish("a", 4, 4, state="growing")
    studio.at(0)
    assert studio.get(f"/vod/{A}/manifest.mpd").status_code == 404
    studio.publish("a", 4, 4)
    captions = (Caption("id", "Indonesia", "captions/7.vtt"),)
    studio.present(Presentation(A, "Judul", (), captions, (Chapter(ticks_in(4), "Resep"),)))
    studio.at(2)
    answer = studio.get(f"/vod/{A}/manifest.mpd")
    assert answer.headers["content-type"] == "application/dash+xml"
    names = {"d": "urn:mpeg:dash:schema:mpd:2011"}
    bases = ElementTree.fromstring(answer.text).findall(".//d:BaseURL", names)
    assert [b.text for b in bases] == [f"/media/publications/{A}/", "/media/captions/7.vtt"]
    (event,) = ElementTree.fromstring(answer.text).findall(".//d:Event", names)
    assert (event.get("presentationTime"), event.text) == ("360000", "Resep")


def test_captions_wait_for_the_end_of_a_growing_publication(studio) -> None:
    studio.publish("a", 4, state="growing")
    studio.present(Presentation(A, captions=(Caption("id", "Indonesia", "captions/7.vtt"),)))
    studio.at(0)
    assert "SUBTITLES" not in studio.get(f"/vod/{A}/master.m3u8").text


def test_a_takedown_is_gone_and_says_so(studio) -> None:
    studio.publish("a", 4)
    studio.store.write(takedown_mark(A), b"")
    studio.at(0)
    for name in ("master", "v144"):
        assert studio.get(f"/vod/{A}/{name}.m3u8").status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        f"/vod/{'b' * 32}/master.m3u8",
        f"/vod/{A}/v720.m3u8",
        f"/vod/{A}/other.mpd",
        f"/vod/{A}/v144-iframes.m3u8",  # its key frames are not known
        "/vod/aaaa/master.m3u8",
        "/vod/..%2f..%2fchannels/master.m3u8",
        f"/vod/{A.upper()}/master.m3u8",
    ],
)
def test_what_is_not_there_is_404(studio, path) -> None:
    studio.publish("a", 4)
    studio.at(0)
    assert studio.get(path).status_code == 404


def test_a_half_written_publication_leaves_the_last_good_one(studio) -> None:
    studio.publish("a", 4)
    studio.at(0)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 200
    studio.store.write(publication_file(A), b'{"id":')
    studio.at(2)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 200
    studio.store.delete(publication_file(A))
    studio.at(4)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 404


def test_memory_holds_what_was_asked_for_last(studio) -> None:
    studio.origin.ondemand._capacity = 2
    for name in "abc":
        studio.publish(name, 4)
        studio.at(0)
        assert studio.get(f"/vod/{name * 32}/v144.m3u8").status_code == 200
    assert list(studio.origin.ondemand._held) == ["b" * 32, "c" * 32]


def test_ids_that_strangers_make_up_put_no_programme_out(studio) -> None:
    studio.origin.ondemand._capacity = 2
    studio.publish("a", 4)
    studio.at(0)
    studio.get(f"/vod/{A}/v144.m3u8")
    for number in range(9):
        assert studio.get(f"/vod/{number:032x}/v144.m3u8").status_code == 404
    assert list(studio.origin.ondemand._held) == [A]
    assert len(studio.origin.ondemand._absent) == 2


def test_a_programme_that_comes_later_is_found(studio) -> None:
    studio.at(0)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 404
    studio.publish("a", 4)
    studio.at(2)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 200
    assert not studio.origin.ondemand._absent


def test_what_is_held_plays_on_while_the_store_is_away(studio) -> None:
    studio.publish("a", 4)
    studio.at(0)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 200
    studio.lose_store()
    studio.at(60)
    assert studio.get(f"/vod/{A}/v144.m3u8").status_code == 200
    assert studio.get(f"/vod/{'b' * 32}/v144.m3u8").status_code == 503


def test_a_slow_answer_of_the_store_keeps_only_its_own_viewers_waiting(studio) -> None:
    for name in "ab":
        studio.publish(name, 4)
    asked, go_on = threading.Event(), threading.Event()
    version = studio.store.version

    def slow(key: str) -> str | None:
        if A in key:
            asked.set()
            assert go_on.wait(20)
        return version(key)

    studio.store.version = slow
    now = ticks_of(studio.now)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(studio.origin.ondemand.load, A, now) for _ in range(2)]
        try:
            assert asked.wait(20)
            assert studio.origin.ondemand.load("b" * 32, now).programme is not None
            assert not any(each.done() for each in waiting)
        finally:
            go_on.set()
        assert all(each.result(20).programme is not None for each in waiting)
    assert not studio.origin.ondemand._turns
