"""A title that is being made: played as far as its parts go, by players that never reload."""

import threading
import time
from datetime import UTC, datetime

import m3u8
import msgspec
import pytest

from media_pipeline.model import keys
from media_pipeline.model.publication import Segment
from media_pipeline.model.rundown import Card, Chapter, Presentation
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.model.ticks import ticks_in
from media_pipeline.model.work import Job, Made, Part, encode_work
from media_pipeline.origin import app
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.tasks import tasks_of
from tests.media_pipeline.streams import make_video

pytestmark = pytest.mark.both_stores

ID, MARK = "d" * 32, "0a1b2c3d4e5f"
VIDEO = make_video(1280, 720)
SOUND = AudioStream(1, "aac", 2, 48_000, 0, "id")
SOURCE = Source("mov", 1, 0, 20, VIDEO, (SOUND,))
PLAN = make_plan(SOURCE, Extent(0, 20 * 90_000))
MADE_AT = datetime(2026, 11, 24, tzinfo=UTC)
LOW, HIGH = ("v144", "v240", "v360"), ("v480", "v720")


class Making:
    """A title whose parts a test puts into the store."""

    def __init__(self, studio) -> None:
        self.store = studio.store
        job = Job(ID, MARK, MADE_AT, SOURCE, PLAN, tasks_of(PLAN))
        self.store.write(keys.job_file(ID), encode_work(job))

    def add(self, task: str, names: tuple[str, ...], first: int, count: int) -> None:
        tracks = {name: made(name, first, count) for name in names}
        self.store.write(keys.part_file(ID, MARK, task), encode_work(Part(task, tracks)))


def made(name: str, first: int, count: int) -> Made:
    ticks, codec = (192_512, "mp4a.40.2") if name == "a48" else (360_000, "avc1.640015")
    segments = (
        Segment(keys.segment_uri(MARK, name, n), 0, 9, ticks)
        for n in range(first + 1, first + count + 1)
    )
    return Made(codec, b"init", first, tuple(segments))


@pytest.fixture
def making(studio) -> Making:
    studio.at(0)
    return Making(studio)


def segments(studio, name: str) -> list[str]:
    answer = studio.get(f"/vod/{ID}/{name}.m3u8")
    assert answer.status_code == 200
    read = m3u8.loads(answer.text)
    assert not read.is_endlist
    assert read.playlist_type == "event"
    return [segment.uri.rpartition("/")[2] for segment in read.segments]


def test_the_list_of_qualities_has_every_planned_one_from_the_start(studio, making) -> None:
    master = m3u8.loads(studio.get(f"/vod/{ID}/master.m3u8").text)
    assert [p.uri for p in master.playlists] == [f"{n}.m3u8" for n in (*LOW, *HIGH, "a48")]
    assert [p.stream_info.codecs for p in master.playlists][:5] == [
        f"avc1.6400{level},mp4a.40.2" for level in ("14", "15", "1e", "1e", "1f")
    ]
    assert all(p.stream_info.bandwidth for p in master.playlists)


def test_each_quality_is_as_long_as_its_own_parts(studio, making) -> None:
    making.add("opening", LOW, 0, 1)
    making.add("sound-00000", ("a48",), 0, 3)
    assert segments(studio, "v144") == ["00001.m4s"]
    assert len(segments(studio, "a48")) == 3
    making.add("opening-rest", HIGH, 0, 1)
    making.add("picture-0001", (*LOW, *HIGH), 1, 3)
    studio.at(1)
    assert [len(segments(studio, name)) for name in ("v144", "v720")] == [4, 4]


def test_a_later_chunk_waits_for_the_one_before(studio, making) -> None:
    making.add("opening", LOW, 0, 1)
    making.add("picture-0002", (*LOW, *HIGH), 4, 1)
    assert segments(studio, "v144") == ["00001.m4s"]
    making.add("picture-0001", (*LOW, *HIGH), 1, 3)
    studio.at(1)
    assert len(segments(studio, "v144")) == 5


@pytest.mark.real_clock
def test_a_player_is_held_until_its_quality_has_begun(studio, making, monkeypatch) -> None:
    monkeypatch.setattr(studio.origin, "_clock", lambda: datetime.now(UTC))
    monkeypatch.setattr(app, "HOLDS", (0.05,) * 200)
    making.add("opening", LOW, 0, 1)
    assert segments(studio, "v144")
    later = threading.Timer(0.3, making.add, ("opening-rest", HIGH, 0, 1))
    asked = time.monotonic()
    later.start()
    assert segments(studio, "v720") == ["00001.m4s"]
    assert time.monotonic() - asked >= 0.3


def test_a_player_that_was_held_for_long_is_told_to_come_back(studio, making, monkeypatch) -> None:
    monkeypatch.setattr(app, "HOLDS", (0.001,) * 8)
    answer = studio.get(f"/vod/{ID}/v720.m3u8")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.real_clock
@pytest.mark.parametrize("left", ["nothing", "the job alone"])
def test_a_player_that_waits_is_told_when_the_title_is_cancelled(
    studio, making, monkeypatch, left
) -> None:
    """Files go in any order: parts first, then the job."""
    monkeypatch.setattr(studio.origin, "_clock", lambda: datetime.now(UTC))
    monkeypatch.setattr(app, "HOLDS", (0.05,) * 200)
    making.add("opening", LOW, 0, 1)
    assert segments(studio, "v144")

    def cancel() -> None:
        if left == "the job alone":
            studio.store.delete_folder(keys.parts_folder(ID, MARK))
            time.sleep(0.3)
        studio.store.delete_folder(keys.publication_folder(ID))

    threading.Timer(0.2, cancel).start()
    looks: list[float] = []
    held = studio.origin._held

    async def counted(publication: str):
        looks.append(time.monotonic())
        return await held(publication)

    monkeypatch.setattr(studio.origin, "_held", counted)
    assert studio.get(f"/vod/{ID}/v720.m3u8").status_code == 404
    assert len(looks) < len(app.HOLDS)


def test_a_title_that_will_never_go_on_is_said_to_be_late_and_not_to_be_gone(
    studio, making, monkeypatch
) -> None:
    """Its worker failed and nobody has cleared up yet: players ask again, caches keep nothing."""
    monkeypatch.setattr(app, "HOLDS", (0.001,) * 8)
    making.add("opening", LOW, 0, 1)
    for _ in range(2):
        answer = studio.get(f"/vod/{ID}/v720.m3u8")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert segments(studio, "v144") == ["00001.m4s"]


def test_what_is_told_of_cards_and_chapters_is_the_same_when_the_title_is_whole(
    studio, making
) -> None:
    """RFC 8216, 6.2.1: lines that a player has may not change. The title will last 20 s."""
    card = Card("1", ticks_in(18), ticks_in(30), "Tahu", "Rp5.000", "kg", "Lapak", "P", "/chat/1/")
    late = msgspec.structs.replace(card, id="2", offset=ticks_in(21))
    chapters = (Chapter(0, "Awal"), Chapter(ticks_in(19), "Akhir"), Chapter(ticks_in(20), "Lewat"))
    studio.present(Presentation(ID, cards=(card, late), chapters=chapters))
    making.add("opening", LOW, 0, 1)
    growing = studio.get(f"/vod/{ID}/v144.m3u8").text
    told = [line for line in growing.splitlines() if "DATERANGE" in line]
    assert ["DURATION=2," in line for line in told] == [True, False, False]
    studio.publish("d", 4, 4, 4, 4, 4)
    studio.at(1)
    whole = studio.get(f"/vod/{ID}/v144.m3u8").text
    assert [line for line in whole.splitlines() if "DATERANGE" in line] == told


def test_a_quality_that_is_not_planned_is_not_waited_for(studio, making) -> None:
    assert studio.get(f"/vod/{ID}/v1080.m3u8").status_code == 404


def test_the_whole_publication_takes_the_place_of_job_and_parts(studio, making) -> None:
    making.add("opening", LOW, 0, 1)
    assert segments(studio, "v144")
    studio.publish("d", 4, 4, 2)
    studio.store.delete_folder(keys.parts_folder(ID, MARK))
    studio.at(1)
    assert m3u8.loads(studio.get(f"/vod/{ID}/v144.m3u8").text).is_endlist
    studio.store.delete(keys.job_file(ID))
    studio.at(3)
    assert m3u8.loads(studio.get(f"/vod/{ID}/v144.m3u8").text).is_endlist


def test_a_title_that_ends_between_two_looks_never_shrinks(studio, making, monkeypatch) -> None:
    for task, first, count in (("opening", 0, 1), ("picture-0001", 1, 3)):
        making.add(task, (*LOW, *HIGH), first, count)
    version = studio.store.version

    def ending(key: str) -> str | None:
        found = version(key)
        if key == keys.publication_file(ID) and found is None:
            studio.publish("d", 4, 4, 4, 4, 4)
            studio.store.delete(keys.part_file(ID, MARK, "picture-0001"))
        return found

    monkeypatch.setattr(studio.store, "version", ending)
    read = m3u8.loads(studio.get(f"/vod/{ID}/v144.m3u8").text)
    assert read.is_endlist
    assert len(read.segments) == 5


def test_a_job_that_is_removed_is_gone(studio, making) -> None:
    making.add("opening", LOW, 0, 1)
    assert segments(studio, "v144")
    studio.store.delete_folder(keys.publication_folder(ID))
    studio.at(1)
    assert studio.get(f"/vod/{ID}/v144.m3u8").status_code == 404


def test_parts_are_read_once(studio, making, monkeypatch) -> None:
    making.add("opening", LOW, 0, 1)
    assert segments(studio, "v144")
    read: list[str] = []
    before = studio.store.read
    monkeypatch.setattr(studio.store, "read", lambda key: read.append(key) or before(key))
    making.add("opening-rest", HIGH, 0, 1)
    studio.at(1)
    assert segments(studio, "v720")
    assert [key for key in read if "publications/" in key] == [
        keys.part_file(ID, MARK, "opening-rest")
    ]


def test_a_part_that_cannot_be_read_leaves_what_was_there(studio, making) -> None:
    making.add("opening", LOW, 0, 1)
    assert segments(studio, "v144") == ["00001.m4s"]
    studio.store.write(keys.part_file(ID, MARK, "picture-0001"), b"{")
    studio.at(1)
    assert segments(studio, "v144") == ["00001.m4s"]
