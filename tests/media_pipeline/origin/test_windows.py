"""Pause and seek back, start-over and catch-up over HTTP."""

import asyncio
import gc
import weakref
from datetime import UTC, datetime, timedelta

import m3u8
import msgspec
import pytest

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import day_file, publication_file, takedown_mark
from media_pipeline.model.stored import split
from media_pipeline.origin import windows
from media_pipeline.origin.windows import WAITING
from media_pipeline.playout import append, cut

from .conftest import LAUNCH
from .test_heirs import block, inherit

BEGAN = int(LAUNCH.timestamp())
DAY = 86_400


def listed(answer) -> list[str]:
    return [f"{s.uri.split('/')[3][0]}/{s.uri[-5]}" for s in m3u8.loads(answer.text).segments]


def reads(studio, monkeypatch) -> list[str]:
    """Which keys the origin reads from now on."""
    asked, read = [], studio.store.read
    monkeypatch.setattr(studio.store, "read", lambda key: asked.append(key) or read(key))
    return asked


@pytest.fixture
def on_air(studio):
    """a (24 s), b (8 s) and c (12 s) in turn for ten minutes, seen after 80 s."""
    studio.publish("a", *[4] * 6, rungs=(144, 360))
    studio.publish("b", 4, 4, rungs=(144, 240, 720))
    studio.publish("c", 4, 4, 4)
    studio.air(studio.rundown(*"abc" * 14))
    studio.at(80)
    return studio


def test_four_hours_may_be_paused_and_the_live_text_stays(on_air) -> None:
    on_air.at(200)
    live = on_air.get("/live/contoh/v144.m3u8")
    dvr = on_air.get("/live/contoh/dvr/v144.m3u8")
    assert len(listed(live)) == 15
    assert len(listed(dvr)) == 49
    assert listed(dvr)[-15:] == listed(live)
    assert "PLAYLIST-TYPE" not in dvr.text
    assert "SERVER-CONTROL" not in live.text


def test_a_viewer_of_four_hours_pays_no_more_a_segment_than_one_of_live(on_air) -> None:
    on_air.at(500)
    live = on_air.get("/live/contoh/v144.m3u8")
    whole = on_air.get("/live/contoh/dvr/v144.m3u8")
    delta = on_air.get("/live/contoh/dvr/v144.m3u8?_HLS_skip=v2")
    assert len(whole.content) > 6 * len(live.content)
    assert len(delta.content) < 1.1 * len(live.content)


def test_a_start_over_grows_to_its_end_and_is_then_catch_up(on_air) -> None:
    path = f"/live/contoh/{BEGAN + 44}-{BEGAN + 68}/v144.m3u8"
    on_air.at(58)
    growing = on_air.get(path)
    assert listed(growing) == ["a/1", "a/2", "a/3"]
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in growing.text
    assert "#EXT-X-START:TIME-OFFSET=0" in growing.text
    assert growing.headers["cache-control"] == "public, max-age=4"
    on_air.at(70)
    ended = on_air.get(path)
    assert listed(ended) == [f"a/{n}" for n in range(1, 7)]
    assert ended.text.endswith("#EXT-X-ENDLIST\n")
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in ended.text
    assert ended.headers["cache-control"] == "public, max-age=86400, immutable"


def test_a_start_over_without_an_end_goes_on_into_live(on_air) -> None:
    path = f"/live/contoh/{BEGAN + 44}-/v144.m3u8"
    on_air.at(94)
    assert listed(on_air.get(path))[-2:] == ["c/3", "a/1"]
    on_air.at(12 * 3600 + 60)
    over = on_air.get(path)
    assert over.text.endswith("#EXT-X-ENDLIST\n")
    assert len(listed(over)) == 10_800


def test_the_query_asks_for_the_same_window_as_the_folder(on_air) -> None:
    start, end = BEGAN + 24, BEGAN + 44
    folder = on_air.get(f"/live/contoh/{start}-{end}/v360.m3u8")
    moments = [datetime.fromtimestamp(m, UTC).isoformat() for m in (start, end)]
    for query in (f"start={start}&end={end}", f"start={moments[0]}&end={moments[1]}"):
        assert on_air.get(f"/live/contoh/v360.m3u8?{query}").text == folder.text
        master = m3u8.loads(on_air.get(f"/live/contoh/master.m3u8?{query}").text)
        uris = [f"{start}-{end}/{name}.m3u8" for name in ("v144", "v240", "v360", "v720", "a48")]
        assert [p.uri for p in master.playlists] == uris
    inside = m3u8.loads(on_air.get(f"/live/contoh/{start}-{end}/master.m3u8").text)
    assert [p.uri for p in inside.playlists][:2] == ["v144.m3u8", "v240.m3u8"]


@pytest.mark.parametrize("query", ["backend=1", "weekend=x", "restart=", "bend=1&kickstart=2"])
def test_a_query_that_only_sounds_like_a_window_is_live(on_air, query) -> None:
    assert on_air.get(f"/live/contoh/v144.m3u8?{query}").text == (
        on_air.get("/live/contoh/v144.m3u8").text
    )


@pytest.mark.parametrize(
    ("start", "end", "folder"),
    [
        (BEGAN + 24.2, BEGAN + 24.8, f"{BEGAN + 24}-{BEGAN + 25}"),
        (BEGAN + 0.5, BEGAN + 12 * 3600 + 0.5, f"{BEGAN}-{BEGAN + 12 * 3600 + 1}"),
    ],
)
def test_parts_of_seconds_are_asked_for_by_the_seconds_around_them(
    on_air, start, end, folder
) -> None:
    query = f"start={start}&end={end}"
    master = m3u8.loads(on_air.get(f"/live/contoh/master.m3u8?{query}").text)
    assert master.playlists[0].uri == f"{folder}/v144.m3u8"
    found = on_air.get(f"/live/contoh/{folder}/v144.m3u8")
    assert found.status_code == 200
    assert found.text == on_air.get(f"/live/contoh/v144.m3u8?{query}").text


def test_the_master_of_what_goes_on_has_the_rungs_that_come(on_air) -> None:
    master = m3u8.loads(on_air.get(f"/live/contoh/{BEGAN + 68}-/master.m3u8").text)
    names = [p.uri for p in master.playlists]
    assert names == ["v144.m3u8", "v240.m3u8", "v360.m3u8", "v720.m3u8", "a48.m3u8"]


LAST_YEAR = BEGAN - 365 * DAY


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        (f"{LAST_YEAR}-{LAST_YEAR + 60}/v144.m3u8", 404, "kept for 7 days"),
        (f"master.m3u8?start={LAST_YEAR}", 404, "kept for 7 days"),
        (f"master.m3u8?start={BEGAN + 3600}", 404, "not been on air yet"),
        (f"{BEGAN - 600}-{BEGAN - 300}/v144.m3u8", 404, "Nothing of this"),
        (f"master.m3u8?start={BEGAN + 60}&end={BEGAN + 50}", 400, "after the start"),
        (f"{BEGAN}-{BEGAN + 13 * 3600}/v144.m3u8", 400, "12 hours"),
        ("master.m3u8?start=kemarin", 400, "seconds since 1970"),
        ("master.m3u8?end=1", 400, "seconds since 1970"),
        ("master.m3u8?start=", 400, "seconds since 1970"),
        ("master.m3u8?start=1e999", 400, "seconds since 1970"),
        ("master.m3u8?start=2026-11-24T05:00:00", 400, "seconds since 1970"),
        ("master.m3u8?start=99999999999", 404, "not been on air yet"),
        ("master.m3u8?start=%00%ff", 400, "seconds since 1970"),
        ("99999999999-99999999999/v144.m3u8", 400, "after the start"),
        ("0-1/v144.m3u8", 404, "no such window"),
        ("-1-1/v144.m3u8", 404, "no such window"),
        ("vcr/v144.m3u8", 404, "no such window"),
        (f"0{BEGAN}-/v144.m3u8", 404, "no such window"),
        ("dvr/a/b/v144.m3u8", 404, "nothing here"),
        ("dvr/x144.m3u8", 404, "no such channel"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_sentence(on_air, path, status, sentence) -> None:
    answer = on_air.get(f"/live/contoh/{path}")
    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.text.count("\n") == 1
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_window_has_etag_head_and_packing_as_live_has(on_air) -> None:
    path = f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8"
    plain = on_air.get(path, accept_encoding="identity")
    packed = on_air.get(path, accept_encoding="gzip")
    head = on_air.get(path, "HEAD", accept_encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert head.headers["content-length"] == str(len(plain.content))
    assert on_air.get(path, if_none_match=plain.headers["etag"]).status_code == 304


def test_two_origins_give_the_same_bytes(on_air) -> None:
    on_air.at(80)
    paths = [
        "/live/contoh/dvr/v144.m3u8",
        f"/live/contoh/{BEGAN}-/v144.m3u8?_HLS_skip=v2",
        f"/live/contoh/{BEGAN}-{BEGAN + 60}/master.m3u8",
    ]
    one = [on_air.get(path) for path in paths]
    on_air.origin = on_air.start("lain")
    on_air.at(80)
    other = [on_air.get(path) for path in paths]
    assert [a.content for a in one] == [a.content for a in other]
    assert [a.headers["etag"] for a in one] == [a.headers["etag"] for a in other]


def test_a_takedown_is_a_gap_in_a_window_that_was_made_before(on_air) -> None:
    path = f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8"
    before = on_air.get(path)
    assert "GAP" not in before.text
    on_air.store.write(takedown_mark("b" * 32), b"")
    on_air.at(81)
    after = on_air.get(path)
    assert after.text.count("#EXT-X-GAP") == 2
    assert listed(after) == listed(before)
    assert after.headers["cache-control"] == "public, max-age=10"


def test_what_cannot_be_found_is_a_gap_until_it_is_there(on_air) -> None:
    key = publication_file("c" * 32)
    data = on_air.store.read(key)
    on_air.store.delete(key)
    on_air.origin = on_air.start("lain")
    on_air.at(80)
    path = f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8"
    missing = on_air.get(path)
    assert missing.text.count("#EXT-X-GAP") == 3
    assert missing.headers["cache-control"] == "public, max-age=10"
    on_air.store.write(key, data)
    on_air.at(120)
    assert "GAP" not in on_air.get(path).text


@pytest.fixture
def after_days(studio):
    """A channel that plays a for three days and was then started anew; seen at the end."""
    studio.publish("a", *[4] * 1000)
    studio.publish("b", 4, 4)
    studio.air(studio.rundown("b", *"a" * 70))
    studio.at(3 * DAY)
    return studio


def test_older_days_are_read_when_somebody_goes_back_to_them(
    after_days, studio, monkeypatch
) -> None:
    studio.origin = studio.start("lain")
    asked = reads(studio, monkeypatch)
    studio.at(3 * DAY)
    days = sorted(split(studio.rundown("b", *"a" * 70))[1])
    assert len(days) == 4
    assert {day_file("contoh", day) for day in days[:2]}.isdisjoint(asked)
    assert publication_file("b" * 32) not in asked
    studio.get("/live/contoh/v144.m3u8")
    count = len(asked)
    found = studio.get(f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8")
    assert listed(found)[:3] == ["b/1", "b/2", "a/1"]
    assert asked[count:] == [day_file("contoh", days[0]), publication_file("b" * 32)]
    again = studio.get(f"/live/contoh/{BEGAN}-{BEGAN + 64}/v144.m3u8")
    assert listed(again)[:15] == listed(found)
    assert len(asked) == count + 2


def test_an_older_day_that_is_broken_fails_its_catch_up_alone(after_days, studio, capsys) -> None:
    days = sorted(split(studio.rundown("b", *"a" * 70))[1])
    studio.store.write(day_file("contoh", days[0]), b"rusak")
    studio.origin = studio.start("lain")
    studio.at(3 * DAY)
    answer = studio.get(f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "past_unavailable" in capsys.readouterr().out
    start = BEGAN + 2 * DAY + DAY // 2
    assert studio.get(f"/live/contoh/{start}-{start + 60}/v144.m3u8").status_code == 200
    assert studio.get("/live/contoh/v144.m3u8").status_code == 200


def test_without_the_store_live_goes_on_and_the_past_waits(after_days, studio, monkeypatch) -> None:
    studio.origin = studio.start("lain")
    studio.at(3 * DAY)

    def away(key: str) -> bytes | None:
        raise StoreUnavailable("The store is away.")

    monkeypatch.setattr(studio.store, "read", away)
    answer = studio.get(f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8")
    assert answer.status_code == 503
    assert "past" in answer.text
    assert studio.get("/live/contoh/v144.m3u8").status_code == 200
    assert studio.get("/live/contoh/dvr/v144.m3u8").status_code == 200


def test_seven_days_are_kept_and_not_an_hour_more(after_days, studio) -> None:
    studio.at(7 * DAY)
    assert studio.get(f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8").status_code == 200
    studio.at(7 * DAY + 3600)
    assert studio.get(f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8").status_code == 404


def test_who_asks_for_the_same_waits_for_one_text_and_too_many_are_sent_away(
    on_air, monkeypatch
) -> None:
    windows = on_air.origin.windows
    made, make = [], windows._make
    monkeypatch.setattr(windows, "_make", lambda *args: made.append(args) or make(*args))

    async def ask() -> list[int]:
        same = [_status(on_air.origin, f"/live/contoh/{BEGAN}-/v144.m3u8") for _ in range(50)]
        others = [
            _status(on_air.origin, f"/live/contoh/{BEGAN}-{BEGAN + n}/v144.m3u8")
            for n in range(10, 10 + 2 * WAITING)
        ]
        return await asyncio.gather(*same, *others)

    on_air.origin._thread = object()
    found = asyncio.run(ask())
    assert found[:50] == [200] * 50
    assert found.count(503) == WAITING + 1
    assert len(made) == WAITING


async def _status(origin, path: str) -> int:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [],
        "query_string": b"",
    }
    await origin(scope, None, send)
    return sent[0]["status"]


def test_a_clock_that_goes_back_shows_what_was_shown_then(on_air) -> None:
    path = f"/live/contoh/{BEGAN}-/v144.m3u8"
    on_air.at(60)
    before = on_air.get(path).text
    on_air.at(80)
    assert on_air.get(path).text != before
    on_air.now -= timedelta(seconds=20)
    assert on_air.get(path).text == before


def test_dash_is_served_for_every_window_with_the_time(on_air) -> None:
    for folder in ("", "dvr/", f"{BEGAN}-/", f"{BEGAN}-{BEGAN + 60}/"):
        answer = on_air.get(f"/live/contoh/{folder}manifest.mpd")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/dash+xml"
        assert ('type="static"' in answer.text) == (folder.endswith("60/"))
    clock = on_air.get("/live/clock.txt")
    assert clock.text == "2026-11-24T05:01:20.000Z"
    assert clock.headers["cache-control"] == "no-store"
    assert clock.headers["access-control-allow-origin"] == "*"


def test_a_channel_that_inherits_has_the_same_windows(on_air) -> None:
    inherit(on_air, "pasar", "contoh", block(on_air, 10, "b"))
    on_air.at(100)
    window = f"{BEGAN}-{BEGAN + 40}/v144.m3u8"
    own = m3u8.loads(on_air.get(f"/live/pasar/{window}").text)
    names = [f"{s.uri.split('/')[3][0]}/{s.uri[-5]}" for s in own.segments]
    assert names[:7] == [*("a/1", "a/2", "a/3"), *("b/1", "b/2"), "a/6", "b/1"]
    assert own.media_sequence == 100
    for file in ("dvr/v144.m3u8", f"{BEGAN}-/master.m3u8", "manifest.mpd"):
        assert on_air.get(f"/live/pasar/{file}").status_code == 200
    assert listed(on_air.get("/live/pasar/dvr/v144.m3u8"))[:7] == names[:7]


def test_a_channel_that_inherits_goes_back_to_its_parents_older_days(after_days, studio) -> None:
    inherit(studio, "pasar", "contoh")
    studio.origin = studio.start("lain")
    studio.at(3 * DAY)
    assert studio.get("/live/pasar/v144.m3u8").status_code == 200
    found = studio.get(f"/live/pasar/{BEGAN}-{BEGAN + 60}/v144.m3u8")
    assert listed(found)[:3] == ["b/1", "b/2", "a/1"]


def test_whatever_number_is_asked_for_a_window_has_one_text_a_rung(on_air, monkeypatch) -> None:
    made, make = [], windows.playlist
    monkeypatch.setattr(windows, "playlist", lambda *args: made.append(args) or make(*args))
    found = {n: on_air.get(f"/live/contoh/dvr/v{n}.m3u8").text for n in (1, 144, 719, 720, 9999)}
    assert found[1] == found[144]
    assert found[720] == found[9999] != found[719]
    assert len(made) == 3


def test_a_kept_text_keeps_nothing_of_the_channel_as_it_was(on_air) -> None:
    on_air.get(f"/live/contoh/{BEGAN}-{BEGAN + 60}/v144.m3u8")
    before = weakref.ref(on_air.origin.channels.known["contoh"].timeline)
    on_air.air(msgspec.structs.replace(on_air.rundown(*"abc" * 14), version=2))
    on_air.at(84)
    gc.collect()
    assert before() is None


def test_what_was_shown_in_a_window_alone_is_not_changed_either(on_air, capsys) -> None:
    before = on_air.get("/live/contoh/dvr/v144.m3u8").text
    edit = append(cut(on_air.rundown(*"abc" * 14), on_air.reels, 15), *on_air.items("c"))
    on_air.air(msgspec.structs.replace(edit, version=2))
    on_air.at(81)
    assert on_air.get("/live/contoh/dvr/v144.m3u8").text == before
    assert "rundown_refused" in capsys.readouterr().out
