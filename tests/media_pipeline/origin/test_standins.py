"""An origin that starts while files of its channels are broken: slate, not a failure."""

import gzip

import m3u8
import msgspec
import pytest

from media_pipeline.model.keys import day_file, rundown_file, rundown_history_file
from media_pipeline.model.stored import encode_index, pack_entries, split
from media_pipeline.playout import append
from tests.media_pipeline.origin.test_heirs import FIRST, block, inherit

BROKEN = [b"", b"{", b"\xff" * 100, b"[" * 10_000, b'{"channel":"contoh"}', b'{"format":9}']
ADDRESS = "/live/contoh/v144.m3u8"


def shown(studio, address: str = ADDRESS) -> list[str]:
    return [
        f"{s.uri.split('/')[3][0]}/{s.uri[-5]}"
        for s in m3u8.loads(studio.get(address).text).segments
    ]


def restarted(studio, second: float) -> None:
    studio.origin = studio.start("baru")
    studio.at(second)


@pytest.fixture
def programme(studio):
    """A channel that plays a; and another beside it."""
    studio.publish("a", *[4] * 10)
    studio.publish("b", *[4] * 10)
    studio.air(studio.rundown("b", channel="lain"))
    return studio.air(studio.rundown("a"))


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_rundown_at_a_start_airs_slate_until_it_is_restored(
    studio, programme, data, capsys
) -> None:
    index = studio.store.read(rundown_file("contoh"))
    studio.store.write(rundown_file("contoh"), data)
    restarted(studio, 20)
    assert {name[0] for name in shown(studio)} == {"s"}
    assert shown(studio, "/live/lain/v144.m3u8")[-1] == "b/4"
    assert "rundown_refused" in capsys.readouterr().out
    held = studio.get(ADDRESS).text
    restarted(studio, 20)
    assert studio.get(ADDRESS).text == held
    assert studio.get("/live/contoh/master.m3u8").status_code == 200
    assert studio.get("/live/contoh/manifest.mpd").status_code == 200
    studio.store.write(rundown_file("contoh"), index)
    studio.at(21)
    assert shown(studio)[-1] == "a/4"


def test_a_broken_rundown_is_replaced_by_the_last_version_of_its_history(studio, programme) -> None:
    index = split(programme)[0]
    before = msgspec.structs.replace(index, version=0, slate="x" * 32)
    for each in (before, index):
        key = rundown_history_file("contoh", each.version)
        studio.store.write(key, gzip.compress(encode_index(each)))
    studio.at(20)
    held = studio.get(ADDRESS).text
    assert "a" * 32 in held
    studio.store.write(rundown_file("contoh"), b"{")
    restarted(studio, 20)
    assert studio.get(ADDRESS).text == held
    studio.store.write(rundown_history_file("contoh", 2), b"\x1f\x8b no history")
    restarted(studio, 20)
    assert studio.get(ADDRESS).text == held
    # What is planned next is taken up without a break.
    studio.air(msgspec.structs.replace(append(programme, *studio.items("b")), version=3))
    studio.at(55)
    assert shown(studio)[-4:] == ["a/0", "b/1", "b/2", "b/3"]


def days_of(studio, *names: str):
    """A channel in force whose day files hold one of `names` each, and the references to them."""
    rundown, files = studio.rundown(*names), []
    for entry in rundown.entries:
        ref, data = pack_entries((entry,))
        studio.store.write(day_file("contoh", ref.name), data)
        files.append((ref, data))
    index = msgspec.structs.replace(split(rundown)[0], days=tuple(ref for ref, _ in files))
    studio.store.write(rundown_file("contoh"), encode_index(index))
    return files


@pytest.mark.parametrize(
    ("broken", "second", "expected"),
    [
        (0, 20, "s"),
        (0, 70, "b"),
        (1, 20, "a"),
        (1, 70, "s"),
        (1, 110, "c"),
        (2, 70, "b"),
        (2, 110, "s"),
    ],
)
def test_a_broken_day_at_a_start_airs_slate_where_it_stands(
    studio, broken, second, expected
) -> None:
    for name in "abc":
        studio.publish(name, *[4] * 10)
    ref, data = days_of(studio, "a", "b", "c")[broken]
    studio.store.write(day_file("contoh", ref.name), data[:-1])
    restarted(studio, second)
    assert shown(studio)[-1][0] == expected
    studio.store.write(day_file("contoh", ref.name), data)
    studio.at(second + 4)
    due = "abc"[(second + 1) // 40]
    assert shown(studio)[-1][0] == due


def test_the_days_after_a_broken_one_are_aired_when_they_come(studio) -> None:
    for name in "abc":
        studio.publish(name, *[4] * 10)
    ref, _ = days_of(studio, "a", "b", "c")[1]
    studio.store.delete(day_file("contoh", ref.name))
    seen = []
    restarted(studio, 20)
    for second in (30, 50, 79, 110):
        studio.at(second)
        seen.append(shown(studio)[-1][0])
    assert seen == ["a", "s", "s", "c"]


def test_what_inherits_is_on_air_while_its_own_day_or_its_parent_is_broken(
    studio, programme
) -> None:
    index = inherit(studio, "pasar", "contoh", block(studio, 30, "b"))
    address = "/live/pasar/v144.m3u8"
    studio.store.write(day_file("pasar", index.days[0].name), b"")
    restarted(studio, 38)
    assert shown(studio, address)[-1] == "a/9"
    studio.store.write(rundown_file("contoh"), b"{")
    restarted(studio, 39)
    assert {name[0] for name in shown(studio, address)} == {"s"}
    studio.store.write(rundown_file("pasar"), b"{")
    restarted(studio, 40)
    assert {name[0] for name in shown(studio, address)} == {"s"}


def test_what_is_restored_to_a_channel_that_inherits_is_taken_up(studio, programme) -> None:
    studio.air(studio.rundown(*"aaaa"))
    ((ref, data),) = [pack_entries(block(studio, 30, "b"))]
    inherit(studio, "pasar", "contoh", block(studio, 30, "b"), joints=(FIRST,))
    studio.store.write(day_file("pasar", ref.name), b"")
    restarted(studio, 38)
    studio.store.write(day_file("pasar", ref.name), data)
    studio.at(50)
    assert shown(studio, "/live/pasar/v144.m3u8")[-1][0] == "b"


def test_without_any_slate_a_broken_channel_is_not_there(studio) -> None:
    studio.store.write(rundown_file("contoh"), b"{")
    restarted(studio, 20)
    assert studio.get(ADDRESS).status_code == 404
