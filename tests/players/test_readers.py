"""Manifests read by strict parsers of other makers."""

import json
import subprocess
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from media_pipeline.manifests import dash, hls, iframes
from media_pipeline.model.publication import Publication, Rendition, Segment, Span
from media_pipeline.model.rundown import Caption, Card, Chapter, Rundown
from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from media_pipeline.playout import Item, Reel, append, channel_master, window
from setup.prepare import find_node

CARD = Card("1", 0, ticks_in(4), 'Tahu "Contoh"', "Rp5.000", "kg", "Lapak", "Pasar", "/chat/1/")


def make(name: str, seconds: list[float], rungs: tuple[int, ...]) -> Publication:
    ticks = [ticks_in(s) for s in seconds]
    videos = [_rendition(f"v{r}", ticks, TIMESCALE, r * 16 // 9 // 2 * 2, r) for r in rungs]
    samples = [t * 48_000 // TIMESCALE // 1024 * 1024 for t in ticks]
    audio = _rendition("a48", samples, 48_000)
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    size = (videos[-1].width, videos[-1].height)
    return Publication(name * 32, "whole", moment, 25, *size, (*videos, audio))


def _rendition(name: str, durations, timescale: int, width: int = 0, height: int = 0) -> Rendition:
    return Rendition(
        name,
        "video" if height else "audio",
        "avc1.64001f" if height else "mp4a.40.2",
        timescale,
        Span(f"{name}/init.mp4", 0, 800),
        tuple(Segment(f"{name}/{n:05d}.m4s", 0, 9_000, d) for n, d in enumerate(durations, 1)),
        (height or 24) * 2_000,
        (height or 24) * 1_500,
        width=width,
        height=height,
    )


@pytest.fixture(scope="module")
def read(installed):
    def ask(*asked: tuple[str, str]) -> list[dict]:
        node, _ = find_node()
        done = subprocess.run(
            [node, "read.cjs"],
            cwd=Path(__file__).parent,
            input=json.dumps([{"kind": kind, "text": text} for kind, text in asked]),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    return ask


@pytest.fixture(scope="module")
def channel():
    a, b = make("a", [4, 4, 2.5], (144, 360)), make("b", [4, 0.52], (144, 240, 720))
    reels = {p.id: Reel.of(p) for p in (a, b)}
    empty = Rundown("c", "C", "UTC", 1, datetime.now(UTC), (), slate=b.id)
    items = [
        Item(f"{p.id[0]}{n}", reels[p.id], "programme", "Judul", cards=(CARD,))
        for n in range(8)
        for p in (a, b)
    ]
    launch = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))
    return append(empty, *items, start=launch), reels, launch


def test_every_window_of_a_channel_is_read_in_strict_mode(read, channel) -> None:
    rundown, reels, launch = channel
    moments = [launch + ticks_in(s) for s in (4, 8, 11, 15.02, 30, 62, 90, 200)]
    for name in ("v144", "v360", "v1080", "a48"):
        texts = [window(rundown, reels, name, now) for now in moments]
        answers = read(*(("hls", text) for text in texts))
        assert [a.get("error") for a in answers] == [None] * len(moments)
        for answer in answers:
            numbers = [s["number"] for s in answer["segments"]]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
            assert all(s["map"] for s in answer["segments"])


def test_two_readers_agree_on_numbers_and_discontinuities(read, channel) -> None:
    rundown, reels, launch = channel
    early, late = read(
        *(("hls", window(rundown, reels, "v144", launch + ticks_in(s))) for s in (62, 75))
    )
    known = {s["number"]: s for s in early["segments"]}
    common = [s for s in late["segments"] if s["number"] in known]
    assert len(common) > 8
    assert all(known[s["number"]] == s for s in common)


def test_masters_are_read_in_strict_mode(read, channel) -> None:
    _, reels, _ = channel
    captions = (Caption("id", "Indonesia", "captions/1.vtt"),)
    answers = read(
        ("hls", channel_master(reels.values())),
        ("hls", hls.master(make("a", [4, 4], (144, 360)), captions=captions)),
        ("hls", hls.media_playlist(make("a", [4, 4.4], (144,)), "v144")),
        ("hls", hls.caption_playlist(make("a", [4, 4.4], (144,)), "/media/captions/1.vtt")),
    )
    assert [a.get("error") for a in answers] == [None] * 4
    names = [v["uri"] for v in answers[0]["variants"]]
    assert names == ["v144.m3u8", "v240.m3u8", "v360.m3u8", "v720.m3u8", "a48.m3u8"]


def test_a_title_that_grows_is_read_in_strict_mode_at_every_length(read) -> None:
    """From no segment (then only its list of qualities is given) to the end, where it is VOD."""
    card = 'EXT-X-DATERANGE:ID="1",CLASS="id.siar.card",START-DATE="2026-11-24T00:00:02.000Z"'
    chapter = 'EXT-X-DATERANGE:ID="c",CLASS="id.siar.chapter",START-DATE="2026-11-24T00:00:00.000Z"'
    ranges = [f"#{card},DURATION=3", f"#{chapter}"]
    lengths, texts = [4, 4, 4.46], []
    for count in (1, 2, 3, 4):
        made = make("a", lengths[: min(count, 3)], (144, 360))
        if count < 4:
            made = msgspec.structs.replace(made, state="growing")
        playlist = hls.media_playlist(made, "v144", starts=made.created, dateranges=ranges)
        texts += [hls.master(made), playlist]
    answers = read(*(("hls", text) for text in texts))
    assert [a.get("error") for a in answers] == [None] * len(texts)
    masters, playlists = answers[::2], answers[1::2]
    assert all(master == masters[0] for master in masters)
    assert [len(a["segments"]) for a in playlists] == [1, 2, 3, 3]
    assert [a["ended"] for a in playlists] == [False, False, False, True]
    assert [a["type"] for a in playlists] == ["EVENT", "EVENT", "EVENT", "VOD"]
    for before, after in pairwise(playlists):
        assert after["segments"][: len(before["segments"])] == before["segments"]


@pytest.fixture(scope="module")
def spoken() -> Publication:
    """Two languages, and key frames whose bytes are known."""
    made = make("a", [4, 4, 2.5], (144, 360))
    videos = tuple(
        msgspec.structs.replace(
            v, segments=tuple(msgspec.structs.replace(s, key=2_000) for s in v.segments)
        )
        for v in made.videos
    )
    first = msgspec.structs.replace(made.audio, language="id", label="Bahasa Indonesia")
    other = msgspec.structs.replace(_renamed(first, "a48-jv"), language="jv", label="Jawa")
    return msgspec.structs.replace(made, renditions=(*videos, first, other))


def _renamed(rendition: Rendition, name: str) -> Rendition:
    return msgspec.structs.replace(
        rendition,
        name=name,
        init=Span(f"{name}/init.mp4", 0, 800),
        segments=tuple(
            msgspec.structs.replace(s, uri=f"{name}/{n:05d}.m4s")
            for n, s in enumerate(rendition.segments, 1)
        ),
    )


def test_sounds_and_key_frames_are_read_in_strict_mode(read, spoken) -> None:
    master, frames = read(
        ("hls", hls.master(spoken)), ("hls", iframes.playlist(spoken.videos[0], base="/media/a/"))
    )
    assert (master.get("error"), frames.get("error")) == (None, None)
    told = [(v["uri"], v["keyFrames"]) for v in master["variants"]]
    assert told == [
        *(("v144.m3u8", False), ("v360.m3u8", False), ("a48.m3u8", False)),
        *(("v144-iframes.m3u8", True), ("v360-iframes.m3u8", True)),
    ]
    assert master["variants"][0]["sounds"] == [
        {"name": "Bahasa Indonesia", "language": "id", "first": True},
        {"name": "Jawa", "language": "jv", "first": False},
    ]
    assert frames["keyFrames"]
    assert [(s["uri"], s["range"]) for s in frames["segments"]] == [
        (f"/media/a/v144/{n:05d}.m4s", {"offset": 0, "length": 2_000}) for n in (1, 2, 3)
    ]


def test_sounds_and_captions_are_read_from_the_mpd(read, spoken) -> None:
    captions = (Caption("id", "Bahasa Indonesia", "/media/captions/1.vtt"),)
    (answer,) = read(("dash", dash.mpd(spoken, base="/media/a/", captions=captions)))
    assert answer.get("error") is None
    assert [(s["language"], s["first"]) for s in answer["sounds"]] == [("id", True), ("jv", False)]
    assert [(c["language"], c["uri"]) for c in answer["captions"]] == [
        ("id", "https://contoh.id/media/captions/1.vtt")
    ]
    assert answer["playlists"][0]["segments"][0]["uri"].startswith("https://contoh.id/media/a/v")


def test_chapters_are_read_from_the_mpd(read, spoken) -> None:
    chapters = (
        Chapter(0, "Pembukaan"),
        Chapter(ticks_in(4.4), "Resep & <bumbu>"),
        Chapter(ticks_in(11), "Sesudah tamat"),
    )
    (answer,) = read(("dash", dash.mpd(spoken, chapters=chapters)))
    assert (answer.get("error"), answer["warnings"]) == (None, [])
    assert [
        (e["schemeIdUri"], e["start"], e["end"], e["messageData"]) for e in answer["events"]
    ] == [
        (dash.CHAPTER, 0, 4.4, "Pembukaan"),
        (dash.CHAPTER, 4.4, 10.5, "Resep & <bumbu>"),
    ]


def test_the_mpd_names_the_segments_of_the_publication(read) -> None:
    made = make("a", [4, 4, 2.5], (144, 360))
    (answer,) = read(("dash", dash.mpd(made)))
    assert answer.get("error") is None
    assert answer["duration"] == 10.5
    found = {p["name"]: p["segments"] for p in answer["playlists"]}
    for rendition in made.renditions:
        assert [s["uri"] for s in found[rendition.name]] == [
            f"https://contoh.id/v/{s.uri}" for s in rendition.segments
        ]
        lengths = [s.duration / rendition.timescale for s in rendition.segments]
        assert [s["duration"] for s in found[rendition.name]] == pytest.approx(lengths)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("#EXT-X-TARGETDURATION:4", "#EXT-X-TARGETDURATION:2"),
        ("#EXT-X-VERSION:7", "#EXT-X-VERSION:3"),
    ],
)
def test_the_strict_reader_does_refuse(read, channel, good, bad) -> None:
    rundown, reels, launch = channel
    text = window(rundown, reels, "v144", launch + ticks_in(62))
    (answer,) = read(("hls", text.replace(good, bad)))
    assert answer.get("error")
