"""An origin and channels that inherit: what they show, and what it refuses."""

from collections import Counter

import m3u8
import msgspec
import pytest

from media_pipeline.model.joint import Joint
from media_pipeline.model.keys import day_file, rundown_file
from media_pipeline.model.stored import INHERITS, Index, encode_index, pack_entries
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.origin import heirs
from media_pipeline.playout import append
from media_pipeline.playout import cut as cut_at
from tests.media_pipeline.origin.conftest import LAUNCH

FIRST = Joint("relay", ticks_of(LAUNCH), 100, 7, 0, 0)


def inherit(studio, name: str, parent: str, *blocks, version: int = 1, joints=(FIRST,)) -> Index:
    """Put a channel in force that follows `parent`."""
    packed = [pack_entries(block) for block in blocks]
    for ref, data in packed:
        studio.store.write(day_file(name, ref.name), data)
    index = Index(
        name,
        "Pasar",
        "Asia/Makassar",
        version,
        LAUNCH,
        "s" * 32,
        tuple(ref for ref, _ in packed),
        INHERITS,
        parent=parent,
        joints=joints,
    )
    studio.store.write(rundown_file(name), encode_index(index))
    return index


def block(studio, second: float, *names: str):
    empty = msgspec.structs.replace(studio.rundown(), entries=())
    start = ticks_of(LAUNCH) + round(second * TIMESCALE)
    return append(empty, *studio.items(*names), start=start).entries


def shown(studio, name: str, rendition: str = "v144") -> list[str]:
    answer = studio.get(f"/live/{name}/{rendition}.m3u8")
    segments = m3u8.loads(answer.text).segments
    return [f"{s.uri.split('/')[3][0]}/{int(s.uri[-9:-4])}" for s in segments]


def first_number(studio, name: str) -> int:
    return m3u8.loads(studio.get(f"/live/{name}/v144.m3u8").text).media_sequence


@pytest.fixture
def country(studio):
    """A parent on air that plays a, then b, ten segments of 4 s each."""
    studio.publish("a", *[4] * 10)
    studio.publish("b", *[4] * 10)
    studio.publish("c", *[3] * 3)
    return studio.air(studio.rundown("a", "b"))


def test_a_channel_without_own_entries_shows_its_parent_under_its_own_numbers(
    studio, country
) -> None:
    inherit(studio, "pasar", "contoh")
    studio.at(18)
    assert shown(studio, "pasar") == shown(studio, "contoh") == ["a/1", "a/2", "a/3", "a/4"]
    assert (first_number(studio, "contoh"), first_number(studio, "pasar")) == (0, 100)
    text = studio.get("/live/pasar/v144.m3u8").text
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:7" in text
    assert studio.get("/live/pasar/master.m3u8").status_code == 200


def test_own_entries_stand_between_and_the_parent_goes_on_in_progress(studio, country) -> None:
    inherit(studio, "pasar", "contoh", block(studio, 10, "c"))
    studio.at(34)
    assert shown(studio, "pasar") == [*("a/1", "a/2", "a/3"), *("c/1", "c/2", "c/3"), "a/6", "a/7"]
    assert first_number(studio, "pasar") == 100


def test_a_change_of_the_parent_is_shown_by_those_who_follow_it(studio, country) -> None:
    inherit(studio, "provinsi", "contoh")
    inherit(studio, "pasar", "provinsi")
    studio.at(14)
    assert shown(studio, "pasar") == ["a/1", "a/2", "a/3"]
    edit = append(cut_at(country, studio.reels, 6), *studio.items("c"))
    studio.air(msgspec.structs.replace(edit, version=2))
    for second in (15, 34):
        studio.at(second)
    assert shown(studio, "pasar")[-3:] == ["a/6", "c/1", "c/2"]


def test_a_channel_comes_when_its_parent_comes(studio) -> None:
    inherit(studio, "pasar", "contoh")
    studio.at(5)
    assert studio.get("/live/pasar/v144.m3u8").status_code == 404
    studio.publish("a", *[4] * 10)
    studio.air(studio.rundown("a"))
    for second in (16, 20, 24):
        studio.at(second)
    assert shown(studio, "pasar")[0] == "a/1"


def test_a_loop_is_refused_and_the_last_good_rundown_plays_on(studio, country, capsys) -> None:
    inherit(studio, "provinsi", "contoh")
    inherit(studio, "pasar", "provinsi")
    studio.at(10)
    assert shown(studio, "pasar") == ["a/1", "a/2"]
    inherit(studio, "provinsi", "pasar", version=2)
    studio.at(18)
    assert shown(studio, "provinsi") == shown(studio, "pasar") == ["a/1", "a/2", "a/3", "a/4"]
    assert "inherits from itself" in capsys.readouterr().out


def test_a_line_of_more_than_eight_parents_is_refused(studio, country) -> None:
    above = "contoh"
    for level in range(1, 10):
        inherit(studio, f"c{level}", above)
        above = f"c{level}"
    studio.at(10)
    assert shown(studio, "c8") == ["a/1", "a/2"]
    assert studio.get("/live/c9/v144.m3u8").status_code == 404


def test_what_the_parent_had_taken_down_is_gone_for_all(studio, country) -> None:
    inherit(studio, "pasar", "contoh")
    studio.store.write(f"takedowns/{'a' * 32}", b"")
    studio.at(18)
    assert "#EXT-X-GAP" in studio.get("/live/pasar/v144.m3u8").text


def test_a_parent_cannot_change_what_only_its_heirs_were_watched_for(
    studio, country, capsys
) -> None:
    inherit(studio, "pasar", "contoh")
    studio.at(30)
    before = shown(studio, "pasar")
    edit = append(cut_at(country, studio.reels, 3), *studio.items("c"))
    studio.air(msgspec.structs.replace(edit, version=2))
    studio.at(31)
    assert shown(studio, "pasar") == before
    assert "rundown_refused" in capsys.readouterr().out


def test_an_origin_that_starts_late_finds_joints_that_nobody_wrote_down(studio) -> None:
    studio.publish("a", 4, 3.2, 4, 2.4)
    studio.publish("b", *[4] * 100)
    studio.publish("c", 3)
    studio.air(studio.rundown("a", "b"))
    inherit(studio, "pasar", "contoh", block(studio, 5, "c"))
    studio.at(13)
    assert shown(studio, "pasar")[:3] == ["a/1", "a/2", "c/1"]
    studio.at(400)
    early = studio.get("/live/pasar/v144.m3u8").text
    studio.origin = studio.start("lain")
    studio.at(400)
    assert studio.get("/live/pasar/v144.m3u8").text == early


@pytest.mark.parametrize("half", [{"parent": ""}, {"joints": ()}, {"format": 2}])
def test_an_index_that_says_half_of_what_it_inherits_is_refused(studio, country, half) -> None:
    index = inherit(studio, "pasar", "contoh")
    wrong = msgspec.structs.replace(index, **half)
    studio.store.write(rundown_file("pasar"), encode_index(wrong))
    studio.at(10)
    assert {name[0] for name in shown(studio, "pasar")} == {"s"}


def test_own_entries_that_overlap_are_refused(studio, country) -> None:
    inherit(studio, "pasar", "contoh", block(studio, 20, "c"), block(studio, 25, "c"))
    studio.at(10)
    assert {name[0] for name in shown(studio, "pasar")} == {"s"}


def test_own_entries_of_six_hours_are_on_air_in_their_midst(studio) -> None:
    studio.publish("a", *[4] * 900)
    studio.publish("c", *[4] * 900)
    studio.air(studio.rundown(*"a" * 10))
    inherit(studio, "pasar", "contoh", block(studio, 600, *"c" * 6))
    for hours in (1, 2, 5):
        studio.at(660 + hours * 3600)
        assert {name[0] for name in shown(studio, "pasar")} == {"c"}
        assert "GAP" not in studio.get("/live/pasar/v144.m3u8").text


def test_more_joints_than_fit_in_memory_do_not_keep_the_other_channels(studio, monkeypatch) -> None:
    monkeypatch.setattr(heirs, "JOINS_HELD", 2)
    studio.publish("c", 3)
    for name in "abdef":
        studio.publish(name, *[4] * 6)
    studio.air(studio.rundown(*"abdef"))
    inherit(studio, "pasar", "contoh", *(block(studio, 9 + 24 * n, "c") for n in range(5)))
    read, asked = studio.store.read, Counter[str]()

    def counted(key: str) -> bytes | None:
        asked[key] += 1
        assert asked[key] < 10, key
        return read(key)

    monkeypatch.setattr(studio.store, "read", counted)
    studio.at(34)
    assert shown(studio, "contoh")[-1] == "b/2"
    assert shown(studio, "pasar")[:4] == ["a/1", "a/2", "a/3", "c/1"]


def test_a_channel_whose_parent_is_gone_plays_on_and_says_so_ever_more_seldom(
    studio, country, capsys
) -> None:
    inherit(studio, "pasar", "contoh")
    studio.at(10)
    studio.store.delete(rundown_file("contoh"))
    for second in range(11, 51):
        studio.at(second)
    assert shown(studio, "pasar")[-1] == "b/2"
    assert 2 <= capsys.readouterr().out.count("heir_refused") <= 6
    studio.air(msgspec.structs.replace(append(country, *studio.items("c")), version=2))
    for second in (61, 91):
        studio.at(second)
    assert shown(studio, "pasar")[-1] == "c/3"


@pytest.mark.parametrize("own", [10, 90], ids=["in a programme", "in the slate after all"])
def test_channels_that_inherit_are_on_air_from_the_first_look_of_an_origin(
    studio, country, own, capsys
) -> None:
    inherit(studio, "provinsi", "contoh")
    inherit(studio, "pasar", "provinsi", block(studio, own, "c"))
    for second in (18, 95, 96):
        studio.at(second)
    held = [studio.get(f"/live/{name}/v144.m3u8").text for name in ("provinsi", "pasar")]
    capsys.readouterr()
    studio.origin = studio.start("baru")
    studio.at(96)
    assert [studio.get(f"/live/{name}/v144.m3u8").text for name in ("provinsi", "pasar")] == held
    assert "heir_refused" not in capsys.readouterr().out


def test_an_origin_that_has_not_reached_its_store_asks_for_patience(studio, country) -> None:
    studio.lose_store()
    studio.origin = studio.start("baru")
    studio.at(18)
    answer = studio.get("/live/contoh/v144.m3u8")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert studio.get("/live/contoh/apa.txt").status_code == 404
