"""A channel as MPEG-TS, read by a program that knows nothing of its maker."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import imageio_ffmpeg
import m3u8
import pytest

from media_pipeline import tools
from media_pipeline.model.keys import rundown_file, takedown_mark
from media_pipeline.model.rundown import Rundown, encode_value
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.playout import Item, Reel, append, check_rundown

pytestmark = pytest.mark.slow

FRAMES = 25


@pytest.fixture(scope="module")
def on_air(station) -> tuple[str, Rundown]:
    """The folder of a catch-up over clips of other sizes, one of them turned upright, twice."""
    reels = {name: Reel.of(made) for name, made in station.publications.items()}
    items = [
        Item(f"{name}-{number}", reels[name], "programme", name)
        for number, name in enumerate("abcdabcdab" * 2)
    ]
    start = ticks_of(datetime.now(UTC) - timedelta(seconds=90))
    empty = Rundown("ts", "Contoh", "Asia/Jakarta", 1, datetime.now(UTC), (), slate="b" * 32)
    rundown = append(empty, *items, start=start)
    assert check_rundown(rundown, {reel.publication: reel for reel in reels.values()}) == ()
    station.store.write(rundown_file("ts"), encode_value(rundown))
    first, last = rundown.entries[0], rundown.entries[7]
    folder = f"{station.address}/live/ts/{first.start // TIMESCALE}-{last.end // TIMESCALE}"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if answer(f"{folder}/ts.m3u8")[0] == 200:
            return folder, rundown
        time.sleep(0.1)
    raise AssertionError("the channel does not come on air")


def answer(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=20) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as refused:
        return refused.code, b""


def frames(address: str) -> dict[int, int]:
    """How many pictures (0) and pieces of sound (1) ffmpeg decodes, without a complaint."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", address]
    command += ["-map", "0:v", "-map", "0:a", "-fps_mode", "passthrough", "-f", "framecrc", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    lines = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    return {n: sum(line.startswith(f"{n},") for line in lines) for n in (0, 1)}


def test_it_is_decoded_whole_over_seven_joins_of_other_sizes(on_air) -> None:
    folder, _ = on_air
    read = m3u8.loads(answer(f"{folder}/ts.m3u8")[1].decode())
    assert sum(segment.discontinuity for segment in read.segments) == 7
    assert all(not segment.init_section for segment in read.segments)
    shown = sum(segment.duration for segment in read.segments)
    found = frames(f"{folder}/ts.m3u8")
    assert found[0] == round(shown * FRAMES)
    # Sound ends less than one of its frames before the picture, in each item.
    assert 0 <= shown * 48_000 / 1024 - found[1] <= 8


def test_it_has_the_numbers_of_the_picture(on_air) -> None:
    folder, _ = on_air
    ts, picture = (
        m3u8.loads(answer(f"{folder}/{name}.m3u8")[1].decode()) for name in ("ts", "v144")
    )
    assert ts.media_sequence == picture.media_sequence
    for name in ("duration", "discontinuity", "program_date_time"):
        told = [getattr(segment, name) for segment in picture.segments]
        assert [getattr(segment, name) for segment in ts.segments] == told


def test_each_segment_stands_at_its_time_in_the_title(on_air, station, tmp_path) -> None:
    path = tmp_path / "segment.ts"
    status, data = answer(f"{station.address}/vod/{'a' * 32}/ts-1.ts")
    assert status == 200
    path.write_bytes(data)
    said = subprocess.run(
        [tools.ffprobe(), "-v", "error", "-of", "json", "-show_streams", str(path)],
        capture_output=True,
        check=True,
    )
    streams = {s["codec_name"]: s for s in json.loads(said.stdout)["streams"]}
    assert set(streams) == {"h264", "aac"}
    assert min(streams["h264"]["width"], streams["h264"]["height"]) == 240
    assert float(streams["h264"]["start_time"]) == pytest.approx(14, abs=0.001)
    assert float(streams["aac"]["start_time"]) == pytest.approx(14, abs=0.022)


def lost_packets(data: bytes) -> int:
    """How many packets seem lost before one that announces no break (ISO/IEC 13818-1, 2.4.3.4)."""
    counters: dict[int, int] = {}
    lost = 0
    for at in range(0, len(data), 188):
        packet = data[at : at + 188]
        assert packet[0] == 0x47
        pid, has = int.from_bytes(packet[1:3]) & 0x1FFF, packet[3] >> 4 & 3
        counter = packet[3] & 15
        announced = bool(has & 2 and packet[4] and packet[5] & 0x80)
        if has & 1 and pid in counters and not announced:
            lost += counter != (counters[pid] + 1) % 16
        counters[pid] = counter
    return lost


def test_a_receiver_that_joins_segments_misses_no_packet(station) -> None:
    segments = [answer(f"{station.address}/vod/{'e' * 32}/ts-{n}.ts")[1] for n in range(3)]
    assert all(segments)
    assert lost_packets(b"".join(segments)) == 0
    assert lost_packets(segments[0] + segments[1][188 * 20 :]) > 0


def test_made_again_it_is_the_same(on_air, station) -> None:
    from media_pipeline.origin import create_origin

    other = create_origin(station.store, media_url="/media/", clock=lambda: datetime.now(UTC))
    try:
        again = other.transport._make(("c" * 32, 0), ticks_of(datetime.now(UTC)))
    finally:
        other.transport.close()
    assert answer(f"{station.address}/vod/{'c' * 32}/ts-0.ts") == (200, again)


@pytest.mark.parametrize("path", ["a/ts-99.ts", "9/ts-0.ts", "a/ts-000000.ts", "a/ts-x.ts"])
def test_what_there_is_none_of_is_not_found(station, path) -> None:
    name, _, file = path.partition("/")
    assert answer(f"{station.address}/vod/{name * 32}/{file}")[0] == 404


def test_what_was_taken_down_is_gone(on_air, station) -> None:
    folder, _ = on_air
    mark = takedown_mark("d" * 32)
    station.store.write(mark, b"")
    try:
        deadline = time.monotonic() + 20
        while answer(f"{station.address}/vod/{'d' * 32}/ts-0.ts")[0] != 410:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert b"#EXT-X-GAP" in answer(f"{folder}/ts.m3u8")[1]
    finally:
        station.store.delete(mark)
