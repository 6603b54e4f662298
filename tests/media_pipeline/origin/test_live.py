"""A channel over HTTP."""

import asyncio
import gzip

import m3u8
import msgspec
import pytest

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import publication_file, rundown_file, takedown_mark
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import channel
from media_pipeline.playout import Timeline, append, cut


def listed(answer) -> list[str]:
    return [f"{s.uri.split('/')[3][0]}/{s.uri[-5]}" for s in m3u8.loads(answer.text).segments]


@pytest.fixture(autouse=True, params=["day files", "whole"])
def written(request, studio, monkeypatch) -> None:
    """Every rundown is played as it is written, and as it was before there were day files."""
    air = studio.air
    monkeypatch.setattr(studio, "air", lambda made: air(made, whole=request.param == "whole"))


def test_a_channel_is_served_two_seconds_behind_the_clock(studio) -> None:
    studio.publish("a", 4, 4)
    studio.air(studio.rundown("a"))
    studio.at(5.9)
    assert studio.get("/live/contoh/v144.m3u8").status_code == 404
    studio.at(6)
    answer = studio.get("/live/contoh/v144.m3u8")
    assert answer.status_code == 200
    assert listed(answer) == ["a/1"]
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_master_covers_every_rung_that_comes_up(studio) -> None:
    studio.publish("a", 4, rungs=(144, 360))
    studio.publish("b", 4, rungs=(144, 240, 720))
    studio.air(studio.rundown("a", "b"))
    studio.at(6)
    read = m3u8.loads(studio.get("/live/contoh/master.m3u8").text)
    uris = [p.uri for p in read.playlists]
    assert uris == ["v144.m3u8", "v240.m3u8", "v360.m3u8", "v720.m3u8", "a48.m3u8"]
    for uri in uris:
        assert studio.get(f"/live/contoh/{uri}").status_code == 200
    # Item a stands in with 360p where 720p is asked for, so 720p costs at least as much.
    assert read.playlists[3].stream_info.bandwidth == 720 * 2000 + 52_000


@pytest.mark.parametrize(
    "path",
    [
        "/live/lain/master.m3u8",
        "/live/contoh/v144.mpd",
        "/live/contoh/",
        "/live/contoh/../contoh/v144",
        "/live/contoh/x144.m3u8",
        "/live/contoh/v.m3u8",
        "/live/contoh/v0.m3u8",
        "/live/contoh/v0144.m3u8",
        "/live/contoh/v144.m3u8/x",
        "/",
    ],
)
def test_what_is_not_there_is_404(studio, path) -> None:
    studio.publish("a", 4)
    studio.air(studio.rundown("a"))
    studio.at(6)
    assert studio.get(path).status_code == 404


def test_whatever_number_is_asked_for_there_is_one_text_a_rung(studio, monkeypatch) -> None:
    studio.publish("a", 4, rungs=(144, 360))
    studio.air(studio.rundown("a"))
    studio.at(6)
    made, make = [], channel.playlist
    monkeypatch.setattr(channel, "playlist", lambda *args: made.append(args) or make(*args))
    found = {
        n: studio.get(f"/live/contoh/v{n}.m3u8").text for n in (1, 9, 359, 144, 360, 720, 9999)
    }
    assert found[1] == found[9] == found[359] == found[144]
    assert found[360] == found[720] == found[9999] != found[144]
    assert len(made) == 2
    assert studio.get("/live/contoh/a1.m3u8").text == studio.get("/live/contoh/a48.m3u8").text


def test_caches_may_keep_a_playlist_until_the_next_change(studio) -> None:
    studio.publish("a", *[4] * 5)
    studio.air(studio.rundown("a"))
    ages = []
    for second in (6, 7.5, 9.5, 10):
        studio.at(second)
        ages.append(studio.get("/live/contoh/v144.m3u8").headers["cache-control"])
    assert ages == [f"public, max-age={n}" for n in (4, 2, 1, 4)]


def test_who_has_the_text_is_told_so_until_it_changes(studio) -> None:
    studio.publish("a", *[4] * 5)
    studio.air(studio.rundown("a"))
    studio.at(6)
    etag = studio.get("/live/contoh/v144.m3u8").headers["etag"]
    studio.at(9.9)
    again = studio.get("/live/contoh/v144.m3u8", if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    studio.at(10)
    assert studio.get("/live/contoh/v144.m3u8", if_none_match=etag).status_code == 200


def test_two_origins_give_the_same_bytes(studio) -> None:
    studio.publish("a", *[4] * 5)
    studio.air(studio.rundown("a"))
    studio.at(13)
    one = studio.get("/live/contoh/v144.m3u8")
    studio.origin = studio.start("lain")
    studio.at(13)
    other = studio.get("/live/contoh/v144.m3u8")
    assert one.content == other.content
    assert one.headers["etag"] == other.headers["etag"]


def test_head_has_the_headers_alone_and_a_preflight_is_answered(studio) -> None:
    studio.publish("a", 4, 4)
    studio.air(studio.rundown("a"))
    studio.at(6)
    head = studio.get("/live/contoh/v144.m3u8", "HEAD", accept_encoding="identity")
    get = studio.get("/live/contoh/v144.m3u8", accept_encoding="identity")
    assert head.content == b""
    assert head.headers == get.headers
    assert studio.get("/live/contoh/v144.m3u8", "OPTIONS").status_code == 204
    refused = studio.get("/live/contoh/v144.m3u8", "POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_playlist_is_packed_for_who_unpacks(studio) -> None:
    studio.publish("a", *[4] * 20)
    studio.air(studio.rundown("a"))
    studio.at(80)
    packed = studio.get("/live/contoh/v144.m3u8", accept_encoding="gzip, br")
    plain = studio.get("/live/contoh/v144.m3u8", accept_encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert len(gzip.compress(plain.content)) < len(plain.content) / 3
    assert "accept-encoding" in packed.headers["vary"]


def test_an_edit_of_the_future_is_on_air_without_a_break(studio, edited) -> None:
    studio.publish("a", *[4] * 10)
    studio.publish("b", 4, 4)
    old = studio.air(studio.rundown("a"))
    studio.at(6)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1"]
    free = Timeline(old, studio.reels).first_editable(ticks_of(studio.now))
    new = append(cut(old, studio.reels, free), *studio.items("b"))
    studio.air(edited(new))
    studio.at(20)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1", "a/2", "a/3", "b/1"]
    studio.at(26)
    assert listed(studio.get("/live/contoh/v144.m3u8"))[3:] == ["b/1", "b/2", "s/1"]


def test_an_edit_of_what_was_served_is_refused_and_the_old_plays_on(studio, edited) -> None:
    studio.publish("a", *[4] * 10)
    studio.publish("b", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.at(14)
    before = studio.get("/live/contoh/v144.m3u8").text
    studio.air(edited(studio.rundown("b")))
    studio.at(14)
    assert studio.get("/live/contoh/v144.m3u8").text == before
    assert b"siar_origin_rundowns_refused 1.0" in studio.get("/metrics").content
    studio.at(15)
    assert b"siar_origin_rundowns_refused 1.0" in studio.get("/metrics").content


def test_a_contradiction_is_better_than_slate_for_ever(studio, edited) -> None:
    studio.publish("a", *[4] * 3)
    studio.publish("b", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.at(10)
    studio.get("/live/contoh/v144.m3u8")
    studio.air(edited(studio.rundown("b")))
    studio.at(11)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1", "a/2"]
    studio.at(20)
    studio.air(edited(studio.rundown("b"), name="lagi"))
    studio.at(21)
    assert listed(studio.get("/live/contoh/v144.m3u8"))[-1] == "b/4"


@pytest.mark.parametrize(
    "bytes_",
    [b"", b"{", b'{"channel":"contoh"}', b"\xff" * 100, b'{"channel":"\xff"}', b"[" * 10_000],
)
def test_a_broken_rundown_leaves_the_last_good_one_on_air(studio, bytes_) -> None:
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.at(6)
    studio.store.write(rundown_file("contoh"), bytes_)
    studio.at(14)
    assert len(listed(studio.get("/live/contoh/v144.m3u8"))) == 3


@pytest.mark.parametrize("bytes_", [b"{", b'{"channel":"\xff"}', b'{"a":' * 5000])
def test_one_broken_channel_does_not_touch_another(studio, bytes_) -> None:
    studio.publish("a", *[4] * 10)
    studio.store.write(rundown_file("aaa"), bytes_)
    studio.air(studio.rundown("a"))
    studio.store.write(rundown_file("rusak"), bytes_)
    studio.at(6)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1"]
    assert {name[0] for name in listed(studio.get("/live/rusak/v144.m3u8"))} == {"s"}


def test_a_channel_whose_rundown_is_removed_is_no_more(studio) -> None:
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.at(6)
    studio.store.delete(rundown_file("contoh"))
    studio.at(7)
    assert studio.get("/live/contoh/v144.m3u8").status_code == 404


def test_a_store_that_goes_away_leaves_everything_on_air(studio, monkeypatch) -> None:
    studio.publish("a", *[4] * 20)
    studio.air(studio.rundown("a"))
    studio.at(6)

    def unreachable(*_):
        raise StoreUnavailable("gone")

    for name in ("versions", "read", "version", "write"):
        monkeypatch.setattr(studio.store, name, unreachable)
    studio.at(14)
    assert len(listed(studio.get("/live/contoh/v144.m3u8"))) == 3
    assert studio.get("/healthz").status_code == 200
    studio.at(60)
    assert studio.get("/live/contoh/v144.m3u8").status_code == 200
    assert studio.get("/healthz").status_code == 503


def test_slate_follows_when_the_rundown_runs_out(studio) -> None:
    studio.publish("a", 4, 4)
    studio.air(studio.rundown("a"))
    studio.at(86_400 * 30)
    assert {u[0] for u in listed(studio.get("/live/contoh/v144.m3u8"))} == {"s"}


def test_a_takedown_marks_its_segments_as_gone(studio) -> None:
    studio.publish("a", 4, 4)
    studio.publish("b", *[4] * 5)
    studio.air(studio.rundown("a", "b"))
    studio.at(14)
    assert "GAP" not in studio.get("/live/contoh/v144.m3u8").text
    studio.store.write(takedown_mark("a" * 32), b"")
    studio.at(15)
    text = studio.get("/live/contoh/v144.m3u8").text
    assert text.count("#EXT-X-GAP") == 2
    studio.store.delete(takedown_mark("a" * 32))
    studio.at(15)
    assert "GAP" not in studio.get("/live/contoh/v144.m3u8").text


def test_an_origin_that_starts_in_the_middle_of_an_item_shows_what_others_show(studio) -> None:
    studio.publish("a", *[4] * 100)
    studio.air(studio.rundown("a"))
    studio.at(210)
    read = m3u8.loads(studio.get("/live/contoh/v144.m3u8").text)
    assert read.media_sequence == 52 - 15
    assert len(read.segments) == 15


def test_a_publication_that_arrives_late_is_taken_up(studio) -> None:
    made = studio.publish("a", *[4] * 5)
    studio.air(studio.rundown("a"))
    data = studio.store.read(publication_file(made.id))
    studio.store.delete(publication_file(made.id))
    studio.at(6)
    assert "#EXT-X-GAP" in studio.get("/live/contoh/v144.m3u8").text
    studio.store.write(publication_file(made.id), data)
    studio.at(7)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1"]


def test_the_refreshing_thread_brings_a_new_channel_by_itself(studio) -> None:
    import asyncio
    import time

    import httpx

    origin = studio.start("lain")
    studio.publish("a", *[4] * 5)

    async def wait_for_channel() -> None:
        transport = httpx.ASGITransport(app=origin)
        async with httpx.AsyncClient(transport=transport, base_url="http://contoh") as client:
            assert (await client.get("/live/contoh/v144.m3u8")).status_code == 404
            studio.now = studio.now.replace(second=6)
            studio.air(studio.rundown("a"))
            begin = time.monotonic()
            while (await client.get("/live/contoh/v144.m3u8")).status_code != 200:
                assert time.monotonic() - begin < 60
                await asyncio.sleep(0.02)

    try:
        asyncio.run(wait_for_channel())
    finally:
        origin.stop()


def test_an_address_of_the_media_without_a_slash_stops_the_start(studio) -> None:
    from media_pipeline.origin import create_origin

    with pytest.raises(ValueError, match="must end with a slash"):
        create_origin(studio.store, media_url="/media", clock=lambda: studio.now)


def test_segments_point_below_the_address_of_the_media(studio) -> None:
    from media_pipeline.origin import create_origin

    studio.publish("a", 4)
    studio.air(studio.rundown("a"))
    studio.origin = create_origin(
        studio.store, media_url="https://cdn.contoh.id/m/", clock=lambda: studio.now, name="x"
    )
    studio.at(6)
    (segment,) = m3u8.loads(studio.get("/live/contoh/v144.m3u8").text).segments
    base = f"https://cdn.contoh.id/m/publications/{'a' * 32}/v144/"
    assert segment.uri == base + "00001.m4s"
    assert segment.init_section.uri == base + "init.mp4"


def test_the_old_rundown_again_is_no_refusal(studio) -> None:
    studio.publish("a", *[4] * 5)
    rundown = studio.air(studio.rundown("a"))
    studio.at(10)
    studio.air(msgspec.structs.replace(rundown))
    studio.at(11)
    assert b"siar_origin_rundowns_refused 0.0" in studio.get("/metrics").content


def test_channels_play_on_while_the_folder_of_the_store_is_away(studio) -> None:
    studio.publish("a", *[4] * 30)
    studio.air(studio.rundown("a"))
    studio.at(20)
    away = studio.store.folder.with_name("away")
    studio.store.folder.rename(away)
    studio.at(60)
    assert listed(studio.get("/live/contoh/v144.m3u8"))[-1] == "a/4"
    assert studio.get("/healthz").status_code == 503
    away.rename(studio.store.folder)
    studio.at(61)
    assert studio.get("/healthz").status_code == 200


def test_a_missing_publication_is_asked_for_less_and_less_often(studio) -> None:
    studio.publish("a", *[4] * 30)
    studio.air(studio.rundown("a"))
    data = studio.store.read(publication_file("a" * 32))
    studio.store.delete(publication_file("a" * 32))
    reads, read = [], studio.store.read

    def counted(key: str) -> bytes | None:
        if key == publication_file("a" * 32):
            reads.append(studio.now.second + 60 * studio.now.minute)
        return read(key)

    studio.store.read = counted
    for second in range(100):
        studio.at(second)
    assert reads == [0, 1, 3, 7, 15, 31, 61, 91]
    studio.store.write(publication_file("a" * 32), data)
    studio.at(121)
    assert listed(studio.get("/live/contoh/v144.m3u8"))[-1].startswith("a/")


def test_a_question_about_the_whole_server_is_answered(studio) -> None:
    sent = []

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "OPTIONS", "path": "*", "headers": []}
    studio.at(0)
    studio.origin._thread = object()
    asyncio.run(studio.origin(scope, None, send))
    assert sent[0]["status"] in (200, 204)


def test_files_are_counted_too(studio) -> None:
    studio.publish("a", 4)
    studio.at(0)
    studio.get(f"/media/publications/{'a' * 32}/publication.json")
    studio.get("/media/nothing.m4s")
    text = studio.get("/metrics").text
    assert 'siar_origin_requests_total{room="media",status="200"} 1.0' in text
    assert 'siar_origin_requests_total{room="media",status="404"} 1.0' in text
