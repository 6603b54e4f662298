"""An origin and the day files of its channels: broken ones, late ones, and those in use."""

from pathlib import Path

import m3u8
import msgspec
import pytest

from media_pipeline.model.keys import day_file, generation_mark, rundown_file
from media_pipeline.model.stored import encode_index, split
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin.shelf import Shelf
from media_pipeline.playout import Timeline, append, cut
from media_pipeline.stores import LocalStore


def listed(answer) -> list[str]:
    return [f"{s.uri.split('/')[3][0]}/{s.uri[-5]}" for s in m3u8.loads(answer.text).segments]


def names(studio) -> list[str]:
    return list(studio.store.keys("rundowns/contoh"))


@pytest.fixture
def on_air(studio, edited):
    """A channel that plays a; and a function that puts an edit in force that plays b next."""
    studio.publish("a", *[4] * 10)
    studio.publish("b", *[4] * 10)
    old = studio.air(studio.rundown("a"))
    studio.at(6)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1"]
    free = Timeline(old, studio.reels).first_editable(ticks_of(studio.now))
    return edited(append(cut(old, studio.reels, free), *studio.items("b")))


BROKEN = {
    "missing": lambda data: None,
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "one byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "longer": lambda data: data + b"\0",
    "no day": lambda data: b"x" * len(data),
    "of another": lambda data: b"{}",
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_day_leaves_the_last_good_rundown_on_air_and_says_so(
    studio, on_air, breaking, capsys
) -> None:
    index, days = split(on_air)
    ((name, data),) = days.items()
    if (broken := breaking(data)) is not None:
        studio.store.write(day_file("contoh", name), broken)
    studio.store.write(rundown_file("contoh"), encode_index(index))
    for second in (8, 9, 20):
        studio.at(second)
    shown = listed(studio.get("/live/contoh/v144.m3u8"))
    assert shown == ["a/1", "a/2", "a/3", "a/4"]
    said = capsys.readouterr().out
    assert "rundown_refused" in said
    assert name in said
    # One refusal, however often it was looked at.
    assert b"siar_origin_rundowns_refused 1.0" in studio.get("/metrics").content

    studio.store.write(day_file("contoh", name), data)
    studio.at(60)
    assert "b/1" in listed(studio.get("/live/contoh/v144.m3u8"))


def test_a_broken_file_is_looked_at_less_and_less_often(studio, on_air) -> None:
    index, days = split(on_air)
    (name,) = days
    studio.store.write(rundown_file("contoh"), encode_index(index))
    asked, read = [], studio.store.read

    def counted(key: str) -> bytes | None:
        if key == day_file("contoh", name):
            asked.append((studio.now.minute * 60) + studio.now.second)
        return read(key)

    studio.store.read = counted
    for second in range(7, 80):
        studio.at(second)
    assert asked == [7, 8, 10, 14, 22, 38, 68]


def test_day_files_that_are_cut_short_in_place_do_not_trouble_who_plays_them(studio) -> None:
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown(*["a"] * 30))
    studio.origin.channels._shelf = Shelf(studio.store, batch=1)
    studio.at(20)
    for key in names(studio):
        with studio.store.path(key).open("r+b") as file:
            file.truncate(0)
    studio.at(600)
    assert len(listed(studio.get("/live/contoh/v144.m3u8"))) == 15


@pytest.mark.parametrize("batch", [1, 1 << 40])
def test_days_play_the_same_from_memory_and_from_a_map(studio, batch) -> None:
    studio.publish("a", *[4] * 10)
    studio.publish("b", 4, 2)
    studio.air(studio.rundown(*"ab" * 5))
    studio.at(100)
    expected = studio.get("/live/contoh/v144.m3u8").text
    studio.origin = studio.start("lain")
    studio.origin.channels._shelf = Shelf(studio.store, batch=batch)
    studio.at(100)
    assert studio.get("/live/contoh/v144.m3u8").text == expected


def test_a_day_that_two_rundowns_name_is_read_once_and_goes_with_them(studio) -> None:
    studio.publish("a", *[4] * 10)
    index, days = split(studio.air(studio.rundown("a")))
    shelf = Shelf(studio.store, batch=1)
    (ref,) = index.days
    held = shelf.day("contoh", ref)
    assert shelf.day("contoh", ref) is held
    assert bytes(held.data) == days[ref.name]
    assert len(shelf) == 1
    del held
    assert len(shelf) == 0


def test_a_day_that_waits_for_a_map_goes_as_well(studio) -> None:
    studio.publish("a", *[4] * 10)
    index, _ = split(studio.air(studio.rundown("a")))
    shelf = Shelf(studio.store, batch=1 << 40)
    shelf.day("contoh", index.days[0])
    assert len(shelf) == 0


def test_one_day_in_use_does_not_keep_the_map_of_those_that_are_not(
    studio, monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    studio.publish("a", *[4] * 10)
    channels = [f"saluran-{n}" for n in range(4)]
    refs, data = {}, {}
    for number, channel in enumerate(channels, 1):
        index, days = split(studio.air(studio.rundown(*"a" * number, channel=channel)))
        refs[channel] = index.days[0]
        data[channel] = days[index.days[0].name]
    shelf = Shelf(studio.store, batch=sum(refs[channel].size for channel in channels[:2]))
    held = {channel: shelf.day(channel, refs[channel]) for channel in channels[:2]}
    assert maps_in(tmp_path) == 1
    del held[channels[1]]
    held |= {channel: shelf.day(channel, refs[channel]) for channel in channels[2:]}
    assert maps_in(tmp_path) == 1
    assert {channel: bytes(day.data) for channel, day in held.items()} == {
        channel: data[channel] for channel in held
    }
    held.clear()
    assert maps_in(tmp_path) == 0


def maps_in(folder) -> int:
    """How many files in `folder`, deleted ones too, this process has mapped (proc(5))."""
    return Path("/proc/self/maps").read_text().count(f"{folder}/")


def test_where_no_disk_takes_a_copy_days_stay_in_memory(studio, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.origin.channels._shelf = Shelf(studio.store, batch=1)
    studio.at(6)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1"]


def test_a_channel_written_whole_is_played_and_goes_on_in_day_files(studio, edited) -> None:
    studio.publish("a", *[4] * 10)
    old = studio.air(studio.rundown("a"), whole=True)
    studio.at(14)
    before = listed(studio.get("/live/contoh/v144.m3u8"))
    assert before == ["a/1", "a/2", "a/3"]
    studio.air(edited(old))
    studio.at(14.5)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == before
    assert studio.origin.channels.known["contoh"].rundown.version == 2


def test_a_rundown_without_entries_or_slate_is_refused(studio) -> None:
    studio.publish("a", *[4] * 10)
    index, days = split(studio.rundown("a"))
    for name, data in days.items():
        studio.store.write(day_file("contoh", name), data)
    for broken, status in (({"slate": ""}, 404), ({"days": ()}, 200)):
        data = encode_index(msgspec.structs.replace(index, **broken))
        studio.store.write(rundown_file("contoh"), data)
        studio.at(6)
        answer = studio.get("/live/contoh/v144.m3u8")
        assert answer.status_code == status
        assert "a" * 32 not in answer.text


def test_the_days_of_a_bucket_are_played_like_those_of_a_folder(studio) -> None:
    class NoFolder:
        """A store that has no files to map."""

        def __init__(self, of: LocalStore) -> None:
            self.read, self.write = of.read, of.write
            self.version, self.versions = of.version, of.versions

    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.store = NoFolder(studio.store)
    studio.origin = studio.start("lain")
    studio.at(6)
    assert listed(studio.get("/live/contoh/v144.m3u8")) == ["a/1"]


def test_while_the_generation_is_the_same_channels_are_listed_now_and_then_only(studio) -> None:
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    studio.store.write(generation_mark(), b"1")
    listings, versions = [], studio.store.versions

    def counted(prefix: str):
        if prefix == "channels":
            listings.append((studio.now.minute * 60) + studio.now.second)
        return versions(prefix)

    studio.store.versions = counted
    for second in range(6, 16):
        studio.at(second)
    assert listings == [6]
    studio.air(studio.rundown("a", channel="lain"))
    studio.store.write(generation_mark(), b"2")
    studio.at(15.5)
    assert studio.get("/live/lain/v144.m3u8").status_code == 200
    # Files that somebody puts there by hand come a little later.
    studio.air(studio.rundown("a", channel="tangan"))
    studio.at(25.6)
    assert studio.get("/live/tangan/v144.m3u8").status_code == 200
    assert listings == [6, 15, 25]
